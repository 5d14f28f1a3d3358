"""Which cases stand in a month's ledger, and how the month is counted (domain 7.3)."""

from datetime import date

import pytest

from models.values import Period
from models.words import LineKind, Resolution
from tasks.ledgers import rules
from tasks.ledgers.facts import Case, Line, Movement, Round, WorkOrder
from tasks.ledgers.month import ledger_book

NOVEMBER = Period(2026, 11)
TODAY = date(2026, 11, 21)


def a_case(claim_no: str = "LP2026-0001", **facts: object) -> Case:
    return Case(**{"claim_no": claim_no, "dispatch_date": date(2026, 9, 1)} | facts)  # type: ignore[arg-type]


def a_line(expected: int, *received: tuple[date | None, int], **facts: object) -> Line:
    receipts = tuple(Movement(on, amount) for on, amount in received)
    return Line(LineKind.OWN_REPAIR, expected, receipts, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "in_the_ledger"),
    [
        pytest.param(a_case(), True, id="open from an earlier month"),
        pytest.param(a_case(dispatch_date=date(2026, 11, 5)), True, id="begun in the month"),
        pytest.param(a_case(dispatch_date=date(2026, 12, 1)), False, id="begun after the month"),
        pytest.param(a_case(dispatch_date=None), True, id="open with no date at all"),
        pytest.param(a_case(closed=True, closed_date=date(2026, 10, 31)), False, id="closed the day before"),
        pytest.param(a_case(closed=True, closed_date=date(2026, 11, 1)), True, id="closed on the first"),
        pytest.param(a_case(closed=True), False, id="closed on an unknown day, nothing dated in the month"),
        pytest.param(
            a_case(closed=True, lines=(a_line(100, (date(2026, 11, 8), 100)),)), True, id="paid in the month"
        ),
        pytest.param(
            a_case(closed=True, rounds=(Round(None, "缺发票", date(2026, 11, 2)),)), True, id="resubmitted in the month"
        ),
        pytest.param(
            a_case(closed=True, work_order=WorkOrder("W1", refunds=(Movement(date(2026, 11, 3), 5),))), True,
            id="refunded in the month",
        ),
    ],
)  # fmt: skip
def test_a_case_is_in_the_ledger_when_anything_happened_in_the_month_or_it_is_open(
    case: Case, in_the_ledger: bool
) -> None:
    assert rules.belongs(case, NOVEMBER, TODAY) is in_the_ledger


def test_what_happens_after_the_business_date_does_not_bring_a_closed_case_in() -> None:
    case = a_case(closed=True, lines=(a_line(100, (date(2026, 11, 25), 100)),))

    assert not rules.belongs(case, NOVEMBER, TODAY)


@pytest.mark.parametrize(
    ("case", "carried"),
    [
        (a_case(dispatch_date=date(2026, 10, 31)), True),
        (a_case(dispatch_date=date(2026, 11, 1)), False),
        (a_case(closed=True, closed_date=date(2026, 11, 15)), True),
        (a_case(closed=True, closed_date=date(2026, 10, 15)), False),
    ],
)
def test_a_case_from_an_earlier_month_is_marked_carried_while_it_was_open(case: Case, carried: bool) -> None:
    book = ledger_book([case], shop="福源", period=NOVEMBER, built_on=TODAY)

    assert rules.carried(case, NOVEMBER) is carried
    assert [row.text("remark") == "结转" for row in book.rows] in ([carried], [])


def test_a_ledger_of_a_past_month_hides_what_came_later() -> None:
    case = a_case(
        insurer_accepted_date=date(2026, 9, 20),
        invoice_amount=99,
        invoice_date=date(2026, 11, 2),
        closed=True,
        closed_date=date(2026, 11, 15),
        closed_by="王敏",
        lines=(a_line(90_000, (date(2026, 10, 12), 20_000), (date(2026, 11, 3), 70_000)),),
        work_order=WorkOrder("W1", repair_net_amount=90_500, surplus=-70_500, insurer_received=20_000),
    )

    (row,) = ledger_book([case], shop="福源", period=Period(2026, 10), built_on=TODAY).rows

    assert row.amount("payout_received_amount") == 20_000
    assert row.outstanding == 70_000
    assert row.cells["age_days"] == 41
    assert (row.cells["invoice_amount"], row.cells["invoice_date"], row.cells["closed_by"]) == (
        None,
        None,
        "",
    )
    assert row.cells["refund_due_amount"] == 0
    assert row.text("state") == "未结"


def test_the_money_of_a_repair_with_two_claims_is_shown_once() -> None:
    repair = WorkOrder(
        "WX1", repair_net_amount=875_000, customer_receipts=(Movement(date(2026, 10, 1), 200_000, "钱会"),),
        surplus=125_000, computed_on=TODAY,
    )  # fmt: skip
    first = a_case("LP2026-0072", work_order=repair, lines=(a_line(520_000),))
    second = a_case("LP2026-0072B", work_order=repair, is_lead=False, lines=(a_line(280_000),))

    book = ledger_book([second, first], shop="福源", period=NOVEMBER, built_on=TODAY)

    assert [row.lead for row in book.rows] == [True, False]
    assert book.total("repair_net_amount") == 875_000
    assert book.total("customer_received_amount") == 200_000
    assert book.total("refund_due_amount") == 125_000
    assert book.total("insurer_due_own_repair") == 800_000
    assert [row.text("work_order_no") for row in book.rows] == ["WX1", "WX1"]
    assert "LP2026-0072B同一派工单" in book.rows[0].text("remark")
    assert "见首行" in book.rows[1].text("remark")


def test_the_second_claim_shows_the_money_when_the_first_is_not_in_the_month() -> None:
    repair = WorkOrder("WX1", repair_net_amount=875_000)
    first = a_case("LP2026-0072", work_order=repair, closed=True)
    second = a_case("LP2026-0072B", work_order=repair, is_lead=False)

    book = ledger_book([first, second], shop="福源", period=NOVEMBER, built_on=TODAY)

    assert [row.claim_no for row in book.rows] == ["LP2026-0072B"]
    assert book.total("repair_net_amount") == 875_000


@pytest.mark.parametrize(
    ("days", "label"),
    [
        (0, "0-30天"), (30, "0-30天"), (31, "31-60天"), (60, "31-60天"), (61, "61-90天"), (90, "61-90天"),
        (91, "91-180天"), (180, "91-180天"), (181, "180天以上"), (None, "未接案"),
    ],
)  # fmt: skip
def test_outstanding_money_is_aged_since_the_insurer_accepted(days: int | None, label: str) -> None:
    accepted = None if days is None else date.fromordinal(TODAY.toordinal() - days)
    case = a_case(insurer_accepted_date=accepted, insurer_group="人保财险", lines=(a_line(100_000),))

    book = ledger_book([case], shop="福源", period=NOVEMBER, built_on=TODAY)

    assert {line.bucket.label: line.outstanding for line in book.ageing if line.count} == {label: 100_000}


def test_too_much_on_one_line_does_not_hide_too_little_on_another() -> None:
    over, short = a_line(200_000, (date(2026, 11, 2), 230_000)), a_line(100_000, (date(2026, 11, 2), 70_000))

    book = ledger_book([a_case(lines=(over, short))], shop="福源", period=NOVEMBER, built_on=TODAY)

    assert (book.total("outstanding"), book.total("over_receipt")) == (30_000, 30_000)
    assert [(line.result, line.count, line.amount) for line in book.results] == [("未处理", 2, 0)]


@pytest.mark.parametrize(
    ("resolution", "outstanding", "word"),
    [
        (Resolution.SHOP_ABSORB, 0, "本店承担 800.00"),
        (Resolution.CUSTOMER_TOPUP, 0, "客户补足 800.00"),
        (Resolution.ROUNDING, 0, "尾差忽略 800.00"),
        (Resolution.RECLAIM, 80_000, "再次索赔 800.00"),
        (Resolution.DISPUTE, 80_000, "争议/投诉/诉讼 800.00"),
    ],
)
def test_only_a_final_result_ends_the_expectation(
    resolution: Resolution, outstanding: int, word: str
) -> None:
    case = a_case(lines=(a_line(1_180_000, (date(2026, 11, 2), 1_100_000), resolution=resolution),))

    (row,) = ledger_book([case], shop="福源", period=NOVEMBER, built_on=TODAY).rows

    assert (row.outstanding, row.text("difference_resolution")) == (outstanding, word)


def test_several_payouts_are_one_sum_and_told_apart_in_the_remark() -> None:
    case = a_case(lines=(a_line(520_000, (date(2026, 10, 28), 200_000), (date(2026, 11, 3), 320_000)),))

    (row,) = ledger_book([case], shop="福源", period=NOVEMBER, built_on=TODAY).rows

    assert row.amount("payout_received_amount") == 520_000
    assert row.day("payout_received_date") == date(2026, 11, 3)
    assert row.amount("received_in_period") == 320_000
    assert row.text("remark") == "结转；回款2次(10-28 2,000.00，11-03 3,200.00)"


def test_a_bounced_refund_is_due_again() -> None:
    repair = WorkOrder(
        "WX1", repair_net_amount=1, surplus=169_019, computed_on=TODAY,
        refunds=(Movement(date(2026, 10, 30), 169_019, "郭明敏"), Movement(date(2026, 11, 2), -169_019, "郭明敏")),
    )  # fmt: skip

    (row,) = ledger_book([a_case(work_order=repair)], shop="福源", period=NOVEMBER, built_on=TODAY).rows

    assert (row.amount("refund_paid_amount"), row.amount("refund_open")) == (0, 169_019)
    assert "退款2次(10-30 1,690.19，11-02 -1,690.19)" in row.text("remark")


@pytest.mark.parametrize(("received", "due", "shown"), [(0, 0, None), (0, 500, 500), (1, 0, 0)])
def test_nothing_due_before_a_payout_is_an_empty_cell_and_not_a_zero(
    received: int, due: int, shown: int | None
) -> None:
    repair = WorkOrder("WX1", repair_net_amount=1, insurer_received=received, surplus=due)

    (row,) = ledger_book([a_case(work_order=repair)], shop="福源", period=NOVEMBER, built_on=TODAY).rows

    assert row.cells["refund_due_amount"] == shown


def test_the_program_is_named_in_chinese_and_a_person_once() -> None:
    receipts = tuple(Movement(date(2026, 11, 2), 1, who) for who in ("system", "周会计", "周会计", ""))

    (row,) = ledger_book(
        [a_case(lines=(Line(LineKind.OWN_REPAIR, 4, receipts),))],
        shop="福源",
        period=NOVEMBER,
        built_on=TODAY,
    ).rows

    assert row.text("payout_recorded_by") == "系统、周会计"
