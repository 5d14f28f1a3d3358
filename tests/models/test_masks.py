"""What an outsider may see of a name, a plate, a number (domain 3.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import (
    mask_account,
    mask_email,
    mask_name,
    mask_phone,
    mask_plate,
    mask_report_no,
    normalise_plate,
)


@pytest.mark.parametrize(
    "name, shown",
    [
        ("张三", "张*"),
        ("王小明", "王*"),
        ("欧阳娜娜", "欧阳*"),
        ("欧阳", "欧*"),
        ("阿依古丽·买买提", "阿*"),
        ("John Smith", "J*"),
        ("王社", "王*"),
        ("陈建行", "陈*"),
        ("连云港福源汽车修理有限公司", "连云***公司"),
        ("福源修理厂", "福源***"),
        ("海州区老王汽修店", "海州***修店"),
        ("某某公司", "某某***"),
        (" 李四 ", "李*"),
        ("", ""),
    ],
)
def test_a_name_shows_the_surname_only(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    "plate, shown",
    [
        ("苏G12345", "苏G***45"),
        ("苏g·123 45", "苏G***45"),
        ("苏GD12345", "苏G****45"),
        ("苏G1234挂", "苏G***4挂"),
        ("粤Z1234港", "粤Z***4港"),
        ("粤Z1234澳", "粤Z***4澳"),
        ("苏G1234学", "苏G***4学"),
        ("苏G1234警", "苏G***4警"),
        ("临牌", "**"),
        ("", ""),
    ],
)
def test_a_plate_shows_its_first_two_and_last_two(plate: str, shown: str) -> None:
    assert mask_plate(plate) == shown


@pytest.mark.parametrize(
    "mask, text, shown",
    [
        (mask_phone, "13812345678", "138****5678"),
        (mask_phone, "138 1234 5678", "138****5678"),
        (mask_phone, "+86 138-1234-5678", "138****5678"),
        (mask_phone, "0518-85412345", "051*****2345"),
        (mask_phone, "85412345", "********"),
        (mask_phone, "", ""),
        (mask_account, "6222 0211 0200 1234567", "****4567"),
        (mask_account, "123", "****"),
        (mask_account, "", ""),
        (mask_report_no, "RDAA202632070000012345", "****2345"),
        (mask_email, "zhang@example.com", "z***@example.com"),
        (mask_email, "nobody", "***"),
    ],
)
def test_numbers_and_addresses_show_their_ends(mask: object, text: str, shown: str) -> None:
    assert callable(mask)
    assert mask(text) == shown


@given(st.text(alphabet="苏粤沪ABCDEFGHJK0123456789挂学警港澳", min_size=0, max_size=9))
def test_a_mask_never_shows_more_than_four_characters_of_a_plate(plate: str) -> None:
    shown = mask_plate(plate)

    assert len(shown) == len(plate)
    assert sum(char != "*" for char in shown) <= 4


@pytest.mark.parametrize(
    "written",
    ["苏G12345", "苏g12345", "苏G·12345", "苏G 123-45", "苏Ｇ１２３４５", " 苏G.12345 ", "苏G•12345"],
)
def test_a_plate_is_one_plate_however_it_is_written(written: str) -> None:
    assert normalise_plate(written) == "苏G12345"
