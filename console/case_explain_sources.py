"""Where an entry comes from, in words: the ledger row, the bank line, the refund, the person."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case
from models.event import Event
from models.source_file import SourceFile
from models.values import yuan_grouped

_FILE = re.compile(r"file:(\d+)(?::([^:]+))?")
_BANK = re.compile(r"^(?:payout|match):(\d+):(\d+)")
_NUMBERED = re.compile(r"^(refund|difference|third_party|books)_?\w*?:(\d+)")
_WORDS = {
    "refund": "refund {}",
    "difference": "difference {}",
    "third_party": "the third party's money, line or case {}",
    "books": "money moved to where its line says it lies (work order {})",
}


class Sources:
    """The sources of some entries, fetched once: files, bank lines, and the rows that cases came from."""

    def __init__(self, session: Session, occasions: Iterable[str], case_ids: Iterable[int]) -> None:
        known = list(occasions)
        files = {int(found[1]) for each in known if (found := _FILE.search(each))}
        lines = {int(found[2]) for each in known if (found := _BANK.match(_plain(each)))}
        self._files = {
            row.id: row.name
            for row in session.execute(
                select(SourceFile.id, SourceFile.name).where(SourceFile.id.in_(sorted(files)))
            )
        }
        self._lines = {row.BankLine.id: _line(row) for row in session.execute(_lines(lines))}
        self._rows = dict(_rows_of(session, case_ids))

    def of(self, occasion: str, by: str) -> str:
        """E.g. 'ledger_2026-10.xlsx, sheet 台账, row 5' or 'bank line 12 of 2026-11-13, ...'."""
        said = self._of(_plain(occasion), by)
        return f"reversal: {said}" if occasion.startswith("reverse:") else said

    def _of(self, occasion: str, by: str) -> str:
        if found := _BANK.match(occasion):
            return self._lines.get(int(found[2]), f"bank line {found[2]}")
        if found := _FILE.search(occasion):
            name = self._files.get(int(found[1]), f"file {found[1]}")
            where = self._rows.get((name, found[2] or ""), self._rows.get((name, "")))
            return f"{name}, {where}" if where else name
        if "by_hand" in occasion:
            return f"recorded by hand by {by}"
        if found := _NUMBERED.match(occasion):
            return _WORDS[found[1]].format(found[2])
        return occasion


def _plain(occasion: str) -> str:
    return occasion.removeprefix("reverse:")


def _lines(ids: Iterable[int]) -> Any:
    joined = select(BankLine, SourceFile.name).join(SourceFile, SourceFile.id == BankLine.file_id)
    return joined.where(BankLine.id.in_(sorted(ids))).order_by(BankLine.id)


def _line(row: Any) -> str:
    line: BankLine = row.BankLine
    remark = f" 「{line.memo}」" if line.memo else ""
    return (
        f"bank line {line.id} of {line.booked_on}: {yuan_grouped(line.amount)} from {line.payer}{remark} "
        f"({row.name}, row {line.row})"
    )


def _rows_of(session: Session, case_ids: Iterable[int]) -> Iterable[tuple[tuple[str, str], str]]:
    """(file, claim) and (file, "") -> sheet and row, as the trail of the cases has it; the newest wins."""
    imported = Event.kind.in_(("case_imported", "case_updated_by_import"))
    rows = session.execute(
        select(Case.claim_no, Event.inputs)
        .join(Case, Case.id == Event.case_id)
        .where(Event.case_id.in_(sorted(case_ids)), imported)
        .order_by(Event.id)
    )
    for claim_no, inputs in rows:
        if isinstance(inputs, dict):
            where = f"sheet {inputs.get('sheet')}, row {inputs.get('row')}"
            yield (str(inputs.get("file")), claim_no), where
            yield (str(inputs.get("file")), ""), where
