"""Which receipts an insurer took back."""

from datetime import date

import pytest

from models.values import Refusal
from tasks.differences.taking_back import Receipt, Taken, chosen

DAY, LATER = date(2026, 10, 15), date(2026, 11, 2)
ONE = [Receipt(1, 10, 4_000, DAY, "match:1")]
TWO_COVERS = [Receipt(1, 10, 2_000, DAY, "match:1"), Receipt(2, 11, 3_600, DAY, "match:1")]
TWICE = [Receipt(1, 10, 500, DAY, "match:1"), Receipt(2, 10, 500, LATER, "match:2")]
TWINS = [Receipt(1, 10, 500, DAY, "match:1"), Receipt(2, 11, 500, DAY, "match:2")]

FOUND = [
    ("the whole receipt", 4_000, ONE, {10: 4_000}, None, Taken((1,))),
    ("a part of the only line", 300, ONE, {10: 4_000}, None, Taken(line_id=10)),
    ("the rest after a part was taken", 3_700, ONE, {10: 3_700}, None, Taken(line_id=10)),
    ("one cover of two", 3_600, TWO_COVERS, {10: 2_000, 11: 3_600}, None, Taken((2,))),
    ("the transfer of both covers", 5_600, TWO_COVERS, {10: 2_000, 11: 3_600}, None, Taken((1, 2))),
    ("the newer of two equal ones", 500, TWICE, {10: 1_000}, None, Taken((2,))),
    ("both of two equal ones", 1_000, TWICE, {10: 1_000}, None, Taken(line_id=10)),
    ("the one that is named", 500, TWINS, {10: 500, 11: 500}, 2, Taken((2,))),
    ("a part of the one that is named", 200, TWINS, {10: 500, 11: 500}, 1, Taken(line_id=10)),
]


@pytest.mark.parametrize(
    ("name", "amount", "receipts", "lies", "payout", "taken"), FOUND, ids=[row[0] for row in FOUND]
)
def test_the_receipts_are_found(
    name: str, amount: int, receipts: list[Receipt], lies: dict[int, int], payout: int | None, taken: Taken
) -> None:
    assert chosen("LP1", amount, receipts, lies, payout) == taken


REFUSED = [
    ("more than came", 4_001, ONE, {10: 4_000}, None, "LP1 has received 40.00 yuan, so 40.01 can't be taken back"),
    ("two lines that fit", 500, TWINS, {10: 500, 11: 500}, None, r"say which receipt .*1 \(5.00 of 2026-10-15\), 2"),
    ("a part of nobody knows which", 100, TWO_COVERS, {10: 2_000, 11: 3_600}, None, "Add --payout NUMBER"),
    ("an unknown receipt", 500, ONE, {10: 4_000}, 7, "no receipt 7 that stands. It has: 1"),
    ("more than the named one has", 600, TWINS, {10: 500, 11: 500}, 1, "has no 6.00 yuan left"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "amount", "receipts", "lies", "payout", "sentence"), REFUSED, ids=[row[0] for row in REFUSED]
)
def test_what_nobody_can_tell_is_asked(
    name: str, amount: int, receipts: list[Receipt], lies: dict[int, int], payout: int | None, sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        chosen("LP1", amount, receipts, lies, payout)
