"""What a case lacks before its next stage: one table per gate (domain 1.2 to 1.4, 2.3)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.words import CustomerLineKind, Liability, Stage
from tasks.gates.facts import Case, Patience
from tasks.gates.rules import lacks
from tasks.gates.settlement import CustomerLine, Settlement

D = date.fromisoformat
TODAY = D("2026-11-21")
WHOLE = Case(
    claim_no="LP2026-0001",
    stage=Stage.SUBMITTED,
    is_agency_claim=True,
    submits_documents=True,
    receptionist="王敏",
    reviewer="李娜",
    reviewed_on=D("2026-10-01"),
    released_on=D("2026-10-01"),
    invoiced_on=D("2026-10-02"),
    handed_over_on=D("2026-10-03"),
    accepted_on=D("2026-10-04"),
    report_no="RDAA202632070000000001",
    liability=Liability.SINGLE,
    authorised=True,
    authorisation_valid_to=None,
    still_owed=True,
    has_expected=True,
    has_rounds=False,
    is_returned=False,
    returned_on=None,
    settlement=Settlement(760_000, 710_000, 0, 50_000),
    is_settling=True,
)
REPAIRED = replace(
    WHOLE,
    stage=Stage.REPAIR,
    invoiced_on=None,
    handed_over_on=None,
    accepted_on=None,
    released_on=D("2026-11-14"),
)


def codes(case: Case, today: date = TODAY, **patience: int) -> list[str]:
    return [lack.code for lack in lacks(case, Patience(**patience), today)]


def test_a_whole_case_lacks_nothing() -> None:
    assert codes(WHOLE) == []


@pytest.mark.parametrize(
    ("missing", "code", "since"),
    [
        ({"reviewer": None}, "not_reviewed", "2026-10-01"),
        ({"reviewer": "王敏"}, "reviewed_by_filler", "2026-10-01"),
        ({"reviewer": "王敏", "reviewed_on": None}, "reviewed_by_filler", "2026-10-01"),
        ({"settlement": Settlement(None, 710_000, 0, 50_000)}, "no_bill", "2026-10-01"),
        ({"authorised": False}, "no_authorisation", "2026-10-01"),
        ({"authorisation_valid_to": D("2026-11-20")}, "authorisation_expired", "2026-11-21"),
        ({"report_no": None}, "no_report_no", "2026-10-01"),
        ({"liability": Liability.UNDECIDED}, "no_liability", "2026-10-03"),
        ({"liability": None}, "no_liability", "2026-10-03"),
        ({"has_expected": False}, "nothing_expected", "2026-10-03"),
        ({"invoiced_on": None}, "not_invoiced", "2026-10-08"),
        ({"accepted_on": None}, "not_accepted", "2026-10-06"),
        (
            {"has_rounds": True, "is_returned": True, "returned_on": D("2026-11-14")},
            "not_resubmitted",
            "2026-11-21",
        ),
        ({"has_rounds": True, "is_returned": True}, "not_resubmitted", None),
    ],
    ids=lambda each: str(each)[:40],
)
def test_what_is_missing_is_listed_with_since_when(
    missing: dict[str, Any], code: str, since: str | None
) -> None:
    found = lacks(replace(WHOLE, **missing), Patience(), TODAY)

    assert [(lack.code, lack.since and str(lack.since)) for lack in found] == [(code, since)]
    assert "LP2026-0001" in found[0].sentence
    assert ": huikuan " in found[0].sentence


@pytest.mark.parametrize(
    ("today", "patience", "listed"),
    [
        ("2026-11-20", 7, False),
        ("2026-11-21", 7, True),
        ("2026-11-21", 8, False),
        ("2026-11-15", 1, True),
        ("2027-06-01", 0, False),
    ],
)
def test_an_invoice_and_a_hand_over_are_asked_for_after_days_that_are_settings(
    today: str, patience: int, listed: bool
) -> None:
    found = codes(REPAIRED, D(today), invoice_after_days=patience, handover_after_days=patience)

    assert found == (["not_invoiced", "not_handed_over"] if listed else [])


def test_the_days_before_a_hand_over_count_from_the_invoice_once_there_is_one() -> None:
    invoiced = replace(REPAIRED, invoiced_on=D("2026-11-16"))

    assert codes(invoiced, D("2026-11-22")) == []
    assert codes(invoiced, D("2026-11-23")) == ["not_handed_over"]


def test_the_command_for_an_invoice_names_the_accident_part_of_the_bill() -> None:
    upkeep = CustomerLine(CustomerLineKind.NON_CLAIM, 88_000, inferred=False)
    settlement = Settlement(648_000, 532_000, 0, 116_000, (upkeep,))

    found = lacks(replace(REPAIRED, settlement=settlement), Patience(), TODAY)

    assert found[0].sentence.endswith(": huikuan case record LP2026-0001 invoice 5600.00")


@pytest.mark.parametrize(
    "case",
    [
        replace(WHOLE, has_rounds=True, is_returned=True, returned_on=D("2026-11-15")),
        replace(WHOLE, authorisation_valid_to=D("2026-11-21")),
        replace(WHOLE, authorisation_valid_to=D("2026-11-01"), still_owed=False),
        replace(WHOLE, handed_over_on=None),
        replace(REPAIRED, released_on=None, reviewer=None, report_no=None, authorised=False),
        replace(REPAIRED, released_on=D("2026-11-22"), reviewer=None, report_no=None, authorised=False),
        replace(WHOLE, stage=Stage.CLOSED, reviewer=None, invoiced_on=None),
        replace(REPAIRED, released_on=D("2026-01-01"), is_agency_claim=False, submits_documents=False, report_no=None),
    ],
    ids=[
        "returned six days ago", "valid until tonight", "expired, but paid", "accepted, so handed over",
        "still in the shop", "leaves tomorrow", "closed", "the customer claims himself",
    ],
)  # fmt: skip
def test_what_is_not_due_or_not_asked_is_not_listed(case: Case) -> None:
    assert codes(case) == []


def test_papers_handed_in_for_the_customer_need_no_invoice_and_no_authorisation() -> None:
    papers = replace(REPAIRED, is_agency_claim=False, authorised=False, has_expected=False)

    assert codes(papers) == ["not_handed_over"]


# ------------------------------------------------------------------ S = E_own + C + W

SELF_PAY, GAP, DEPOSIT = CustomerLineKind.SELF_PAY, CustomerLineKind.PRICE_GAP, CustomerLineKind.DEPOSIT


def typed(*lines: tuple[CustomerLineKind, int]) -> tuple[CustomerLine, ...]:
    return tuple(CustomerLine(kind, amount, inferred=False) for kind, amount in lines)


@pytest.mark.parametrize(
    ("settlement", "unexplained"),
    [
        (Settlement(760_000, 710_000, 0, 50_000, typed((SELF_PAY, 50_000))), 0),
        (Settlement(760_001, 710_000, 0, 50_000, typed((SELF_PAY, 50_000))), 1),
        (Settlement(759_999, 710_000, 0, 50_000, typed((SELF_PAY, 50_000))), -1),
        (Settlement(760_000, 700_000, 10_000, 50_000, typed((SELF_PAY, 50_000))), 0),
        (Settlement(875_000, 800_000, 0, 75_000, typed((SELF_PAY, 30_000), (GAP, 45_000))), 0),
        (Settlement(1_240_000, 1_180_000, 0, 500_000, typed((DEPOSIT, 500_000))), 0),
        (Settlement(1_240_000, 700_000, 0, 500_000, typed((DEPOSIT, 500_000))), 40_000),
        (Settlement(1_240_000, 1_250_000, 0, 500_000, typed((DEPOSIT, 500_000))), -10_000),
        (Settlement(760_000, 760_000, 0, None), 0),
        (Settlement(760_000, 760_001, 0, None), -1),
        (Settlement(760_000, 100_000, 0, None, typed((SELF_PAY, 50_000))), 0),
        (Settlement(760_000, 700_000, 0, 50_000), 10_000),
        (Settlement(760_000, None, 0, 50_000, typed((SELF_PAY, 50_000))), 0),
        (Settlement(None, 700_000, 0, 50_000), 0),
    ],
)
def test_the_identity_of_a_settled_bill(settlement: Settlement, unexplained: int) -> None:
    assert settlement.unexplained == unexplained
    assert codes(replace(WHOLE, settlement=settlement)) == (
        ["no_bill"] if settlement.bill is None else ["identity"] if unexplained else []
    )


def test_money_that_was_inferred_from_a_ledger_leaves_the_bounds_open() -> None:
    inferred = (CustomerLine(SELF_PAY, 50_000, inferred=True),)

    assert Settlement(760_000, 710_000, 0, 50_000, inferred).unexplained == 0
    assert Settlement(760_000, 730_000, 0, 50_000, inferred).unexplained == 0
    assert Settlement(760_000, 700_000, 0, 50_000, inferred).unexplained == 10_000


def test_the_sentence_of_a_bill_that_does_not_add_up_has_its_numbers() -> None:
    wrong = Settlement(760_001, 710_000, 0, 50_000, typed((SELF_PAY, 50_000)))

    assert wrong.in_words() == (
        "实收费用 S 7600.01 is not 本店维修赔款额 7100.00 + the customer's part 500.00 + write-off 0.00: "
        "nobody bears 0.01 (S = E_own + C + W)"
    )


def test_a_bill_is_held_against_the_identity_before_money_has_come_only() -> None:
    wrong = Settlement(760_001, 710_000, 0, 50_000, typed((SELF_PAY, 50_000)))

    assert codes(replace(WHOLE, settlement=wrong, is_settling=False)) == []
