"""Bring the differences of some lines to where their money is, and the books with them."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.case import ExpectedLine
from models.difference import Difference
from models.entry import Movement, post
from models.event import Happening, record
from models.shop import whole_number
from models.words import DifferenceState, EntryKind, LineKind, Resolution
from models.work_order import WorkOrder
from tasks.differences import books, queries, rules
from tasks.differences.queries import LineRow
from tasks.differences.results import OPERATOR
from tasks.differences.rules import Patience, Step
from worker import aside
from worker.job import Night


def patience_of(session: Session, night: Night) -> Patience:
    """The settings of the shop on the day."""

    def number(key: str, default: int) -> int:
        return whole_number(session, key, default, on=night.date, shop_id=night.shop_id)

    return Patience(
        number("difference_after_days", Patience.days), number("rounding_tolerance_fen", Patience.tolerance)
    )


class _Repair(NamedTuple):
    """A repair, and the lines of it that are looked at with the steps of each."""

    order: int
    lines: Sequence[tuple[LineRow, tuple[Step, ...]]]


def review(session: Session, night: Night, lines: Sequence[LineRow]) -> int:
    """Do the steps of every line, and put the money of their repairs in the right pockets; says how many.

    Raises Refusal where money of a repair can't be moved.
    """
    patience = patience_of(session, night)
    return _write(session, night, [_decided(each, night, patience) for each in _by_repair(lines)])


def review_each(session: Session, night: Night, lines: Sequence[LineRow]) -> int:
    """The same repair by repair: one that can't be decided, or whose money can't be moved, is set aside."""
    patience = patience_of(session, night)
    decided = night.decide(
        _by_repair(lines), lambda each: _decided(each, night, patience), lambda each: _name(each[0])
    )
    repairs = [repair for _, repair in decided]
    return aside.write(
        session, night, repairs, lambda some: _write(session, night, some), lambda each: _name(each.order)
    ).done


def _name(order: int) -> str:
    return f"work_order:{order}"


def _by_repair(lines: Sequence[LineRow]) -> list[tuple[int, list[LineRow]]]:
    of: dict[int, list[LineRow]] = {}
    for line in lines:
        of.setdefault(line.work_order_id, []).append(line)
    return sorted(of.items())


def _decided(repair: tuple[int, list[LineRow]], night: Night, patience: Patience) -> _Repair:
    order, lines = repair
    return _Repair(order, [(line, rules.review(_facts(line), night.date, patience)) for line in lines])


def _write(session: Session, night: Night, repairs: Sequence[_Repair]) -> int:
    for line, steps in (each for repair in repairs for each in repair.lines):
        for step in steps:
            _DO[step](session, night, line)
            night.note(**{f"differences_{step}": 1})
    books.follow(session, night, queries.lines_of_orders(session, {repair.order for repair in repairs}))
    return sum(bool(steps) for repair in repairs for _, steps in repair.lines)


def _facts(line: LineRow) -> rules.Line:
    return rules.Line(
        expected=line.expected,
        received=line.received,
        last_on=line.last_on,
        resolution=line.resolution,
        told_final=line.told_final,
        open=line.open.amount if line.open else None,
        settled=line.settled.amount if line.settled else None,
        prepared=line.open is not None and line.open.resolution is not None,
    )


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


_DO: dict[Step, Callable[[Session, Night, LineRow], None]] = {
    Step.UNSETTLE: _unsettle,
    Step.ADOPT: _adopt,
    Step.CLOSE: _close,
    Step.ROUND: _round,
    Step.CHANGE: _change,
    Step.OPEN: _open,
}
