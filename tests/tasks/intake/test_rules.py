"""What the rows of a ledger mean."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from models.words import CustomerLineKind, Liability, LineKind, Role, Severity, Stage
from tasks.intake import rules
from tasks.intake.case_facts import Round
from tasks.intake.cells import Value
from tasks.intake.customer_money import customer_lines
from tasks.intake.insurers import InsurerBook
from tasks.intake.ledger_row import Finding, LedgerRow
from tasks.intake.people import Person, people_in
from tasks.intake.repair import ClaimCase, Home, Repair, Sum

BOOK = InsurerBook(
    branches={"人保财险连云港": (7, 1)}, aliases={"人保财险": 1}, patterns={1: (r"RDAA\d{18}",)}
)
SELF_PAY, DEPOSIT = CustomerLineKind.SELF_PAY, CustomerLineKind.DEPOSIT
OWN, OTHER = LineKind.OWN_REPAIR, LineKind.OTHER_AGENCY

USUAL: dict[str, Value] = {
    "claim_no": "LP1", "plate_no": "苏G12345", "work_order_no": "WX1", "insurer_name": "人保财险连云港",
    "is_agency_claim": True, "insured_name": "罗秀", "repair_net_amount": 760000, "insurer_due_own_repair": 710000,
    "customer_payable_amount": 50000, "customer_received_amount": 50000,
}  # fmt: skip


def row(number: int = 5, facts: Mapping[str, Value] | None = None, **more: Value) -> LedgerRow:
    values = USUAL | dict(facts or {}) | more
    return LedgerRow.of("台账", number, values)


def read(*rows: LedgerRow, homes: dict[str, Home] | None = None) -> tuple[list[Repair], list[Finding]]:
    return rules.repairs(rows, BOOK, homes or {})


def case(**facts: Value) -> ClaimCase:
    return read(row(facts=facts))[0][0].cases[0]


@pytest.mark.parametrize(
    "received, bill, own, lines",
    [
        (50000, 760000, 710000, [(SELF_PAY, 50000)]),
        (500000, 1240000, 1180000, [(SELF_PAY, 60000), (DEPOSIT, 440000)]),
        (20000, 760000, 710000, [(SELF_PAY, 20000)]),
        (326000, 326000, 0, [(SELF_PAY, 326000)]),
        (560000, 560000, 560000, [(DEPOSIT, 560000)]),
        (10000, 500000, 600000, [(DEPOSIT, 10000)]),
        (500000, None, 1180000, [(DEPOSIT, 500000)]),
        (500000, 1240000, None, [(DEPOSIT, 500000)]),
        (0, 760000, 710000, []),
    ],
)
def test_the_customers_money_is_self_pay_up_to_what_no_insurer_pays(
    received: int, bill: int | None, own: int | None, lines: list[tuple[CustomerLineKind, int]]
) -> None:
    assert customer_lines(received, bill, own) == lines


def test_two_claims_of_one_repair_are_one_work_order_with_one_bill() -> None:
    lead = row(
        repair_net_amount=875000,
        insurer_due_own_repair=520000,
        customer_received_amount=200000,
        customer_payable_amount=200000,
    )
    second = row(6, claim_no="LP1B", insurer_due_own_repair=280000, repair_net_amount=None,
                 customer_received_amount=None, customer_payable_amount=None)  # fmt: skip

    (repair,), findings = read(second, lead)

    assert [(each.row.claim_no, each.is_lead) for each in repair.cases] == [("LP1", True), ("LP1B", False)]
    assert repair.facts["repair_net_amount"] == 875000
    assert repair.received == Sum(200000, None, None)
    assert repair.own_expected == 800000
    assert findings == []


def test_a_bill_on_both_rows_counts_once_and_a_different_one_is_a_finding() -> None:
    (repair,), findings = read(row(), row(6, claim_no="LP1B", insurer_due_own_repair=None, repair_net_amount=500000,
                                          customer_payable_amount=None, customer_received_amount=50000))  # fmt: skip

    assert repair.facts["repair_net_amount"] == 760000
    assert repair.received == Sum(50000, None, None)
    assert [(each.code, each.row, each.severity) for each in findings] == [
        ("bill_on_two_rows", 6, Severity.VALUE_LEFT_OUT)
    ]


@pytest.mark.parametrize(
    "facts, homes, number",
    [
        ({"work_order_no": None, "claim_no": "LP2026-0073B"}, {}, "LP2026-0073"),
        ({"work_order_no": None, "claim_no": "LP2026-0073"}, {}, "LP2026-0073"),
        ({"work_order_no": None, "claim_no": "LP7"}, {"LP7": Home("WX9", "苏G12345")}, "WX9"),
        ({"work_order_no": None, "claim_no": "LP7B"}, {"LP7": Home("WX9", "苏G12345")}, "WX9"),
        ({"work_order_no": "WX1", "claim_no": "LP7"}, {}, "WX1"),
    ],
)
def test_a_row_without_a_work_order_number_finds_its_repair(
    facts: dict[str, Value], homes: dict[str, Home], number: str
) -> None:
    assert [repair.work_order_no for repair in read(row(facts=facts), homes=homes)[0]] == [number]


def test_a_claim_number_that_is_taken_is_refused() -> None:
    repairs, findings = read(row(), homes={"LP1": Home("WX8", "苏G99999")})

    assert repairs == []
    assert [(each.code, each.severity) for each in findings] == [("claim_no_taken", Severity.ROW_LEFT_OUT)]
    assert "WX8 (苏G99999)" in findings[0].why


@pytest.mark.parametrize("homes", [{}, {"LP0": Home("WX1", "苏G12345")}])
def test_two_cars_of_one_work_order_are_not_thrown_together(homes: dict[str, Home]) -> None:
    first = () if homes else (row(),)

    repairs, findings = read(*first, row(6, claim_no="LP2", plate_no="苏G99999"), homes=homes)

    assert [each.row.claim_no for repair in repairs for each in repair.cases] == [
        each.claim_no for each in first
    ]
    assert [each.code for each in findings] == ["work_order_of_two_cars"]


@pytest.mark.parametrize(
    "facts, expected, codes",
    [
        ({}, {OWN: 710000}, []),
        ({"insurer_due_other_agency": 690000}, {OWN: 710000, OTHER: 690000}, []),
        ({"insurer_due_own_repair": 0, "customer_payable_amount": 760000}, {}, []),
        (
            {"is_agency_claim": False, "insurer_due_own_repair": None, "customer_payable_amount": 760000},
            {},
            [],
        ),
        ({"is_agency_claim": False, "customer_payable_amount": 760000}, {}, ["not_agency"]),
        ({"is_agency_claim": None}, {OWN: 710000}, ["agency_unknown"]),
    ],
)
def test_what_an_insurer_is_expected_to_pay(
    facts: dict[str, Value], expected: dict[LineKind, int], codes: list[str]
) -> None:
    (repair,), findings = read(row(facts=facts))

    assert repair.cases[0].expected == expected
    assert [finding.code for finding in findings] == codes


@pytest.mark.parametrize(
    "facts, code",
    [
        ({"insurer_due_own_repair": 800000}, "insurer_above_bill"),
        ({"customer_payable_amount": 10000}, "bill_not_covered"),
    ],
)
def test_a_bill_that_does_not_add_up_is_a_note(facts: dict[str, Value], code: str) -> None:
    repairs, findings = read(row(facts=facts))

    assert len(repairs) == 1
    assert [(finding.code, finding.severity) for finding in findings] == [(code, Severity.NOTE)]


@pytest.mark.parametrize(
    "facts, stage",
    [
        ({}, Stage.REPAIR),
        ({"file_handover_date": date(2026, 9, 10)}, Stage.SUBMITTED),
        ({"insurer_accepted_date": date(2026, 9, 12)}, Stage.SUBMITTED),
        ({"payout_received_amount": 710000}, Stage.PAYOUT),
        ({"payout_received_amount": 710000, "closed_by": "王敏"}, Stage.CLOSED),
        ({"is_agency_claim": False, "insurer_due_own_repair": None, "closed_by": "王敏"}, Stage.CLOSED),
    ],
)
def test_how_far_a_case_is(facts: dict[str, Value], stage: Stage) -> None:
    assert case(**facts).stage is stage


def test_when_a_case_was_closed_stays_unknown() -> None:
    assert case(closed_by="王敏", payout_received_date=date(2026, 10, 12)).facts["closed_date"] is None


@pytest.mark.parametrize(
    "said, resubmitted, told",
    [
        (None, None, None), ("否", None, None), ("×", None, None),
        ("缺事故认定书", date(2026, 8, 16), Round("缺事故认定书", None, date(2026, 8, 16))),
        ("缺发票", None, Round("缺发票", None, None)),
        ("是", None, Round(None, None, None)), ("√", date(2026, 8, 16), Round(None, None, date(2026, 8, 16))),
        (None, date(2026, 8, 16), Round(None, None, date(2026, 8, 16))),
        ("2026-02-30 缺发票", None, Round("2026-02-30 缺发票", None, None)),
        ("2026-08-31 缺发票", None, Round("缺发票", date(2026, 8, 31), None)),
        ("2026-08-09 缺发票", None, Round("缺发票", date(2026, 8, 9), None)),
        ("2026年8月9日", date(2026, 8, 16), Round(None, date(2026, 8, 9), date(2026, 8, 16))),
    ],
)  # fmt: skip
def test_a_file_that_came_back(said: str | None, resubmitted: date | None, told: Round | None) -> None:
    assert case(rejected_returned=said, resubmitted_date=resubmitted).round == told


@pytest.mark.parametrize(
    "said, liability",
    [("全责", Liability.FULL), ("主责70%", Liability.MAIN), ("主要责任", Liability.MAIN), ("同等责任", Liability.EQUAL),
     ("对等", Liability.EQUAL), ("次责", Liability.MINOR), ("无责", Liability.NONE), ("单方事故", Liability.SINGLE),
     ("待定", Liability.UNDECIDED), (None, None)],
)  # fmt: skip
def test_who_was_liable(said: str | None, liability: Liability | None) -> None:
    assert case(accident_liability=said).facts["accident_liability"] is liability


def test_a_liability_that_is_no_such_word_is_left_out_alone() -> None:
    repairs, findings = read(row(accident_liability="双方"))

    assert repairs[0].cases[0].facts["accident_liability"] is None
    assert [(each.code, each.severity) for each in findings] == [
        ("unknown_liability", Severity.VALUE_LEFT_OUT)
    ]


def test_an_unknown_insurer_goes_in_and_is_asked_for_once() -> None:
    rows = [
        row(number, claim_no=f"LP{number}", work_order_no=f"WX{number}", insurer_name="东海互助")
        for number in (5, 6, 7)
    ]

    repairs, findings = read(*rows)

    assert len(repairs) == 3
    assert [(each.code, each.row) for each in findings] == [("unknown_insurer", 5)]
    assert 'huikuan insurer alias "东海互助" GROUP' in findings[0].remedy


def test_the_totals_of_payout_and_refund_are_kept_with_who_and_when() -> None:
    paid: dict[str, Any] = {
        "payout_received_amount": 710000, "payout_received_date": date(2026, 10, 12), "payout_recorded_by": "周会计",
        "refund_paid_amount": 1000, "refund_paid_date": date(2026, 10, 20), "refund_payee": "罗秀",
    }  # fmt: skip

    (repair,), _ = read(row(facts=paid))

    assert repair.cases[0].payouts == (Sum(710000, date(2026, 10, 12), "周会计"),)
    assert repair.refund == Sum(1000, date(2026, 10, 20), "罗秀")


def test_people_are_known_by_what_they_do_first() -> None:
    rows = [
        row(
            insurance_receptionist="孙颖/赵凯",
            customer_cashier="钱会",
            stage1_reviewer="王敏",
            closed_by="王敏",
        ),
        row(
            payout_recorded_by="周会计",
            insurance_receptionist="理赔岗",
            customer_cashier="财务",
            closed_by="2026",
        ),
    ]

    assert people_in(rows) == [
        Person("孙颖", Role.HANDLER), Person("赵凯", Role.HANDLER), Person("钱会", Role.CASHIER),
        Person("周会计", Role.ACCOUNTANT), Person("王敏", Role.REVIEWER),
    ]  # fmt: skip
