"""An insurer takes money back (冲正): receipts and entries are reversed, and the repair is settled again."""

from datetime import date

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.case import Case
from models.event import Happening, record
from models.payout import Payout
from models.values import Refusal
from models.words import PayoutState, Role
from tasks.differences import books, queries, resolving, reviewing, rules, steps
from tasks.differences.amounts import refuse_odd
from tasks.differences.queries import LineRow
from tasks.differences.taking_back import Receipt, Taken, chosen
from worker.job import Night

_MAY_REVERSE = frozenset({Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN, "operator"})
"""Who confirms what stands in a bank statement (domain 1.5)."""


def reverse(session: Session, night: Night, case_id: int, amount: int, on: date, because: str) -> int:
    """Take `amount` fen out of what a claim received. Returns how many receipts were touched."""
    case = session.get_one(Case, case_id)
    _refuse(night, case, amount, on)
    resolving.refuse_closed(session, case_id)
    lines = {line.line_id: line for line in queries.lines_of_cases(session, [case_id])}
    queries.hold_orders(session, {line.work_order_id for line in lines.values()})
    receipts = [_receipt(each) for each in queries.standing_payouts(session, case_id) if each.amount > 0]
    lies = {line.line_id: line.received for line in lines.values()}
    payout_id = night.parameters.get("payout_id")
    taken = chosen(case.claim_no, amount, receipts, lies, int(payout_id) if payout_id else None)
    orders = _write(session, night, case, lines, taken, amount, on)
    touched = queries.lines_of_orders(session, orders)
    for order, part in orders.items():
        books.take_out(session, night, [line for line in touched if line.work_order_id == order], part)
    inputs = {
        "amount": amount, "on": on.isoformat(), "payouts": list(taken.payouts), "because": because,
        "part_of_line": taken.line_id,
    }  # fmt: skip
    happening = Happening("payout_reversed", inputs, case_id, case.work_order_id, rules.VERSION)
    record(session, [happening], **night.trail)
    reviewing.review(session, night, [line for line in touched if line.line_id in lines])
    steps.settle_again(session, night, orders)
    return max(1, len(taken.payouts))


def _refuse(night: Night, case: Case, amount: int, on: date) -> None:
    role, retry = (
        night.parameters.get("role"),
        f"huikuan case reverse-payout {case.claim_no} AMOUNT --on DATE",
    )
    if role not in _MAY_REVERSE:
        raise Refusal(
            f"{night.by} is {role}; what a bank took back is recorded by an accountant, manager or admin. "
            f"Ask one of them: {retry}"
        )
    refuse_odd(case.claim_no, "a payout taken back", amount, retry)
    if on > night.date:
        raise Refusal(
            f"{case.claim_no}: {on} is after {night.date}; money is taken back when it has gone. Correct the "
            f"day after --on: {retry}"
        )


def _receipt(payout: Payout) -> Receipt:
    return Receipt(
        payout_id=payout.id,
        line_id=payout.expected_line_id,
        amount=payout.amount,
        received_on=payout.received_on,
        together=f"match:{payout.match_id}" if payout.match_id else payout.origin.rpartition(":")[0],
    )


def _write(
    session: Session, night: Night, case: Case, lines: dict[int, LineRow], taken: Taken, amount: int, on: date
) -> dict[int, int]:
    """Reverse the receipts, or write the part taken as one below zero; says the fen taken of each repair."""
    parts: dict[int, int] = {}
    for payout in (session.get_one(Payout, payout_id) for payout_id in taken.payouts):
        payout.state = PayoutState.REVERSED
        order = lines[payout.expected_line_id].work_order_id
        parts[order] = parts.get(order, 0) + payout.amount
    if taken.line_id is not None:
        stem = f"reversal:{case.id}"
        number = len(queries.payouts_of(session, stem)) + 1
        values = {
            "case_id": case.id, "expected_line_id": taken.line_id, "amount": -amount, "received_on": on,
            "state": PayoutState.ASSERTED, "recorded_by": night.by, "origin": f"{stem}:{number}",
        }  # fmt: skip
        session.execute(insert(Payout).values(**values))
        parts[lines[taken.line_id].work_order_id] = amount
    session.flush()
    return parts
