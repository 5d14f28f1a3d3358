"""Bring the differences of some lines to where their money is, and the books with them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.shop import whole_number
from tasks.differences import books, queries, rules, steps
from tasks.differences.queries import LineRow
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
    for line, due in (each for repair in repairs for each in repair.lines):
        for step in due:
            steps.DO[step](session, night, line)
            night.note(**{f"differences_{step}": 1})
    books.follow(session, night, queries.lines_of_orders(session, {repair.order for repair in repairs}))
    return sum(bool(due) for repair in repairs for _, due in repair.lines)


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
