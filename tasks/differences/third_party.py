"""Money that an insurer paid for somebody else: the shop passes it on (domain 1.7, Y)."""

from datetime import date

from sqlalchemy.orm import Session

from models.case import Case
from models.entry import Entry, Movement, post
from models.event import Happening, record
from models.values import Refusal, yuan
from models.words import EntryKind, LineKind, Role
from tasks.differences import books, queries, resolving, rules, steps
from tasks.differences.amounts import refuse_odd
from tasks.differences.queries import LineRow
from worker.job import Night

_MAY_PAY = frozenset({Role.CASHIER, Role.MANAGER, Role.ADMIN, "operator"})
"""出纳 pays (domain 1.5)."""


def pay(session: Session, night: Night, case_id: int, amount: int, on: date, payee: str) -> int:
    """Record that the shop paid a third party; Refusal where it is not owed so much."""
    case, orders = _begin(session, night, case_id, "pay-third-party")
    retry = f"huikuan case pay-third-party {case.claim_no} AMOUNT --on DATE --to PAYEE"
    refuse_odd(case.claim_no, "a payment to a third party", amount, retry)
    if on > night.date:
        raise Refusal(
            f"{case.claim_no}: {on} is after {night.date}; a payment is recorded when it has gone. {retry}"
        )
    owed = payable(session, case_id)
    if amount > sum(owed.values()):
        raise Refusal(
            f"{case.claim_no} owes {yuan(sum(owed.values()))} yuan to third parties, not {yuan(amount)}: "
            "that is what the insurer paid for them, less what was passed on and what the customer proved to "
            f"have paid. See: huikuan case show {case.claim_no}"
        )
    movements, rest = [], amount
    for order, open_ in sorted(owed.items()):
        part = min(rest, open_)
        if part:
            occasion = books.fresh_occasion(session, order, f"third_party_paid:{case_id}:{order}")
            movements.append(Movement(order, EntryKind.THIRD_PARTY_PAID, part, on, occasion))
        rest -= part
    post(session, movements, **night.trail)
    proof = {
        name: night.parameters[name] for name in ("proof", "proof_stored_as") if name in night.parameters
    }
    _tell(
        session,
        night,
        case,
        "third_party_paid",
        amount=amount,
        on=on.isoformat(),
        payee=payee.strip(),
        **proof,
    )
    steps.settle_again(session, night, orders)
    return 1


def take_back(session: Session, night: Night, case_id: int, amount: int, because: str) -> int:
    """Undo the newest payment of that sum: it never went out, or it came back."""
    case, orders = _begin(session, night, case_id, "unpay-third-party")
    if not because.strip():
        raise Refusal(
            f"{case.claim_no}: say why; it stays on record: "
            f'huikuan case unpay-third-party {case.claim_no} {yuan(amount)} --because "..."'
        )
    paid = [
        entry for order in orders for entry in _payments(session, case_id, order) if entry.amount == amount
    ]
    if not paid:
        raise Refusal(
            f"{case.claim_no} has no payment of {yuan(amount)} yuan to a third party that stands. "
            f"See: huikuan case show {case.claim_no}"
        )
    books.undo(session, night, paid[0])
    _tell(session, night, case, "third_party_payment_undone", amount=amount, because=because.strip())
    steps.settle_again(session, night, orders)
    return 1


def _begin(session: Session, night: Night, case_id: int, verb: str) -> tuple[Case, set[int]]:
    case, role = session.get_one(Case, case_id), night.parameters.get("role")
    if role not in _MAY_PAY:
        raise Refusal(
            f"{night.by} is {role}; money is paid out by a cashier, manager or admin. Ask one of them: "
            f"huikuan case {verb} {case.claim_no}"
        )
    resolving.refuse_closed(session, case_id)
    orders = queries.orders_of_lines(session, {line.line_id for line in _third(session, case_id)})
    queries.hold_orders(session, orders)
    return case, orders


def payable(session: Session, case_id: int) -> dict[int, int]:
    """What is still owed to third parties of a claim, per repair, in fen."""
    owed: dict[int, int] = {}
    for line in _third(session, case_id):
        if not line.proven:
            owed[line.work_order_id] = owed.get(line.work_order_id, 0) + min(line.received, line.expected)
    return {order: due - _paid(session, case_id, order) for order, due in owed.items()}


def _third(session: Session, case_id: int) -> list[LineRow]:
    lines = queries.lines_of_cases(session, [case_id])
    return [line for line in lines if line.kind is LineKind.OTHER_AGENCY]


def _payments(session: Session, case_id: int, order: int) -> list[Entry]:
    stem = f"third_party_paid:{case_id}:"
    return [
        e for e in books.standing(session, order, EntryKind.THIRD_PARTY_PAID) if e.occasion.startswith(stem)
    ]


def _paid(session: Session, case_id: int, order: int) -> int:
    return sum(entry.amount for entry in _payments(session, case_id, order))


def _tell(session: Session, night: Night, case: Case, kind: str, **inputs: object) -> None:
    happening = Happening(kind, inputs, case.id, case.work_order_id, rules.VERSION)
    record(session, [happening], **night.trail)
