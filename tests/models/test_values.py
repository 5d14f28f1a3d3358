"""Money as people, banks and spreadsheets bring them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import (
    UnreadableValue,
    fen,
    rate_of,
    split,
    yuan,
    yuan_grouped,
)


@pytest.mark.parametrize(
    "value, expected",
    [
        (0, 0),
        (8528.64, 852864),
        (1.1 + 2.2, 330),
        (8528.639999999998, 852864),
        (-0.05, -5),
        (12, 1200),
        (Decimal("1234.56"), 123456),
        (Decimal("1.00000001"), 100),
        (Decimal("0.99999999"), 100),
        (99999999999.99, 9999999999999),
        ("1234.5", 123450),
        ("1,234.00", 123400),
        ("12,345,678.90", 1234567890),
        ("1 234.50", 123450),
        ("+10000.00", 1000000),
        ("¥ 1,234.50元", 123450),
        ("￥1234", 123400),
        ("人民币100元整", 10000),
        ("RMB 12.30", 1230),
        ("１，２３４．５０", 123450),
        ("1.2万", 1200000),
        ("1.23456万元", 1234560),
        ("(1,234.00)", -123400),
        ("（5.00）", -500),
        ("-5", -500),
        ("¥-5.00", -500),
        ("−5.00", -500),
        ("5.00-", -500),
        ("  7.1 \t", 710),
        (".5", 50),
        ("7.", 700),
    ],
)
def test_an_amount_is_read_to_the_fen(value: object, expected: int) -> None:
    assert fen(value) == expected


@pytest.mark.parametrize(
    "value, why",
    [
        ("8528.639", "more than two decimals"),
        ("1.000", "more than two decimals"),
        (8528.639, "more than two decimals"),
        (Decimal("0.001"), "more than two decimals"),
        (Decimal("1.00000002"), "more than two decimals"),
        ("1.2345678万", "more than two decimals"),
        (None, "empty"),
        ("  ", "empty"),
        ("元", "empty"),
        (True, "not an amount"),
        (float("nan"), "not an amount"),
        (float("inf"), "not an amount"),
        (Decimal("-Infinity"), "not an amount"),
        (date(2026, 1, 5), "not an amount"),
        ("1,23.00", "not an amount"),
        ("1,2345", "not an amount"),
        ("12 34", "not an amount"),
        ("1.234,56", "not an amount"),
        ("1E5", "not an amount"),
        ("--5", "not an amount"),
        ("-(5)", "not an amount"),
        ("500+200", "not an amount"),
        ("约500", "not an amount"),
        ("待定", "not an amount"),
        (10**12, "not an amount"),
        ("99999999999999", "not an amount"),
    ],
)
def test_what_is_not_an_amount_is_said_and_never_zero(value: object, why: str) -> None:
    with pytest.raises(UnreadableValue, match=f"^{why}$"):
        fen(value)


FEN = st.integers(-(10**13), 10**13)


@given(FEN)
def test_yuan_and_fen_are_each_others_way_back(amount: int) -> None:
    assert fen(yuan(amount)) == amount
    assert fen(yuan_grouped(amount)) == amount


@given(st.integers(-(10**12), 10**12))
def test_a_spreadsheet_number_is_the_fen_it_was_typed_as(amount: int) -> None:
    assert fen(amount / 100) == amount


@pytest.mark.parametrize(
    "amount, plain, grouped",
    [
        (0, "0.00", "0.00"),
        (123456, "1234.56", "1,234.56"),
        (-5, "-0.05", "-0.05"),
        (-100000000, "-1000000.00", "-1,000,000.00"),
    ],
)
def test_an_amount_is_shown_in_yuan_with_two_decimals(amount: int, plain: str, grouped: str) -> None:
    assert (yuan(amount), yuan_grouped(amount)) == (plain, grouped)


@pytest.mark.parametrize(
    "total, weights, parts",
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [1, 2, 1], [25, 50, 25]),
        (101, [1, 2, 1], [25, 51, 25]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (0, [0, 0], [0, 0]),
        (5, [1] * 10, [5] + [0] * 9),
        (1180000, [560000, 620000], [560000, 620000]),
    ],
)
def test_a_split_puts_what_is_left_on_the_largest(total: int, weights: list[int], parts: list[int]) -> None:
    assert split(total, weights) == parts


@given(FEN, st.lists(st.integers(0, 10**12), min_size=1, max_size=20).filter(any))
def test_parts_add_up_and_none_turns_its_sign(total: int, weights: list[int]) -> None:
    parts = split(total, weights)

    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights) * len(weights)
        for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize("total, weights", [(100, []), (0, []), (100, [0, 0]), (100, [1, -1])])
def test_a_split_over_nothing_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="^weights must be zero or more, and not all zero$"):
        split(total, weights)


@pytest.mark.parametrize(
    "amount, rate, share",
    [
        (560000, "0.05", 28000),
        (50, "0.01", 1),
        (49, "0.01", 0),
        (-50, "0.01", -1),
        (10**13, "0.0345", 345 * 10**9),
    ],
)
def test_a_rate_is_rounded_half_up_once(amount: int, rate: str, share: int) -> None:
    assert rate_of(amount, Decimal(rate)) == share
