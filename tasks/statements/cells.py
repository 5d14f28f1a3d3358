"""Single cells of a statement: text, money, moments, account numbers, and the labels above the table."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from models.values import UnreadableValue, business_date, fen, half_width
from tasks.statements.headings import Cell, Rows, heading

# `-` and rows of dashes are how banks write "nothing".
_NOTHING = re.compile(r"[-—–―_/\s]*")
_BINARY_FRACTION = re.compile(r"[-+]?\d+\.\d{6,}")
_EMPTY_DECIMALS = re.compile(r"(\.\d{2})0+$")
_DAY_FIRST = re.compile(r"(\d{4}-\d{2}-\d{2})-(\d{2})\.(\d{2})\.(\d{2})(?:\.\d+)?")
_CLOCK = re.compile(r"(?:.*[T\s日号]|)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_COMPACT = re.compile(r"(?:\d{8}\s*)?(\d{2})(\d{2})(\d{2})")
_ACCOUNT = re.compile(r"[0-9A-Za-z*]{5,64}")
# Excel keeps 15 digits of a number: one that is longer has lost its end.
_EXACT_NUMBER = 10**15


def text(cell: Cell) -> str:
    """A cell as text; blanks and the bank's dashes for "nothing" are empty."""
    said = "" if cell is None else str(cell).strip().lstrip("\ufeff")
    return "" if _NOTHING.fullmatch(said) else said


def money(cell: Cell) -> int | None:
    """Fen, or None for an empty cell. Raises UnreadableValue."""
    if isinstance(cell, str):
        said = text(cell).replace("\u3000", " ").strip()
        if not said:
            return None
        if _BINARY_FRACTION.fullmatch(said):  # a spreadsheet's number, saved as text
            return fen(float(said))
        return fen(_EMPTY_DECIMALS.sub(r"\1", said))
    return None if cell is None else fen(cell)


def moment(cell: Cell) -> tuple[date, time | None]:
    """Date and, where the cell has it, time. Raises UnreadableValue."""
    if isinstance(cell, str):
        cell = _DAY_FIRST.sub(r"\1 \2:\3:\4", half_width(cell).strip())
    day = business_date(cell)
    if isinstance(cell, datetime):
        return day, cell.time().replace(microsecond=0)
    if isinstance(cell, str) and (_CLOCK.fullmatch(cell) or re.fullmatch(r"\d{8}\s*\d{6}", cell)):
        return day, clock_time(cell)
    if isinstance(cell, float):
        return day, clock_time(cell % 1)
    return day, None


def clock_time(cell: Cell) -> time | None:
    """A time of day from 10:23:45, 102345, a number, or a moment; None if empty. Raises UnreadableValue."""
    if isinstance(cell, datetime):
        return cell.time().replace(microsecond=0)
    if isinstance(cell, time) or not text(cell):
        return cell if isinstance(cell, time) else None
    if isinstance(cell, float) and 0 <= cell < 1:
        return (datetime(1900, 1, 1) + timedelta(seconds=round(cell * 86_400))).time()  # noqa: DTZ001  # a time only
    said = half_width(str(cell)).strip()
    said = said.zfill(6) if said.isdecimal() else said  # 90000 is what a spreadsheet leaves of 090000
    found = _CLOCK.fullmatch(said) or _COMPACT.fullmatch(said)
    if not found:
        raise UnreadableValue("not a time")
    hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return time(hour, minute, second)
    except ValueError:
        raise UnreadableValue("not a time of day") from None


def account_number(cell: Cell) -> str | None:
    """An account number, or None where it is empty, masked or damaged by a spreadsheet (6.22E+18)."""
    if isinstance(cell, bool | float) or (isinstance(cell, int) and abs(cell) >= _EXACT_NUMBER):
        return None
    said = re.sub(r"[\s\-']", "", half_width(text(cell)))
    if re.fullmatch(r"[\d.]+E\+?\d+", said, re.IGNORECASE) or not _ACCOUNT.fullmatch(said):
        return None
    return said


def own_account_number(cell: Cell) -> str | None:
    """As account_number, but digits only: a masked number doesn't say whose file this is."""
    said = account_number(cell)
    return said if said and said.isdecimal() else None


def serial(cell: Cell) -> str | None:
    """A serial number that means something: not empty, not all zeros, not a damaged number."""
    said = "" if isinstance(cell, float | bool) else text(cell).strip("'")
    return said if said.strip("0") else None


def labelled(rows: Rows, labels: Iterable[str]) -> list[str]:
    """What stands beside these labels above the table: in the next filled cell, or after a colon."""
    found: list[str] = []
    for row in rows:
        cells = [part for cell in row if text(cell) for part in _parts(text(cell))]
        for at, cell in enumerate(cells[:-1]):
            if heading(cell) in labels:
                found.append(cells[at + 1])
    return found


def _parts(said: str) -> list[str]:
    """ "账号：320700 户名：某公司" is four parts."""
    pieces = re.split(r"\s*[:：]\s*|\s{2,}|\s+(?=\S{2,10}[:：])", re.sub(r"\[[^\]]*\]", "", said))
    return [piece for piece in pieces if piece]
