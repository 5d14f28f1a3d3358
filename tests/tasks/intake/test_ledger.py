"""Ledgers as people keep them: messy, and read all the same or refused with a sentence."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from models.values import Refusal
from models.words import Severity
from tasks.intake.columns import BY_FIELD, FORM
from tasks.intake.ledger import Ledger, title_of
from tasks.intake.reading import ledger_of
from worker.sheets import read_book

TODAY = date(2026, 11, 21)
TITLE = "连云港福源汽车修理有限公司保险理赔台帐"
NAMES = [column.heading for column in FORM]

ROW: dict[str, Any] = {
    "claim_no": "LP2026-0001", "dispatch_date": date(2026, 9, 3), "is_agency_claim": "是",
    "shop_submits_documents": "是", "insured_name": "罗秀", "plate_no": "苏G869LH", "accident_liability": "单方",
    "insurer_name": "中国人民财产保险股份有限公司连云港市分公司", "report_or_policy_no": "RDAA202632070057919460",
    "work_order_no": "WX2600003", "labour_fee": 1700, "parts_fee": 1600, "other_fee": 0,
    "repair_gross_amount": 3300, "repair_net_amount": 3300, "insurer_due_own_repair": 2800,
    "customer_payable_amount": 500, "customer_received_amount": 500,
    "customer_received_date": date(2026, 9, 8), "customer_cashier": "钱会",
}  # fmt: skip

Book = Callable[[Worksheet], None]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Ledger]:
    """Fill the sheets of a workbook, save it, and read it as of 2026-11-21."""

    def written(*fills: Book, hidden: Sequence[int] = ()) -> Ledger:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for number, fill in enumerate(fills):
            fill(book.create_sheet(f"表{number + 1}"))
            if number in hidden:
                book.worksheets[number].sheet_state = "hidden"
        path = tmp_path / "台账.xlsx"
        book.save(path)
        return ledger_of(read_book(path), TODAY)

    return written


def cells(**facts: Any) -> list[Any]:
    """One row of the form; what is not named stands as in ROW."""
    values = ROW | facts
    return [values.get(column.field) for column in FORM]


def sheet(
    *rows: Sequence[Any], headings: Sequence[str] = NAMES, above: Sequence[Sequence[Any]] = ((TITLE,),)
) -> Book:
    def fill(ws: Worksheet) -> None:
        for row in (*above, headings, *rows):
            ws.append(list(row))

    return fill


def codes(ledger: Ledger) -> list[tuple[str, int]]:
    return [(finding.code, finding.row) for finding in ledger.findings]


def test_a_row_of_the_plain_form(read: Callable[..., Ledger]) -> None:
    ledger = read(sheet(cells()))

    (row,) = ledger.rows
    assert (row.claim_no, row.row, row.money("repair_net_amount")) == ("LP2026-0001", 3, 330000)
    assert (row.day("dispatch_date"), row.flag("is_agency_claim")) == (date(2026, 9, 3), True)
    assert row.text("customer_cashier") == "钱会"
    assert row.text("payout_recorded_by") is None
    assert codes(ledger) == []


def test_the_headings_may_stand_further_down(read: Callable[..., Ledger]) -> None:
    ledger = read(
        sheet(cells(), above=[(TITLE,), ("制表:孙颖", None, "2026-11-20"), (), (), (None,), ("单位:元",)])
    )

    assert [row.row for row in ledger.rows] == [8]


def test_columns_may_stand_in_any_order(read: Callable[..., Ledger]) -> None:
    names, values = NAMES[:20][::-1], cells()[:20][::-1]

    ledger = read(sheet(values, headings=names))

    assert ledger.rows[0].values == read(sheet(cells()[:20], headings=NAMES[:20])).rows[0].values


def test_an_extra_column_is_named_and_left_alone(read: Callable[..., Ledger]) -> None:
    ledger = read(sheet([7, *cells(), "客户催问"], headings=["序号", *NAMES, "备注"]))

    assert ledger.rows[0].claim_no == "LP2026-0001"
    assert ledger.summary["headings_ignored"] == ["备注", "序号"]


def test_synonyms_mean_the_same(read: Callable[..., Ledger]) -> None:
    names = [
        "理赔号",
        "车牌",
        "承保公司",
        "工单号",
        "应收金额",
        "实收合计",
        "代索赔",
        "报案号",
        "到帐日期",
        "到账金额",
    ]

    ledger = read(sheet(
        ["LP9", "苏G·869LH", "人保财险", 2600003, "¥3,300.00", "３３００", "√", "RDAA202632070057919460", "2026年10月5日", "2,800元"],
        headings=names,
    ))  # fmt: skip

    assert ledger.rows[0].values == {
        "claim_no": "LP9", "plate_no": "苏G869LH", "insurer_name": "人保财险", "work_order_no": "2600003",
        "repair_gross_amount": 330000, "repair_net_amount": 330000, "is_agency_claim": True,
        "report_or_policy_no": "RDAA202632070057919460", "payout_received_date": date(2026, 10, 5),
        "payout_received_amount": 280000,
    }  # fmt: skip


@pytest.mark.parametrize(
    "amount", ["¥ 3,300.00", "3300元", "３，３００．００", " 3300 ", "3300.00", "RMB 3300", "0.33万", "3 300"]
)
def test_amounts_typed_as_text(read: Callable[..., Ledger], amount: str) -> None:
    ledger = read(sheet(cells(repair_net_amount=amount)))

    assert ledger.rows[0].money("repair_net_amount") == 330000


@pytest.mark.parametrize(
    "day",
    [
        "2026-09-03",
        "2026/9/3",
        "20260903",
        "2026年9月3日",
        "2026.9.3",
        "2026-09-03 10:23:45",
        46268,
        date(2026, 9, 3),
    ],
)
def test_dates_in_eight_spellings(read: Callable[..., Ledger], day: Any) -> None:
    ledger = read(sheet(cells(dispatch_date=day)))

    assert ledger.rows[0].day("dispatch_date") == date(2026, 9, 3)


def test_rows_that_are_no_cases_are_passed_over(read: Callable[..., Ledger]) -> None:
    total = ["合计", *[None] * 12, 1700, 1600, 0, 3300, 3300]
    ledger = read(sheet(
        cells(), [], ["", " "], cells(claim_no="LP2", plate_no="苏G11111", work_order_no="WX2", report_or_policy_no="R2"),
        [None, None, "小计:", *[None] * 10, 1700], total, ["制表人:孙颖", None, None, None, None, "审核:王敏"],
        ["备注:本表金额单位为元"], [None] * 42, NAMES, [None] * 13 + [0, 0, 0, 0, 0],
    ))  # fmt: skip

    assert [row.claim_no for row in ledger.rows] == ["LP2026-0001", "LP2"]
    assert ledger.summary["rows_passed_over"] == {"blank": 4, "total": 2, "note": 2, "heading": 1}
    assert codes(ledger) == []


def test_two_claims_of_one_repair_merged_downwards(read: Callable[..., Ledger]) -> None:
    def fill(ws: Worksheet) -> None:
        sheet(cells(), cells())(ws)
        ws["A4"], ws["K4"], ws["S4"] = "LP2026-0001B", "RDAA202632070057919999", 0
        for column in FORM:
            if column.field not in ("claim_no", "report_or_policy_no", "insurer_due_own_repair"):
                ws.merge_cells(start_row=3, end_row=4, start_column=column.number, end_column=column.number)

    lead, second = read(fill).rows

    assert dict(second.values) | {"claim_no": lead.claim_no} == dict(lead.values) | {
        "report_or_policy_no": "RDAA202632070057919999", "insurer_due_own_repair": 0, "labour_fee": None,
        "parts_fee": None, "other_fee": None, "repair_gross_amount": None, "repair_net_amount": None,
        "customer_payable_amount": None, "customer_received_amount": None, "customer_received_date": None,
        "customer_cashier": None,
    }  # fmt: skip


def only(**facts: Any) -> list[Any]:
    return [facts.get(column.field) for column in FORM]


def test_rows_below_that_hold_only_a_payout_belong_to_the_claim_above(read: Callable[..., Ledger]) -> None:
    ledger = read(
        sheet(
            cells(payout_received_amount=800, payout_received_date=date(2026, 10, 5)),
            only(
                payout_received_amount=2000,
                payout_received_date=date(2026, 10, 9),
                payout_recorded_by="周会计",
            ),
        )
    )

    (row,) = ledger.rows
    assert [each.money("payout_received_amount") for each in (row, *row.more)] == [80000, 200000]
    assert codes(ledger) == []


@pytest.mark.parametrize(
    "facts", [{"payout_received_amount": "八百"}, {"payout_received_amount": 800, "closed_by": "王敏"}]
)
def test_any_other_row_without_a_claim_number_is_a_finding(
    read: Callable[..., Ledger], facts: dict[str, Any]
) -> None:
    ledger = read(sheet(cells(), only(**facts)))

    assert [row.more for row in ledger.rows] == [()]
    assert ("empty_cell", 4) in codes(ledger) or ("unreadable_money", 4) in codes(ledger)


def test_a_payout_below_a_row_that_was_left_out_is_not_given_to_another(read: Callable[..., Ledger]) -> None:
    broken = cells(claim_no="LP2", labour_fee="x")

    ledger = read(sheet(cells(), broken, only(payout_received_amount=800)))

    assert [row.more for row in ledger.rows] == [()]
    assert codes(ledger) == [("unreadable_money", 4), ("empty_cell", 5)]


@pytest.mark.parametrize(
    "field, cell, code, why",
    [
        ("repair_net_amount", "12,3", "unreadable_money", "not an amount"),
        ("repair_net_amount", "三千三", "unreadable_money", "not an amount"),
        ("repair_net_amount", "3300.005", "unreadable_money", "more than two decimals"),
        ("labour_fee", -1700, "unreadable_money", "a negative amount"),
        ("payout_received_amount", "#VALUE!", "unreadable_money", "a formula that failed"),
        ("dispatch_date", "2031-09-03", "unreadable_date", "more than 31 days after 2026-11-21"),
        ("dispatch_date", "1987-09-03", "unreadable_date", "1990"),
        ("insurer_accepted_date", "2026-02-30", "unreadable_date", "no calendar"),
        ("insurer_accepted_date", "上周", "unreadable_date", "not a date"),
        ("is_agency_claim", "部分", "unreadable_flag", "neither 是 nor 否"),
        ("claim_no", None, "empty_cell", "empty"),
        ("claim_no", "LP" * 40, "unreadable_number", "longer than 32"),
        ("work_order_no", "2.6E+20", "unreadable_number", "rounded"),
    ],
)
def test_a_cell_that_cannot_be_read_takes_its_row_with_it(
    read: Callable[..., Ledger], field: str, cell: Any, code: str, why: str
) -> None:
    other = cells(claim_no="LP2", plate_no="苏G11111", work_order_no="WX2", report_or_policy_no="R2")

    ledger = read(sheet(cells(**{field: cell}), other))

    (finding,) = ledger.findings
    assert [row.claim_no for row in ledger.rows] == ["LP2"]
    assert (finding.code, finding.severity, finding.row) == (code, Severity.ROW_LEFT_OUT, 3)
    assert (finding.column, finding.heading) == (BY_FIELD[field].number - 1, BY_FIELD[field].heading)
    assert why in finding.why
    assert finding.cells is not None
    assert finding.cells["plate_no"] == "苏G869LH"


@pytest.mark.parametrize(
    "field, cell",
    [
        ("report_or_policy_no", 605202632070087061213.0),
        ("plate_no", "未上牌LSVAA2345678901234"),
        ("vehicle_series", "途" * 65),
    ],
)
def test_a_text_that_cannot_be_taken_is_left_out_alone(
    read: Callable[..., Ledger], field: str, cell: Any
) -> None:
    ledger = read(sheet(cells(**{field: cell})))

    assert ledger.rows[0].values[field] is None
    assert ledger.findings[0].severity is Severity.VALUE_LEFT_OUT


def test_a_binary_fraction_is_the_fen_it_means(read: Callable[..., Ledger]) -> None:
    ledger = read(sheet(cells(parts_fee=6828.639999999999, repair_gross_amount=8528.639999999999)))

    assert ledger.rows[0].money("repair_gross_amount") == 852864
    assert codes(ledger) == []


def test_a_claim_number_twice_with_other_content_is_a_finding(read: Callable[..., Ledger]) -> None:
    ledger = read(sheet(cells(), cells(insured_name="周娜")))

    (finding,) = ledger.findings
    assert [row.text("insured_name") for row in ledger.rows] == ["罗秀"]
    assert (finding.code, finding.row, finding.severity) == ("claim_no_twice", 4, Severity.ROW_LEFT_OUT)
    assert "row 3" in finding.why


def test_the_same_row_twice_counts_once(read: Callable[..., Ledger]) -> None:
    ledger = read(sheet(cells(), cells()))

    assert len(ledger.rows) == 1
    assert codes(ledger) == []


def test_a_later_sheet_fills_what_an_earlier_one_left_empty(read: Callable[..., Ledger]) -> None:
    paid = cells(payout_received_date=date(2026, 10, 12), payout_received_amount=2800)

    ledger = read(sheet(cells()), sheet(paid))

    assert [row.money("payout_received_amount") for row in ledger.rows] == [280000]
    assert codes(ledger) == []


def test_a_later_sheet_does_not_overwrite_an_earlier_one(read: Callable[..., Ledger]) -> None:
    ledger = read(sheet(cells()), sheet(cells(repair_net_amount=3200)))

    assert [row.money("repair_net_amount") for row in ledger.rows] == [330000]
    assert codes(ledger) == [("claim_no_twice", 3)]


def test_a_plate_twice_goes_in_with_a_note(read: Callable[..., Ledger]) -> None:
    other = cells(
        claim_no="LP2", work_order_no="WX2", report_or_policy_no="R2", dispatch_date=date(2026, 9, 20)
    )

    ledger = read(sheet(cells(), other))

    assert len(ledger.rows) == 2
    assert codes(ledger) == [("plate_twice", 4)]
    assert ledger.findings[0].severity is Severity.NOTE


def test_a_plate_that_comes_back_after_months_is_no_finding(read: Callable[..., Ledger]) -> None:
    other = cells(
        claim_no="LP2", work_order_no="WX2", report_or_policy_no="R2", dispatch_date=date(2026, 3, 1)
    )

    assert codes(read(sheet(cells(), other))) == []


def test_a_report_number_twice_goes_in_with_a_note(read: Callable[..., Ledger]) -> None:
    ledger = read(sheet(cells(), cells(claim_no="LP2", plate_no="苏G11111", work_order_no="WX2")))

    assert len(ledger.rows) == 2
    assert codes(ledger) == [("report_no_twice", 4)]


@pytest.mark.parametrize(
    "facts, code",
    [
        ({"repair_net_amount": 3400}, "net_above_gross"),
        ({"labour_fee": 1800}, "fees_do_not_add_up"),
        ({"plate_no": "皖12345"}, "odd_plate"),
        ({"plate_no": None}, "odd_plate"),
        ({"insured_name": None}, "no_insured"),
    ],
)
def test_what_looks_wrong_goes_in_with_a_note(
    read: Callable[..., Ledger], facts: dict[str, Any], code: str
) -> None:
    ledger = read(sheet(cells(**facts)))

    assert len(ledger.rows) == 1
    assert (code, 3) in codes(ledger)
    assert {finding.severity for finding in ledger.findings} == {Severity.NOTE}


def test_a_hidden_sheet_is_read_and_told_of(read: Callable[..., Ledger]) -> None:
    ledger = read(
        sheet(cells(claim_no="LP2", plate_no="苏G1111A", report_or_policy_no="R2")),
        sheet(cells()),
        hidden=[1],
    )

    assert [row.sheet for row in ledger.rows] == ["表1", "表2"]
    assert [finding.code for finding in ledger.findings] == ["hidden_sheet"]


def test_a_sheet_that_is_no_ledger_is_named(read: Callable[..., Ledger]) -> None:
    def summary(ws: Worksheet) -> None:
        ws.append(["月份", "合计"])

    ledger = read(summary, sheet(cells()))

    assert ledger.summary["sheets"] == ["表2"]
    assert ledger.summary["sheets_not_read"] == ["表1"]


def test_a_sheet_without_plates_is_a_finding_beside_one_with(read: Callable[..., Ledger]) -> None:
    without = [name for name in NAMES if name != "车牌号"]

    ledger = read(sheet(cells()), sheet(cells()[:7] + cells()[8:], headings=without))

    assert [finding.code for finding in ledger.findings] == ["sheet_left_out"]
    assert "「车牌号」" in ledger.findings[0].why


def test_a_workbook_without_the_headings_is_refused_with_what_it_has(read: Callable[..., Ledger]) -> None:
    with pytest.raises(Refusal) as refused:
        read(
            sheet(["1", "人保", "WX1", "x"], headings=["保险公司", "理赔编号", "派工单号", "备注"], above=[])
        )

    sentence = str(refused.value)
    assert "「车牌号」" in sentence
    assert "「保险公司」、「理赔编号」、「派工单号」、「备注」" in sentence
    assert "row 1" in sentence
    assert "huikuan intake ledger 台账.xlsx --shop CODE" in sentence


@pytest.mark.parametrize("text", ["id,amount\n1,2\n", "理赔编号\nLP1\n"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Refusal, match="no sheet with a ledger's headings"):
        ledger_of(read_book(path), TODAY)


def test_a_ledger_saved_as_gb18030_text(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes(
        "理赔编号\t车牌号\t保险公司\t实收费用\nLP1\t苏G12345\t人保财险\t1,200.50\n".encode("gb18030")
    )

    ledger = ledger_of(read_book(path), TODAY)

    assert ledger.rows[0].values == {
        "claim_no": "LP1", "plate_no": "苏G12345", "insurer_name": "人保财险", "repair_net_amount": 120050,
    }  # fmt: skip


@pytest.mark.parametrize(
    "title, name",
    [
        ("连云港福源汽车修理有限公司保险理赔台帐", "连云港福源汽车修理有限公司"),
        ("连云港福源汽车修理有限公司 2026年10月 保险理赔台账", "连云港福源汽车修理有限公司"),
        ("福源汽修2026年度事故车保险理赔档案卡", "福源汽修"),
        ("保险理赔台账", None),
        ("十月份收支", None),
    ],
)
def test_the_title_names_the_shop(title: str, name: str | None) -> None:
    assert title_of([[[title], NAMES]]) == name
