"""Single cells as banks and spreadsheets write them."""

from datetime import date, datetime, time
from typing import Any

import pytest

from models.values import UnreadableValue
from tasks.statements import cells

DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-01-05", (DAY, None)),
        ("2026/1/5", (DAY, None)),
        ("20260105", (DAY, None)),
        (20260105, (DAY, None)),
        ("2026年1月5日", (DAY, None)),
        ("２０２６－０１－０５", (DAY, None)),
        (DAY, (DAY, None)),
        (46027, (DAY, None)),
        (46027.75, (DAY, time(18))),
        ("2026-01-05 10:23:45", (DAY, time(10, 23, 45))),
        ("2026/1/5 9:05", (DAY, time(9, 5))),
        ("20260105 17:25:44", (DAY, time(17, 25, 44))),
        ("20260105172544", (DAY, time(17, 25, 44))),
        ("2026-01-05-17.25.44.123456", (DAY, time(17, 25, 44))),
        (datetime.fromisoformat("2026-01-05T17:25:44"), (DAY, time(17, 25, 44))),
    ],
)
def test_a_moment_has_the_time_that_the_cell_has(cell: Any, moment: tuple[date, time | None]) -> None:
    assert cells.moment(cell) == moment


@pytest.mark.parametrize(
    "cell", ["2026-13-01", "5.1.2026", "20260230", "", None, True, 12, "2026-01-05 24:10:00"]
)
def test_what_is_no_moment_is_unreadable(cell: Any) -> None:
    with pytest.raises(UnreadableValue):
        cells.moment(cell)


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("10:23:45", time(10, 23, 45)),
        ("102345", time(10, 23, 45)),
        (93015, time(9, 30, 15)),
        ("90000", time(9)),
        (0.75, time(18)),
        (time(7, 8), time(7, 8)),
        ("2026-01-05 10:23:45", time(10, 23, 45)),
        ("-", None),
        (None, None),
    ],
)
def test_a_time_stands_in_a_column_of_its_own(cell: Any, clock: time | None) -> None:
    assert cells.clock_time(cell) == clock


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,234.00", 123_400),
        ("+10000.00", 1_000_000),
        ("-3.00\t", -300),
        ("(5.00)", -500),
        ("¥ １２.５", 1_250),
        ("8528.639999999999", 852_864),
        ("12.3400", 1_234),
        (8528.639999999999, 852_864),
        (0, 0),
        ("-", None),
        ("--", None),
        (" \t", None),
        (None, None),
    ],
)
def test_an_amount_is_whole_fen_and_a_dash_is_nothing(cell: Any, amount: int | None) -> None:
    assert cells.money(cell) == amount


@pytest.mark.parametrize("cell", ["1.005", "一百", "1.2.3", "12,34.00", "#N/A", True, "xx,yyyy.zz"])
def test_what_is_no_amount_is_unreadable(cell: Any) -> None:
    with pytest.raises(UnreadableValue):
        cells.money(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("3207004012345678901\t", "3207004012345678901"),
        ("'3207 0040 1234 5678 901", "3207004012345678901"),
        (123456789012345, "123456789012345"),
        ("6226******5669", "6226******5669"),
        (6222021100000000, None),
        (6.22e18, None),
        ("6.22E+18", None),
        ("-", None),
        ("某公司", None),
    ],
)
def test_an_account_number_that_was_rounded_is_unknown(cell: Any, number: str | None) -> None:
    assert cells.account_number(cell) == number


@pytest.mark.parametrize(
    "rows",
    [
        [("账号:", "3207004012345678901", "户名:", "某公司")],
        [("账号：3207004012345678901",), ("户名：某公司",)],
        [("账号:3207004012345678901  户名:某公司",)],
        [("查询账号[ Inquirer account number ]", "3207004012345678901"), ("公司名称", "某公司")],
        [(None, "账 号", None, "3207004012345678901"), (), ("户　名", "某公司")],
    ],
)
def test_labels_above_the_table_say_whose_account_it_is(rows: Any) -> None:
    assert cells.labelled(rows, ("账号", "查询账号")) == ["3207004012345678901"]
    assert cells.labelled(rows, ("户名", "公司名称")) == ["某公司"]
