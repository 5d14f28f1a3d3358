"""What a ledger changes in what is already written down: never a person's word, never money twice."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from models.words import CustomerLineKind, LineKind, Stage
from tasks.intake import rules
from tasks.intake.case_facts import Round
from tasks.intake.cells import Value
from tasks.intake.changes import CaseChange, RepairChange, changes_of
from tasks.intake.insurers import InsurerBook
from tasks.intake.known import KnownCase, KnownLine, KnownRepair, KnownRound
from tasks.intake.ledger_row import LedgerRow
from tasks.intake.repair import Repair
from tasks.intake.verdicts import Verdict, verdict

OWN = LineKind.OWN_REPAIR
BOOK = InsurerBook(branches={"人保财险连云港": (7, 1)})
ROW: dict[str, Value] = {
    "claim_no": "LP1", "plate_no": "苏G12345", "work_order_no": "WX1", "insurer_name": "人保财险连云港",
    "is_agency_claim": True, "insured_name": "罗秀", "repair_net_amount": 760000, "insurer_due_own_repair": 710000,
    "customer_payable_amount": 50000, "customer_received_amount": 50000,
}  # fmt: skip


def repair_of(**facts: Value) -> Repair:
    values = ROW | facts
    row = LedgerRow.of("台账", 5, values)
    (repair,), _ = rules.repairs([row], BOOK, {})
    return repair


def added(case: CaseChange) -> int:
    return sum(payout.amount for payout in case.payouts)


def as_known(change: RepairChange, case: Mapping[str, Any] | None = None, **repair: Any) -> KnownRepair:
    """What is written down once a change has been written, with what people did since."""
    each = change.cases[0]
    facts: dict[str, Any] = {
        "id": 3, "facts": {"stage": Stage.REPAIR, **each.facts}, "imported": each.imported,
        "expected": {kind: KnownLine(amount, 11) for kind, amount in each.expected.items()},
        "round": each.round, "paid": added(each),
    }  # fmt: skip
    sums: dict[str, Any] = {
        "received": sum(amount for _, amount in change.lines), "refunded": change.refund, "refunds": bool(change.refund),
        "self_pay": dict(change.lines).get(CustomerLineKind.SELF_PAY, 0),
    }  # fmt: skip
    return KnownRepair(
        id=2,
        facts=dict(change.facts),
        cases={"LP1": KnownCase(**{**facts, **(case or {})})},
        **{**sums, **repair},
    )


def again(known: KnownRepair, **facts: Value) -> RepairChange:
    return changes_of(repair_of(**facts), known, {"人保财险连云港": 7})


FIRST = changes_of(repair_of(), None, {"人保财险连云港": 7})


@pytest.mark.parametrize(
    "current, last, new, said",
    [
        (None, None, 5, Verdict.WRITE),
        (5, None, 5, Verdict.KEEP),
        (5, 5, None, Verdict.KEEP),
        (5, 5, 6, Verdict.WRITE),
        (7, 5, 6, Verdict.CLASH),
        (7, None, 6, Verdict.CLASH),
        (7, 5, 5, Verdict.KEEP),
        (None, 5, 5, Verdict.KEEP),
        (date(2026, 9, 3), "2026-09-03", date(2026, 9, 4), Verdict.WRITE),
        (date(2026, 9, 5), "2026-09-03", date(2026, 9, 4), Verdict.CLASH),
        (False, False, True, Verdict.WRITE),
    ],
)
def test_who_wrote_last_decides(current: object, last: object, new: object, said: Verdict) -> None:
    assert verdict(current, last, new) is said


def test_the_first_time_everything_is_new() -> None:
    assert FIRST.bill == 760000
    assert FIRST.lines == ((CustomerLineKind.SELF_PAY, 50000),)
    assert FIRST.cases[0].expected == {OWN: 710000}
    assert (FIRST.cases[0].facts["insurer_id"], FIRST.cases[0].facts["stage"]) == (7, Stage.REPAIR)
    assert FIRST.moves_money


def test_the_same_again_changes_nothing() -> None:
    change = again(as_known(FIRST))

    assert (change.facts, change.bill, change.lines, change.refund, change.findings) == ({}, None, (), 0, ())
    (case,) = change.cases
    assert (case.facts, case.expected, case.round, case.payouts) == ({}, {}, None, ())
    assert case.imported == FIRST.cases[0].imported
    assert not change.moves_money


def test_an_empty_cell_changes_nothing() -> None:
    empty = dict.fromkeys([*ROW, "is_agency_claim"]) | {"claim_no": "LP1", "work_order_no": "WX1"}

    change = again(as_known(FIRST), **empty)

    assert (change.facts, change.lines, change.findings) == ({}, (), ())
    assert (change.cases[0].facts, change.cases[0].expected) == ({}, {})
    assert change.cases[0].imported == FIRST.cases[0].imported


def test_a_new_value_of_the_ledger_is_written_where_nobody_changed_the_old_one() -> None:
    change = again(
        as_known(FIRST), repair_net_amount=750000, insured_name="罗秀英", insurer_due_own_repair=700000
    )

    assert (change.facts, change.bill) == ({"repair_net_amount": 750000}, 750000)
    assert change.cases[0].facts == {"insured_name": "罗秀英"}
    assert change.cases[0].expected == {OWN: 700000}


def test_what_a_person_changed_stays_and_is_a_finding() -> None:
    known = as_known(
        FIRST,
        {
            "facts": {**FIRST.cases[0].facts, "insured_name": "罗秀丽"},
            "expected": {OWN: KnownLine(690000, 11)},
        },
    )

    change = again(known, insured_name="罗秀英", insurer_due_own_repair=700000)

    assert (change.cases[0].facts, change.cases[0].expected) == ({}, {})
    assert [(each.code, each.heading) for each in change.findings] == [
        ("changed_by_hand_insured_name", "被保险人"), ("changed_by_hand_own_repair", "本店维修赔款额"),
    ]  # fmt: skip
    assert "罗秀丽" in change.findings[0].why
    assert "6,900.00" in change.findings[1].why


def test_an_unchanged_ledger_does_not_argue_with_a_person() -> None:
    known = as_known(
        FIRST,
        {
            "facts": {**FIRST.cases[0].facts, "insured_name": "罗秀丽"},
            "expected": {OWN: KnownLine(690000, 11)},
        },
    )

    assert again(known).findings == ()


def test_an_amount_split_over_covers_by_hand_is_not_overwritten() -> None:
    known = as_known(FIRST, {"expected": {OWN: KnownLine(710000, None)}})

    change = again(known, insurer_due_own_repair=700000)

    assert change.cases[0].expected == {}
    assert [each.code for each in change.findings] == ["changed_by_hand_own_repair"]


@pytest.mark.parametrize(
    "paid, total, more, codes",
    [
        (0, 710000, 710000, []),
        (710000, 710000, 0, []),
        (200000, 710000, 510000, []),
        (710000, 710010, 10, []),
        (710000, 700000, 0, ["below_known_payout_received_amount"]),
        (710000, None, 0, []),
        (710000, 0, 0, []),
    ],
)
def test_column_35_adds_only_what_is_not_yet_known(
    paid: int, total: int | None, more: int, codes: list[str]
) -> None:
    change = again(as_known(FIRST, {"paid": paid}), payout_received_amount=total)

    assert added(change.cases[0]) == more
    assert [each.code for each in change.findings] == codes


def test_a_payout_that_the_bank_took_back_is_not_added_again() -> None:
    first = changes_of(repair_of(payout_received_amount=710000), None, {})
    known = as_known(first, {"paid": 0})

    assert again(known, payout_received_amount=710000).cases[0].payouts == ()


def test_a_payout_where_nothing_is_expected_gets_a_line_of_nothing() -> None:
    first = changes_of(
        repair_of(is_agency_claim=False, insurer_due_own_repair=None, payout_received_amount=300000), None, {}
    )

    assert first.cases[0].expected == {OWN: 0}
    assert added(first.cases[0]) == 300000
    assert "payout_unexpected" in [each.code for each in first.findings]
    assert again(as_known(first), is_agency_claim=True).cases[0].expected == {OWN: 710000}


@pytest.mark.parametrize(
    "total, lines",
    [
        (50000, ()),
        (80000, ((CustomerLineKind.DEPOSIT, 30000),)),
        (40000, ()),
    ],
)
def test_the_customers_money_grows_by_the_difference(total: int, lines: tuple[Any, ...]) -> None:
    change = again(as_known(FIRST), customer_received_amount=total)

    assert change.lines == lines
    assert bool(change.findings) == (total == 40000)


def test_money_that_came_first_as_part_is_self_pay_up_to_the_whole() -> None:
    first = changes_of(repair_of(customer_received_amount=20000), None, {})

    assert again(as_known(first), customer_received_amount=60000).lines == (
        (CustomerLineKind.SELF_PAY, 30000), (CustomerLineKind.DEPOSIT, 10000),
    )  # fmt: skip


@pytest.mark.parametrize(
    "known, refund, codes",
    [
        ({}, 10000, []),
        ({"refunded": 10000, "refunds": 1}, 0, []),
        ({"refund_waiting": 4}, 10000, []),
        ({"refund_promised": True}, 0, ["refund_promised"]),
        ({"refunded": 15000}, 0, ["below_known_refund_paid_amount"]),
    ],
)
def test_a_refund_already_paid_is_taken_once(known: dict[str, Any], refund: int, codes: list[str]) -> None:
    change = again(as_known(FIRST, **known), refund_paid_amount=10000)

    assert change.refund == refund
    assert [each.code for each in change.findings] == codes


MISSING = Round("缺发票", None, None)
BACK = Round("缺发票", None, date(2026, 9, 1))
AGAIN = Round("缺身份证", None, date(2026, 9, 20))


@pytest.mark.parametrize(
    "known, said, written",
    [
        (None, ("缺发票", None), KnownRound(1, MISSING)),
        (KnownRound(1, MISSING), ("缺发票", date(2026, 9, 1)), KnownRound(1, BACK)),
        (KnownRound(1, BACK), ("缺发票", date(2026, 9, 1)), None),
        (KnownRound(1, BACK), ("缺身份证", date(2026, 9, 20)), KnownRound(2, AGAIN)),
        (KnownRound(1, BACK), (None, None), None),
    ],
)
def test_a_file_that_comes_back_again_is_another_round(
    known: KnownRound | None, said: tuple[str | None, date | None], written: KnownRound | None
) -> None:
    change = again(as_known(FIRST, {"round": known}), rejected_returned=said[0], resubmitted_date=said[1])

    assert change.cases[0].round == written


def test_a_stage_never_goes_back() -> None:
    known = as_known(FIRST, {"facts": {**FIRST.cases[0].facts, "stage": Stage.PAYOUT}})

    assert again(known).cases[0].facts == {}
    assert again(known, closed_by="王敏").cases[0].facts == {"stage": Stage.CLOSED, "closed_by": "王敏"}


def test_a_ledger_that_tells_of_an_old_closing_does_not_close_a_reopened_case_again() -> None:
    closed = again(as_known(FIRST), closed_by="王敏", closed_date=date(2026, 11, 20))
    open_again = {**closed.cases[0].facts, "stage": Stage.PAYOUT, "closed_by": None, "closed_date": None}
    known = as_known(closed, {"facts": open_again})

    same = again(known, closed_by="王敏", closed_date=date(2026, 11, 20))
    later = again(known, closed_by="王敏", closed_date=date(2026, 12, 5))

    assert same.cases[0].facts == {}
    assert later.cases[0].facts == {"stage": Stage.CLOSED, "closed_date": date(2026, 12, 5)}
