"""When a difference opens, changes and closes by itself, through the jobs."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models.case import ExpectedLine
from models.difference import Difference
from models.event import Event
from models.values import Refusal
from models.words import Account, Cover
from tasks.cases.job import record_fact
from tests.money.beginnings import proves, settled, told
from tests.money.floor import Floor

# ------------------------------------------------------------------ when a difference opens


def test_a_short_payment_waits_seven_days_before_it_is_a_difference(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "11800.00")
    floor.bill(case, "12400.00", "600.00")
    floor.pay(case, "11000.00")
    floor.work()
    floor.later(date(2026, 11, 8)).work()
    early = floor.differences(case)

    floor.later(date(2026, 11, 9)).work()

    assert (early, floor.differences(case)) == ([], [("800.00", "open", None)])


def test_a_shop_may_be_more_patient(floor: Floor) -> None:
    floor.setting("difference_after_days", 30)
    case = floor.claim()
    floor.expect(case, "11800.00")
    floor.pay(case, "11000.00")
    floor.work()

    floor.later(date(2026, 12, 1)).work()
    early = floor.differences(case)
    floor.later(date(2026, 12, 2)).work()

    assert (early, floor.differences(case)) == ([], [("800.00", "open", None)])


def test_too_much_is_a_difference_at_once_however_little(floor: Floor) -> None:
    case = settled(floor, "11800.01")

    assert floor.differences(case) == [("-0.01", "open", None)]
    assert floor.lies(case, Account.OVER_RECEIPT_HELD) == "0.01"
    assert floor.sums(case) == ("4400.00", "4400.00", "0.00")


def test_a_line_on_which_nothing_came_is_a_difference_only_when_nothing_will_come(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "2000.00", Cover.COMPULSORY)
    floor.expect(case, "3600.00", Cover.THIRD_PARTY)
    floor.pay(case, "2000.00")
    floor.later(date(2026, 12, 24)).work()
    before = floor.differences(case)

    floor.fact(case, "payment-final")
    floor.work()

    assert (before, floor.differences(case)) == ([], [("3600.00", "open", None)])


@pytest.mark.parametrize(("paid", "write_off"), [("11799.99", 1), ("11799.95", 5)])
def test_a_few_fen_short_are_written_off_by_themselves(floor: Floor, paid: str, write_off: int) -> None:
    case = settled(floor, paid)

    assert floor.differences(case) == [(f"0.0{write_off}", "resolved", "ROUNDING")]
    assert floor.position(case).write_off == write_off
    assert floor.sums(case) == ("4400.00", "4400.00", "0.00")
    assert proves(floor, case)


def test_six_fen_short_are_for_a_person(floor: Floor) -> None:
    case = settled(floor, "11799.94")

    assert floor.differences(case) == [("0.06", "open", None)]


def test_a_second_night_changes_nothing(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    before = floor.session.execute(select(func.count()).select_from(Event)).scalar_one()

    floor.work()

    assert floor.session.execute(select(func.count()).select_from(Event)).scalar_one() == before
    assert floor.differences(case) == [("800.00", "open", None)]


# ------------------------------------------------------------------ when other money comes


def test_a_difference_shrinks_with_what_still_comes(floor: Floor) -> None:
    case = settled(floor, "11000.00")

    floor.pay(case, "300.00")
    floor.work()

    assert floor.differences(case) == [("500.00", "open", None)]
    assert told(floor, case) == ["difference_opened", "difference_changed"]


def test_a_difference_closes_by_itself_when_all_has_come(floor: Floor) -> None:
    case = settled(floor, "11000.00")

    floor.pay(case, "800.00")
    floor.work()

    assert floor.differences(case) == [("800.00", "gone", None)]
    assert floor.sums(case) == ("4400.00", "4400.00", "0.00")


def test_a_difference_turns_from_too_little_to_too_much(floor: Floor) -> None:
    case = settled(floor, "11000.00")

    floor.pay(case, "1000.00")
    floor.work()

    assert floor.differences(case) == [("800.00", "gone", None), ("-200.00", "open", None)]
    assert proves(floor, case)


def test_a_prepared_result_does_not_outlive_its_amount(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.prepare(case, "SHOP_ABSORB")

    floor.pay(case, "300.00")
    floor.work()

    assert floor.differences(case) == [("500.00", "open", None)]


def test_a_dispute_goes_on_over_what_is_still_missing(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.resolve(case, "DISPUTE")

    floor.pay(case, "300.00")
    floor.work()

    assert floor.differences(case) == [("500.00", "open", "DISPUTE")]
    assert floor.position(case).hold_reason == "dispute_open"


def test_a_dispute_that_is_won_leaves_no_trace_on_the_line(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.resolve(case, "DISPUTE")

    floor.pay(case, "800.00")
    floor.work()

    lines = floor.session.scalars(select(ExpectedLine.resolution).where(ExpectedLine.case_id == case.id))
    assert list(lines) == [None]
    assert floor.position(case).hold_reason is None


@pytest.mark.parametrize(
    ("later", "differences", "write_off", "sums"),
    [
        # The insurer pays after all what the shop had borne: the customer gets nothing out of it.
        ("800.00", [("800.00", "gone", "SHOP_ABSORB")], 0, ("4400.00", "4400.00", "0.00")),
        # A part of it: the rest is for people again.
        (
            "300.00",
            [("800.00", "gone", "SHOP_ABSORB"), ("500.00", "open", None)],
            0,
            ("3900.00", "0.00", "0.00"),
        ),
    ],
)
def test_money_that_comes_after_a_write_off_takes_it_back(
    floor: Floor, later: str, differences: list[Any], write_off: int, sums: tuple[str, str, str]
) -> None:
    case = settled(floor, "11000.00")
    floor.resolve(case, "SHOP_ABSORB")
    floor.work()

    floor.pay_by_hand(case, later)
    floor.work()

    assert floor.differences(case) == differences
    assert floor.position(case).write_off == write_off
    assert floor.sums(case) == sums
    assert proves(floor, case)


def test_a_rounding_is_taken_back_when_the_last_fen_come(floor: Floor) -> None:
    case = settled(floor, "11799.97")

    floor.pay_by_hand(case, "0.03")
    floor.work()

    assert floor.differences(case) == [("0.03", "gone", "ROUNDING")]
    assert floor.position(case).write_off == 0


def test_a_ledger_that_raises_what_is_expected_frees_what_was_held(floor: Floor) -> None:
    case = settled(floor, "12100.00")

    floor.expect(case, "12100.00")
    floor.work()

    assert floor.differences(case) == [("-300.00", "gone", None)]
    assert floor.sums(case) == ("4700.00", "4700.00", "0.00")
    assert proves(floor, case)


def test_what_is_expected_after_all_less_is_held_again(floor: Floor) -> None:
    case = settled(floor, "11800.00")

    floor.expect(case, "11500.00")
    floor.work()

    assert floor.differences(case) == [("-300.00", "open", None)]
    assert floor.sums(case) == ("4100.00", "4100.00", "0.00")
    assert proves(floor, case)


def test_a_consent_recorded_as_a_fact_waits_for_another_person(floor: Floor) -> None:
    case = settled(floor, "11000.00")

    floor.fact(case, "consent", "800.00")
    floor.work()

    row = floor.open_difference(case)
    assert (row.resolution, row.consent, row.prepared_by) == ("CUSTOMER_TOPUP", "800.00 yuan", "张接车")
    assert floor.sums(case) == ("3600.00", "0.00", "0.00")
    with pytest.raises(Refusal, match="nobody approves an entry of their own"):
        floor.approve(case, by="张接车")
    floor.approve(case, by="李审核", role="reviewer")
    floor.work()
    assert floor.differences(case) == [("800.00", "resolved", "CUSTOMER_TOPUP")]
    assert floor.sums(case) == ("3600.00", "3600.00", "0.00")


def test_a_consent_may_come_before_the_difference_and_stays(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "11800.00")
    floor.bill(case, "12400.00", "600.00")
    floor.pay(case, "11000.00")
    floor.work()
    assert floor.differences(case) == []

    floor.fact(case, "consent", "800.00")
    floor.work()

    assert floor.differences(case) == [("800.00", "open", "CUSTOMER_TOPUP")]
    floor.pay(case, "300.00")
    floor.work()
    assert [each[1:] for each in floor.differences(case)] == [("open", None)], (
        "he agreed to 800.00, not 500.00"
    )


def test_the_consent_that_the_operator_records_needs_nobody_else(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    given = {"case_id": case.id, "fact": "consent", "value": "800.00", "on": floor.day.isoformat()}

    floor.do(record_fact, "operator", "operator", **given)
    floor.work()

    row = floor.session.scalars(select(Difference).where(Difference.case_id == case.id)).one()
    assert (row.state, row.prepared_by, row.approved_by) == ("resolved", "operator", "operator")
    assert floor.sums(case) == ("3600.00", "3600.00", "0.00")


def test_a_consent_to_less_than_is_missing_later_does_not_count(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.resolve(case, "CUSTOMER_TOPUP")
    floor.work()

    floor.take_back(case, "1000.00")
    floor.work()

    assert floor.differences(case) == [("800.00", "gone", "CUSTOMER_TOPUP"), ("1800.00", "open", None)]
    assert floor.sums(case) == ("2600.00", "0.00", "0.00")
