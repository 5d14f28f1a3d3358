"""Files as people and banks bring them: read as they are, or refused with a sentence."""

import io
import os
import struct
import zipfile
import zlib
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from models.values import Refusal
from worker.sheets import Book, Sheet, cell_name, heading_text, read_book

SAMPLES = Path(__file__).parent.parent / "samples"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def brought(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(folder: Path, name: str, content: bytes) -> Book:
    return read_book(brought(folder, name, content))


def refusal_of(folder: Path, name: str, content: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        read(folder, name, content)
    return str(refused.value)


def new_workbook() -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    return book, book.active


def workbook_with(parts: dict[str, bytes]) -> bytes:
    """Build a small real workbook with further (or replaced) parts in its zip."""
    plain = io.BytesIO()
    book, sheet = new_workbook()
    sheet["A1"] = "交易时间"
    book.save(plain)
    changed = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, old.read(name)))
        for name, content in parts.items():
            new.writestr(name, content)
    return changed.getvalue()


def test_a_cell_keeps_its_place_and_the_type_it_has_in_the_file(tmp_path: Path) -> None:
    book, sheet = new_workbook()
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"] = " 320700\t", 5, 8528.639999999999, True
    sheet["F3"], sheet["G3"] = date(2026, 11, 4), datetime.fromisoformat("2026-11-04T17:25:44")
    sheet["H3"], sheet["I3"] = time(10, 23, 45), "320700"
    sheet.merge_cells("B1:D2")
    book.create_sheet("备份").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    first, second = read_book(tmp_path / "a.xlsx").sheets

    assert first.rows[2] == (
        None, "320700", 5, 8528.639999999999, True, date(2026, 11, 4), datetime.fromisoformat("2026-11-04T17:25:44"),
        time(10, 23, 45), "320700",
    )  # fmt: skip
    assert first.merged == ((0, 1, 1, 3),)
    assert (first.hidden, second.hidden) == (False, True)


def test_a_formula_nobody_calculated_and_an_error_do_not_pass_for_empty_cells(tmp_path: Path) -> None:
    book, sheet = new_workbook()
    sheet["A1"], sheet["B1"] = "=SUM(C1:C3)", "#N/A"
    sheet["B1"].data_type = "e"
    book.save(tmp_path / "a.xlsx")

    (read_back,) = read_book(tmp_path / "a.xlsx").sheets

    assert read_back.rows[0] == ("=SUM(C1:C3)", "#N/A")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("utf8.csv", '交易时间,金额\n2026-11-04,"1,234.00\t"\n'.encode()),
        ("bom.csv", '交易时间,金额\n2026-11-04,"1,234.00"\n'.encode("utf-8-sig")),
        ("gbk.csv", '交易时间,金额\r\n2026-11-04,"1,234.00"\r\n'.encode("gbk")),
        ("utf16.txt", "交易时间\t金额\n2026-11-04\t1,234.00\n".encode("utf-16")),
        ("tabs.txt", "交易时间\t金额\n2026-11-04\t1,234.00\n".encode("gb18030")),
        ("bars.txt", "交易时间|金额\n2026-11-04|1,234.00\n".encode("gb18030")),
        ("semicolons.csv", "交易时间;金额\n2026-11-04;1,234.00\n".encode()),
        ("guarded.csv", '交易时间,金额\n="2026-11-04","1,234.00"\n'.encode()),
        (
            "html.xls",
            "<html><meta charset=gbk><table><tr><td><table><tr><th>交易时间</th><th>金额</th></tr>"
            "<tr><td> 2026-11-04</td><td>1,234.00&nbsp;</td></tr></table></table></html>".encode("gbk"),
        ),
    ],
)
def test_the_same_rows_come_out_of_every_kind_of_text(tmp_path: Path, name: str, content: bytes) -> None:
    (sheet,) = read(tmp_path, name, content).sheets

    assert sheet.rows == (("交易时间", "金额"), ("2026-11-04", "1,234.00"))


def test_spans_of_an_html_table_are_laid_out_as_merged_cells(tmp_path: Path) -> None:
    html = (
        "<table><tr><td rowspan=2>余额</td><td colspan=2>发生额</td></tr><tr><td>借方</td><td>贷方</td></tr>"
        "<tr><td>1</td><td>2</td><td>3</td></tr></table>"
    )

    (sheet,) = read(tmp_path, "a.xls", html.encode()).sheets

    assert sheet.rows == (("余额", "发生额", None), (None, "借方", "贷方"), ("1", "2", "3"))
    assert sheet.merged == ((0, 0, 1, 0), (0, 1, 0, 2))


def test_html_reaches_neither_files_nor_entities(tmp_path: Path) -> None:
    secret = brought(tmp_path, "secret.txt", b"top secret")
    page = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><table><tr><td>&x;</td></tr></table>'

    (sheet,) = read(tmp_path, "a.xls", page.encode()).sheets

    assert "secret" not in str(sheet.rows)


def test_a_broken_byte_is_named_by_its_place(tmp_path: Path) -> None:
    content = "交易时间,金额\n2026-11-04,".encode("gbk") + b"\xff\xff\n"

    said = refusal_of(tmp_path, "icbc.csv", content)

    assert "icbc.csv" in said
    assert f"byte {content.index(0xFF) + 1} (line 2" in said


def test_quotes_that_swallow_rows_are_refused(tmp_path: Path) -> None:
    said = refusal_of(tmp_path, "a.csv", '日期,摘要\n2026-11-04,"赔款\n2026-11-05,赔款\n'.encode())

    assert "quotes" in said


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.xlsx", b"%PDF-1.7 ...", "a PDF"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n", "a picture"),
        ("a.txt", b"\x01\x00\x02\x00\x03", "not a workbook"),
        ("a.csv", b"", "empty"),
        ("a.csv", b" ,,\n\n", "empty"),
        ("a.xls", b"<html><p>no table", "without a table"),
        ("a.xls", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "2003"),
        ("a.xlsx", b"PK\x03\x04 and nothing more", "damaged"),
        ("a.xls", OLE + b"\0" * 600, "another kind of Office document"),
        ("a.xls", OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "can't be read"),
        ("a.xlsx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.xls", OLE + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
        ("a.xlsx", workbook_with({"xl/vbaProject.bin": b"x"}), "macros"),
        ("a.xlsx", workbook_with({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "external links"),
        ("a.xlsx", workbook_with({"xl/worksheets/sheet1.xml": b"<not><a workbook"}), "can't be read"),
        ("a.xlsx", workbook_with({"docProps/app.xml": '<?xml version="1.0"?><a/>'.encode("utf-16")}), "encoding"),
        (
            "a.xlsx",
            workbook_with({"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}),
            "entities",
        ),
        ("a.xlsx", workbook_with({f"xl/media/{at}.png": b"" for at in range(2_001)}), "parts"),
        ("a.xlsx", workbook_with({"xl/media/a.bin": b"\0" * 20_000_000}), "zip bomb"),
        ("a.xlsx", workbook_with({"xl/media/a.bin": b"\0" * 100_000_001}), "inflates"),
        (
            "a.xlsx",
            workbook_with({
                "xl/worksheets/sheet1.xml": b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"/></row>'
                b"</sheetData></worksheet>"
            }),
            "cells",
        ),
    ],
)  # fmt: skip
def test_what_is_no_safe_workbook_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    said = refusal_of(tmp_path, name, content)

    assert name in said
    assert word in said
    assert said.endswith(".")


def test_a_bomb_that_lies_about_its_size_is_measured(tmp_path: Path) -> None:
    """The declared size and checksum are those of one byte, the stream inflates to 150 MB."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(pack.compress(b"\0" * 1_000_000) for _ in range(150)) + pack.flush()
    bomb = bytearray(workbook_with({"xl/media/z.bin": b"\0"}))
    honest = zipfile.ZipFile(io.BytesIO(bomb)).getinfo("xl/media/z.bin")
    start = honest.header_offset + 30 + len(honest.filename)
    bomb[start : start + honest.compress_size] = packed
    directory = bomb.index(b"PK\x01\x02")
    entry = bomb.rindex(b"PK\x01\x02", directory)
    struct.pack_into("<I", bomb, entry + 20, len(packed))
    end = bomb.rindex(b"PK\x05\x06")
    grown = len(packed) - honest.compress_size
    struct.pack_into("<I", bomb, end + 16, struct.unpack_from("<I", bomb, end + 16)[0] + grown)

    said = refusal_of(tmp_path, "a.xlsx", bytes(bomb))

    assert "zip bomb" in said


def test_a_zip_whose_parts_are_encrypted_is_refused(tmp_path: Path) -> None:
    locked = bytearray(workbook_with({}))
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1

    assert "encrypted" in refusal_of(tmp_path, "a.xlsx", bytes(locked))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="There is no file"):
        read_book(tmp_path / "nothing.csv")


def test_a_workbook_of_the_old_kind_has_the_same_cells_as_the_new() -> None:
    old, new = read_book(SAMPLES / "statements" / "abc.xls"), read_book(SAMPLES / "shop" / "abc.xlsx")

    assert old.sheets[0].rows == new.sheets[0].rows


def test_every_sample_of_the_shop_is_read() -> None:
    books = [read_book(path) for path in sorted((SAMPLES / "shop").iterdir()) if path.suffix != ".json"]

    assert all(book.sheets[0].rows for book in books)
    assert len({book.sha256 for book in books}) == len(books) == 10


@pytest.mark.parametrize(
    ("row", "column", "name"), [(0, 0, "A1"), (6, 1, "B7"), (0, 25, "Z1"), (0, 26, "AA1"), (9, 702, "AAA10")]
)
def test_cells_are_named_as_people_name_them(row: int, column: int, name: str) -> None:
    assert cell_name(row, column) == name


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("贷方发生额（收入）", "贷方发生额(收入)"),
        ("\ufeff 报案号\n或保单号 ", "报案号或保单号"),
        ("【Ａ列】", "[a列]"),
        (None, ""),
        (2026, "2026"),
    ],
)
def test_headings_are_compared_without_width_blanks_and_breaks(
    written: str | int | None, compared: str
) -> None:
    assert heading_text(written) == compared


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    class Growing(type(tmp_path)):  # type: ignore[misc]  # the path of this machine
        """A file to which somebody is still writing."""

        def read_bytes(self) -> bytes:
            content = super().read_bytes()
            with Path(self).open("ab") as more:
                more.write(b"2026-11-05,2.00\n")
            return bytes(content)

    Path(tmp_path / "bank.csv").write_text("a,b\n2026-11-04,1.00\n", "utf-8")

    with pytest.raises(Refusal, match="bank.csv changed while it was read"):
        read_book(Growing(tmp_path / "bank.csv"))


AS_MANY: list[list[object]] = [
    [" ", 7, None], ["BELL", "", "否 "], [None, True, 0], ["LITERAL", 99.25, False], [1, "#REF!", 1], [2.5, 0, "WHOLE"],
    [date(2026, 11, 4), 1e15, "\u3000 是"],
]  # fmt: skip


def written_as_others_do(source: Path, target: Path) -> None:
    """Put escapes and whole numbers with a point into a workbook: openpyxl does not write them."""
    others = {
        b"BELL": b"a_x0007_b_x0000__x000D_", b"LITERAL": b"_x005F_x0007_", b"<v>99.25</v>": b"<v>99.0</v>",
        b"<v>1000000000000000</v>": b"<v>1.0E15</v>",
    }  # fmt: skip
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for usual, unusual in others.items():
                content = content.replace(usual, unusual)
            new.writestr(name, content)


def test_a_large_sheet_is_read_in_a_stream_to_the_same_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, sheet = new_workbook()
    sheet.append([" 320700\t", 5, 0, 1, 8528.639999999999, True, False, "#N/A"])
    sheet.append(
        [date(2026, 11, 4), datetime.fromisoformat("2026-11-04T17:25:44"), time(10, 23, 45), None, "320700"]
    )
    sheet.merge_cells("B4:D5")
    for number in range(12_000):  # as long as it takes to see which columns say the same again and again
        sheet.append(
            AS_MANY[number % len(AS_MANY)] if number % 50 == 49 else [f" LP{number} ", number + 0.5, "是"]
        )
    book.create_sheet("备份").sheet_state = "hidden"
    book.save(tmp_path / "plain.xlsx")
    written_as_others_do(tmp_path / "plain.xlsx", tmp_path / "a.xlsx")
    usual = read_book(tmp_path / "a.xlsx").sheets

    monkeypatch.setattr("worker.sheet_guards.LARGE", 100)
    streamed = read_book(tmp_path / "a.xlsx").sheets

    def trimmed(found: Sheet) -> list[list[tuple[str, object]]]:
        rows: list[list[tuple[str, object]]] = [
            [(type(cell).__name__, cell) for cell in row] for row in found.rows
        ]
        return [row for row in rows if any(cell is not None for _, cell in row)]

    assert [trimmed(each) for each in streamed] == [trimmed(each) for each in usual]
    assert [(each.name, each.merged, each.hidden) for each in streamed] == [
        (each.name, each.merged, each.hidden) for each in usual
    ]


def test_a_far_cell_in_a_streamed_sheet_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.sheet_guards.LARGE", 100)
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:B2"/><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )

    said = refusal_of(tmp_path, "a.xlsx", workbook_with({"xl/worksheets/sheet1.xml": far}))

    assert "Delete the empty rows" in said


def test_a_large_file_is_refused_when_it_was_written_anew_between_the_look_and_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Replaced(type(tmp_path)):  # type: ignore[misc]  # the path of this machine
        """A file in whose place another is put once it has been looked at, of the same moment and size."""

        def read_bytes(self) -> bytes:
            content, was = super().read_bytes(), Path(self).stat()
            Path(self).write_bytes(bytes(content)[:-1] + b"!")
            os.utime(self, ns=(was.st_atime_ns, was.st_mtime_ns))
            return bytes(content)

    monkeypatch.setattr("worker.sheet_guards.LARGE", 100)
    brought(tmp_path, "a.xlsx", workbook_with({}) + b"?")

    with pytest.raises(Refusal, match=r"a\.xlsx changed while it was read"):
        read_book(Replaced(tmp_path / "a.xlsx"))
