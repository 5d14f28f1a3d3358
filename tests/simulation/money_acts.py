"""What people decide about money, rightly and wrongly: matches, differences, refunds.

They know the truth of each transfer, which the nights do not; now and then they get it wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.bank import BankAccount, BankLine
from models.case import Case
from models.difference import Difference
from models.match import Match
from models.payment import PaymentItem
from models.refund import Refund
from models.secrecy import encrypt
from models.words import DifferenceState, MatchKind, MatchState, Outcome, RefundState, Role
from tasks.reconciliation import queries
from tests.generated.facts import Move
from tests.generated.files import write_list
from tests.generated.words import Tier
from worker import db
from worker.settings import settings

if TYPE_CHECKING:
    from tests.simulation.shop_days import ShopDays


def _lot(days: ShopDays, share: float) -> bool:
    return days.hands.house.chance.random() < share


def _truth(days: ShopDays) -> dict[int, Move]:
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


# ------------------------------------------------------------------ transfers


def clear_lines(days: ShopDays, day: date) -> None:
    """Go through what the nights could not say: accept, reject, ask the insurer for the list."""
    truth = _truth(days)
    with db.reading() as session:
        rows = list(queries.report(session, days.shop.id))
    for row in rows:
        if row.outcome in (Outcome.PROPOSED, Outcome.UNMATCHED) and row.line_id in truth and _lot(days, 0.7):
            _clear(days, row, truth)


def _clear(days: ShopDays, row: queries.ReportRow, truth: dict[int, Move]) -> None:
    move = truth[row.line_id]
    right = [each.number for each in row.proposals if _is_right(each, truth)]
    line = {"line_id": row.line_id}
    if row.proposals and _lot(days, 0.1):
        some = days.hands.house.chance.choice(row.proposals).number  # the wrong one, at times
        days.hands.do("accept_match", Role.ACCOUNTANT, **line, proposal=some)
    elif right:
        days.hands.do("accept_match", Role.ACCOUNTANT, **line, proposal=right[0])
    elif len(move.pays) > 1 and row.line_id not in days.asked_lists:
        _bring_list(days, row.line_id, move)
    elif not move.pays and not move.refund:
        days.hands.do("reject_match", Role.ACCOUNTANT, **line, proposal=None)


def _bring_list(days: ShopDays, line_id: int, move: Move) -> None:
    claims = {claim.claim_no: claim for claim in days.life.claims}
    name = f"list_{days.shop.code}_{line_id}.xlsx"
    settings().files.mkdir(parents=True, exist_ok=True)
    write_list(move, claims, settings().files / name)
    days.asked_lists.add(line_id)
    days.hands.do("read_payment_list", Role.ACCOUNTANT, line_id=line_id, stored_as=name, name=name)


def _is_right(proposal: queries.Proposal, truth: dict[int, Move]) -> bool:
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
        days.hands.do("undo_match", Role.ACCOUNTANT, match_id=match_id, with_refunds=_lot(days, 0.5))


# ------------------------------------------------------------------ differences

SHORT = ("CUSTOMER_TOPUP", "SHOP_ABSORB", "RECLAIM", "DISPUTE", "ROUNDING")
OVER = ("RETURN_TO_INSURER", "ENTITLED", "CUSTOMER_COST")


def settle_differences(days: ShopDays, day: date) -> None:
    """The handler prepares a result, often a wrong one; the manager approves it, sends it back, undoes it."""
    chance = days.hands.house.chance
    for row in _differences(days, DifferenceState.OPEN):
        if _lot(days, 0.4):
            result = chance.choice(SHORT if row.amount > 0 else OVER)
            more = {"consent": "签字", "consent_on": str(day)} if result == "CUSTOMER_TOPUP" else {}
            given = {"difference_id": row.id}
            days.hands.do("resolve_difference", Role.HANDLER, **given, result=result, **more)
            if _lot(days, 0.3):
                days.hands.must_refuse("approve_difference", Role.HANDLER, **given)
            if _lot(days, 0.2):
                days.hands.do("decline_difference", Role.MANAGER, **given, because="材料不全")
            else:
                days.hands.do("approve_difference", Role.MANAGER, **given)
    for row in _differences(days, DifferenceState.RESOLVED)[-5:]:
        if _lot(days, 0.05):
            days.hands.do("undo_difference", Role.MANAGER, difference_id=row.id, because="看错了")


def _differences(days: ShopDays, state: DifferenceState) -> Sequence[Difference]:
    of = (Difference.shop_id == days.shop.id, Difference.state == state)
    with db.reading() as session:
        return session.scalars(select(Difference).where(*of).order_by(Difference.id)).all()


# ------------------------------------------------------------------ refunds


def _refunds(days: ShopDays, *states: RefundState) -> Sequence[Refund]:
    of = (Refund.shop_id == days.shop.id, Refund.state.in_(states))
    with db.reading() as session:
        return session.scalars(select(Refund).where(*of).order_by(Refund.id)).all()


def approve_refunds(days: ShopDays, day: date) -> None:
    """Whoever may not approve is refused; some are declined; the reviewer approves the rest."""
    for refund in _refunds(days, RefundState.WAITING):
        given = {"refund_id": refund.id}
        if _lot(days, 0.15):
            wrong = days.hands.house.chance.choice((Role.HANDLER, Role.CASHIER, Role.ACCOUNTANT))
            days.hands.must_refuse("approve_refund", wrong, **given)
        if _lot(days, 0.05):
            days.hands.do("decline_refund", Role.REVIEWER, **given, because="客户另有欠款")
        elif _lot(days, 0.7):
            days.hands.do("approve_refund", Role.MANAGER, **given)


def pay_refunds(days: ShopDays, day: date) -> None:
    """Customers come for their money late or never; some have it sent."""
    for refund in _refunds(days, RefundState.APPROVED, RefundState.UNCLAIMED):
        if refund.id % 5 == 0:
            continue  # never collected
        if refund.id % 5 == 1:
            days.hands.do(
                "record_payee", Role.HANDLER, refund_id=refund.id, account=encrypt(f"62220211{refund.id:011}"),
                bank="中国工商银行连云港分行",
            )  # fmt: skip
        elif _lot(days, 0.2):
            if _lot(days, 0.2):
                days.hands.must_refuse("pay_refund", Role.HANDLER, refund_id=refund.id, on=str(day))
            days.hands.do("pay_refund", Role.CASHIER, refund_id=refund.id, on=str(day))


def send_refunds(days: ShopDays, day: date) -> None:
    """A payment file is made, and the bank books its transfers the next day; some come back later."""
    if not days.hands.do("make_payment_file", Role.CASHIER):
        return
    with db.reading() as session:
        items = session.execute(
            select(PaymentItem.refund_id, PaymentItem.payee, PaymentItem.amount, Case.claim_no)
            .join(Refund, Refund.id == PaymentItem.refund_id)
            .join(Case, (Case.work_order_id == Refund.work_order_id) & Case.is_lead)
            .where(Refund.shop_id == days.shop.id, Refund.state == RefundState.IN_FILE)
            .order_by(PaymentItem.payment_file_id, PaymentItem.position)
        ).all()
    for item in items:
        if item.refund_id not in days.sent_refunds:
            days.sent_refunds.add(item.refund_id)
            _order(days, item.payee, item.amount, item.claim_no, day + timedelta(days=1))


def _order(days: ShopDays, payee: str, amount: int, claim_no: str, on: date) -> None:
    lot = days.hands.house.chance.random()
    if lot < 0.1:
        return  # the bank never does it; in the end the cashier says that it failed
    days.bank.order(Move(on, -amount, payee, "客户退款", Tier.OTHER))
    if lot < 0.3:
        back = on + timedelta(days=2)
        days.bank.order(Move(back, amount, payee, "退票 账号不符 退汇", Tier.KEY, refund=claim_no))


def settle_files(days: ShopDays, day: date) -> None:
    """What is still in a file after two weeks is said to have failed; at times what was paid comes back."""
    for refund in _refunds(days, RefundState.IN_FILE):
        if refund.approved_on and day - refund.approved_on > timedelta(days=14):
            days.hands.do("fail_refund", Role.CASHIER, refund_id=refund.id, because="账号不存在")


def hold_refunds(days: ShopDays, day: date) -> None:
    """The manager holds a refund, and lets it go on another day."""
    for refund in _refunds(days, RefundState.WAITING, RefundState.APPROVED):
        with db.reading() as session:
            case_id = session.scalar(
                select(Case.id).where(Case.work_order_id == refund.work_order_id, Case.is_lead)
            )
        if case_id and _lot(days, 0.1):
            days.hands.do("hold_refund", Role.MANAGER, case_id=case_id, because="客户投诉")
        elif case_id and _lot(days, 0.3):
            days.hands.do("unhold_refund", Role.MANAGER, case_id=case_id)


def close_cases(days: ShopDays, day: date) -> None:
    """The reviewer closes what he can; the checklist keeps him from the rest."""
    of = (Case.shop_id == days.shop.id, Case.closed_date.is_(None))
    with db.reading() as session:
        found = session.scalars(select(Case.id).where(*of).order_by(Case.id)).all()
    for case_id in found:
        if _lot(days, 0.05):
            days.hands.do("close_case", Role.REVIEWER, case_id=case_id)


ALL: tuple[tuple[Callable[[ShopDays, date], None], float], ...] = (
    (clear_lines, 0.5), (undo_a_match, 0.1), (settle_differences, 0.4), (approve_refunds, 0.6),
    (pay_refunds, 0.6), (send_refunds, 0.15), (settle_files, 0.3), (hold_refunds, 0.1), (close_cases, 0.3),
)  # fmt: skip
"""What may be done on a day, and how likely it is."""
