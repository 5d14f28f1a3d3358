"""Amounts in words, as vouchers and letters bear them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import in_words


@pytest.mark.parametrize(
    "amount, words",
    [
        (1, "壹分"),
        (50, "伍角整"),
        (55, "伍角伍分"),
        (100, "壹元整"),
        (1000, "壹拾元整"),
        (32504, "叁佰贰拾伍元零肆分"),
        (123456, "壹仟贰佰叁拾肆元伍角陆分"),
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (1000100, "壹万零壹元整"),
        (10000000, "壹拾万元整"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (10000000000, "壹亿元整"),
        (10000200000, "壹亿零贰仟元整"),
        (10000000005, "壹亿元零伍分"),
        (10005000001, "壹亿零伍万元零壹分"),
        (999999999999, "玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_a_voucher_writes_the_amount_in_words(amount: int, words: str) -> None:
    assert in_words(amount) == "人民币" + words


@pytest.mark.parametrize("amount", [0, -1, 10**12])
def test_an_amount_no_voucher_can_bear_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="cannot be written in words"):
        in_words(amount)


def value_of(words: str) -> int:
    """Read 大写 back, digit by digit: an independent model that knows units but no rule about 零."""
    units = {"拾": 10, "佰": 100, "仟": 1000}
    total = group = digit = 0
    for char in words.removeprefix("人民币").removesuffix("整"):
        if char in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(char)
        elif char in units:
            group, digit = group + digit * units[char], 0
        elif char in "角分":
            total, digit = total + digit * (10 if char == "角" else 1), 0
        else:
            scale = {"元": 100, "万": 10**6, "亿": 10**10}[char]
            total, group, digit = total + (group + digit) * scale, 0, 0
    return total


@given(st.integers(1, 10**12 - 1))
def test_words_read_back_as_the_same_amount(amount: int) -> None:
    words = in_words(amount)

    assert value_of(words) == amount
    assert "零零" not in words
    assert "零元" not in words
    assert "零万" not in words
