"""What is different now from a closed month's snapshot, and what changed it; pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from models.values import yuan_grouped
from models.words import EntryKind
from tasks.ledgers.book import CellValue, Correction, LedgerRow, Plain
from tasks.ledgers.columns import BY_FIELD, FORM_COLUMNS, Kind

_FIELDS = tuple(column.field for column in FORM_COLUMNS)
_OF_A_WHOLE_ROW = ("claim_no", *(column.field for column in FORM_COLUMNS if column.kind is Kind.MONEY))

_PAYOUTS = frozenset(
    {
        EntryKind.PAYOUT, EntryKind.PAYOUT_THIRD_PARTY, EntryKind.OVER_RECEIPT_HOLD, EntryKind.REASSIGNED_IN,
        EntryKind.REASSIGNED_IN_THIRD_PARTY, EntryKind.OVER_RECEIPT_REASSIGNED,
    }
)  # fmt: skip
_RECEIPTS = frozenset({EntryKind.DEPOSIT, EntryKind.SELF_PAY, EntryKind.TOP_UP})
_REFUNDS = frozenset({EntryKind.REFUND_PAID, EntryKind.REFUND_BOUNCED, EntryKind.REFUND_OFFSET})
_MOVED_BY: Mapping[str, frozenset[EntryKind]] = {
    **dict.fromkeys(("payout_received_date", "payout_received_amount", "payout_recorded_by"), _PAYOUTS),
    **dict.fromkeys(("customer_received_amount", "customer_received_date", "customer_cashier"), _RECEIPTS),
    **dict.fromkeys(("refund_paid_date", "refund_paid_amount", "refund_payee"), _REFUNDS),
    "refund_due_amount": _PAYOUTS | _RECEIPTS | {EntryKind.BILL, EntryKind.WRITE_OFF},
    **dict.fromkeys(
        ("labour_fee", "parts_fee", "other_fee", "repair_gross_amount", "repair_net_amount"),
        frozenset({EntryKind.BILL}),
    ),
}
_IN_CHINESE = {
    EntryKind.BILL: "维修结算", EntryKind.DEPOSIT: "收押金", EntryKind.SELF_PAY: "收客户款",
    EntryKind.TOP_UP: "客户补交", EntryKind.PAYOUT: "赔款到账",
    EntryKind.PAYOUT_THIRD_PARTY: "第三方赔款到账", EntryKind.OVER_RECEIPT_HOLD: "多收暂挂",
    EntryKind.REFUND_PAID: "退款付出", EntryKind.REFUND_BOUNCED: "退款退汇", EntryKind.REVERSAL: "红字冲销",
}  # fmt: skip


class Change(NamedTuple):
    """One cell: its row in the snapshot from 1 (0 = it was not there), then and now."""

    position: int
    claim_no: str
    field: str
    was: Plain
    now: Plain


class Cause(NamedTuple):
    """An entry or event recorded after the month was closed; `undone` is what a reversal takes back."""

    name: str
    """'entry:17' or 'event:204'."""
    kind: str
    undone: EntryKind | None
    amount: int | None
    by: str
    recorded_on: date
    claims: frozenset[str]
    said: str = ""
    """What an event was told, as text: the fields it speaks of."""


def changes(
    then: Sequence[LedgerRow], now: Iterable[LedgerRow], claims: frozenset[str] | None
) -> list[Change]:
    """Every cell of the form that is different, by row; `claims` are those looked at, None = all."""
    places = {row.claim_no: place for place, row in enumerate(then, start=1)}
    before = {row.claim_no: row for row in then}
    after = {row.claim_no: row for row in now}
    known = sorted(claims if claims is not None else before.keys() | after.keys())
    return [
        Change(places.get(claim, 0), claim, *cell)
        for claim in known
        for cell in _cells(before.get(claim), after.get(claim))
    ]


def _cells(was: LedgerRow | None, now: LedgerRow | None) -> Iterable[tuple[str, Plain, Plain]]:
    if was is None and now is None:
        return
    fields = _FIELDS if was and now else _OF_A_WHOLE_ROW
    for field in fields:
        before, after = (_plain(row.cells[field] if row else None) for row in (was, now))
        if (before or None) != (after or None) and before != after:
            yield field, before, after


def _plain(value: CellValue) -> Plain:
    return value.isoformat() if isinstance(value, date) else value


def cause_of(change: Change, causes: Sequence[Cause]) -> Cause | None:
    """The last thing recorded that explains a change: an entry of its kind, else an event about it."""
    mine = [each for each in causes if change.claim_no in each.claims]
    kinds = _MOVED_BY.get(change.field, frozenset())
    moved = [each for each in mine if each.kind in kinds or each.undone in kinds]
    spoken = [each for each in mine if each.said and change.field in each.said]
    told = [each for each in mine if each.said]
    return next((some[-1] for some in (moved, spoken, told, mine) if some), None)


def in_words(cause: Cause | None) -> str:
    """赔款到账 300.00（entry:17）."""
    if cause is None:
        return "原因未记录"
    kind = EntryKind(cause.kind) if cause.kind in set(EntryKind) else None
    said = _IN_CHINESE.get(kind, cause.kind) if kind else cause.kind.replace("_", " ")
    amount = "" if cause.amount is None else f" {yuan_grouped(cause.amount)}"
    return f"{said}{amount}（{cause.name}）"


def corrections(
    month: str, issue: str, found: Iterable[Change], causes: Sequence[Cause], issued: Iterable[Correction]
) -> list[Correction]:
    """The changes that no issued workbook has corrected yet, each with what it corrects and why."""
    told = {(each.claim_no, each.field): each.now for each in issued if each.issue == issue}
    new = []
    for change in found:
        was = told.pop((change.claim_no, change.field), change.was)
        if was != change.now:
            new.append(_correction(month, issue, change._replace(was=was), causes))
    return new


def _correction(month: str, issue: str, change: Change, causes: Sequence[Cause]) -> Correction:
    cause = cause_of(change, causes)
    return Correction(
        claim_no=change.claim_no, month=month, issue=issue, position=change.position, field=change.field,
        was=change.was, now=change.now, because=in_words(cause), by=cause.by if cause else "",
        recorded_on=cause.recorded_on if cause else None,
    )  # fmt: skip


def shown(field: str, value: Plain) -> str:
    """A cell's value as a person reads it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int) and BY_FIELD[field].kind is Kind.MONEY:
        return yuan_grouped(value)
    return str(value)
