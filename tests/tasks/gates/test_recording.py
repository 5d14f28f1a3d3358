"""Facts of stages 1 to 3 that people record: what they change, and what is refused with the next step."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.values import Refusal
from models.words import CustomerLineKind, Fact, Liability
from tasks.gates.known import Change, Known, PaidRefund, Recorded
from tasks.gates.recording import STAGE_FACTS, change
from tasks.gates.settlement import CustomerLine, Settlement

D = date.fromisoformat
KNOWN = Known(
    claim_no="LP2026-0001",
    is_closed=False,
    is_agency_claim=True,
    submits_documents=True,
    receptionist="王敏",
    reviewer="李娜",
    dispatched_on=D("2026-09-01"),
    handed_over_on=None,
    report_no="RDAA202632070000000001",
    liability=Liability.SINGLE,
    settlement=Settlement(760_000, 710_000, 0, 50_000),
    is_settling=True,
    insured_names=frozenset({"张三"}),
    deposit=300_000,
    unsigned=(PaidRefund(7, D("2026-11-10")),),
    columns={"stage1_reviewer": "李娜"},
)


def recorded(fact: Fact, value: str = "", **facts: Any) -> Recorded:
    given: dict[str, Any] = {
        "on": D("2026-11-20"), "today": D("2026-11-21"), "by": "赵经理", "role": "manager",
    }  # fmt: skip
    return Recorded(fact, value, **given | facts)


@pytest.mark.parametrize(
    ("fact", "value", "changed"),
    [
        (Fact.REVIEW, "", Change(case={"stage1_reviewer": "赵经理", "stage1_review_date": D("2026-11-20")})),
        (Fact.RELEASE, "", Change(order={"vehicle_release_date": D("2026-11-20")})),
        (Fact.REPORT_NO, " rdaa 2026-1234 5678".replace("-", ""), Change(case={"report_no": "RDAA202612345678"})),
        (Fact.LIABILITY, "主责", Change(case={"accident_liability": Liability.MAIN})),
        (Fact.INVOICE, "7,600.00", Change(case={"invoice_amount": 760_000, "invoice_date": D("2026-11-20")})),
        (Fact.HANDOVER, "", Change(case={"file_handover_date": D("2026-11-20")})),
        (Fact.HANDOVER, "周磊", Change(case={"file_handover_date": D("2026-11-20"), "file_receiver": "周磊"})),
        (Fact.DEPOSIT_RECEIPT, "", Change(order={"deposit_receipt_back_on": D("2026-11-20")})),
        (Fact.SIGNATURE, "张三", Change(signed=(7,), signer="张三")),
    ],
)  # fmt: skip
def test_a_fact_changes_what_it_is_about(fact: Fact, value: str, changed: Change) -> None:
    assert change(recorded(fact, value), KNOWN) == changed


@pytest.mark.parametrize("fact", sorted(STAGE_FACTS - {Fact.SIGNATURE}))
def test_a_fact_known_already_changes_nothing(fact: Fact) -> None:
    value = {Fact.REPORT_NO: "RDAA20261234", Fact.LIABILITY: "主责", Fact.INVOICE: "7600"}.get(fact, "")
    first = change(recorded(fact, value), KNOWN)
    assert first is not None

    now: dict[str, Any] = {**KNOWN.columns, **first.case, **first.order}
    again = replace(
        KNOWN, columns=now, reviewer=now["stage1_reviewer"], handed_over_on=now.get("file_handover_date")
    )

    assert change(recorded(fact, value), again) is None


UPKEEP = CustomerLine(CustomerLineKind.NON_CLAIM, 88_000, inferred=False)


@pytest.mark.parametrize(
    ("fact", "facts", "known", "says"),
    [
        (Fact.REVIEW, {"by": "王敏"}, {}, "nobody reviews an entry of their own"),
        (Fact.REVIEW, {"by": "operator", "role": "operator", "value": "王敏"}, {}, "nobody reviews an entry"),
        (Fact.REVIEW, {"value": "孙审核"}, {}, "under their own login"),
        (Fact.REVIEW, {"role": "handler"}, {}, "recorded by reviewer, manager, admin"),
        (Fact.REVIEW, {"role": "cashier"}, {}, "recorded by reviewer, manager, admin"),
        (Fact.REVIEW, {}, {"settlement": Settlement(760_001, 710_000, 0, 50_000)}, "nobody bears 0.01"),
        (Fact.REVIEW, {}, {"settlement": Settlement(700_000, 710_000, 0, None)}, "100.00 too much is borne"),
        (Fact.REVIEW, {"on": D("2026-11-22")}, {}, "Correct the day after --on"),
        (Fact.HANDOVER, {}, {"reviewer": None}, "first: huikuan case record LP2026-0001 review"),
        (Fact.HANDOVER, {}, {"reviewer": "王敏"}, "first: huikuan case record LP2026-0001 review"),
        (Fact.HANDOVER, {}, {"report_no": None}, "first: huikuan case record LP2026-0001 report-no NUMBER"),
        (Fact.HANDOVER, {}, {"liability": Liability.UNDECIDED}, "事故责任 is still 待定"),
        (Fact.HANDOVER, {}, {"is_agency_claim": False, "submits_documents": False}, "不代索赔"),
        (Fact.HANDOVER, {"role": "cashier"}, {}, "recorded by handler, accountant, manager, admin"),
        (Fact.INVOICE, {"value": "0"}, {}, "above zero"),
        (Fact.INVOICE, {"value": "-5"}, {}, "above zero"),
        (Fact.INVOICE, {"value": "viel"}, {}, '"viel" is none'),
        (Fact.INVOICE, {"value": "7600.01"}, {}, "more than the accident part of the bill, 7600.00"),
        (
            Fact.INVOICE,
            {"value": "7600"},
            {"settlement": Settlement(760_000, 672_000, 0, 88_000, (UPKEEP,))},
            "invoice 6720.00",
        ),
        (Fact.REPORT_NO, {"value": "NUMBER"}, {}, '"NUMBER" is no 报案号'),
        (Fact.REPORT_NO, {"value": "1234567"}, {}, "is no 报案号"),
        (Fact.LIABILITY, {"value": "LIABILITY"}, {}, "事故责任 is one of 单方, 全责"),
        (Fact.RELEASE, {"on": D("2026-08-31")}, {}, "it can't have left on 2026-08-31"),
        (Fact.DEPOSIT_RECEIPT, {}, {"deposit": 0}, "no deposit (押金) is on record"),
        (Fact.SIGNATURE, {"value": ""}, {}, "say who signed"),
        (Fact.SIGNATURE, {"value": "李四"}, {}, "signature 李四 --proof FILE"),
        (Fact.SIGNATURE, {"value": "张三"}, {"unsigned": ()}, "no paid refund waits for a signature"),
        (Fact.SIGNATURE, {"value": "张三", "on": D("2026-11-09")}, {}, "the refund was paid on 2026-11-10"),
        (
            Fact.SIGNATURE,
            {"value": "张三", "role": "viewer"},
            {},
            "recorded by handler, cashier, manager, admin",
        ),
        (Fact.RELEASE, {}, {"is_closed": True}, "huikuan case reopen LP2026-0001"),
    ],
)
def test_what_must_not_be_is_refused_with_the_case_and_the_next_step(
    fact: Fact, facts: dict[str, Any], known: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refusal) as refused:
        change(recorded(fact, **facts), replace(KNOWN, **known))

    assert says in str(refused.value)
    assert "LP2026-0001" in str(refused.value)


def test_somebody_else_signs_with_the_insureds_authorisation() -> None:
    signed = change(recorded(Fact.SIGNATURE, "李四", has_proof=True), KNOWN)

    assert signed == Change(signed=(7,), signer="李四")


def test_an_invoice_of_a_customer_who_claims_himself_may_be_for_the_whole_bill() -> None:
    own = replace(KNOWN, is_agency_claim=False, settlement=Settlement(648_000, 0, 0, 648_000, (UPKEEP,)))

    assert change(recorded(Fact.INVOICE, "6480.00"), own) is not None


def test_a_review_after_money_has_come_is_not_held_against_the_identity() -> None:
    later = replace(KNOWN, is_settling=False, settlement=Settlement(760_001, 710_000, 0, 50_000))

    assert change(recorded(Fact.REVIEW), later) is not None
