"""The month's workbook 保险理赔台账 of one shop, as bytes."""

import re
from typing import Any

from openpyxl.workbook import Workbook

from tasks.ledgers import (
    check_sheet,
    correction_sheet,
    deposit_sheet,
    detail_sheet,
    difference_sheet,
    summary_sheet,
)
from tasks.ledgers.book import LedgerBook
from tasks.ledgers.pen import Pen, Style
from tasks.ledgers.seal import seal
from tasks.ledgers.strings import Strings
from tasks.ledgers.styles import add_styles

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f/\\:*?"<>|\s]+')


def file_name(book: LedgerBook, number: int = 1) -> str:
    """保险理赔台账_<shop>_2026-11_草稿_20261121.xlsx: a draft until the period is closed.

    `number` counts the drafts of one day: an earlier one stays as it is.
    """
    return _named(book, f"草稿{number if number > 1 else ''}")


def issued_name(book: LedgerBook, revision: int) -> str:
    """保险理赔台账_<shop>_2026-10_第1版_20261103.xlsx."""
    return _named(book, f"第{revision}版")


def edition_name(book: LedgerBook) -> str:
    """保险理赔台账_<shop>_2026-10_脱敏_20261103.xlsx; as known on a day: ..._当时所知_20261103.xlsx."""
    return _named(book, ("当时所知" if book.known_on else "") + ("脱敏" if book.masked else ""))


def _named(book: LedgerBook, version: str) -> str:
    shop = _NOT_IN_NAMES.sub("", book.shop).strip(".")[:60]
    return f"保险理赔台账_{shop}_{book.month}_{version}_{book.built_on:%Y%m%d}.xlsx"


def workbook_bytes(book: LedgerBook) -> bytes:
    """The workbook of `book`; the same book gives the same bytes."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    workbook.properties.creator = workbook.properties.lastModifiedBy = "huikuan"
    workbook.properties.title = f"{book.title} {book.month}"
    pens: dict[str, Pen] = {}
    styles: dict[Style, Any] = {}
    merged: dict[Style, tuple[Any, Any]] = {}
    strings = Strings()

    def pen(title: str) -> Pen:
        # Styles are the workbook's: what one sheet has looked up the next one knows.
        return pens.setdefault(title, Pen(workbook.create_sheet(title), styles=styles, merged=merged))

    detail = detail_sheet.write(pen(detail_sheet.TITLE), book, strings)
    summary = summary_sheet.write(pen(summary_sheet.TITLE), book, detail)
    difference_sheet.write(pen(difference_sheet.TITLE), book)
    deposits = deposit_sheet.write(pen(deposit_sheet.TITLE), book, strings)
    correction_sheet.write(pen(correction_sheet.TITLE), book)
    check_sheet.write(pen(check_sheet.TITLE), book, detail, summary, deposits)
    return seal(workbook, pens, strings, book.built_on)
