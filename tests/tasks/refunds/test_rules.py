"""The nine scenarios of domain 1.8 with their variants, and the edges of the refund formula."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.words import LineKind, ReleasePolicy, Resolution
from tasks.refunds.rules import DoesNotAddUp, Figures, Hold, Line, Repair, refund

OWN, OTHER = LineKind.OWN_REPAIR, LineKind.OTHER_AGENCY
FINAL, PROGRESSIVE = ReleasePolicy.FINAL, ReleasePolicy.PROGRESSIVE


def repair(
    bill: int | None, paid: int, *lines: Line, policy: ReleasePolicy = FINAL, **facts: object
) -> Repair:
    base = Repair(1, bill, paid, write_off=0, refunded=0, lines=lines, policy=policy)
    return replace(base, **facts)  # type: ignore[arg-type] # facts of a table row


def own(expected: int, received: int, resolution: Resolution | None = None) -> Line:
    return Line(OWN, expected, received, resolution)


def other(expected: int, received: int, *, proof: bool = False) -> Line:
    return Line(OTHER, expected, received, third_party_proof=proof)


SCENARIOS = [
    # name, repair, surplus U, refund due, releasable, top-up
    ("1 single vehicle, deductible stays", repair(760_000, 50_000, own(710_000, 710_000)), 0, 0, 0, 0),
    ("2 customer claims himself", repair(326_000, 326_000, is_agency_claim=False), 0, 0, 0, 0),
    ("3 gap paid by the customer", repair(985_000, 125_000, own(860_000, 860_000)), 0, 0, 0, 0),
    ("3 raised later, extra money on hold", repair(985_000, 125_000, own(860_000, 930_000)), 0, 0, 0, 0),
    ("3 raised later, entitled", repair(985_000, 125_000, own(930_000, 930_000)), 70_000, 70_000, 70_000, 0),
    (
        "4 deposit, all paid",
        repair(1_240_000, 500_000, own(1_180_000, 1_180_000)),
        440_000, 440_000, 440_000, 0,
    ),
    (
        "4 short, customer pays the difference",
        repair(1_240_000, 500_000, own(1_180_000, 1_100_000, Resolution.CUSTOMER_TOPUP)),
        360_000, 360_000, 360_000, 0,
    ),
    (
        "4 short, shop bears the difference",
        repair(1_240_000, 500_000, own(1_180_000, 1_100_000, Resolution.SHOP_ABSORB), write_off=80_000),
        440_000, 440_000, 440_000, 0,
    ),
    (
        "4 short, claimed again, final: nothing yet",
        repair(1_240_000, 500_000, own(1_180_000, 1_100_000, Resolution.RECLAIM)),
        360_000, 360_000, 0, 0,
    ),
    (
        "4 short, claimed again, progressive",
        repair(1_240_000, 500_000, own(1_180_000, 1_100_000, Resolution.RECLAIM), policy=PROGRESSIVE),
        360_000, 360_000, 360_000, 0,
    ),
    (
        "4 short, disputed, final: nothing yet",
        repair(1_240_000, 500_000, own(1_180_000, 1_100_000, Resolution.DISPUTE)),
        360_000, 360_000, 0, 0,
    ),
    (
        "4 over, the extra is on hold",
        repair(1_240_000, 500_000, own(1_180_000, 1_210_000)),
        440_000, 440_000, 440_000, 0,
    ),
    (
        "4 over, approved amount was raised",
        repair(1_240_000, 500_000, own(1_210_000, 1_210_000)),
        470_000, 470_000, 470_000, 0,
    ),
    ("5 maintenance on the bill", repair(648_000, 116_000, own(532_000, 532_000)), 0, 0, 0, 0),
    (
        "6a other shop already paid by the customer",
        repair(430_000, 0, own(430_000, 430_000), other(690_000, 690_000, proof=True)),
        690_000, 690_000, 690_000, 0,
    ),
    (
        "6b other shop not yet paid",
        repair(430_000, 0, own(430_000, 430_000), other(690_000, 690_000)),
        0, 0, 0, 0,
    ),
    (
        "7 two claims, the first paid",
        repair(875_000, 200_000, own(520_000, 520_000), own(280_000, 0)),
        -155_000, 0, 0, 0,
    ),
    (
        "7 two claims, both paid",
        repair(875_000, 200_000, own(520_000, 520_000), own(280_000, 280_000)),
        125_000, 125_000, 125_000, 0,
    ),
    (
        "8 A's repair, funded by two insurers",
        repair(1_000_000, 0, own(560_000, 560_000), own(200_000, 200_000), own(240_000, 240_000)),
        0, 0, 0, 0,
    ),
    (
        "8 B's repair, funded by two insurers",
        repair(800_000, 0, own(200_000, 200_000), own(420_000, 420_000), own(180_000, 180_000)),
        0, 0, 0, 0,
    ),
    (
        "9 after the first transfer, progressive",
        repair(560_000, 560_000, own(200_000, 200_000), own(360_000, 0), policy=PROGRESSIVE),
        200_000, 200_000, 200_000, 0,
    ),
    (
        "9 after the first transfer, final",
        repair(560_000, 560_000, own(200_000, 200_000), own(360_000, 0)),
        200_000, 200_000, 0, 0,
    ),
    (
        "9 after both transfers",
        repair(560_000, 560_000, own(200_000, 200_000), own(360_000, 360_000)),
        560_000, 560_000, 560_000, 0,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "given_", "surplus", "due", "releasable", "topup"), SCENARIOS, ids=[row[0] for row in SCENARIOS]
)
def test_every_scenario_of_the_trade_gives_the_refund_of_the_domain(
    name: str, given_: Repair, surplus: int, due: int, releasable: int, topup: int
) -> None:
    figures = refund(given_)

    assert (figures.surplus, figures.refund_due, figures.releasable, figures.topup_due) == (
        surplus, due, releasable, topup,
    )  # fmt: skip


EDGES = [
    # name, repair, releasable, hold
    ("unsettled bill", repair(None, 100_000), 0, Hold.NOT_SETTLED),
    ("hold by a person", repair(100, 200, is_agency_claim=False, manual_hold=True), 0, Hold.MANUAL),
    (
        "money that is not proved beats everything",
        repair(1_000, 1_000, own(500, 9, Resolution.DISPUTE), manual_hold=True, is_proven=False, booked_bill=7),
        0, Hold.NOT_PROVEN,
    ),
    (
        "hold by a person beats progressive",
        repair(100, 200, policy=PROGRESSIVE, manual_hold=True), 0, Hold.MANUAL,
    ),
    ("agency claim without expected money", repair(100, 200), 0, Hold.NOTHING_EXPECTED),
    ("a fen short within tolerance is final", repair(1_000, 1_000, own(500, 495)), 495, None),
    ("six fen short is open", repair(1_000, 1_000, own(500, 494)), 0, Hold.LINES_OPEN),
    ("third-party line open blocks final", repair(1_000, 1_000, own(500, 500), other(9, 0)), 0, Hold.LINES_OPEN),
    ("disputed line names the dispute", repair(1_000, 1_000, own(500, 9, Resolution.DISPUTE)), 0, Hold.DISPUTE),
    ("nothing to refund names no hold", repair(1_000, 0, own(1_000, 0)), 0, None),
    ("already refunded in part", repair(1_000, 1_000, own(500, 500), refunded=200), 300, None),
    ("refunded too much is never released", repair(1_000, 1_000, own(500, 500), refunded=900), 0, None),
    ("a fen over one line and short on another", repair(1_000, 1_000, own(500, 501), own(9, 3)), 0, Hold.LINES_OPEN),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given_", "releasable", "hold"), EDGES, ids=[row[0] for row in EDGES])
def test_what_is_held_back_says_why(name: str, given_: Repair, releasable: int, hold: Hold | None) -> None:
    figures = refund(given_)

    assert (figures.releasable, figures.hold) == (releasable, hold)


def test_money_on_the_wrong_line_does_not_cancel_silently() -> None:
    """交强 money booked on the 商业 line: one line is over, the other short, and both show."""
    mixed = repair(600_000, 0, own(200_000, 0), own(400_000, 600_000))

    figures = refund(mixed)

    assert figures.over_receipt == 200_000
    assert figures.surplus == -200_000


def test_what_insurers_still_owe_is_not_asked_of_the_customer() -> None:
    assert refund(repair(1_000, 100, own(700, 0))).topup_due == 200


def test_third_party_money_never_pays_our_bill() -> None:
    assert refund(repair(1_000, 0, own(700, 700), other(900, 0))).topup_due == 300


def test_a_line_settled_by_the_customer_is_asked_of_him() -> None:
    assert refund(repair(1_000, 0, own(1_000, 600, Resolution.CUSTOMER_TOPUP))).topup_due == 400


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"booked_received": 499}, "payouts 500 fen, entries 499 fen"),
        ({"booked_received": 0}, "payouts 500 fen, entries 0 fen"),
        ({"booked_bill": 999}, "bill 1000 fen, entries 999 fen"),
    ],
    ids=str,
)
def test_rows_and_entries_that_disagree_are_never_decided(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(DoesNotAddUp, match=f"^{said}$"):
        refund(repair(1_000, 500, own(500, 500), **wrong))


def test_every_figure_of_a_repair_is_kept() -> None:
    whole = repair(
        1_000, 900, own(500, 520), other(90, 80), policy=PROGRESSIVE, write_off=30, refunded=100,
        booked_bill=1_000, booked_received=600,
    )  # fmt: skip

    assert refund(whole) == Figures(
        bill=1_000, expected=590, received=600, over_receipt=20, third_party=80, customer_paid=900,
        write_off=30, refunded=100, surplus=430, refund_due=430, refund_open=330, topup_due=0,
        releasable=330, hold=None,
    )  # fmt: skip


@pytest.mark.parametrize("paid", [0, 700])
def test_without_a_bill_nothing_is_due_and_nothing_is_asked_for(paid: int) -> None:
    figures = refund(repair(None, paid, own(500, 0)))

    assert figures == Figures(
        bill=None, expected=500, received=0, over_receipt=0, third_party=0, customer_paid=paid, write_off=0,
        refunded=0, surplus=paid, refund_due=0, refund_open=0, topup_due=0, releasable=0,
        hold=Hold.NOT_SETTLED,
    )  # fmt: skip


def test_without_a_bill_a_shortfall_is_nobodys_debt() -> None:
    assert refund(repair(None, 0, own(500, 500), other(90, 0), write_off=-600)).topup_due == 0


def test_one_fen_on_hold_names_the_hold() -> None:
    figures = refund(repair(1_000, 601, own(400, 400), own(9, 0, Resolution.RECLAIM)))

    assert (figures.refund_due, figures.releasable, figures.hold) == (1, 0, Hold.RECLAIM)


_lines = st.builds(
    Line,
    kind=st.sampled_from(LineKind),
    expected=st.integers(0, 10**9),
    received=st.integers(0, 10**9),
    resolution=st.none() | st.sampled_from(Resolution),
    third_party_proof=st.booleans(),
)
_repairs = st.builds(
    Repair,
    work_order_id=st.just(1),
    bill=st.integers(0, 10**9),
    customer_paid=st.integers(0, 10**9),
    write_off=st.integers(0, 10**6),
    refunded=st.integers(0, 10**6),
    lines=st.lists(_lines, max_size=5).map(tuple),
    policy=st.sampled_from(ReleasePolicy),
    manual_hold=st.booleans(),
)


@given(_repairs)
def test_never_more_goes_back_than_came_in(given_: Repair) -> None:
    figures = refund(given_)

    assert 0 <= figures.releasable <= figures.customer_paid + figures.received + figures.write_off
    assert figures.releasable + given_.refunded <= max(given_.refunded, figures.refund_due)
    assert not (figures.releasable and figures.topup_due)


@given(_repairs)
def test_a_careful_shop_never_releases_more_than_a_quick_one(given_: Repair) -> None:
    careful = refund(replace(given_, policy=FINAL))
    quick = refund(replace(given_, policy=PROGRESSIVE))

    assert careful.releasable <= quick.releasable
    assert careful.refund_due == quick.refund_due
