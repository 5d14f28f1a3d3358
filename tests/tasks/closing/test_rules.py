"""The closing checklist (domain 7.2): one row of a table for everything that is in the way."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.words import Cover, Fact, RefundState, Resolution
from tasks.closing.facts import Case, Line, Money, Paper, Refund
from tasks.closing.rules import lacks

PAID = Line(Cover.OWN_DAMAGE, 1_180_000, 1_180_000, None, is_approved=False, open_difference=None)
SETTLED = Money(is_fresh=True, bill=1_240_000, refund_open=0, topup_due=0, held=0, owed_on=0)
REFUNDED = Refund(7, 440_000, RefundState.PAID, "张三", "张三", has_proof=False, by_bank=False)
DONE = Case(
    claim_no="LP2026-0001",
    is_agency_claim=True,
    goes_to_insurer=True,
    receptionist="王敏",
    reviewer="李娜",
    returned_on=None,
    is_returned=False,
    lines=(PAID,),
    money=SETTLED,
    refunds=(REFUNDED,),
    insured_names=frozenset({"张三"}),
    deposit=500_000,
    receipt_back_on=date(2026, 11, 20),
    invoice=1_240_000,
    invoice_least=1_180_000,
    invoice_most=1_240_000,
    papers=(),
    waiting_line=None,
)


def line(**facts: Any) -> tuple[Line, ...]:
    return (replace(PAID, **facts),)


def refund(**facts: Any) -> tuple[Refund, ...]:
    return (replace(REFUNDED, **facts),)


def money(**facts: Any) -> Money:
    return replace(SETTLED, **facts)


def test_a_case_that_is_done_has_nothing_in_the_way() -> None:
    assert lacks(DONE) == ()


@pytest.mark.parametrize(
    ("facts", "code", "next_step"),
    [
        ({"is_returned": True, "returned_on": date(2026, 11, 1)}, "round_open", "resubmission"),
        ({"is_returned": True}, "round_open", "resubmission"),
        ({"lines": line(received=1_179_999)}, "payout_open", "huikuan difference list"),
        ({"lines": line(received=0, resolution=Resolution.DISPUTE)}, "payout_open", "DISPUTE"),
        ({"lines": line(received=0, resolution=Resolution.RECLAIM)}, "payout_open", "RECLAIM"),
        ({"lines": line(open_difference=4)}, "difference_open:4", "huikuan difference resolve 4 RESULT"),
        (
            {"lines": line(received=0, resolution=Resolution.SHOP_ABSORB)},
            "result_not_approved",
            "huikuan difference list",
        ),
        (
            {"lines": line(received=0, resolution=Resolution.CUSTOMER_TOPUP)},
            "result_not_approved",
            "huikuan difference list",
        ),
        ({"lines": ()}, "nothing_expected", "huikuan case expect LP2026-0001 COVER AMOUNT"),
        ({"money": money(held=30_000)}, "over_receipt_held", "300.00 yuan came above"),
        ({"money": money(owed_on=690_000)}, "third_party_owed", "pay-third-party LP2026-0001 6900.00"),
        ({"money": money(bill=None)}, "no_bill", "huikuan case bill LP2026-0001"),
        ({"money": money(is_fresh=False)}, "money_changed", "huikuan money check"),
        ({"money": money(refund_open=1)}, "refund_open", "0.01 yuan go back"),
        ({"money": money(refund_open=-1)}, "refunded_too_much", "0.01 yuan too much"),
        ({"money": money(topup_due=80_000)}, "topup_due", "record LP2026-0001 top-up 800.00"),
        ({"refunds": refund(signed_by=None)}, "refund_not_signed:7", "record LP2026-0001 signature 张三"),
        ({"refunds": refund(signed_by="李四")}, "signed_by_other:7", "signature 李四 --proof FILE"),
        (
            {"refunds": refund(signed_by=None, payee="李四", by_bank=True)},
            "signed_by_other:7",
            "--proof FILE",
        ),
        ({"receipt_back_on": None}, "deposit_receipt", "record LP2026-0001 deposit-receipt"),
        ({"invoice": None}, "no_invoice", "record LP2026-0001 invoice 12400.00"),
        ({"invoice": None, "invoice_most": None}, "no_invoice", "record LP2026-0001 invoice AMOUNT"),
        ({"invoice": 1_179_999}, "invoice_differs", "at least 11800.00"),
        ({"invoice": 1_240_001}, "invoice_differs", "at most 12400.00"),
        (
            {"papers": (Paper("赔案移交日期", Fact.HANDOVER),)},
            "paper_missing:handover",
            "LP2026-0001 handover",
        ),
        ({"waiting_line": 12}, "bank_line_waits", "huikuan reconcile accept 12"),
        ({"reviewer": None}, "not_reviewed", "record LP2026-0001 review"),
        ({"reviewer": "王敏"}, "not_reviewed", "by 王敏, who filled it in"),
    ],
    ids=lambda each: str(each)[:50],
)
def test_what_is_in_the_way_is_named_with_the_next_step(
    facts: dict[str, Any], code: str, next_step: str
) -> None:
    found = lacks(replace(DONE, **facts))

    assert [lack.code for lack in found] == [code]
    assert next_step in found[0].sentence
    assert found[0].sentence.startswith("LP2026-0001: ")
    assert ": huikuan " in found[0].sentence


@pytest.mark.parametrize(
    "facts",
    [
        {"lines": line(received=0, resolution=Resolution.SHOP_ABSORB, is_approved=True)},
        {"lines": line(received=1_179_997, resolution=Resolution.ROUNDING)},
        {"lines": line(received=1_200_000)},
        {
            "money": money(refund_open=440_000),
            "refunds": refund(state=RefundState.UNCLAIMED, signed_by=None, payee=None),
        },
        {"refunds": refund(signed_by="李四", has_proof=True)},
        {"refunds": refund(signed_by=None, by_bank=True)},
        {"refunds": refund(state=RefundState.DECLINED, signed_by=None)},
        {"deposit": 0, "receipt_back_on": None},
        {"is_agency_claim": False, "lines": (), "invoice": None},
        {"invoice": 1_180_000},
        {"reviewer": "孙审核", "receptionist": None},
    ],
    ids=[
        "absorbed, with an approver", "rounded, by itself", "too much came, and was classified",
        "a refund kept as owed", "signed with an authorisation", "paid by the bank to the insured",
        "declined", "no deposit", "the customer claims himself", "an invoice of the insurer's part only",
        "nobody known as handler",
    ],
)  # fmt: skip
def test_what_is_allowed_is_not_in_the_way(facts: dict[str, Any]) -> None:
    assert lacks(replace(DONE, **facts)) == ()


def test_a_refund_kept_as_owed_does_not_hide_another_one() -> None:
    kept = refund(state=RefundState.UNCLAIMED, amount=400_000)

    found = lacks(replace(DONE, money=money(refund_open=440_000), refunds=kept))

    assert [lack.code for lack in found] == ["refund_open"]
    assert "400.00 yuan" in found[0].sentence


def test_stale_sums_say_nothing_of_refunds() -> None:
    found = lacks(replace(DONE, money=money(is_fresh=False, refund_open=5, topup_due=7)))

    assert [lack.code for lack in found] == ["money_changed"]


def test_everything_in_the_way_is_listed_at_once() -> None:
    worst = replace(
        DONE, lines=line(received=0), money=money(held=1, owed_on=1, refund_open=1, topup_due=1),
        refunds=(*refund(signed_by=None), *refund(refund_id=8, signed_by=None)), receipt_back_on=None,
        invoice=None, reviewer=None,
    )  # fmt: skip

    codes = [lack.code for lack in lacks(worst)]

    assert len(codes) == len(set(codes)) == 10
