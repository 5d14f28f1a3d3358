"""How a refund is parted: to the fen, and never more than is owed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values import Refusal
from models.words import PartKind
from tasks.refunds.splitting import Ask, Debt, Other, shares

DEBTS = [Debt(7, "PG7", 30_000), Debt(9, "PG9", 50_000)]
OTHER = Other(11, "PG11", 40_000)

PARTED = [
    (Ask(), [(PartKind.CASH, 440_000, "")]),
    (Ask(cash=440_000), [(PartKind.CASH, 440_000, "")]),
    (Ask(offset=30_000), [(PartKind.CASH, 410_000, ""), (PartKind.OFFSET, 30_000, "PG7")]),
    (
        Ask(offset=80_000),
        [(PartKind.CASH, 360_000, ""), (PartKind.OFFSET, 30_000, "PG7"), (PartKind.OFFSET, 50_000, "PG9")],
    ),
    (Ask(offset=30_001), [(PartKind.CASH, 409_999, ""), (PartKind.OFFSET, 30_000, "PG7"), (PartKind.OFFSET, 1, "PG9")]),
    (Ask(other=OTHER), [(PartKind.CASH, 400_000, ""), (PartKind.OTHER_ORDER, 40_000, "PG11")]),
    (
        Ask(cash=370_000, offset=30_000, other=OTHER),
        [(PartKind.CASH, 370_000, ""), (PartKind.OFFSET, 30_000, "PG7"), (PartKind.OTHER_ORDER, 40_000, "PG11")],
    ),
    (Ask(other=Other(11, "PG11", 440_000)), [(PartKind.OTHER_ORDER, 440_000, "PG11")]),
    (Ask(cash=0, other=Other(11, "PG11", 440_000)), [(PartKind.OTHER_ORDER, 440_000, "PG11")]),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "parts"), PARTED, ids=str)
def test_a_refund_is_parted(ask: Ask, parts: list[tuple[PartKind, int, str]]) -> None:
    found = shares(1, 440_000, ask, DEBTS)

    assert [(share.kind, share.amount, share.work_order_no) for share in found] == parts


REFUSED = [
    (Ask(cash=440_001), "Refund 1 is 4400.00 yuan, but its parts come to 4400.01: cash 4400.01"),
    (Ask(cash=1), "its parts come to 0.01"),
    (Ask(cash=400_000, offset=30_000), "parts come to 4300.00: cash 4000.00, set off 300.00"),
    (Ask(other=Other(11, "PG11", 440_001)), "parts come to 4400.01: for PG11 4400.01"),
    (Ask(offset=80_001), "800.01 yuan are to be set off, but the customer owes 800.00"),
]


@pytest.mark.parametrize(("ask", "sentence"), REFUSED, ids=str)
def test_parts_that_do_not_add_up_are_refused(ask: Ask, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence.replace("(", r"\(")):
        shares(1, 440_000, ask, DEBTS)


@given(
    st.integers(1, 10**9),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.lists(st.integers(1, 10**8), max_size=6),
)
def test_the_parts_always_come_to_the_refund(amount: int, offset: int, other: int, owed: list[int]) -> None:
    debts = [Debt(number, f"PG{number}", each) for number, each in enumerate(owed, 1)]
    ask = Ask(offset=offset, other=Other(99, "PG99", other) if other else None)
    try:
        found = shares(1, amount, ask, debts)
    except Refusal:
        assert offset + other > amount or offset > sum(owed)
        return

    assert sum(share.amount for share in found) == amount
    assert all(share.amount > 0 for share in found)
    assert all(share.amount <= share.owed for share in found if share.kind is PartKind.OFFSET)
