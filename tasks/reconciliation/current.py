"""How things stand at this moment, asked while something is being written."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models import bulk
from models.bank import BankLine
from models.case import Case, ExpectedLine
from models.match import Match, MatchPart
from models.payout import LineBalance, Payout
from models.refund import Refund
from models.words import MatchState, Outcome, PayoutState, Stage
from tasks.reconciliation.queries import owed_by_case


class Balance(NamedTuple):
    """An expected line with what has come on it, in fen, and the repair it pays for."""

    case_id: int
    line: LineBalance
    work_order_id: int
    third_party_paid: bool


def balances(session: Session, case_ids: Collection[int]) -> list[Balance]:
    """The expected lines of some cases."""
    received = func.coalesce(func.sum(Payout.amount), 0)
    found = session.execute(
        select(
            ExpectedLine.case_id, ExpectedLine.id, ExpectedLine.kind, ExpectedLine.amount, received,
            ExpectedLine.work_order_id, ExpectedLine.customer_paid_third_party_on.is_not(None),
            ExpectedLine.cover,
        )
        .outerjoin(
            Payout, and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
        )
        .where(bulk.among(session, ExpectedLine.case_id, case_ids))
        .group_by(ExpectedLine.id)
        .order_by(ExpectedLine.case_id, ExpectedLine.id)
    )  # fmt: skip
    return [
        Balance(case_id, LineBalance(id_, kind, amount, int(come), cover), work_order_id, bool(proof))
        for case_id, id_, kind, amount, come, work_order_id, proof, cover in found
    ]


class Standing(NamedTuple):
    """Where a bank line stands now."""

    line_id: int
    outcome: Outcome
    reason: str | None
    detail: object


def standings(session: Session, line_ids: Collection[int]) -> list[Standing]:
    """Where some bank lines stand."""
    found = session.execute(
        select(BankLine.id, BankLine.outcome, BankLine.reason, BankLine.detail)
        .where(bulk.among(session, BankLine.id, line_ids))
        .order_by(BankLine.id)
    )
    return [Standing(*row) for row in found]


def lead_case_of_refund(session: Session, refund_id: int) -> tuple[int, int]:
    """The repair of a refund and the case it is shown on."""
    found = session.execute(
        select(Refund.work_order_id, Case.id)
        .join(Case, Case.work_order_id == Refund.work_order_id)
        .where(Refund.id == refund_id)
        .order_by(Case.is_lead.desc(), Case.id)
    ).first()
    if found is None:
        raise LookupError(f"refund {refund_id} has no case")
    return found[0], found[1]


class Owed(NamedTuple):
    """What an insurer still owes on a case, in fen."""

    claim_no: str
    amount: int
    closed: bool


def owed_on(session: Session, case_ids: Collection[int]) -> list[Owed]:
    """What is still owed on some cases, by claim number."""
    wanted = bulk.among(session, Case.id, case_ids)
    lines = owed_by_case(session, wanted)
    found = session.execute(select(Case.id, Case.claim_no, Case.stage).where(wanted).order_by(Case.claim_no))
    return [
        Owed(claim_no, sum(owed for _, owed in lines.get(id_, ())), stage is Stage.CLOSED)
        for id_, claim_no, stage in found
    ]


def booked_on(session: Session, line_ids: Collection[int]) -> dict[int, date]:
    """The bank date of some lines."""
    found = session.execute(
        select(BankLine.id, BankLine.booked_on).where(bulk.among(session, BankLine.id, line_ids))
    )
    return {row.id: row.booked_on for row in found}


def proposals(session: Session, shop_id: int, line_ids: Collection[int]) -> list[Match]:
    """Proposals that stand and speak of one of these lines, in the order they are numbered in."""
    about = select(MatchPart.match_id).where(bulk.among(session, MatchPart.bank_line_id, line_ids))
    return list(
        session.scalars(
            select(Match)
            .where(Match.shop_id == shop_id, Match.state == MatchState.PROPOSED, Match.id.in_(about))
            .order_by(Match.rank, Match.id)
        )
    )


def parts_of(session: Session, match_ids: Collection[int]) -> list[MatchPart]:
    """The parts of some matches."""
    of = bulk.among(session, MatchPart.match_id, match_ids)
    return list(session.scalars(select(MatchPart).where(of).order_by(MatchPart.id)))
