"""Every figure of a case's money with the entries behind it (domain 1.6, 1.7); amounts in yuan.

Money belongs to the repair: a case that shares it with others shows the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from console.case_explain_sources import Sources
from models.case import Case
from models.entry import Entry
from models.refund import Position
from models.values import yuan
from models.words import EntryKind as Kind


@dataclass(frozen=True)
class Term:
    """A letter of the formula, its column of the position, and which entries add to it or take from it."""

    symbol: str
    name: str
    column: str
    signs: Mapping[Kind, int]


def _signs(plus: Sequence[Kind], minus: Sequence[Kind] = ()) -> dict[Kind, int]:
    return dict.fromkeys(plus, 1) | dict.fromkeys(minus, -1)


TERMS = (
    Term("S", "维修结算额, the net repair bill", "bill", _signs([Kind.BILL])),
    Term("W", "本店承担, written off", "write_off", _signs([Kind.WRITE_OFF])),
    Term(
        "K", "客户已付, received from the customer", "customer_paid",
        _signs([Kind.DEPOSIT, Kind.SELF_PAY, Kind.TOP_UP, Kind.REFUND_TRANSFER_IN]),
    ),
    Term(
        "R", "保险回款, received from insurers", "received",
        _signs(
            [Kind.PAYOUT, Kind.PAYOUT_THIRD_PARTY, Kind.OVER_RECEIPT_HOLD, Kind.REASSIGNED_IN,
             Kind.REASSIGNED_IN_THIRD_PARTY],
            [Kind.OVER_RECEIPT_RETURNED, Kind.OVER_RECEIPT_REASSIGNED],
        ),
    ),
    Term(
        "Y", "代付第三方, of that third parties' money", "third_party",
        _signs(
            [Kind.PAYOUT_THIRD_PARTY, Kind.REASSIGNED_IN_THIRD_PARTY, Kind.OVER_RECEIPT_TO_THIRD_PARTY],
            [Kind.THIRD_PARTY_PROOF],
        ),
    ),
    Term(
        "B", "多收待查, of that above what was expected", "over_receipt",
        _signs(
            [Kind.OVER_RECEIPT_HOLD],
            [Kind.OVER_RECEIPT_RETURNED, Kind.OVER_RECEIPT_REASSIGNED, Kind.OVER_RECEIPT_RELEASED,
             Kind.OVER_RECEIPT_TO_THIRD_PARTY],
        ),
    ),
    Term(
        "Q", "已退, refunded to the customer", "refunded",
        _signs([Kind.REFUND_PAID, Kind.REFUND_OFFSET], [Kind.REFUND_BOUNCED]),
    ),
)  # fmt: skip
"""What the formula of domain 1.7 is made of, as the refunds room adds it up."""

ASIDE = Term(
    "", "已预留, reserved for refunds that are not paid", "",
    _signs([Kind.REFUND_RESERVED], [Kind.REFUND_RELEASED, Kind.REFUND_PAID, Kind.REFUND_OFFSET]),
)  # fmt: skip
PASSED_ON = Term("", "已转付第三方, passed on to third parties", "", _signs([Kind.THIRD_PARTY_PAID]))


def terms(session: Session, work_order_id: int) -> list[dict[str, Any]]:
    """Every term with its figure as last computed, its entries, and whether the two agree."""
    position = session.get(Position, work_order_id)
    entries = _entries(session, work_order_id)
    cases = session.scalars(select(Case.id).where(Case.work_order_id == work_order_id)).all()
    sources = Sources(session, [row.Entry.occasion for row in entries], cases)
    return [_term(term, position, entries, sources) for term in (*TERMS, ASIDE, PASSED_ON)]


def _entries(session: Session, work_order_id: int) -> list[Any]:
    """Every entry of the repair with the kind it reverses, if it does."""
    was = aliased(Entry)
    return list(
        session.execute(
            select(Entry, was.kind.label("reversed"))
            .outerjoin(was, was.id == Entry.reverses_id)
            .where(Entry.work_order_id == work_order_id)
            .order_by(Entry.id)
        )
    )


def _term(term: Term, position: Position | None, entries: list[Any], sources: Sources) -> dict[str, Any]:
    rows, total = [], 0
    for row in entries:
        entry: Entry = row.Entry
        sign = term.signs.get(row.reversed or entry.kind, 0) * (-1 if row.reversed else 1)
        if sign:
            total += sign * entry.amount
            rows.append(_entry(entry, sign, sources))
    figure = getattr(position, term.column, None) if term.column else total
    return {
        "symbol": term.symbol,
        "name": term.name,
        "amount": None if figure is None else yuan(figure),
        "entries_amount": yuan(total),
        "adds_up": (figure or 0) == total,
        "entries": rows,
    }


def _entry(entry: Entry, sign: int, sources: Sources) -> dict[str, Any]:
    return {
        "entry": entry.id,
        "date": entry.value_date or entry.business_date,
        "kind": entry.kind.value,
        "amount": yuan(sign * entry.amount),
        "source": sources.of(entry.occasion, entry.recorded_by),
        "recorded_by": entry.recorded_by,
        "recorded_on": entry.business_date,
    }


DERIVED = (
    ("U", "surplus over the bill", "surplus"),
    ("", "应退客户金额, due to the customer in all", "refund_due"),
    ("", "客户应补, the customer still has to pay", "topup_due"),
    ("", "可退, may go back now", "releasable"),
)


def derived(session: Session, work_order_id: int) -> list[dict[str, Any]]:
    """What the rule made of the terms."""
    position = session.get(Position, work_order_id)
    if position is None:
        return []
    found = [
        {"symbol": symbol, "name": name, "amount": yuan(getattr(position, column))}
        for symbol, name, column in DERIVED
    ]
    still = {"symbol": "", "name": "应退未退, due and not yet paid (below zero: too much was paid)"}
    return [*found, still | {"amount": yuan(position.refund_due - position.refunded)}]
