"""The steps that a difference takes: opened, changed, closed, rounded, adopted, settled and taken back."""

from collections.abc import Callable, Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.case import ExpectedLine
from models.difference import Difference
from models.entry import Movement, post
from models.event import Happening, record
from models.words import DifferenceState, EntryKind, LineKind, Resolution
from models.work_order import WorkOrder
from tasks.differences import books, queries, rules
from tasks.differences.queries import LineRow
from tasks.differences.results import OPERATOR
from tasks.differences.rules import Step
from worker.job import Night


def difference_of(line: LineRow) -> int:
    """Expected minus received, in fen."""
    return line.expected - line.received


def settle_again(session: Session, night: Night, orders: Iterable[int]) -> None:
    """Have the refunds room look at these repairs again."""
    of = WorkOrder.id.in_(sorted(set(orders)))
    session.execute(update(WorkOrder).where(of).values(settle_on=night.date))


def resolve_line(session: Session, line_id: int, resolution: Resolution | None) -> None:
    """Write on the expected line what became of its difference."""
    session.execute(update(ExpectedLine).where(ExpectedLine.id == line_id).values(resolution=resolution))


def tell(session: Session, night: Night, line: LineRow, kind: str, **inputs: object) -> None:
    """Put it on the trail of the claim."""
    facts = {"line": line.line_id, "cover": line.cover, "expected": line.expected, "received": line.received}
    happening = Happening(
        f"difference_{kind}", {**facts, **inputs}, line.case_id, line.work_order_id, rules.VERSION
    )
    record(session, [happening], **night.trail)


def _open(session: Session, night: Night, line: LineRow) -> None:
    row = _new(session, night, line, DifferenceState.OPEN)
    session.flush()
    tell(session, night, line, "opened", difference=row.id, amount=row.amount)
    settle_again(session, night, [line.work_order_id])


def _new(session: Session, night: Night, line: LineRow, state: DifferenceState) -> Difference:
    row = Difference(
        shop_id=night.shop_id,
        case_id=line.case_id,
        work_order_id=line.work_order_id,
        expected_line_id=line.line_id,
        amount=difference_of(line),
        state=state,
        opened_on=night.date,
    )
    session.add(row)
    return row


def _change(session: Session, night: Night, line: LineRow) -> None:
    row = line.open
    assert row is not None
    was = row.amount
    row.amount = difference_of(line)
    dropped = drop_prepared(row)
    tell(session, night, line, "changed", difference=row.id, was=was, amount=row.amount, dropped=dropped)
    settle_again(session, night, [line.work_order_id])


def drop_prepared(row: Difference) -> str | None:
    """Take off a result that nobody has approved; one that keeps the line open stays. Says which it was."""
    if row.resolution in (Resolution.RECLAIM, Resolution.DISPUTE):
        return None
    was = row.resolution or row.over_result
    row.resolution = row.over_result = row.prepared_by = row.to_case_id = None
    row.consent = row.consent_on = row.note = None
    return was


def _close(session: Session, night: Night, line: LineRow) -> None:
    if line.open is not None:
        line.open.state, line.open.resolved_on = DifferenceState.GONE, night.date
        session.flush()  # a new one may open on the same line
    resolve_line(session, line.line_id, None)
    tell(session, night, line, "closed", difference=line.open.id if line.open else None)
    settle_again(session, night, [line.work_order_id])


def _round(session: Session, night: Night, line: LineRow) -> None:
    row = line.open or _new(session, night, line, DifferenceState.OPEN)
    row.amount, row.prepared_by = difference_of(line), night.by
    settle(session, night, line, row, Resolution.ROUNDING)


def settle(session: Session, night: Night, line: LineRow, row: Difference, result: Resolution) -> None:
    """Give a short difference its result: what the shop bears is written off (domain 1.7)."""
    row.state, row.resolution, row.resolved_on = DifferenceState.RESOLVED, result, night.date
    session.flush()
    resolve_line(session, line.line_id, result)
    # What an insurer keeps back of a third party's money is no part of our bill.
    borne = result in (Resolution.SHOP_ABSORB, Resolution.ROUNDING) and line.kind is LineKind.OWN_REPAIR
    if borne:
        occasion = books.fresh_occasion(session, line.work_order_id, f"difference:{row.id}:write_off")
        movement = Movement(line.work_order_id, EntryKind.WRITE_OFF, row.amount, night.date, occasion)
        post(session, [movement], **night.trail)
    facts = {"result": result, "amount": row.amount, "write_off": row.amount if borne else 0}
    people = {"prepared_by": row.prepared_by, "approved_by": row.approved_by, "note": row.note}
    tell(session, night, line, "resolved", difference=row.id, **facts, **people)
    settle_again(session, night, [line.work_order_id])


def _adopt(session: Session, night: Night, line: LineRow) -> None:
    row = line.open or _new(session, night, line, DifferenceState.RESOLVED)
    row.amount, row.state, row.resolution = difference_of(line), DifferenceState.RESOLVED, line.resolution
    row.resolved_on = night.date
    said = queries.consent_recorded(session, line.case_id)
    if said is not None:
        row.prepared_by, row.consent, row.consent_on = said
        # Who has nobody else to ask resolves by recording it (design 5); nobody else approves his own.
        row.approved_by = OPERATOR if said[0] == OPERATOR else None
    session.flush()
    tell(session, night, line, "adopted", difference=row.id, result=line.resolution, amount=row.amount)


def _unsettle(session: Session, night: Night, line: LineRow) -> None:
    row = line.settled
    if row is not None:
        row.state, row.resolved_on = DifferenceState.GONE, night.date
        session.flush()
    resolve_line(session, line.line_id, None)
    undone = 0
    if row is not None:
        undone = books.undo_all(session, night, f"difference:{row.id}", [line.work_order_id])
    facts = {"result": line.resolution, "was": row.amount if row else None, "write_off_reversed": undone}
    tell(session, night, line, "unsettled", difference=row.id if row else None, **facts)
    settle_again(session, night, [line.work_order_id])


DO: dict[Step, Callable[[Session, Night, LineRow], None]] = {
    Step.UNSETTLE: _unsettle,
    Step.ADOPT: _adopt,
    Step.CLOSE: _close,
    Step.ROUND: _round,
    Step.CHANGE: _change,
    Step.OPEN: _open,
}
