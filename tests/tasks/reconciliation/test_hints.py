"""What a remark says besides keys: counts, months, numbers of remittances."""

from datetime import date

import pytest

from tasks.reconciliation.hints import Hints, hints_in

DAY = date(2026, 11, 9)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("赔款 共5笔", 5), ("理赔款3件", 3), ("苏G12345等4台", 4), ("车险赔款两笔", 2), ("赔款12案", 12),
        ("第3笔赔款", None), ("11月赔款", None), ("RDAA20263207台", None), ("赔款支付", None), ("3笔 4笔", None),
    ],
)  # fmt: skip
def test_the_number_of_claims(text: str, count: int | None) -> None:
    assert hints_in(text, DAY).count == count


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("10月赔款", date(2026, 10, 31)), ("2026年9月份理赔款", date(2026, 9, 30)), ("12月赔款", date(2025, 12, 31)),
        ("11月赔款", date(2026, 11, 30)), ("11月5日赔款", None), ("9月至10月赔款", None), ("赔款", None),
        ("2027年1月赔款", None),
    ],
)  # fmt: skip
def test_the_month_that_is_paid(text: str, until: date | None) -> None:
    assert hints_in(text, DAY).until == until


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("结算单号JS20261109001赔款", "JS20261109001"), ("批次号：PC-2026-0007", "PC-2026-0007"),
        ("付款批次号 20261109A", "20261109A"), ("赔款 RDAA2026320700", None), ("结算单号12", None),
    ],
)  # fmt: skip
def test_the_number_of_the_remittance(text: str, number: str | None) -> None:
    assert hints_in(text, DAY).number == number


def test_the_number_of_a_remittance_is_no_count() -> None:
    assert hints_in("批次号 20261109 赔款", DAY) == Hints(number="20261109", several=False)


@pytest.mark.parametrize("text", ["苏G12345等", "合并支付", "多笔赔款", "共2笔"])
def test_a_remark_that_speaks_of_more_than_it_names(text: str) -> None:
    assert hints_in(text, DAY).several
