"""A ledger workbook as a whole: which sheets are read, whose it is, and what its rows come to."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from models.values import Refusal, half_width
from models.words import Severity
from tasks.intake import checks
from tasks.intake.columns import COLUMNS, FORM, Kind
from tasks.intake.headings import SEARCHED_ROWS, Headings, Merged, Remembered, Rows, find_headings, plain
from tasks.intake.ledger_row import Finding, LedgerRow, picked
from tasks.intake.likeness import proposals
from tasks.intake.rows import STRETCH, SheetRows, read_rows

# Fewer recognised headings than this is a summary or an address list, not a ledger with a gap.
LIKE_A_LEDGER = 8
TITLE = re.compile(
    r"(.+?)(?:\d{4}年(?:度)?)?(?:\d{1,2}月份?)?(?:事故车|车辆|汽车|车险)?保险理赔(?:台[账帐]|档案卡)"
)


@dataclass(frozen=True)
class LedgerSheet:
    """One sheet as it stands in the file; `merged` areas and all places are 0-based."""

    name: str
    rows: Rows
    merged: Merged
    hidden: bool


@dataclass(frozen=True)
class Ledger:
    """Rows by first appearance, findings, and what to tell people of the reading."""

    rows: tuple[LedgerRow, ...]
    findings: tuple[Finding, ...]
    summary: Mapping[str, object]


def read_ledger(file_name: str, sheets: Sequence[LedgerSheet], today: date, remembered: Remembered) -> Ledger:
    """Read every sheet that has a ledger's headings, hidden ones included; `remembered` is what people said.

    Raises Refusal naming the headings found and needed where no sheet can be read.
    """
    found = [(sheet, find_headings(sheet.rows, sheet.merged, remembered)) for sheet in sheets]
    usable = [(sheet, headings) for sheet, headings in found if headings and not headings.missing]
    if not usable:
        raise Refusal(no_headings(file_name, [headings for _, headings in found if headings]))
    read = [(sheet, headings, _rows(sheet, headings, today)) for sheet, headings in usable]
    rows, twice = checks.without_duplicates([row for _, _, part in read for row in part.rows])
    findings = [finding for _, _, part in read for finding in part.findings] + twice + checks.notes(rows)
    findings += [_left_out(sheet, headings) for sheet, headings in found if _half_a_ledger(headings)]
    findings += [_hidden(sheet, part) for sheet, _, part in read if sheet.hidden]
    findings += unconfirmed(file_name, usable)
    return Ledger(tuple(rows), tuple(findings), {**_summary(sheets, read), "sums": sums(rows)})


def _rows(sheet: LedgerSheet, headings: Headings, today: date) -> SheetRows:
    return read_rows(sheet.name, sheet.rows, sheet.merged, headings, today)


def _half_a_ledger(headings: Headings | None) -> bool:
    return headings is not None and bool(headings.missing) and len(headings.places) >= LIKE_A_LEDGER


def no_headings(file_name: str, found: Sequence[Headings]) -> str:
    """The sentence for a file of which no sheet can be read."""
    needed = "、".join(f"「{column.heading}」" for column in COLUMNS if column.essential)
    best = max(found, key=lambda headings: len(headings.places), default=None)
    seen = "、".join(f"「{text}」" for text in best.texts.values()) if best else ""
    liked = [each for each in (proposals(best) if best else ()) if each.column.essential]
    if liked and best:
        likely = ", ".join(f"「{each.text}」 looks like 「{each.column.heading}」" for each in liked)
        return (
            f"{file_name}: {likely} (row {best.row + 1}), but nobody has said so, and nothing was read. "
            f"Look, and say so: huikuan intake map {file_name} --shop CODE --confirm"
        )
    return (
        f"{file_name} has no sheet with a ledger's headings in its first rows. Needed at least: {needed}. "
        + (f"Found in row {best.row + 1}: {seen}. " if best else "Found none that a ledger has. ")
        + "Write the form's headings (理赔编号, 车牌号, 派工单号, 保险公司, ...) above the rows and run: "
        f"huikuan intake ledger {file_name} --shop CODE"
    )


def _left_out(sheet: LedgerSheet, headings: Headings | None) -> Finding:
    missing = "、".join(f"「{text}」" for text in headings.missing) if headings else ""
    return Finding(
        "sheet_left_out", Severity.ROW_LEFT_OUT, sheet.name, headings.row + 1 if headings else 0,
        f"without {missing}: no row of it was read", f"Write the heading {missing} and bring the file again",
    )  # fmt: skip


def unconfirmed(file_name: str, read: Sequence[tuple[LedgerSheet, Headings]]) -> list[Finding]:
    """The headings that are only like a column: not read until a person has said what they mean."""
    liked = {plain(each.text): (sheet, headings, each) for sheet, headings in reversed(read)
             for each in proposals(headings)}  # fmt: skip
    return [
        Finding(
            "heading_unconfirmed", Severity.NOTE, sheet.name, headings.row + 1,
            f"a heading that looks like column {each.column.number} 「{each.column.heading}」, but nobody "
            "has said so: the column was not read",
            f"Say what it means: huikuan intake map {file_name} --shop CODE "
            f"--set {headings.keys[each.at]}={each.column.number}, or ...= for nothing",
            each.at, each.text,
        )
        for sheet, headings, each in liked.values()
    ]  # fmt: skip


def sums(rows: Sequence[LedgerRow]) -> dict[str, int]:
    """The sum of each amount column over the rows that were read, in fen, by field."""
    every = [*rows, *(each for row in rows for each in row.more)]
    fields = [column.field for column in FORM if column.kind is Kind.MONEY]
    amounts, totals = picked(every, *fields), [0] * len(fields)
    while stretch := list(islice(amounts, STRETCH)):
        columns = zip(*stretch, strict=True)
        # a column of amounts holds fen or nothing
        totals = [total + sum(filter(None, each)) for total, each in zip(totals, columns, strict=True)]
    return dict(zip(fields, totals, strict=True))


def _hidden(sheet: LedgerSheet, part: SheetRows) -> Finding:
    return Finding(
        "hidden_sheet", Severity.NOTE, sheet.name, 0,
        f"hidden, and its {len(part.rows)} rows were read like the others",
        "If they are not meant, delete the sheet and tell the office which cases to withdraw",
    )  # fmt: skip


def title_of(sheets: Sequence[Rows]) -> str | None:
    """The shop's name in the title above the headings: 连云港福源汽车修理有限公司保险理赔台帐."""
    for rows in sheets:
        for cell in (cell for row in rows[:SEARCHED_ROWS] for cell in row if isinstance(cell, str)):
            if title := TITLE.match("".join(half_width(cell).split())):
                return title[1]
    return None


def _summary(
    sheets: Sequence[LedgerSheet], read: Sequence[tuple[LedgerSheet, Headings, SheetRows]]
) -> dict[str, object]:
    passed_over: Counter[str] = Counter()
    for _, _, part in read:
        passed_over.update(part.passed_over)
    names = [sheet.name for sheet, _, _ in read]
    return {
        "sheets": names,
        "sheets_not_read": [sheet.name for sheet in sheets if sheet.name not in names],
        "headings_not_found": sorted(_not_found([headings for _, headings, _ in read])),
        "headings_ignored": sorted({text for _, headings, _ in read for _, text in headings.ignored}),
        "rows_passed_over": dict(passed_over),
    }


def _not_found(found: Sequence[Headings]) -> set[str]:
    there = {field for headings in found for field in headings.places}
    return {column.heading for column in FORM if column.field not in there}
