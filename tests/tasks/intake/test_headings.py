"""Headings are found by their words, wherever they stand."""

import pytest

from tasks.intake.columns import BY_FIELD, FORM
from tasks.intake.headings import Headings, find_headings

TITLE = "连云港福源汽车修理有限公司保险理赔台账"
BASIC = ["理赔编号", "车牌号", "保险公司"]


def headings(*rows: list[str | None], merged: tuple[tuple[int, int, int, int], ...] = ()) -> Headings:
    found = find_headings(rows, merged)
    assert found is not None
    return found


def test_the_form_has_forty_two_columns_in_order() -> None:
    assert [column.number for column in FORM] == list(range(1, 43))


@pytest.mark.parametrize(
    "heading, field",
    [
        ("理赔号", "claim_no"), ("理 赔 编 号", "claim_no"), ("理赔编号*", "claim_no"),
        ("车牌号码", "plate_no"), ("牌照", "plate_no"), ("车牌", "plate_no"),
        ("报案号/保单号", "report_or_policy_no"), ("报案号（或保单号）", "report_or_policy_no"),
        ("工时费（元）", "labour_fee"), ("工时费(用)", "labour_fee"), ("配件费", "parts_fee"),
        ("其他费用", "other_fee"), ("应收金额", "repair_gross_amount"), ("实收\n费用", "repair_net_amount"),
        ("本店维修赔款额(元)", "insurer_due_own_repair"), ("非本店维修的其它代索赔费用", "insurer_due_other_agency"),
        ("赔款到帐日期", "payout_received_date"), ("到账日期", "payout_received_date"),
        ("再次移交(递交)日期", "resubmitted_date"), ("再次递交日期", "resubmitted_date"),
        ("收案人（保险接车员）", "file_receiver"), ("实退金额", "refund_paid_amount"),
        ("(领款)金额", "refund_paid_amount"), ("退款日期", "refund_paid_date"), ("结案日期", "closed_date"),
        ("保单号", "policy_no"),
    ],
)  # fmt: skip
def test_a_heading_is_known_by_its_words(heading: str, field: str) -> None:
    rest = [word for word in BASIC if word not in (BY_FIELD[field].heading,)]

    found = headings([*rest, "车系", heading])

    assert found.places[field] == len(rest) + 1


def test_two_columns_of_one_heading_are_told_apart_by_the_band_above() -> None:
    found = headings(
        [TITLE] + [None] * 8,
        [
            "基本信息",
            None,
            None,
            "代索赔案件回款信息",
            None,
            "客户支付金额(含自付额、押金等)",
            None,
            "客户领取退款信息",
            None,
        ],
        [*BASIC, "收款人", "实收金额", "收款人", "实收金额", "领款日期", "金额"],
    )

    assert found.places == {
        "claim_no": 0, "plate_no": 1, "insurer_name": 2, "payout_recorded_by": 3, "payout_received_amount": 4,
        "customer_cashier": 5, "customer_received_amount": 6, "refund_paid_date": 7, "refund_paid_amount": 8,
    }  # fmt: skip


def test_without_bands_the_columns_beside_decide() -> None:
    found = headings(
        [
            *BASIC,
            "非本店维修的其他代索赔费用",
            "金额",
            "实收金额",
            "收款日期",
            "收款人",
            "实际收款金额",
            "收款人",
            "领款日期",
            "金额",
        ]
    )

    assert [found.places[field] for field in ("customer_payable_amount", "customer_received_amount")] == [
        4,
        5,
    ]
    assert [found.places[field] for field in ("customer_cashier", "payout_recorded_by")] == [7, 9]
    assert found.places["refund_paid_amount"] == 11


def test_a_band_reaches_no_further_than_its_merged_cells() -> None:
    found = headings(
        [None, None, None, "代索赔案件回款信息", None, None],
        [*BASIC, "赔款到账日期", "实际收款金额", "金额"],
        merged=((0, 3, 0, 4),),
    )

    assert found.places["refund_paid_amount"] == 5


def test_a_heading_merged_over_two_rows_is_a_heading() -> None:
    merged = ((1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4))

    found = headings(
        [TITLE, None, None, None, None],
        [*BASIC, "客户支付金额", None],
        [None, None, None, "金额", "实收金额"],
        merged=merged,
    )

    assert found.row == 2
    assert found.places == {
        "claim_no": 0, "plate_no": 1, "insurer_name": 2, "customer_payable_amount": 3, "customer_received_amount": 4,
    }  # fmt: skip


@pytest.mark.parametrize("above", [0, 1, 7, 17])
def test_the_heading_row_may_stand_further_down(above: int) -> None:
    found = headings(*[["制表:孙颖", None, None]] * above, [*BASIC], ["LP1", "苏G12345", "人保"])

    assert found.row == above


def test_what_is_no_column_is_named_and_left_alone() -> None:
    found = headings(["序号", *BASIC, "备注", "保险公司"])

    assert found.ignored == ((0, "序号"), (4, "备注"), (5, "保险公司"))


def test_an_essential_heading_that_is_missing_is_named() -> None:
    assert headings(["理赔编号", "保险公司", "派工单号"]).missing == ("车牌号",)


def test_a_sheet_without_headings_has_none() -> None:
    assert find_headings([["月份", "金额"], ["10", "3"]], ()) is None
    assert find_headings([], ()) is None
