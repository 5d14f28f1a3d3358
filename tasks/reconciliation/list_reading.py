"""Reading a payment list (清单): headings found by their words, one claim per row, sums checked. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.values import Refusal, UnreadableValue, fen, half_width, normalise_plate, yuan

HEADINGS = {
    "plate": re.compile("车牌|号牌|牌照|标的车"),
    "report": re.compile("报案号|报案编号|出险号|案件号|赔案号|立案号|REPORT|CLAIMNO"),
    "amount": re.compile("赔款金额|支付金额|赔付金额|结算金额|付款金额|实付|实赔|金额|AMOUNT"),
    "number": re.compile("结算单号|批次号|付款批次|支付单号|清单号"),
}
_NOT_MONEY = re.compile("大写|币种|税")
_TOTAL = re.compile("合计|总计|小计|TOTAL")
FIRST_ROWS = 20


@dataclass(frozen=True)
class Row:
    """One claim of the list, in fen; `row` as the spreadsheet counts it."""

    plate_no: str
    report_no: str
    amount: int
    row: int


@dataclass(frozen=True)
class Read:
    """A whole list: its rows, and the settlement number if it has just one."""

    rows: tuple[Row, ...]
    number: str | None

    @property
    def total(self) -> int:
        return sum(row.amount for row in self.rows)


Sheet = Sequence[Sequence[object]]


def read_list(name: str, sheets: Mapping[str, Sheet]) -> Read:
    """Read the first sheet that has the headings. Raises Refusal naming file, sheet, row and cell."""
    for title, rows in sheets.items():
        found = _headings(rows)
        if found is not None:
            return _read(f"{name}, sheet {title}", rows, *found)
    raise Refusal(
        f"{name} has no row with 车牌 or 报案号 and 金额 in its first {FIRST_ROWS} rows. Name the columns "
        "so, and bring it again: huikuan reconcile list-import FILE --line LINE"
    )


def _headings(rows: Sheet) -> tuple[int, dict[str, int]] | None:
    for at, row in enumerate(rows[:FIRST_ROWS]):
        columns = _columns(row)
        if "amount" in columns and ("plate" in columns or "report" in columns):
            return at, columns
    return None


def _columns(row: Sequence[object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, cell in enumerate(row):
        text = re.sub(r"\s", "", half_width(str(cell or ""))).upper()
        for what, words in HEADINGS.items():
            if (
                what not in found
                and words.search(text)
                and not (what == "amount" and _NOT_MONEY.search(text))
            ):
                found[what] = column
                break
    return found


def _read(where: str, rows: Sheet, at: int, columns: Mapping[str, int]) -> Read:
    read: list[Row] = []
    numbers: set[str] = set()
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = {what: row[column] if column < len(row) else None for what, column in columns.items()}
        if any(_TOTAL.search(str(cell)) for cell in row[:3] if cell):
            _check_total(where, number, cells["amount"], sum(each.amount for each in read))
            break
        if not any(_text(cell) for cell in cells.values()):
            continue
        read.append(_row(where, number, cells))
        if text := _text(cells.get("number")):
            numbers.add(text.upper())
    if not read:
        raise Refusal(f"{where}: there is no row below the headings in row {at + 1}. Bring the whole list.")
    return Read(tuple(read), numbers.pop() if len(numbers) == 1 else None)


def _row(where: str, number: int, cells: Mapping[str, object]) -> Row:
    try:
        amount = fen(cells["amount"])
    except UnreadableValue as why:
        raise Refusal(
            f'{where}, row {number}: the amount "{cells["amount"]}" can\'t be read ({why}). Correct it and '
            "bring the list again."
        ) from None
    plate, report = normalise_plate(_text(cells.get("plate"))), _text(cells.get("report")).upper()
    if not plate and not report:
        raise Refusal(f"{where}, row {number}: neither 车牌 nor 报案号. Add one of them and bring it again.")
    if amount <= 0:
        raise Refusal(f"{where}, row {number}: {yuan(amount)} is no payment. Correct it and bring it again.")
    return Row(plate, re.sub(r"\s", "", report), amount, number)


def _check_total(where: str, number: int, cell: object, total: int) -> None:
    if not _text(cell):
        return
    try:
        said = fen(cell)
    except UnreadableValue:
        return
    if said != total:
        raise Refusal(
            f"{where}, row {number}: the total says {yuan(said)}, its rows come to {yuan(total)}. A list "
            "that contradicts itself is not taken; ask the insurer for a right one."
        )


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return half_width(str(cell)).strip() if cell is not None else ""
