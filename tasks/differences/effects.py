"""What a result does to lines, payouts and entries, and how it is taken back (domain 1.7)."""

from collections.abc import Callable

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.difference import Difference
from models.entry import Movement, post
from models.payout import LineBalance, Payout, spread
from models.values import Refusal, yuan
from models.words import DifferenceState, EntryKind, LineKind, OverResult, PayoutState, Resolution, Stage
from models.work_order import WorkOrder
from tasks.differences import books, queries, reviewing, steps
from tasks.differences.queries import LineRow
from tasks.differences.results import Result
from worker.job import Night


def check(
    session: Session, night: Night, row: Difference, line: LineRow, result: Result, to: str | None
) -> None:
    """Raise Refusal where the result can't have its effect."""
    if result is OverResult.REASSIGN:
        _targets(session, night, row, line, to or "")
    if result is Resolution.SHOP_ABSORB:
        bill = session.get_one(WorkOrder, line.work_order_id).repair_net_amount
        written_off = books.net_sums(session, [line.work_order_id])[line.work_order_id]
        borne = row.amount + written_off.get(EntryKind.WRITE_OFF, 0)
        if bill is not None and borne > bill:
            raise Refusal(
                f"{line.claim_no}: the shop would bear {yuan(borne)} yuan of a bill of {yuan(bill)}. "
                f"See what is expected: huikuan case show {line.claim_no}"
            )


def _targets(session: Session, night: Night, row: Difference, line: LineRow, to: str) -> list[LineRow]:
    """The lines that the money goes to. Raises Refusal where they don't expect so much."""
    case = queries.case_by_number(session, night.shop_id, to)
    if case is None:
        raise Refusal(
            f"There is no case {to} in shop {night.shop_code}, so {line.claim_no} can't give it "
            f"{yuan(-row.amount)} yuan. See: huikuan case list"
        )
    if case.stage is Stage.CLOSED:
        raise Refusal(
            f"{to} was closed on {case.closed_date}, so nothing of {line.claim_no} can go there. First open "
            f'it again: huikuan case reopen {to} --because "..."'
        )
    lines = [each for each in queries.lines_of_cases(session, [case.id]) if each.line_id != line.line_id]
    wanted = sum(max(0, each.expected - each.received) for each in lines)
    if wanted < -row.amount:
        raise Refusal(
            f"{to} still expects {yuan(wanted)} yuan, not the {yuan(-row.amount)} that came too much on "
            f"{line.claim_no}. Record what it is owed first: huikuan case expect {to} COVER AMOUNT"
        )
    return lines


def apply(session: Session, night: Night, row: Difference, line: LineRow, result: Result) -> int:
    """Let the result take effect."""
    if isinstance(result, OverResult):
        touched = _OVER[result](session, night, row, line)
        _close(session, night, row, line, result, touched)
    elif result in (Resolution.RECLAIM, Resolution.DISPUTE):
        steps.resolve_line(session, line.line_id, result)
        people = {"prepared_by": row.prepared_by, "note": row.note}
        steps.tell(session, night, line, "resolved", difference=row.id, result=result, **people)
        steps.settle_again(session, night, [line.work_order_id])
    else:
        steps.settle(session, night, line, row, result)
    return 1


def _close(
    session: Session, night: Night, row: Difference, line: LineRow, result: OverResult, touched: set[int]
) -> None:
    row.state, row.resolved_on = DifferenceState.RESOLVED, night.date
    session.flush()
    orders = touched | {line.work_order_id}
    books.follow(session, night, queries.lines_of_orders(session, orders))
    to = session.get_one(Case, row.to_case_id).claim_no if row.to_case_id else None
    people = {"prepared_by": row.prepared_by, "approved_by": row.approved_by, "note": row.note, "to": to}
    facts = {"result": result, "amount": -row.amount, "claim_no": line.claim_no}
    steps.tell(session, night, line, "resolved", difference=row.id, **facts, **people)
    steps.settle_again(session, night, orders)


def _entitled(session: Session, _: Night, row: Difference, line: LineRow) -> set[int]:
    """The insurer approved more, or paid what the customer had paid: E is what came; the books follow."""
    _expect(session, line.line_id, line.received)
    if row.over_result is OverResult.ENTITLED and line.kind is LineKind.OWN_REPAIR:
        _raise_assessment(session, line.case_id)
    return set()


def _expect(session: Session, line_id: int, amount: int) -> None:
    session.execute(update(ExpectedLine).where(ExpectedLine.id == line_id).values(amount=amount))


def _raise_assessment(session: Session, case_id: int) -> None:
    # D is never below what the insurer owes of it (domain 1.6: E_own = D - X).
    case = session.get_one(Case, case_id)
    own = sum(
        line.expected
        for line in queries.lines_of_cases(session, [case_id])
        if line.kind is LineKind.OWN_REPAIR and line.work_order_id == case.work_order_id
    )
    if case.assessed_amount is not None and case.assessed_amount < own:
        case.assessed_amount = own


def _return(session: Session, night: Night, row: Difference, line: LineRow) -> set[int]:
    """The money went back to the insurer: less was received, and the hold is empty."""
    _take_off(session, night, row, line, PayoutState.ASSERTED)
    _post(session, night, row, line.work_order_id, EntryKind.OVER_RECEIPT_RETURNED, -row.amount)
    return set()


def _reassign(session: Session, night: Night, row: Difference, line: LineRow) -> set[int]:
    """The money is another claim's: less was received here, as much more there."""
    to = session.get_one(Case, row.to_case_id)
    targets = {each.line_id: each for each in _targets(session, night, row, line, to.claim_no)}
    queries.hold_orders(session, {each.work_order_id for each in targets.values()})
    state = queries.newest_state(session, line.line_id)
    _take_off(session, night, row, line, state)
    _post(session, night, row, line.work_order_id, EntryKind.OVER_RECEIPT_REASSIGNED, -row.amount)
    balances = [LineBalance(t.line_id, t.kind, t.expected, t.received, t.cover) for t in targets.values()]
    for line_id, amount in spread(-row.amount, balances):
        target = targets[line_id]
        _receive(session, night, row, target, amount, state)
        third = target.kind is LineKind.OTHER_AGENCY and not target.proven
        kind = EntryKind.REASSIGNED_IN_THIRD_PARTY if third else EntryKind.REASSIGNED_IN
        _post(session, night, row, target.work_order_id, kind, amount)
        came = {"difference": row.id, "amount": amount, "from": line.claim_no, "to": to.claim_no}
        steps.tell(session, night, target, "reassigned_in", **came)
    after = queries.lines(session, list(targets))
    reviewing.review(session, night, after)
    return {each.work_order_id for each in targets.values()}


def _take_off(session: Session, night: Night, row: Difference, line: LineRow, state: PayoutState) -> None:
    _receive(session, night, row, line, row.amount, state)


def _receive(
    session: Session, night: Night, row: Difference, line: LineRow, amount: int, state: PayoutState
) -> None:
    """A receipt of its own, below zero where money left the line: what came before stays as it was."""
    taken = len(queries.payouts_of(session, f"difference:{row.id}"))
    values = {
        "case_id": line.case_id, "expected_line_id": line.line_id, "amount": amount, "state": state,
        "received_on": night.date, "recorded_by": night.by, "origin": f"difference:{row.id}:{taken + 1}",
    }  # fmt: skip
    session.execute(insert(Payout).values(**values))


def _post(session: Session, night: Night, row: Difference, order: int, kind: EntryKind, amount: int) -> None:
    occasion = books.fresh_occasion(session, order, f"difference:{row.id}:{kind}")
    if kind in (EntryKind.REASSIGNED_IN, EntryKind.REASSIGNED_IN_THIRD_PARTY):
        occasion = f"{occasion}:{order}"
    post(session, [Movement(order, kind, amount, night.date, occasion)], **night.trail)


_OVER: dict[OverResult, Callable[[Session, Night, Difference, LineRow], set[int]]] = {
    OverResult.ENTITLED: _entitled,
    OverResult.CUSTOMER_COST: _entitled,
    OverResult.RETURN_TO_INSURER: _return,
    OverResult.REASSIGN: _reassign,
}


def take_back(session: Session, night: Night, row: Difference, line: LineRow, because: str) -> int:
    """Undo by counter-entries and counter-receipts; the difference is open again without a result."""
    result = row.resolution or row.over_result
    own = queries.payouts_of(session, f"difference:{row.id}")
    orders = {line.work_order_id, *queries.orders_of_lines(session, {each.expected_line_id for each in own})}
    queries.hold_orders(session, orders)
    for each in own:
        each.state = PayoutState.REVERSED
    books.undo_all(session, night, f"difference:{row.id}", orders)
    if row.over_result in (OverResult.ENTITLED, OverResult.CUSTOMER_COST):
        _lower(session, row, line)
    steps.resolve_line(session, line.line_id, None)
    row.state, row.resolved_on, row.approved_by = DifferenceState.OPEN, None, None
    row.resolution = row.over_result = row.prepared_by = row.to_case_id = None
    session.flush()
    facts = {"difference": row.id, "result": result, "because": because}
    steps.tell(session, night, line, "undone", **facts)
    reviewing.review(session, night, queries.lines_of_orders(session, orders))
    steps.settle_again(session, night, orders)
    return 1


def _lower(session: Session, row: Difference, line: LineRow) -> None:
    before = line.expected + row.amount
    if before < 0:
        raise Refusal(
            f"{line.claim_no}: {yuan(line.expected)} yuan are expected now, less than the "
            f"{yuan(-row.amount)} that difference {row.id} added. Correct what is expected instead: "
            f"huikuan case expect {line.claim_no} COVER AMOUNT"
        )
    _expect(session, line.line_id, before)
