"""However a period is exported and cut, its lines come in once each, or a person is asked."""

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.values import Refusal
from tasks.statements.placing import New, _mark, new_lines
from tasks.statements.sameness import Mark
from tasks.statements.statement import Span, Statement, StatementLine

FIRST = date(2026, 11, 2)
MOVES = st.tuples(
    st.integers(0, 4),  # days after the first
    st.sampled_from([100, -100, 200, 963_940]),  # few amounts, so that twins and loops are common
    st.sampled_from(["苏G12345赔款", "赔款"]),
)


def line(row: int, day: date, amount: int, **facts: Any) -> StatementLine:
    said = facts.pop("text", "赔款")
    given: dict[str, Any] = {
        "row": row, "booked_on": day, "booked_at": None, "amount": amount, "incoming": amount > 0,
        "balance": None, "counterparty_name": "人保财险", "counterparty_account": "", "memo": said,
        "remarks": {"摘要": said}, "serial": None, "raw": {},
    }  # fmt: skip
    return StatementLine(**given | facts)


def account(moves: Sequence[tuple[int, int, str]], opening: int = 10_000) -> list[StatementLine]:
    """Give an account's lines as the bank has them, oldest first, each with its balance."""
    lines, balance = [], opening
    for row, (days, amount, text) in enumerate(sorted(moves, key=lambda move: move[0]), 2):
        balance += amount
        lines.append(line(row, FIRST + timedelta(days=days), amount, text=text, balance=balance))
    return lines


def file_of(lines: Sequence[StatementLine], *, stated: bool = False) -> Statement:
    days = [each.booked_on for each in lines]
    return Statement("x", "1", None, tuple(lines), Span(min(days), max(days), stated) if days else None)


class Books:
    """What stands of an account after some files, as the database would hold it."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.identities: list[str] = []

    def take(self, lines: Sequence[StatementLine], **said: Any) -> list[New]:
        new = new_lines("bank.xlsx", file_of(lines), self.marks, **said)
        self.marks += [_mark(each.line) for each in new]
        self.identities += [each.identity for each in new]
        assert len(set(self.identities)) == len(self.identities)
        return new

    @property
    def held(self) -> Counter[tuple[Any, ...]]:
        return Counter((each.booked_on, each.amount, each.text) for each in self.marks)


def rotated(one: Sequence[StatementLine], other: Sequence[StatementLine]) -> bool:
    """Say whether a day has the same lines in both parts, and not the same ones."""
    shared = {x.booked_on for x in one} & {x.booked_on for x in other}
    sides = [[[x for x in part if x.booked_on == day] for part in (one, other)] for day in shared]
    return any(
        a != b and Counter((x.amount, x.balance) for x in a) == Counter((x.amount, x.balance) for x in b)
        for a, b in sides
    )


def whole(lines: Sequence[StatementLine]) -> Counter[tuple[Any, ...]]:
    books = Books()
    books.take(lines)
    return books.held


def bare(lines: Sequence[StatementLine]) -> list[StatementLine]:
    """Give the lines of a bank that prints neither serial, balance nor time."""
    return [replace(each, balance=None) for each in lines]


@settings(max_examples=150, deadline=None)
@given(st.lists(MOVES, min_size=1, max_size=10), st.booleans(), st.randoms(use_true_random=False))
def test_a_file_brought_twice_in_any_order_changes_nothing(
    moves: list[tuple[int, int, str]], balances: bool, shuffle: Any
) -> None:
    lines = account(moves) if balances else bare(account(moves))
    again = list(lines)
    shuffle.shuffle(again)

    books = Books()
    books.take(lines)

    assert books.take(again) == []
    assert books.held == whole(lines)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(MOVES, min_size=1, max_size=10),
    st.booleans(),
    st.integers(0, 5),
    st.integers(0, 2),
    st.booleans(),
)
def test_parts_cut_and_overlapping_at_day_boundaries_give_the_same_lines(
    moves: list[tuple[int, int, str]], balances: bool, cut: int, overlap: int, backwards: bool
) -> None:
    lines = account(moves) if balances else bare(account(moves))
    until, since = FIRST + timedelta(days=cut), FIRST + timedelta(days=cut - overlap)
    parts = [[x for x in lines if x.booked_on <= until], [x for x in lines if x.booked_on > since]]

    books = Books()
    for part in parts[::-1] if backwards else parts:
        books.take(part)

    # What lies between the parts when they do not meet is not there; else everything is, once.
    assert books.held == whole(lines)


@settings(max_examples=300, deadline=None)
@given(st.lists(MOVES, min_size=2, max_size=9), st.integers(0, 9), st.integers(0, 4), st.booleans())
def test_a_day_cut_anywhere_comes_in_right_or_goes_to_a_person(
    moves: list[tuple[int, int, str]], cut: int, overlap: int, backwards: bool
) -> None:
    lines = account(moves)
    parts = [lines[:cut], lines[max(0, cut - overlap) :]]
    # In, out, in again: cut so that both parts hold the same lines, they are one day brought twice to anybody.
    assume(not rotated(*parts))

    books = Books()
    with contextlib.suppress(Refusal):
        for part in parts[::-1] if backwards else parts:
            books.take(part)
        assert books.held == whole(lines)

    # Whoever brings the whole days afterwards gets the whole truth, if nothing else was taken in between.
    books.take(lines, whole_days=True)
    assert books.held == whole(lines)


def test_a_noon_export_is_completed_by_the_next_one_and_a_late_one_adds_nothing() -> None:
    lines = account([(0, 100, "a"), (0, 100, "a"), (0, 300, "b"), (1, 100, "a")])
    books = Books()

    assert len(books.take(lines[:2])) == 2
    assert [each.line.amount for each in books.take(lines)] == [300, 100]
    assert books.take(lines[:1]) == []


def test_twins_without_serial_balance_or_time_are_counted_by_their_day() -> None:
    twins = bare(account([(0, 100, "a"), (1, 200, "a"), (1, 200, "a")]))
    books = Books()

    assert len(books.take(twins)) == 3
    assert books.take(twins) == []
    assert len(books.take([*twins, replace(twins[2], row=9)])) == 1  # a third, exported later that day


@pytest.mark.parametrize(
    ("known", "brought"),
    [
        (["a", "b"], ["b", "c"]),  # b is the same, or a twin in the other half
        (["a"], ["a", "b"]),  # the file begins with this day: whether whole, nobody knows
    ],
)
def test_a_part_of_a_day_that_nothing_tells_apart_goes_to_a_person(
    known: list[str], brought: list[str]
) -> None:
    books = Books()
    books.take([line(2, FIRST, 100, text=text) for text in known])
    part = [line(row, FIRST, 100, text=text) for row, text in enumerate(brought, 2)]

    with pytest.raises(Refusal, match="rows 2 to 3.*other files brought .* of that day"):
        books.take([*part, line(4, FIRST + timedelta(days=1), 100)])


def test_a_serial_tells_lines_apart_whatever_the_cut() -> None:
    lines = [line(row, FIRST, 100, serial=f"S{row}") for row in range(2, 8)]
    books = Books()

    assert [len(books.take(part)) for part in (lines[:4], lines[2:], lines)] == [4, 2, 0]


def test_a_serial_that_is_the_same_on_every_line_tells_nothing() -> None:
    lines = [replace(each, serial="0001") for each in account([(0, 100, "a"), (0, 200, "a"), (0, 100, "a")])]
    books = Books()

    assert [len(books.take(part)) for part in (lines, lines[:1], lines)] == [3, 0, 0]


def test_another_layout_of_the_same_account_names_the_lines_alike_by_their_balance() -> None:
    month = account([(0, 100, "a"), (0, 200, "b"), (1, -100, "c")])
    shorter = [
        replace(each, remarks={"用途": "x"}, booked_at=time(9), counterparty_name="PICC") for each in month
    ]
    books = Books()
    books.take(month)

    assert books.take(shorter) == []


def test_another_numbering_of_the_same_lines_goes_to_a_person() -> None:
    lines = account([(0, 100, "a"), (0, 200, "b")])
    books = Books()
    books.take([replace(each, serial=f"A{each.row}") for each in lines])

    with pytest.raises(Refusal, match="can't be told"):
        books.take([replace(each, serial=f"B{each.row}") for each in lines])


def test_lines_a_filter_left_out_come_with_the_whole_export() -> None:
    lines = account([(0, 100, "a"), (0, -350, "b"), (0, 220, "c"), (1, 100, "d")])
    books = Books()
    books.take([lines[0], lines[2]])

    assert [each.line.amount for each in books.take(lines)] == [-350, 100]
