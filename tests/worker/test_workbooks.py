"""A workbook is made in memory: what is full or slow is met where it is written, and named there."""

import io
import resource

from openpyxl import Workbook, load_workbook

from worker.workbooks import book_bytes


def test_a_workbook_is_made_while_the_disk_is_full() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title, sheet["A1"], sheet["B2"] = "对账单", "赔款", 1234.56
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))

    try:
        made = book_bytes(book)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    again = load_workbook(io.BytesIO(made))["对账单"]
    assert (again["A1"].value, again["B2"].value) == ("赔款", 1234.56)
