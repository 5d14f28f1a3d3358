"""What is kept of a closed period: its rows as plain JSON values and their hashes; pure.

A book that was frozen and thawed writes the same bytes. The hash of a row tells which one was changed; the
hash of the snapshot covers the head, every row and the snapshot before it, so that nothing can be taken out
of the chain or put into it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from models.values import Period
from tasks.ledgers.book import CellValue, Correction, Difference, LedgerBook, LedgerRow, Settlement
from tasks.ledgers.columns import BY_FIELD, Kind
from tasks.ledgers.month import book_of

ROW, CORRECTION = "row", "correction"
_FLAGS = ("opened", "closed", "still_open", "carried", "lead")

Values = Mapping[str, Any]
"""JSON values: fen as int, dates as YYYY-MM-DD."""


class Kept(NamedTuple):
    """One line of a snapshot: which sheet it is of, its place there from 1, and its values."""

    part: str
    position: int
    claim_no: str
    values: Values

    @property
    def row_hash(self) -> str:
        return _hash(_canonical([self.part, self.position, self.claim_no, self.values]))


def kept(book: LedgerBook) -> list[Kept]:
    """The lines of a book."""
    rows = [Kept(ROW, place, row.claim_no, _row_values(row)) for place, row in enumerate(book.rows, start=1)]
    corrected = [
        Kept(CORRECTION, place, each.claim_no, _correction_values(each))
        for place, each in enumerate(book.corrections, start=1)
    ]
    return rows + corrected


def head(book: LedgerBook) -> dict[str, str]:
    """What a book says of itself apart from its lines."""
    return {
        "shop": book.shop, "month": book.month, "as_of": str(book.as_of), "built_on": str(book.built_on),
        "issue": book.issue,
    }  # fmt: skip


def thawed(top: Values, lines: Sequence[Kept]) -> LedgerBook:
    """The book of a snapshot."""
    return book_of(
        [_row(each) for each in lines if each.part == ROW],
        shop=top["shop"], period=Period.parse(top["month"]), as_of=_date(top["as_of"]),
        built_on=_date(top["built_on"]), issue=top["issue"],
        corrections=[correction(each) for each in lines if each.part == CORRECTION],
    )  # fmt: skip


def snapshot_hash(top: Values, row_hashes: Iterable[str], previous: str | None) -> str:
    """The hash of a snapshot, chained to the one before it in the shop."""
    return _hash(_canonical([previous, top, list(row_hashes)]))


def correction(line: Kept) -> Correction:
    found = dict(line.values)
    return Correction(claim_no=line.claim_no, **found | {"recorded_on": _maybe(found["recorded_on"])})


def _row_values(row: LedgerRow) -> dict[str, Any]:
    settled = row.settlement
    return {
        "cells": {name: _plain(value) for name, value in row.cells.items()},
        "insurer_group": row.insurer_group,
        "accepted": _plain(row.accepted),
        **{name: getattr(row, name) for name in _FLAGS},
        "differences": [[d.kind, d.expected, d.received, d.result, d.open] for d in row.differences],
        "settlement": [
            settled.deposit, _plain(settled.deposit_on), settled.releasable, settled.topup_due,
            settled.approved,
        ],
    }  # fmt: skip


def _row(line: Kept) -> LedgerRow:
    found = line.values
    deposit, deposit_on, releasable, topup_due, approved = found["settlement"]
    return LedgerRow(
        claim_no=line.claim_no,
        cells={name: _cell(name, value) for name, value in found["cells"].items()},
        insurer_group=found["insurer_group"],
        accepted=_maybe(found["accepted"]),
        **{name: found[name] for name in _FLAGS},
        differences=tuple(Difference(*each) for each in found["differences"]),
        settlement=Settlement(deposit, _maybe(deposit_on), releasable, topup_due, approved),
    )


def _correction_values(each: Correction) -> dict[str, Any]:
    return {
        "month": each.month, "issue": each.issue, "position": each.position, "field": each.field,
        "was": each.was, "now": each.now, "because": each.because, "by": each.by,
        "recorded_on": _plain(each.recorded_on),
    }  # fmt: skip


def _cell(name: str, value: Any) -> CellValue:
    cell: CellValue = _date(value) if BY_FIELD[name].kind is Kind.DATE and value is not None else value
    return cell


def _plain(value: CellValue) -> str | int | bool | None:
    return value.isoformat() if isinstance(value, date) else value


def _date(value: Any) -> date:
    return date.fromisoformat(value)


def _maybe(value: Any) -> date | None:
    return None if value is None else _date(value)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
