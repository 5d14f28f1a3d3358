"""Writing the money a ledger tells of: customer lines, payouts, refunds, and the entries of them all.

A payout known only from a ledger is *asserted*; its bank line becomes its evidence later (design 5).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from models.entry import Movement, balances, held, post, reverse
from models.payout import LineBalance, Payout, spread
from models.refund import Refund
from models.source_file import SourceFile
from models.words import CustomerLineKind, EntryKind, LineKind, PayoutState, RefundState
from models.work_order import CustomerLine
from tasks.intake.changes import RepairChange
from tasks.intake.queries import bill_entries, line_balances
from tasks.intake.repair import Sum
from tasks.intake.writing import Ids, of_cases
from worker.job import Night

Row = dict[str, Any]

ENTRY_OF = {CustomerLineKind.SELF_PAY: EntryKind.SELF_PAY, CustomerLineKind.DEPOSIT: EntryKind.DEPOSIT}


def write_money(
    session: Session, night: Night, file: SourceFile, changes: Sequence[RepairChange], ids: tuple[Ids, Ids]
) -> list[tuple[RepairChange, int]]:
    """Write every movement of money that is new, with its two legs; `ids` of work orders and of cases.

    Returns the repairs whose refund is more than is held for the customer, with what is held: not written.
    """
    orders, cases = ids
    arrived = [
        *_bills(session, night, file, changes, orders),
        *_receipts(session, file, changes, orders),
        *_payouts(session, file, changes, orders, cases),
    ]
    post(session, arrived, **night.trail)
    asked = [(change, orders[change.repair.work_order_no]) for change in changes if change.refund]
    lies = balances(session, [order_id for _, order_id in asked])
    there = {order_id: held(lies[order_id]) for _, order_id in asked}
    fitting = [change for change, order_id in asked if change.refund <= there[order_id]]
    post(session, list(_refunds(session, night, file, fitting, orders)), **night.trail)
    return [(change, there[order_id]) for change, order_id in asked if change.refund > there[order_id]]


def taken(changes: Sequence[RepairChange]) -> dict[str, dict[str, int]]:
    """The control totals of the nightly proof: what this ledger alone brought, in fen."""
    customer = sum(amount for change in changes for _, amount in change.lines)
    payouts = sum(payout.amount for _, each in of_cases(changes) for payout in each.payouts)
    return {"taken_fen": {"customer": customer, "payouts": payouts}}


def origin_of(file: SourceFile, claim_no: str) -> str:
    """Which row of which file brought it."""
    return f"file:{file.id}:{claim_no}"


def _bills(
    session: Session, night: Night, file: SourceFile, changes: Sequence[RepairChange], orders: Ids
) -> Iterator[Movement]:
    billed = [(orders[each.repair.work_order_no], each.bill) for each in changes if each.bill is not None]
    posted = bill_entries(session, [order_id for order_id, _ in billed])
    for order_id, amount in billed:
        if order_id in posted:
            reverse(session, posted[order_id], business_date=night.date, by=night.by, at=night.at)
        if amount:
            yield Movement(order_id, EntryKind.BILL, amount, None, f"bill:{order_id}:file:{file.id}")


def _receipts(
    session: Session, file: SourceFile, changes: Sequence[RepairChange], orders: Ids
) -> Iterator[Movement]:
    rows: list[Row] = []
    for change in changes:
        said, claim_no = change.repair.received, change.repair.cases[0].row.claim_no
        for kind, amount in change.lines:
            order_id, on = orders[change.repair.work_order_no], said.on if said else None
            origin = origin_of(file, claim_no)
            rows.append({
                "work_order_id": order_id, "kind": kind, "amount": amount, "received_on": on,
                "cashier": said.who if said else None, "inferred": True, "origin": origin,
            })  # fmt: skip
            yield Movement(order_id, ENTRY_OF[kind], amount, on, f"{origin}:{ENTRY_OF[kind]}")
    if rows:
        session.execute(insert(CustomerLine), rows)


def _payouts(
    session: Session, file: SourceFile, changes: Sequence[RepairChange], orders: Ids, cases: Ids
) -> Iterator[Movement]:
    paid = [(change, each) for change, each in of_cases(changes) if each.payouts]
    balances = line_balances(session, [cases[each.case.row.claim_no] for _, each in paid])
    rows: list[Row] = []
    for change, each in paid:
        case_id, claim_no = cases[each.case.row.claim_no], each.case.row.claim_no
        lines = {line.line_id: line for line in balances[case_id]}
        order_id = orders[change.repair.work_order_no]
        for number, payout in enumerate(each.payouts, 1):
            for line_id, amount in spread(payout.amount, list(lines.values())):
                origin = f"{origin_of(file, claim_no)}:{line_id}:{number}"
                rows.append(_payout(payout, case_id, line_id, amount, origin))
                for kind, part in _parts(lines[line_id], amount):
                    yield Movement(order_id, kind, part, payout.on, f"{origin}:{kind}")
                lines[line_id] = lines[line_id]._replace(received=lines[line_id].received + amount)
    if rows:
        session.execute(insert(Payout), rows)


def _payout(said: Sum, case_id: int, line_id: int, amount: int, origin: str) -> Row:
    return {
        "case_id": case_id, "expected_line_id": line_id, "amount": amount, "state": PayoutState.ASSERTED,
        "received_on": said.on, "recorded_by": said.who, "origin": origin,
    }  # fmt: skip


def _parts(line: LineBalance, amount: int) -> Iterator[tuple[EntryKind, int]]:
    """What a line still expects is its own; what is over it is held (domain 1.7, B)."""
    own = min(amount, max(0, line.expected - line.received))
    kind = EntryKind.PAYOUT_THIRD_PARTY if line.kind is LineKind.OTHER_AGENCY else EntryKind.PAYOUT
    parts = ((kind, own), (EntryKind.OVER_RECEIPT_HOLD, amount - own))
    return ((each, part) for each, part in parts if part)


def _refunds(
    session: Session, night: Night, file: SourceFile, changes: Sequence[RepairChange], orders: Ids
) -> Iterator[Movement]:
    """Refunds that the ledger says are paid: a row each, or the one that waited for approval here."""
    for change in changes:
        order_id, said = orders[change.repair.work_order_no], change.repair.refund
        origin = origin_of(file, change.repair.cases[0].row.claim_no)
        on = said.on if said else None
        facts: Mapping[str, Any] = {
            "amount": change.refund, "state": RefundState.PAID, "paid_on": on,
            "payee": said.who if said else None,
        }  # fmt: skip
        if change.known and change.known.refund_waiting:
            session.execute(update(Refund).where(Refund.id == change.known.refund_waiting).values(**facts))
        else:
            number = (change.known.refunds if change.known else 0) + 1
            new = {"shop_id": night.shop_id, "work_order_id": order_id, "number": number}
            session.execute(insert(Refund).values(**new, **facts, prepared_by=night.by, origin=origin))
        for kind in (EntryKind.REFUND_RESERVED, EntryKind.REFUND_PAID):
            yield Movement(order_id, kind, change.refund, on, f"{origin}:{kind}")
