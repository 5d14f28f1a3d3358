"""What this room fetches: open lines, cases with what is still owed, a ledger's word, refunds paid, names."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.case import Case, ExpectedLine
from models.insurer import Insurer, InsurerAlias
from models.insurer import ReportPattern as PatternRow
from models.match import Match, MatchPart
from models.payout import Payout
from models.refund import Refund
from models.refund_paying import cash
from models.shop import Shop
from models.values import half_width
from models.words import MatchState, Outcome, PayoutState, RefundState, Resolution, Stage
from tasks.reconciliation import facts
from tasks.reconciliation.shown import Paid, Proposal, ReportRow, Waiting, report, waiting

__all__ = [
    "LOOKED_AT", "Paid", "Proposal", "ReportRow", "Waiting",
    "aliases", "hold_shop", "known_cases", "open_by_line", "open_lines", "own_names", "paid_refunds",
    "receipts_only_asserted", "rejected", "report", "report_patterns", "waiting",
]  # fmt: skip

LOOKED_AT = (Outcome.OPEN, Outcome.UNMATCHED, Outcome.PROPOSED)
_SETTLED = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING)
"""Results of a difference after which nothing is expected any more (domain 1.7)."""


def open_lines(session: Session, shop_id: int, until: date) -> list[facts.Line]:
    """Bank lines that are not settled, booked up to a day, in bank-date order."""
    found = session.execute(
        select(
            BankLine.id, BankLine.booked_on, BankLine.amount,
            BankLine.payer, BankLine.memo, BankLine.search_text,
        )
        .where(BankLine.shop_id == shop_id, BankLine.outcome.in_(LOOKED_AT), BankLine.booked_on <= until)
        .order_by(BankLine.booked_on, BankLine.id)
    )  # fmt: skip
    return [
        facts.Line(id_, booked_on, amount, payer, text if memo in text else f"{memo} {text}")
        for id_, booked_on, amount, payer, memo, text in found
    ]


def open_by_line() -> Subquery:
    """Per expected line: its case, what is expected and what is still owed, never below zero."""
    received = func.coalesce(func.sum(Payout.amount), 0)
    missing = ExpectedLine.amount - received
    owed = case((or_(ExpectedLine.resolution.in_(_SETTLED), missing < 0), 0), else_=missing)
    return (
        select(ExpectedLine.case_id, ExpectedLine.amount.label("expected"), owed.label("owed"))
        .outerjoin(
            Payout, and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
        )
        .group_by(ExpectedLine.id)
        .subquery()
    )


def known_cases(
    session: Session, shop_id: int, plates: Collection[str], as_well: Collection[int]
) -> list[facts.Case]:
    """Every case not closed, closed ones of these plates, and `as_well`; with what is owed, in fen."""
    lines = open_by_line()
    found = session.execute(
        select(
            Case.id, Case.claim_no, Case.plate_no, Case.report_no, Case.insured_name, Insurer.group_id,
            Case.insurer_accepted_date, Case.is_agency_claim, Case.stage,
            func.coalesce(func.sum(lines.c.expected), 0), func.coalesce(func.sum(lines.c.owed), 0),
        )
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .outerjoin(lines, lines.c.case_id == Case.id)
        .where(Case.shop_id == shop_id, _wanted(plates, as_well))
        .group_by(Case.id, Insurer.group_id)
        .order_by(Case.id)
    )  # fmt: skip
    return [_case(tuple(row)) for row in found]


def _case(row: tuple[Any, ...]) -> facts.Case:
    id_, claim_no, plate, report, insured, group, accepted, agency, stage, expected, owed = row
    closed = stage is Stage.CLOSED
    return facts.Case(
        id_, claim_no, plate, report, insured, group, accepted, agency, closed, int(expected), int(owed)
    )


def _wanted(plates: Collection[str], as_well: Collection[int]) -> ColumnElement[bool]:
    return or_(Case.stage != Stage.CLOSED, Case.plate_no.in_(sorted(plates)), Case.id.in_(sorted(as_well)))


def receipts_only_asserted(session: Session, shop_id: int, since: date) -> list[facts.Receipt]:
    """Per case and day, what only a ledger says was received since a day, or on a day it does not say."""
    found = session.execute(
        select(Payout.case_id, Payout.received_on, Payout.amount, Payout.id)
        .join(Case, Case.id == Payout.case_id)
        .where(Case.shop_id == shop_id, Payout.state == PayoutState.ASSERTED)
        .where(
            or_(
                Payout.received_on >= since,
                and_(Payout.received_on.is_(None), Case.stage != Stage.CLOSED),
            )
        )
        .order_by(Payout.case_id, Payout.received_on, Payout.id)
    )
    together: dict[tuple[int, date | None], list[tuple[int, int]]] = {}
    for case_id, received_on, amount, payout_id in found:
        together.setdefault((case_id, received_on), []).append((payout_id, amount))
    return [
        facts.Receipt(case_id, sum(amount for _, amount in parts), day, tuple(id_ for id_, _ in parts))
        for (case_id, day), parts in together.items()
    ]


def paid_refunds(session: Session, shop_id: int, amounts: Collection[int]) -> list[facts.PaidRefund]:
    """Refunds paid of one of these amounts, with the names they may come back under."""
    found = session.execute(
        select(Refund.id, Case.claim_no, Refund.payee, Case.insured_name, cash(), Refund.paid_on)
        .join(Case, and_(Case.work_order_id == Refund.work_order_id, Case.is_lead))
        .where(
            Refund.shop_id == shop_id, Refund.state == RefundState.PAID, cash().in_(sorted(amounts))
        )
        .order_by(Refund.id)
    )
    return [
        facts.PaidRefund(id_, claim_no, tuple(name for name in (payee, insured) if name), amount, paid_on)
        for id_, claim_no, payee, insured, amount, paid_on in found
    ]


def aliases(session: Session) -> list[facts.Alias]:
    """Every text that names an insurer group."""
    found = session.execute(select(InsurerAlias.alias, InsurerAlias.group_id).order_by(InsurerAlias.alias))
    return [facts.Alias(*row) for row in found]


def report_patterns(session: Session) -> list[facts.ReportPattern]:
    """What each group's report numbers look like."""
    found = session.execute(select(PatternRow.pattern, PatternRow.group_id).order_by(PatternRow.id))
    return [facts.ReportPattern(*row) for row in found]


def own_names(session: Session, shop_id: int) -> frozenset[str]:
    """The shop's name and the holders of its accounts, as they are compared."""
    names = list(session.scalars(select(Shop.name).where(Shop.id == shop_id)))
    names += session.scalars(
        select(BankAccount.holder).where(BankAccount.shop_id == shop_id, BankAccount.holder.is_not(None))
    )
    return frozenset("".join(half_width(name).split()).upper() for name in names if name)


Rejected = tuple[frozenset[tuple[int, str, int]], frozenset[str]]


def rejected(session: Session, shop_id: int) -> Rejected:
    """What persons rejected: (line, 'case' or 'refund', id) pairs, and occasions of several parts."""
    found = session.execute(
        select(
            Match.occasion, MatchPart.bank_line_id, MatchPart.case_id, MatchPart.refund_id,
            func.count().over(partition_by=Match.id),
        )
        .join(Match, Match.id == MatchPart.match_id)
        .join(BankLine, BankLine.id == MatchPart.bank_line_id)
        .where(Match.shop_id == shop_id, Match.state == MatchState.REJECTED, BankLine.outcome.in_(LOOKED_AT))
        .order_by(MatchPart.id)
    ).all()  # fmt: skip
    alone = [row for row in found if row[4] == 1]
    cases = [(row[1], "case", row[2]) for row in alone if row[3] is None and row[2] is not None]
    refunds = [(row[1], "refund", row[3]) for row in alone if row[3] is not None]
    return frozenset([*cases, *refunds]), frozenset(row[0] for row in found if row[4] > 1)


def hold_shop(session: Session, shop_id: int) -> None:
    """Wait until nobody else decides on this shop's bank lines: one at a time, until the transaction ends."""
    session.execute(select(Shop.id).where(Shop.id == shop_id).with_for_update(key_share=True))
