"""Streamed rows say what they were given, whatever it is."""

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

from tasks.ledgers.columns import Kind
from tasks.ledgers.measure import lines
from tasks.ledgers.pen import Looks, Pen, Stream, Style, clean
from tasks.ledgers.rows_xml import RowsXml
from tasks.ledgers.seal import seal
from tasks.ledgers.strings import Strings
from tasks.ledgers.styles import add_styles

KINDS = [Kind.TEXT, Kind.DATE, Kind.MONEY, Kind.YES_NO, Kind.AGE]
DAY = date(2026, 11, 21)
Row = tuple[Any, ...]


def written(rows: list[Row], strings: Strings | None = None) -> bytes:
    """A workbook of one heading row and these rows."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    pen, table = Pen(workbook.create_sheet("台账")), strings or Strings()
    pen.text(1, 1, "表头", Style.HEADING)
    pen.text(len(rows) + 2, 1, "合计", Style.TOTAL)
    numbers = (pen.style_number(style) for style in (Style.CENTRE, Style.DATE, Style.MONEY, Style.COUNT))
    looks = Looks(pen.style_number(Style.TEXT), pen.style_number(Style.TEXT, quoted=True), *numbers)
    xml = RowsXml(KINDS, [12.0] * len(KINDS), looks, table)
    pen.streams.append(Stream(len(rows) + 2, xml.chunks(rows, 2)))
    return seal(workbook, {"台账": pen}, table, DAY)


def read(content: bytes, count: int) -> list[Row]:
    sheet = load_workbook(io.BytesIO(content))["台账"]
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(2, count + 1, 1, len(KINDS))]


texts = st.text(max_size=12) | st.sampled_from(["=1+1", " x ", "_x0041_", "a<b&c>", "保险", "\u00e9", "-1"])
row_values = st.tuples(
    st.none() | texts,
    st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.none() | st.integers(-(10**12), 10**12),
    st.none() | st.booleans(),
    st.none() | st.integers(0, 9999) | st.just("未接案"),
)


@given(st.lists(row_values, max_size=8))
def test_what_is_read_back_is_what_was_given(rows: list[Row]) -> None:
    found = read(written(rows), len(rows))

    for given_, got in zip(rows, found, strict=True):
        text, day, fen, yes, age = given_
        assert (got[0] or "") == clean(text or "").replace("_x005F_", "_").replace("\r\n", "\n").replace(
            "\r", "\n"
        )
        assert (got[1].date() if got[1] else None) == day
        assert (None if got[2] is None else round(got[2] * 100)) == fen
        assert got[3] == {True: "是", False: "否", None: None}[yes]
        assert got[4] == age


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(0, "0.00"), (5, "0.05"), (852_864, "8528.64"), (-5, "-0.05"), (-12_345, "-123.45"), (-100, "-1.00")],
)
def test_amounts_stand_to_the_fen(fen: int, shown: str) -> None:
    xml = RowsXml([Kind.MONEY], [], Looks(1, 2, 3, 4, 5, 6), Strings())

    (piece,) = xml.chunks([(fen,)], 7)

    assert f'<c r="A7" s="5"><v>{shown}</v></c></row>'.encode() in piece


def test_when_the_shared_strings_are_full_texts_stand_in_their_cells() -> None:
    rows: list[Row] = [(f"文本{number}", None, None, None, None) for number in range(20)]
    content = written(rows, Strings(most=5))

    assert [row[0] for row in read(content, 20)] == [row[0] for row in rows]
    calamine = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("台账").to_python()
    assert [row[0] for row in calamine[1:21]] == [row[0] for row in rows]


@pytest.mark.parametrize("most", [100, 0], ids=["texts are kept", "no room for texts"])
def test_a_row_is_as_tall_as_its_longest_text_wherever_that_was_met_before(most: int) -> None:
    long = "连云港福源汽车修理有限公司"
    rows: list[Row] = [(text, None, None, None, None) for text in ("短", long, "短", long)] * 150

    sheet = load_workbook(io.BytesIO(written(rows, Strings(most))))["台账"]

    heights = [sheet.row_dimensions[row].height for row in range(2, len(rows) + 2)]
    assert heights == [15.0, 39.0, 15.0, 39.0] * 150


@pytest.mark.parametrize(
    "odd",
    ["=1+1", "a_x0041_b", "空格 ", "坏\x07字", " 空格", "a<b&c>", "", None, "连云港福源汽车修理有限公司"],
)
@pytest.mark.parametrize("most", [1000, 0], ids=["texts are kept", "no room for texts"])
def test_in_a_column_of_ever_new_texts_an_odd_one_stands_as_anywhere(odd: str | None, most: int) -> None:
    texts: list[str | None] = [f"苏G{number:05}" for number in range(600)]
    texts[400] = odd

    rows: list[Row] = [(text, None, None, None, None) for text in texts]
    among = load_workbook(io.BytesIO(written(rows, Strings(most))))["台账"]
    alone = load_workbook(io.BytesIO(written([(odd, None, None, None, None)], Strings(most))))["台账"]

    assert [among.cell(row, 1).value for row in range(2, 602) if row != 402] == texts[:400] + texts[401:]
    assert among["A402"].value == alone["A2"].value
    assert among["A402"].quotePrefix == alone["A2"].quotePrefix
    assert {row: among.row_dimensions[row].height for row in range(2, 602)} == {
        **dict.fromkeys(range(2, 602), 15.0),
        402: alone.row_dimensions[2].height,
    }


@pytest.mark.parametrize("letter", ["A", "福"])
def test_ever_new_texts_make_their_rows_as_tall_as_they_are_long(letter: str) -> None:
    rows: list[Row] = [
        (f"{letter * (number % 3 * 12)}{number:03}", None, None, None, None) for number in range(600)
    ]

    sheet = load_workbook(io.BytesIO(written(rows)))["台账"]

    for number, (text, *_) in enumerate(rows):
        assert sheet.row_dimensions[number + 2].height == 12 * lines(text, 12.0) + 3


def test_rows_of_several_chunks_are_numbered_on() -> None:
    rows: list[Row] = [(str(number), DAY, number, True, number) for number in range(600)]

    assert [row[4] for row in read(written(rows), 600)] == list(range(600))


def test_merged_cells_stand_in_order_whatever_the_set_says() -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for area in ("C1:D1", "A1:B1", "A2:B2"):
        sheet.merge_cells(area)

    content = seal(workbook, {}, Strings(), DAY)

    part = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'mergeCell ref="([^"]+)"', part) == ["A1:B1", "A2:B2", "C1:D1"]


@pytest.mark.parametrize("style", [Style.TITLE, Style.HEADING, Style.LINE])
def test_a_row_merged_like_an_earlier_one_is_what_openpyxl_makes_of_it(style: Style) -> None:
    def saved(known: bool) -> dict[str, bytes]:
        workbook = Workbook()
        add_styles(workbook)
        pen = Pen(workbook.worksheets[0])
        for row, (first, last) in enumerate([(1, 9), (2, 5), (3, 4), (7, 7), (1, 9)], start=1):
            pen = pen if known else Pen(workbook.worksheets[0])
            pen.merge(row, first, last, f"第{row}行", style)
        stream = io.BytesIO()
        workbook.save(stream)
        file = zipfile.ZipFile(stream)
        return {name: file.read(name) for name in ("xl/worksheets/sheet1.xml", "xl/styles.xml")}

    assert saved(known=True) == saved(known=False)
