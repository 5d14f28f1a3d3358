"""Trying on a file what somebody says its headings mean, before it is remembered."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from models.values import yuan
from tasks.statements import rules
from tasks.statements.balance import chain_of
from tasks.statements.profile import MEMO, Mapped, explained, layout_of
from tasks.statements.reading import sheets_of
from tasks.statements.rules import Given
from worker import clock

SHOWN_LINES = 5


@dataclass(frozen=True)
class Explained:
    """A file read by a mapping: its headings, and what came out."""

    file_name: str
    headings: Sequence[str]
    mapping: Mapped
    first_lines: list[dict[str, Any]]
    lines: int
    money_in: str
    money_out: str
    proved: str

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256("|".join(self.headings).encode()).hexdigest()[:12]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The mapping as a person reads it."""
        return [
            (key, said if isinstance(said, str) else ", ".join(said)) for key, said in self.mapping.items()
        ]

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file_name,
            "headings": list(self.headings),
            "mapping": dict(self.mapping),
            "lines": self.lines,
            "money_in": self.money_in,
            "money_out": self.money_out,
            "proved": self.proved,
            "first_lines": self.first_lines,
        }


def mapping_of(said: Mapping[str, str | None], memo: Sequence[str]) -> Mapped:
    """What was said, without what was not."""
    return {key: text for key, text in said.items() if text} | ({MEMO: list(memo)} if memo else {})


def explain(path: Path, mapping: Mapped, account: str | None, day: date) -> Explained:
    """Read the file by the mapping. Raises Refusal where the mapping or the file does not hold together."""
    sheets = sheets_of(path)
    headings = explained(path.name, list(sheets.values()), mapping)
    layout = layout_of("this mapping", mapping, frozenset(headings))
    latest = max(day, clock.today()) + timedelta(days=1)
    # Whose file it is may be said later; where direction hangs on it, the reading asks for it by name.
    found = rules.statement(path.name, sheets, latest, Given(account, (layout,)))
    amounts = [line.amount for line in found.lines]
    return Explained(
        file_name=path.name,
        headings=headings,
        mapping=mapping,
        first_lines=[
            {
                "row": line.row, "date": line.booked_on, "amount": yuan(line.amount),
                "balance": None if line.balance is None else yuan(line.balance),
                "name": line.counterparty_name, "memo": line.memo,
            }
            for line in found.lines[:SHOWN_LINES]
        ],
        lines=len(amounts),
        money_in=yuan(sum(amount for amount in amounts if amount > 0)),
        money_out=yuan(-sum(amount for amount in amounts if amount < 0)),
        proved=(
            "The running balance proves every line."
            if chain_of(found.lines).proves_all
            else "No running balance proves it: compare the lines with the file."
        ),
    )  # fmt: skip
