"""Which outgoing lines are refunds of ours: exact and the only one, or a question."""

from dataclasses import replace
from datetime import date

import pytest

from models.words import MatchKind
from tasks.reconciliation.facts import Line
from tasks.reconciliation.outgoing import InFile, Known, outgoing

MADE = date(2026, 11, 21)
PAID = date(2026, 11, 23)


def line(line_id: int, amount: int, payer: str = "王小明", text: str = "理赔退款", on: date = PAID) -> Line:
    return Line(line_id, on, amount, payer, text)


def in_file(
    refund_id: int, amount: int = 440_000, name: str = "王小明", file: int = 1, total: int = 0
) -> InFile:
    number = f"FK-2026-{file:04d}"
    return InFile(
        refund_id, f"LP2026-{refund_id:04d}", (name, name), amount, f"{number}-{refund_id}", number, total or amount,
        MADE,
    )  # fmt: skip


TWO = [in_file(1, 440_000, "王小明", total=640_000), in_file(2, 200_000, "李四", total=640_000)]
EQUAL = [in_file(1, total=880_000), in_file(2, total=880_000)]

# (what it shows, lines, refunds in a file, refunds applied by line, lines asked about)
CASES = [
    ("name and fen", [line(10, -440_000)], TWO, {10: [1]}, []),
    ("a blank in the name", [line(10, -440_000, "王 小明")], TWO, {10: [1]}, []),
    ("two lines for two", [line(10, -200_000, "李四"), line(11, -440_000)], TWO, {10: [2], 11: [1]}, []),
    ("another fen", [line(10, -440_001)], TWO, {}, []),
    ("another name", [line(10, -440_000, "苏州配件公司")], TWO, {}, []),
    ("money that comes in", [line(10, 440_000)], TWO, {}, []),
    ("before the file was made", [line(10, -440_000, on=date(2026, 11, 20))], TWO, {}, []),
    ("on the day of the file", [line(10, -440_000, on=MADE)], TWO, {10: [1]}, []),
    ("a correction by the bank", [line(10, -440_000, text="冲正 理赔退款")], TWO, {}, []),
    ("one name, two equal refunds", [line(10, -440_000)], EQUAL, {}, [10]),
    ("two equal lines, one refund", [line(10, -440_000), line(11, -440_000)], TWO[:1], {}, [10, 11]),
    ("two equal lines, two equal refunds", [line(10, -440_000), line(11, -440_000)], EQUAL, {}, [10, 11]),
    ("the first of two days", [line(11, -440_000, on=date(2026, 11, 24)), line(10, -440_000)], TWO[:1], {10: [1]}, []),
    ("our reference decides", [line(10, -440_000, text="理赔退款 fk-2026-0001-2")], EQUAL, {10: [2]}, []),
    ("our reference under no name", [line(10, -440_000, "", "FK-2026-0001-1")], TWO, {10: [1]}, []),
    ("a whole file, no name", [line(10, -640_000, "", "批量代付")], TWO, {10: [1, 2]}, []),
    ("a whole file, our own name", [line(10, -640_000, "福源")], TWO, {10: [1, 2]}, []),
    ("a whole file, its number", [line(10, -640_000, "待清算", "FK-2026-0001")], TWO, {10: [1, 2]}, []),
    ("a whole file, a strange name", [line(10, -640_000, "苏州配件公司", "货款")], TWO, {}, [10]),
    ("a whole file, twice", [line(10, -640_000, "", "批量"), line(11, -640_000, "", "批量")], TWO, {}, [10, 11]),
    ("a file of one, no name", [line(10, -440_000, "", "转账")], TWO[:1], {}, []),
    ("a file of which one is settled already", [line(10, -640_000, "", "批量代付")], TWO[:1], {}, []),
    ("nothing in a file", [line(10, -440_000)], [], {}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "waiting", "applied", "asked"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_an_outgoing_line(
    lines: list[Line], waiting: list[InFile], applied: dict[int, list[int]], asked: list[int]
) -> None:
    found = outgoing(lines, waiting, Known(own_names=frozenset({"福源"})))

    assert {p.line_ids[0]: [target for _, target, _ in p.parts] for p in found.applied} == applied
    assert sorted(found.verdicts) == asked
    assert all(p.kind is MatchKind.REFUND_PAYMENT for p in found.applied)


@pytest.mark.parametrize(
    ("lines", "waiting", "applied", "asked"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_order_of_the_lines_changes_nothing(
    lines: list[Line], waiting: list[InFile], applied: dict[int, list[int]], asked: list[int]
) -> None:
    found = outgoing(lines[::-1], waiting, Known(own_names=frozenset({"福源"})))

    assert {p.line_ids[0]: [target for _, target, _ in p.parts] for p in found.applied} == applied
    assert sorted(found.verdicts) == asked


def test_what_a_person_rejected_is_not_said_again() -> None:
    rejected = Known(rejected=frozenset({(10, "refund", 1)}))

    assert outgoing([line(10, -440_000)], TWO, rejected).applied == ()
    again = outgoing([line(10, -440_000)], EQUAL, rejected)
    assert [pairing.parts for pairing in again.applied] == [((10, 2, 440_000),)]


def test_a_whole_file_that_a_person_rejected_is_not_said_again() -> None:
    whole = line(10, -640_000, "", "批量代付")
    first = outgoing([whole], TWO, Known()).applied[0]

    again = outgoing([whole], TWO, Known(rejected_occasions=frozenset({first.occasion})))

    assert (again.applied, again.verdicts) == ((), {})


@pytest.mark.parametrize(
    ("lines", "waiting"),
    [
        ([line(10, -440_000)], TWO),
        ([line(10, -640_000, "", "批量代付")], TWO),
        ([line(10, -440_000, "", "FK-2026-0001")], [replace(TWO[0], file_total=440_000)]),
    ],
    ids=["a refund alone", "a whole file", "a file of one"],
)
def test_what_a_person_took_back_is_proposed_and_not_applied_by_itself(
    lines: list[Line], waiting: list[InFile]
) -> None:
    first = outgoing(lines, waiting, Known()).applied[0]

    again = outgoing(lines, waiting, Known(undone_occasions=frozenset({first.occasion})))

    assert again.applied == ()
    assert [(p.parts, p.reason) for p in again.verdicts[10].proposals] == [(first.parts, "undone_by_person")]
