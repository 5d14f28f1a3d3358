"""Charts, the masked edition, the group's workbook, and a ledger that goes out and comes back."""

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from models.values import Period
from models.words import LineKind
from tasks.intake.reading import ledger_of
from tasks.ledgers import frozen, group_book
from tasks.ledgers.book import LedgerBook
from tasks.ledgers.facts import Case, Line, Movement, WorkOrder
from tasks.ledgers.masking import masked
from tasks.ledgers.month import ledger_book
from tasks.ledgers.workbook import workbook_bytes
from worker.sheets import read_book

ON = date(2026, 11, 21)


def generated(count: int, shop: str = "福源汽车服务") -> LedgerBook:
    """Give a month of `count` cases, no two alike."""
    cases = [_case(number) for number in range(1, count + 1)]
    return ledger_book(cases, shop=shop, period=Period(2026, 11), built_on=ON)


def _case(number: int) -> Case:
    day = date(2026, 9, 1) + timedelta(days=number % 60)
    bill, paid = 50_000 + number * 137, number * 61 % 40_000
    came = (Movement(date(2026, 11, 1 + number % 20), paid, "周会计"),) if paid else ()
    order = WorkOrder(
        f"WX{number:05}", "途观L", day, bill - 10_000, 10_000, 0, bill, bill, 20_000,
        (Movement(day, 20_000, "钱会"),), (Movement(day, 20_000),), computed_on=ON,
    )  # fmt: skip
    return Case(
        f"LP2026-{number:05}", order, dispatch_date=day, insured_name=f"林刚{number}",
        plate_no=f"苏G{10_000 + number}", report_no=f"RDAA2026{number:012}", insurer_name="人保连云港",
        insurer_group="人保财险", is_agency_claim=True, insurer_accepted_date=day + timedelta(days=9),
        lines=(Line(LineKind.OWN_REPAIR, bill - 5_000, came),),
    )  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 500])
def test_a_ledger_that_was_frozen_writes_the_same_bytes(count: int) -> None:
    book = generated(count)

    again = frozen.thawed(frozen.head(book), frozen.kept(book))

    assert again == book
    assert workbook_bytes(again) == workbook_bytes(book)


@pytest.mark.parametrize("count", [0, 1, 500])
def test_every_cell_that_goes_out_is_read_back_as_it_was(count: int, tmp_path: Path) -> None:
    book = generated(count)
    path = tmp_path / "台账.xlsx"
    path.write_bytes(workbook_bytes(book))

    back = ledger_of(read_book(path), ON)

    assert [row.text("claim_no") for row in back.rows] == [row.claim_no for row in book.rows]
    assert [finding for finding in back.findings if finding.sheet == "台账"] == []
    assert [row.text("plate_no") for row in back.rows] == [row.text("plate_no") for row in book.rows]


def _charts(content: bytes) -> list[object]:
    sheet: Any = load_workbook(io.BytesIO(content))["汇总"]
    return list(sheet._charts)


def test_the_summary_draws_the_insurers_and_the_age_of_what_they_owe() -> None:
    drawn, empty = (_charts(workbook_bytes(generated(count))) for count in (3, 0))

    assert [type(chart).__name__ for chart in drawn] == ["BarChart", "PieChart"]
    assert empty == []


def test_nothing_in_the_masked_edition_names_a_customer() -> None:
    book = generated(2)
    cells = {**book.rows[0].cells, "difference_resolution": "林刚1同意补足", "refund_payee": "林刚1、王芳"}
    book = replace(book, rows=(replace(book.rows[0], cells=cells), book.rows[1]))

    sheets = load_workbook(io.BytesIO(workbook_bytes(masked(book))))

    said = {
        str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell
    }
    assert {"林*", "苏G***01", "****0001", "林*、王*", "林*同意补足"} <= said
    assert [text for text in said for name in ("林刚1", "苏G10001", "RDAA2026") if name in text] == []


@pytest.mark.parametrize(
    ("shops", "titles"),
    [
        (["福源/一店", "福源\\一店"], ["福源-一店", "福源-一店_2"]),
        (["集团汇总", "History", ""], ["集团汇总_2", "History_2", "门店"]),
        (["长" * 40, "长" * 40], ["长" * 31, "长" * 29 + "_2"]),
        (["'[1]店:*?'"], ["1-店"]),
    ],
)
def test_a_sheet_is_named_as_every_spreadsheet_takes_it(shops: list[str], titles: list[str]) -> None:
    assert group_book.titles(shops) == titles


def test_the_groups_workbook_adds_up_its_shops() -> None:
    shops = [("A", generated(2, "福源/一店")), ("B", generated(3, "O'Neil")), ("C", generated(0, "空店"))]

    content = group_book.workbook_bytes(shops, Period(2026, 11), ON)

    summary = load_workbook(io.BytesIO(content), data_only=True)["集团汇总"]
    formulas = load_workbook(io.BytesIO(content))["集团汇总"]
    rows = [[cell.value for cell in row][:3] for row in summary.iter_rows(min_row=4, max_row=7)]
    assert [row[:2] for row in rows] == [["福源/一店", 2], ["O'Neil", 3], ["空店", 0], ["合计", 5]]
    assert rows[3][2] == pytest.approx(sum(book.total("insurer_due_own_repair") for _, book in shops) / 100)
    assert formulas["B5"].value == "=COUNTA('O''Neil'!$A$6:$A$8)"
    assert content == group_book.workbook_bytes(shops, Period(2026, 11), ON)
