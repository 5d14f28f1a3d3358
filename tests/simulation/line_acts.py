"""What people make of transfers that the nights could not place, rightly and wrongly.

They know the truth of each transfer, which the nights do not; now and then they get it wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.bank import BankAccount, BankLine
from models.match import Match
from models.values import Period
from models.words import MatchKind, MatchState, Outcome, Role
from tasks.reconciliation import queries
from tests.generated.facts import Move
from tests.generated.files import write_list
from worker import db
from worker.settings import settings

if TYPE_CHECKING:
    from tests.simulation.shop_days import ShopDays

Truth = Mapping[int, Move]
"""What each bank line really is, by its id."""


def _truth(days: ShopDays) -> Truth:
    with db.reading() as session:
        rows = session.execute(
            select(BankLine.id, BankAccount.number, BankLine.booked_on, BankLine.amount, BankLine.balance)
            .join(BankAccount, BankAccount.id == BankLine.account_id)
            .where(BankLine.shop_id == days.shop.id)
        ).all()
    found = (
        (each.id, days.bank.truth.get((each.number, each.booked_on, each.amount, each.balance or 0)))
        for each in rows
    )
    return {line: move for line, move in found if move is not None}


def clear_lines(days: ShopDays, day: date) -> None:
    """Go through what the nights could not say: accept, reject, ask the insurer for the list."""
    truth = _truth(days)
    with db.reading() as session:
        rows = list(queries.report(session, days.shop.id))
    for row in rows:
        if row.outcome in (Outcome.PROPOSED, Outcome.UNMATCHED) and row.line_id in truth and days.lot(0.7):
            _clear(days, row, truth)


def clear_month(days: ShopDays, month: Period) -> None:
    """Say of every transfer of a month what it is; what nobody can prove is said to be nothing, also wrongly."""
    truth = _truth(days)
    with db.reading() as session:
        rows = list(queries.report(session, days.shop.id))
    left = (Outcome.PROPOSED, Outcome.UNMATCHED)
    for row in (each for each in rows if each.outcome in left and month.first <= each.date <= month.last):
        if row.line_id not in truth or not _clear(days, row, truth):
            days.hands.do("reject_match", Role.ACCOUNTANT, line_id=row.line_id, proposal=None)


def _clear(days: ShopDays, row: queries.ReportRow, truth: Truth) -> bool:
    """Do what the accountant knows to do, or takes for right; False where he knows nothing."""
    move = truth[row.line_id]
    right = [each.number for each in row.proposals if _is_right(each, truth)]
    line = {"line_id": row.line_id}
    if row.proposals and days.lot(0.1):
        some = days.hands.house.chance.choice(row.proposals).number  # the wrong one, at times
        return days.hands.do("accept_match", Role.ACCOUNTANT, **line, proposal=some)
    if right:
        return days.hands.do("accept_match", Role.ACCOUNTANT, **line, proposal=right[0])
    if len(move.pays) > 1 and row.line_id not in days.asked_lists:
        return _bring_list(days, row.line_id, move)
    if not move.pays and not move.refund:
        return days.hands.do("reject_match", Role.ACCOUNTANT, **line, proposal=None)
    return False


def _bring_list(days: ShopDays, line_id: int, move: Move) -> bool:
    claims = {claim.claim_no: claim for claim in days.life.claims}
    name = f"list_{days.shop.code}_{line_id}.xlsx"
    settings().files.mkdir(parents=True, exist_ok=True)
    write_list(move, claims, settings().files / name)
    days.asked_lists.add(line_id)
    given = {"line_id": line_id, "stored_as": name, "name": name}
    return days.hands.do("read_payment_list", Role.ACCOUNTANT, **given)


def _is_right(proposal: queries.Proposal, truth: Truth) -> bool:
    said, true = Counter[str](), Counter[str]()
    for paid in proposal.pays:
        said[paid.claim_no] += paid.amount
    for line in proposal.lines:
        if line in truth:
            true.update({pays.claim_no: pays.amount for pays in truth[line].pays})
    return said == true


def undo_a_match(days: ShopDays, day: date) -> None:
    """Take back what a night or a person applied, right or wrong, with its refunds at times."""
    with db.reading() as session:
        applied = session.scalars(
            select(Match.id)
            .where(Match.shop_id == days.shop.id, Match.state == MatchState.APPLIED)
            .where(Match.kind == MatchKind.PAYOUT)
            .order_by(Match.id.desc())
            .limit(10)
        ).all()
    if applied:
        match_id = days.hands.house.chance.choice(applied)
        days.hands.do("undo_match", Role.ACCOUNTANT, match_id=match_id, with_refunds=days.lot(0.5))
