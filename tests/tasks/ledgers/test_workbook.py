"""The workbook as its readers see it: openpyxl with and without values, and calamine."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from models.values import Period
from models.words import LineKind, Resolution
from tasks.intake.reading import ledger_of
from tasks.ledgers.book import LedgerBook
from tasks.ledgers.columns import BY_FIELD, COLUMNS, FORM_COLUMNS
from tasks.ledgers.detail_sheet import FIRST_ROW, HEADING_ROW, column_widths
from tasks.ledgers.facts import Case, Line, Movement, WorkOrder
from tasks.ledgers.month import ledger_book
from tasks.ledgers.workbook import file_name, workbook_bytes
from worker.sheets import read_book

SHOP = "连云港福源汽车修理有限公司"
NASTY = '=HYPERLINK("http://example.com","点此")'


def the_cases() -> list[Case]:
    """One case paid, one paid too much, one waiting, two on one repair, one settled short."""
    repair = WorkOrder(
        "WX1", "途观L", date(2026, 9, 26), 48_581, 824_331, 50_000, 922_912, 852_864, 100_000,
        (Movement(date(2026, 9, 26), 100_000, "钱会"),), (Movement(date(2026, 9, 26), 100_000),),
        surplus=99_999, computed_on=date(2026, 11, 21),
    )  # fmt: skip
    other = WorkOrder("WX2", repair_gross_amount=7, repair_net_amount=7, labour_fee=7)
    common: dict[str, Any] = {
        "dispatch_date": date(2026, 9, 1), "insurer_name": "人保连云港", "insurer_accepted_date": date(2026, 9, 29),
        "is_agency_claim": True,
    }  # fmt: skip
    paid = Line(LineKind.OWN_REPAIR, 752_864, (Movement(date(2026, 11, 8), 752_864, "周会计"),))
    over = Line(LineKind.OWN_REPAIR, 10_000, (Movement(date(2026, 11, 8), 10_007),))
    short = Line(LineKind.OWN_REPAIR, 10_000, (Movement(date(2026, 11, 8), 9_995),), Resolution.ROUNDING)
    return [
        Case("LP2026-0001", repair, insured_name="林刚英", lines=(paid,), **common),
        Case("LP2026-0001B", repair, is_lead=False, lines=(Line(LineKind.OTHER_AGENCY, 30_001),), **common),
        Case(
            "LP2026-0002",
            other,
            insured_name=NASTY,
            report_no="605202632070073289783",
            lines=(over,),
            **common,
        ),
        Case("LP2026-0003", WorkOrder("WX3"), insurer_group="平安", lines=(short,), **common),
    ]


@pytest.fixture
def book() -> LedgerBook:
    return ledger_book(the_cases(), shop=SHOP, period=Period(2026, 11), built_on=date(2026, 11, 21))


def opened(content: bytes, sheet: str, *, values: bool) -> Worksheet:
    found = load_workbook(io.BytesIO(content), data_only=values)[sheet]
    assert isinstance(found, Worksheet)
    return found


def at(sheet: Worksheet, field: str, row: int) -> Any:
    return sheet.cell(row, BY_FIELD[field].number)


def test_the_form_has_its_42_columns_in_order_under_their_bands(book: LedgerBook) -> None:
    sheet = opened(workbook_bytes(book), "台账", values=True)

    headings = [sheet.cell(HEADING_ROW, number).value for number in range(1, 44)]
    assert len(FORM_COLUMNS) == 42
    assert headings[:2] == ["理赔编号", "派工日期"]
    assert headings[40:] == ["差额处理结果", "结案签名", "备注"]
    assert sheet["A1"].value == "连云港福源汽车修理有限公司保险理赔台账"
    bands = [(str(area), sheet.cell(area.min_row, area.min_col).value) for area in sheet.merged_cells.ranges]
    assert ("A3:Z3", "阶段1:事故车派工→离厂") in bands
    assert ("AA3:AG3", "阶段2:递交保险公司") in bands
    assert ("AH3:AP3", "阶段3:保险公司回款→客户退款→结案核查") in bands
    assert ("S4:T4", "保险公司应赔专营店金额") in bands


def test_a_ledger_that_we_wrote_is_read_back_without_a_finding(book: LedgerBook, tmp_path: Path) -> None:
    path = tmp_path / file_name(book)
    path.write_bytes(workbook_bytes(book))

    ledger = ledger_of(read_book(path), date(2026, 11, 21))

    assert [row.text("claim_no") for row in ledger.rows] == [row.claim_no for row in book.rows]
    assert [finding.code for finding in ledger.findings if finding.sheet != "台账"] == []


def test_every_column_finds_its_cell_in_a_row(book: LedgerBook) -> None:
    assert set(book.rows[0].cells) == {column.field for column in COLUMNS}


def test_amounts_are_numbers_to_the_fen_and_dates_are_dates(book: LedgerBook) -> None:
    content = workbook_bytes(book)
    sheet = opened(content, "台账", values=True)

    assert at(sheet, "repair_net_amount", FIRST_ROW).value == 8528.64
    assert "<v>8528.64</v>" in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert at(sheet, "repair_net_amount", FIRST_ROW).number_format == "#,##0.00;[Red]-#,##0.00"
    assert at(sheet, "dispatch_date", FIRST_ROW).value.date() == date(2026, 9, 1)
    assert at(sheet, "dispatch_date", FIRST_ROW).number_format == "yyyy\\-mm\\-dd"


def test_totals_are_formulas_that_carry_their_values(book: LedgerBook) -> None:
    content = workbook_bytes(book)
    formulas, values = opened(content, "台账", values=False), opened(content, "台账", values=True)
    total_row = FIRST_ROW + len(book.rows)

    assert at(formulas, "claim_no", total_row).value == "合计"
    assert at(formulas, "repair_net_amount", total_row).value == "=SUM(R6:R9)"
    assert at(values, "repair_net_amount", total_row).value == 8528.71
    assert at(values, "payout_received_amount", total_row).value == 7728.66
    for column in COLUMNS:
        total = at(values, column.field, total_row).value
        if isinstance(total, float | int):
            assert round(total * 100) == book.total(column.field)


def test_no_formula_of_the_workbook_is_without_a_value(book: LedgerBook) -> None:
    content = workbook_bytes(book)
    formulas, values = load_workbook(io.BytesIO(content)), load_workbook(io.BytesIO(content), data_only=True)

    found = [
        (sheet.title, cell.coordinate, values[sheet.title][cell.coordinate].value)
        for sheet in formulas.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]

    assert len(found) > 80
    assert [place for place in found if place[2] is None] == []


def test_calamine_reads_the_same_values(book: LedgerBook) -> None:
    read = (
        CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(book))).get_sheet_by_name("台账").to_python()
    )

    assert read[FIRST_ROW - 1][1] == date(2026, 9, 1)
    assert read[FIRST_ROW - 1][17] == 8528.64
    assert read[FIRST_ROW + len(book.rows) - 1][17] == 8528.71


def test_text_that_looks_like_a_formula_or_a_number_stays_text(book: LedgerBook) -> None:
    sheet = opened(workbook_bytes(book), "台账", values=False)

    name, report = (at(sheet, field, FIRST_ROW + 2) for field in ("insured_name", "report_no"))
    assert (name.value, name.data_type, name.quotePrefix) == (NASTY, "s", True)
    assert (report.value, report.data_type) == ("605202632070073289783", "s")


@pytest.mark.parametrize("start", ["=1+1", "+86 138", "-1", "@SUM(A1)", "\t=1", "＝1", " =1"])
def test_no_start_of_a_text_makes_it_a_formula(start: str) -> None:
    case = Case("LP1", insured_name=start, dispatch_date=date(2026, 11, 1))
    content = workbook_bytes(
        ledger_book([case], shop=SHOP, period=Period(2026, 11), built_on=date(2026, 11, 21))
    )

    cell = at(opened(content, "台账", values=False), "insured_name", FIRST_ROW)
    assert (cell.data_type, cell.quotePrefix, cell.value) == ("s", True, start)


def test_characters_that_break_a_workbook_are_left_out_and_long_text_is_cut() -> None:
    case = Case(
        "LP1",
        insured_name="张\x00三\x1f\ufffe",
        difference_note="长" * 40_000,
        dispatch_date=date(2026, 11, 1),
    )
    content = workbook_bytes(
        ledger_book([case], shop=SHOP, period=Period(2026, 11), built_on=date(2026, 11, 21))
    )

    sheet = opened(content, "台账", values=True)
    assert at(sheet, "insured_name", FIRST_ROW).value == "张三"
    assert len(at(sheet, "difference_resolution", FIRST_ROW).value) == 32_767


def test_the_same_month_gives_the_same_bytes() -> None:
    def built() -> bytes:
        return workbook_bytes(
            ledger_book(the_cases(), shop=SHOP, period=Period(2026, 11), built_on=date(2026, 11, 21))
        )

    first = built()

    assert first == built()
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(2026, 11, 21, 0, 0, 0)}
        assert parts.read("docProps/core.xml").count(b"2026-11-21T00:00:00Z") == 2


def test_it_prints_on_landscape_pages_one_page_wide_with_headings_on_each(book: LedgerBook) -> None:
    sheet = opened(workbook_bytes(book), "台账", values=True)

    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$5"
    assert sheet.freeze_panes == "B6"
    assert sheet.auto_filter.ref == f"A5:{get_column_letter(len(COLUMNS))}9"
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert sheet.page_margins.left > sheet.page_margins.right
    last = [cell.value for cell in sheet[sheet.max_row] if cell.value]
    assert [str(text).partition("（")[0] for text in last] == ["制表", "复核", "财务负责人"]


def test_columns_are_wide_enough_for_large_amounts() -> None:
    case = Case("LP1", WorkOrder("W", repair_net_amount=123_456_789_012), dispatch_date=date(2026, 11, 1))
    book = ledger_book([case], shop=SHOP, period=Period(2026, 11), built_on=date(2026, 11, 21))

    assert column_widths(book)[BY_FIELD["repair_net_amount"].number - 1] >= len("1,234,567,890.12") * 0.86


def test_the_summary_counts_by_insurer(book: LedgerBook) -> None:
    sheet = opened(workbook_bytes(book), "汇总", values=True)
    lines = {row[0]: row[1:9] for row in sheet.iter_rows(values_only=True) if row[0]}

    assert lines["人保连云港"] == (0, 0, 3, 7928.65, 7628.71, 7628.71, 300.01, 0.07)
    assert lines["平安"] == (0, 0, 1, 100, 99.95, 99.95, 0, 0)
    assert lines["31-60天"][:2] == (1, 300.01)
    assert lines["尾差忽略"][:2] == (1, 0.05)
    assert lines["未处理"][:2] == (1, -0.07)


def test_open_differences_and_deposits_have_their_sheets(book: LedgerBook) -> None:
    content = workbook_bytes(book)
    differences = list(
        opened(content, "未决差额", values=True).iter_rows(min_row=4, max_row=5, values_only=True)
    )
    deposits = list(
        opened(content, "押金与未领退款", values=True).iter_rows(min_row=5, max_row=8, values_only=True)
    )

    assert [line[0] for line in differences] == ["LP2026-0002", "合计"]
    assert differences[0][6:11] == (100, 100.07, -0.07, "多收待核", "未处理")
    assert deposits[0][:2] == ("WX1", "LP2026-0001")
    assert deposits[0][5:10] == (1000, 0, 1000, 300.01, 0)
    assert deposits[3][:2] == ("WX1", "LP2026-0001")
    assert deposits[3][4:9] == (datetime.combine(date(2026, 11, 8), time()), 999.99, 0, 999.99, 300.01)


def test_the_checks_say_what_agrees_and_what_does_not(book: LedgerBook) -> None:
    sheet = opened(workbook_bytes(book), "校验", values=True)
    results = {row[0]: row[4] for row in sheet.iter_rows(min_row=4, max_row=10, values_only=True)}

    assert set(results.values()) == {"通过"}
    assert len(results) == 7


def test_a_bill_that_does_not_add_up_fails_its_check() -> None:
    case = Case("LP1", WorkOrder("W", labour_fee=1, repair_gross_amount=3, repair_net_amount=4),
                dispatch_date=date(2026, 11, 1))  # fmt: skip
    content = workbook_bytes(
        ledger_book([case], shop=SHOP, period=Period(2026, 11), built_on=date(2026, 11, 21))
    )

    rows = list(opened(content, "校验", values=True).iter_rows(min_row=4, max_row=5, values_only=True))
    assert [row[1:5] for row in rows] == [(0.03, 0.01, 0.02, "不符"), (0.01, 0, 0.01, "不符")]


def test_a_month_without_cases_is_an_empty_ledger() -> None:
    book = ledger_book([], shop=SHOP, period=Period(2026, 11), built_on=date(2026, 11, 21))

    sheet = opened(workbook_bytes(book), "台账", values=True)

    assert at(sheet, "claim_no", FIRST_ROW + 1).value == "合计"
    assert at(sheet, "repair_net_amount", FIRST_ROW + 1).value == 0
    assert opened(workbook_bytes(book), "未决差额", values=True)["A4"].value == "（无）"


@pytest.mark.parametrize(
    ("shop", "name"),
    [
        ("福源汽修", "保险理赔台账_福源汽修_2026-11_草稿_20261121.xlsx"),
        ("平安/人保: *新浦?店 ", "保险理赔台账_平安人保新浦店_2026-11_草稿_20261121.xlsx"),
        ("../etc", "保险理赔台账_etc_2026-11_草稿_20261121.xlsx"),
    ],
)
def test_the_file_name_suits_every_system(shop: str, name: str) -> None:
    book = ledger_book([], shop=shop, period=Period(2026, 11), built_on=date(2026, 11, 21))

    assert file_name(book) == name
