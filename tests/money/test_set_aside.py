"""One repair whose money can't be moved is set aside; the shop's other repairs have their night."""

from datetime import timedelta

from sqlalchemy import update

from models.case import Case, ExpectedLine
from tasks.differences.job import find_differences
from tests.money.floor import Floor
from worker import aside
from worker.job import Night


def stuck(floor: Floor) -> Case:
    """300.00 came from another claim; now only 200.00 are expected, and no entry of its own can go."""
    donor, case = floor.claim(), floor.claim()
    floor.expect(donor, "1000.00")
    floor.expect(case, "300.00")
    floor.bill(donor, "1000.00", "0.00")
    floor.pay(donor, "1300.00")
    floor.work()
    floor.resolve(donor, "REASSIGN", to=case.claim_no)
    now_expects(floor, case, 20_000)
    return case


def now_expects(floor: Floor, case: Case, amount: int) -> None:
    floor.session.execute(update(ExpectedLine).where(ExpectedLine.case_id == case.id).values(amount=amount))
    floor.session.expire_all()


def step(floor: Floor) -> Night:
    night: Night = floor.night(floor.day)
    find_differences(floor.session, night)
    aside.keep(floor.session, "find_differences", night)
    return night


def test_a_repair_whose_money_cannot_be_moved_keeps_no_other_from_its_night(floor: Floor) -> None:
    case, other = stuck(floor), floor.claim()
    floor.expect(other, "300.00")
    floor.pay_by_hand(other, "350.00")

    night = step(floor)

    [left] = night.set_aside
    assert left.subject == f"work_order:{case.work_order_id}"
    assert "came from another claim and can't be taken out like this" in left.error
    assert (floor.differences(case), floor.differences(other)) == ([], [("-50.00", "open", None)])
    assert night.notes["differences_open"] == 1


def test_it_is_looked_at_again_although_its_refund_was_settled(floor: Floor) -> None:
    case = stuck(floor)
    step(floor)
    floor.repair_of(case).settle_on = None
    floor.day += timedelta(days=1)
    now_expects(floor, case, 30_000)

    night = step(floor)

    assert night.set_aside == []
    assert f"work_order:{case.work_order_id}" in night.decided
