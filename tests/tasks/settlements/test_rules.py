"""Whether a bill and what insurers owe of it fit together."""

from decimal import Decimal

import pytest

from models.values import Refusal
from tasks.settlements.rules import Split, check_expected, check_split, is_plausible, plausible, rate


def test_the_two_editions_of_the_clauses_give_different_sums() -> None:
    """Cost 8,000.00, amount 500.00, rate 10 %: 6,700.00 by 2014, 6,750.00 by 2020 (domain 1.8)."""
    assert plausible(800_000, 50_000, Decimal("0.1")) == (670_000, 675_000)


@pytest.mark.parametrize(
    ("amount", "fits"),
    [(670_000, True), (675_000, True), (675_001, True), (675_002, False), (669_998, False), (800_000, False)],
)
def test_either_edition_may_be_right_give_or_take_a_fen(amount: int, fits: bool) -> None:
    assert is_plausible(amount, (670_000, 675_000)) is fits


def test_a_deductible_above_the_loss_leaves_nothing() -> None:
    assert plausible(10_000, 50_000, Decimal(0)) == (0, 0)


@pytest.mark.parametrize(
    ("typed", "read"), [("5", "0.05"), ("5%", "0.05"), (" 12.5 ％", "0.125"), ("0", "0"), ("99.99", "0.9999")]
)
def test_a_rate_is_typed_in_percent(typed: str, read: str) -> None:
    assert rate("LP1", typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["100", "100%", "250", "-1", "inf", "nan", "", "half"])
def test_a_rate_that_leaves_nothing_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="LP1.*huikuan case expect LP1"):
        rate("LP1", typed)


SPLITS = [
    ("scenario 1", Split(760_000, 710_000, 50_000, 0)),
    ("scenario 5", Split(648_000, 532_000, 116_000, 0)),
    ("the shop bears a part", Split(1_000, 700, 200, 100)),
    ("nobody but the customer", Split(326_000, 0, 326_000, 0)),
]


@pytest.mark.parametrize(("name", "split"), SPLITS, ids=[row[0] for row in SPLITS])
def test_a_bill_that_is_paid_exactly_once_passes(name: str, split: Split) -> None:
    check_split("LP1", split)


@pytest.mark.parametrize(
    ("split", "sentence"),
    [
        (Split(1_000, 700, 200, 99), "0.01 yuan nobody pays"),
        (Split(1_000, 700, 200, 101), "0.01 yuan would be paid twice"),
        (Split(1_000, 1_001, 0, 0), "0.01 yuan would be paid twice"),
    ],
)
def test_a_bill_that_is_not_is_refused(split: Split, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        check_split("LP1", split)


def test_insurers_never_pay_more_than_the_repair_cost() -> None:
    check_expected("LP1", 1_000, 1_000)
    check_expected("LP1", None, 10**9)
    with pytest.raises(Refusal, match="insurers would pay 10.01 yuan for a repair that cost 10.00"):
        check_expected("LP1", 1_000, 1_001)
