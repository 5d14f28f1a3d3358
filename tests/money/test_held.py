"""A short pay in dispute, or claimed again, holds the refund; the refunds room names which and why."""

from datetime import date
from typing import Any

from models.case import Case
from models.insurer import Insurer
from models.refund import Refund
from models.words import DisputeKind, DisputeOutcome, RefundState
from tasks.disputes.job import open_dispute, resolve_dispute
from tasks.refunds.job import approve_refund
from tests.money.beginnings import settled
from tests.money.floor import Floor

LATER = date(2026, 11, 3)


def held(floor: Floor, case: Case) -> dict[str, Any]:
    """What the working of the position says of it."""
    working = floor.position(case).working
    assert isinstance(working, dict)
    return {key: value for key, value in working.items() if key.startswith("held")}


def insurer_of(floor: Floor, case: Case) -> str:
    return floor.session.get_one(Insurer, case.insurer_id).name


def enter(floor: Floor, case: Case, kind: DisputeKind = DisputeKind.PARTIAL, **more: object) -> None:
    given = {"case_id": case.id, "kind": kind.value, "on": "2026-11-02", "because": "扣除残值", **more}
    floor.do(open_dispute, "张接车", "handler", **given)


def test_a_short_pay_in_dispute_holds_the_refund_and_is_named(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    ident = floor.open_difference(case).id
    floor.prepare(case, "DISPUTE")

    floor.work()

    name = insurer_of(floor, case)
    assert floor.sums(case) == ("3600.00", "0.00", "0.00")
    assert floor.refund(case) is None
    assert held(floor, case)["held"] == (
        f"暂不退款3,600.00元：{case.claim_no} 车损，{name}少赔800.00元，自2026-11-02争议中（差额{ident}）。"
        f"3,600.00 yuan are held: {name} paid 800.00 yuan too little on {case.claim_no} 车损, in dispute since "
        f"2026-11-02: difference {ident}."
    )
    assert held(floor, case)["held_by"] == [{
        "claim_no": case.claim_no, "cover": "车损", "insurer": name, "missing": 80_000, "result": "DISPUTE",
        "difference": ident, "since": "2026-11-02", "disputes": [],
    }]  # fmt: skip


def test_what_stands_in_the_register_is_named_with_number_kind_and_day(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.prepare(case, "DISPUTE")
    floor.work()

    enter(floor, case)
    enter(floor, case, DisputeKind.COMPLAINT, institution="12378", by_customer=True)
    floor.work()

    said = held(floor, case)
    assert "争议ZY" not in said["held"]
    assert "ZY-2026-0001（部分赔付决定，2026-11-02）" in said["held"]
    assert "ZY-2026-0002 (complaint at 12378, 2026-11-02)" in said["held"]
    assert [each["number"] for each in said["held_by"][0]["disputes"]] == ["ZY-2026-0001", "ZY-2026-0002"]


def test_a_dispute_that_ended_is_named_no_more(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.prepare(case, "DISPUTE")
    enter(floor, case)
    floor.work()
    assert "ZY-2026-0001" in held(floor, case)["held"]

    given = {"number": "ZY-2026-0001", "outcome": DisputeOutcome.WITHDRAWN.value, "on": "2026-11-02"}
    floor.do(resolve_dispute, "张接车", "handler", **given)
    floor.work()

    assert "ZY-2026-0001" not in held(floor, case)["held"]
    assert "差额" in held(floor, case)["held"], "the short pay is still disputed"


def test_a_dispute_of_another_case_is_not_named(floor: Floor) -> None:
    case, other = settled(floor, "11000.00"), settled(floor, "11000.00")
    floor.prepare(case, "DISPUTE")
    enter(floor, other)

    floor.work()

    assert held(floor, case)["held_by"][0]["disputes"] == []


def test_what_is_claimed_again_is_named_as_well(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.prepare(case, "RECLAIM")

    floor.work()

    assert "少赔800.00元，自2026-11-02再次索赔中" in held(floor, case)["held"]
    assert held(floor, case)["held_by"][0]["result"] == "RECLAIM"


def test_a_quick_shop_holds_nothing_and_names_nothing(floor: Floor) -> None:
    floor.setting("release_policy", "PROGRESSIVE")
    case = settled(floor, "11000.00")
    floor.prepare(case, "DISPUTE")

    floor.work()

    assert floor.sums(case) == ("3600.00", "3600.00", "0.00")
    assert held(floor, case) == {}


def test_when_the_rest_is_paid_nothing_is_held(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.prepare(case, "DISPUTE")
    floor.work()

    floor.pay(case, "800.00")
    floor.work()

    assert floor.sums(case) == ("4400.00", "4400.00", "0.00")
    assert held(floor, case) == {}


def undone(floor: Floor, *, approved: bool) -> tuple[Case, Refund]:
    """The shop bore 800.00 and a refund was prepared; then the result is taken back and disputed instead."""
    case = settled(floor, "11000.00")
    floor.resolve(case, "SHOP_ABSORB")
    floor.work()
    refund = floor.refund(case)
    assert refund is not None
    if approved:
        floor.do(approve_refund, "李审核", "reviewer", refund_id=refund.id)
    floor.undo(case)
    floor.prepare(case, "DISPUTE")
    floor.work()
    again = floor.refund(case)
    assert again is not None
    return case, again


def test_a_refund_withdrawn_for_a_dispute_says_so(floor: Floor) -> None:
    case, refund = undone(floor, approved=False)

    assert refund.state is RefundState.DECLINED
    assert refund.changed == held(floor, case)["held"]


def test_an_approved_refund_taken_back_for_a_dispute_says_what_changed_and_why(floor: Floor) -> None:
    case, refund = undone(floor, approved=True)

    assert refund.state is RefundState.DECLINED
    assert refund.changed is not None
    assert refund.changed.startswith("批准后有变：本店承担 800.00→0.00，本次应退 4,400.00→0.00。")
    assert refund.changed.endswith(f" {held(floor, case)['held']}")


def test_a_case_of_two_insurers_names_the_one_that_is_short(floor: Floor) -> None:
    """Scenario 7: two claims on one repair; only the second is disputed."""
    first = floor.claim()
    second = floor.claim(floor.repair_of(first))
    floor.expect(first, "5200.00")
    floor.expect(second, "2800.00")
    floor.bill(first, "8750.00", "750.00")
    floor.take(first, "2000.00")
    floor.pay(first, "5200.00")
    floor.pay(second, "2500.00")
    floor.fact(second, "payment-final")
    floor.work()
    floor.prepare(second, "DISPUTE")

    floor.later(LATER).work()

    lines = held(floor, first)["held_by"]
    assert [(line["claim_no"], line["missing"]) for line in lines] == [(second.claim_no, 30_000)]
    assert held(floor, first)["held"].startswith("暂不退款950.00元：")
