"""One cell, read by the kind of its column."""

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

import pytest

from models.values import UnreadableValue
from tasks.intake.cells import read_cell
from tasks.intake.columns import Kind

TODAY = date(2026, 11, 21)
A_MOMENT = datetime.combine(date(2026, 9, 3), time(10, 23))


@pytest.mark.parametrize(
    "cell, amount",
    [
        (1234.5, 123450), (8528.639999999999, 852864), ("¥1,234.50", 123450), ("１２３４.５", 123450),
        ("1,234.50元", 123450), (0, 0), ("-", None), ("—", None), ("", None), (None, None), ("无", None), ("  ", None),
    ],
)  # fmt: skip
def test_an_amount(cell: object, amount: int | None) -> None:
    assert read_cell(cell, Kind.MONEY, TODAY) == amount


def test_an_amount_as_a_number_is_the_same_fen_near_a_fen_and_between_two() -> None:
    near = [
        amount / 100 + off for amount in range(0, 120_000_000, 7_919) for off in (0, 1e-9, -1e-9, 3e-8, 0.004)
    ]

    assert [_read(cell) for cell in near] == [_exact(cell) for cell in near]


def _read(cell: float) -> object:
    try:
        return read_cell(cell, Kind.MONEY, TODAY)
    except UnreadableValue as why:
        return str(why)


def _exact(cell: float) -> object:
    """The nearest fen of the number as it is written out, if it is within a millionth of one."""
    amount = Decimal(repr(cell)) * 100
    nearest = amount.to_integral_value(ROUND_HALF_UP)
    if abs(amount - nearest) > Decimal("1e-6"):
        return "more than two decimals"
    return int(nearest) if nearest >= 0 else "a negative amount"


@pytest.mark.parametrize(
    "cell, why",
    [
        ("12,3", "not an amount"), ("待定", "not an amount"), ("12.345", "more than two decimals"),
        (-5, "a negative amount"), ("(5.00)", "a negative amount"), ("#REF!", "a formula that failed"),
        (True, "not an amount"), (A_MOMENT, "not an amount"), (12.3456, "more than two decimals"),
        (20_000_000_000, "larger than any amount of a repair"),
    ],
)  # fmt: skip
def test_an_amount_that_cannot_be_read_says_why(cell: object, why: str) -> None:
    with pytest.raises(UnreadableValue, match=why):
        read_cell(cell, Kind.MONEY, TODAY)


@pytest.mark.parametrize(
    "cell",
    [
        A_MOMENT, date(2026, 9, 3), "2026-09-03", "2026/9/3", "20260903", "2026年9月3日", "2026.9.3",
        "2026-09-03 10:23:45", 46268, "２０２６－０９－０３", 20260903,
    ],
)  # fmt: skip
def test_a_date_in_any_of_its_spellings(cell: object) -> None:
    assert read_cell(cell, Kind.DATE, TODAY) == date(2026, 9, 3)


@pytest.mark.parametrize(
    "cell, why",
    [
        ("2031-01-05", "31 days after 2026-11-21"), (date(2026, 12, 23), "31 days after"), ("1989-01-01", "1990"),
        ("2026-13-05", "calendar"), ("已收", "not a date"), ("9.3", "not a date"), ("2026-09-03退回", "not a date"),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_meant_says_why(cell: object, why: str) -> None:
    with pytest.raises(UnreadableValue, match=why):
        read_cell(cell, Kind.DATE, TODAY)


@pytest.mark.parametrize("cell", [0, "0", None, "", "-", "/", "无"])
def test_a_date_that_is_not_there(cell: object) -> None:
    assert read_cell(cell, Kind.DATE, TODAY) is None


def test_a_date_planned_for_the_next_weeks_is_no_slip() -> None:
    assert read_cell("2026-12-22", Kind.DATE, TODAY) == date(2026, 12, 22)


@pytest.mark.parametrize(
    "cell, flag",
    [("是", True), ("√", True), ("Y", True), (1, True), (True, True), ("否", False), ("×", False), ("X", False),
     (0, False), (False, False), ("有", True), ("无", False), ("-", None), (None, None), (" 是 ", True)],
)  # fmt: skip
def test_a_mark(cell: object, flag: bool | None) -> None:
    assert read_cell(cell, Kind.FLAG, TODAY) is flag


def test_a_mark_that_says_neither_is_refused() -> None:
    with pytest.raises(UnreadableValue, match="是"):
        read_cell("部分", Kind.FLAG, TODAY)


@pytest.mark.parametrize(
    "cell, kind, text",
    [
        (20260001, Kind.NUMBER, "20260001"), (20260001.0, Kind.NUMBER, "20260001"), ("ＷＸ2600001", Kind.NUMBER, "WX2600001"),
        ("0012", Kind.NUMBER, "0012"), ("苏g·12345", Kind.PLATE, "苏G12345"), (" 苏 G-12345 ", Kind.PLATE, "苏G12345"),
        ("林 刚\n英", Kind.TEXT, "林 刚 英"), ("缺事故认定书", Kind.RETURN, "缺事故认定书"),
        (A_MOMENT, Kind.RETURN, "2026-09-03"),
    ],
)  # fmt: skip
def test_a_text(cell: object, kind: Kind, text: str) -> None:
    assert read_cell(cell, kind, TODAY) == text


@pytest.mark.parametrize("cell", [6.05202632070087e20, "6.05E+20", 6052026320700870, A_MOMENT])
def test_a_number_that_the_spreadsheet_has_damaged_is_not_taken(cell: object) -> None:
    with pytest.raises(UnreadableValue):
        read_cell(cell, Kind.NUMBER, TODAY)
