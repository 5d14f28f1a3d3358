"""Reading one cell of a ledger by the kind of its column; what cannot be read says why."""

import re
from datetime import date, timedelta

from models.values import UnreadableValue, business_date, fen, half_width, normalise_plate
from tasks.intake.columns import Kind

Value = str | int | date | bool | None

# Dates typed ahead of the night (a release that is planned) are usual for weeks, not for months.
DAYS_AHEAD = 31

NOTHING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "未", "n/a", "none", "null"})
LONGEST_NOTHING = max(map(len, NOTHING))
YES = frozenset({"是", "√", "✓", "✔", "☑", "y", "yes", "true", "1", "有", "对", "代", "已"})
NO = frozenset({"否", "×", "✗", "✘", "x", "n", "no", "false", "0", "无", "不", "不是", "没有"})
BROKEN_FORMULA = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)", re.IGNORECASE)
ROUNDED_NUMBER = re.compile(r"\d(\.\d+)?e\+\d+", re.IGNORECASE)
# Ten billion yuan: no entry may be larger (models.entry).
MOST_FEN = 10**12
SMALL_YUAN, NEAR_FEN = 1_000_000, 5e-7
WHOLE_DIGITS = 15  # more than that a spreadsheet's number does not hold


def read_cell(cell: object, kind: Kind, today: date) -> Value:
    """The value of a cell; None where it says nothing. UnreadableValue says why it cannot be read."""
    if not isinstance(cell, str):
        return _typed(cell, kind, today)
    said = half_width(cell).strip()
    if not said:
        return None
    if said[0] == "#" and BROKEN_FORMULA.fullmatch(cell.strip()):
        raise UnreadableValue("a formula that failed")
    if kind is Kind.FLAG:
        return _flag(cell)
    if len(said) <= LONGEST_NOTHING and said.casefold() in NOTHING:
        return None
    if kind is Kind.MONEY:
        return _money(cell)
    if kind is Kind.DATE:
        return None if cell == "0" else _date(cell, today)
    return _words(cell, kind)


def _typed(cell: object, kind: Kind, today: date) -> Value:
    if cell is None:
        return None
    if kind is Kind.MONEY:
        return _money(cell)
    if kind is Kind.DATE:
        # A formula dragged down over empty cells leaves a zero, which a sheet shows as 1900-01-00.
        return None if cell == 0 else _date(cell, today)
    return _flag(cell) if kind is Kind.FLAG else _words(cell, kind)


def _money(cell: object) -> int:
    amount = _near_fen(cell) if isinstance(cell, float) and 0 <= cell < SMALL_YUAN else fen(cell)
    if amount < 0:
        raise UnreadableValue("a negative amount")
    if amount > MOST_FEN:
        raise UnreadableValue("larger than any amount of a repair")
    return amount


def _near_fen(cell: float) -> int:
    """As `fen` reads it, quicker: below a million yuan a float is off by far less than 1e-6 of a fen."""
    nearest = round(cell * 100)
    return nearest if abs(cell * 100 - nearest) < NEAR_FEN else fen(cell)


def _date(cell: object, today: date) -> date:
    day = business_date(cell)
    if day > today + timedelta(days=DAYS_AHEAD):
        raise UnreadableValue(f"more than {DAYS_AHEAD} days after {today}")
    return day


def _flag(cell: object) -> bool | None:
    if isinstance(cell, bool):
        return cell
    word = half_width(str(cell)).strip().casefold()
    if word in YES or word in NO:
        return word in YES
    if word in NOTHING:
        return None
    raise UnreadableValue("neither 是 nor 否")


def _words(cell: object, kind: Kind) -> str:
    if kind is Kind.NUMBER:
        return _number(cell)
    text = _text(cell)
    return normalise_plate(text) if kind is Kind.PLATE else text


def _text(cell: object) -> str:
    if isinstance(cell, date):
        return business_date(cell).isoformat()
    return " ".join(half_width(cell).split()) if isinstance(cell, str) else str(cell)


def _number(cell: object) -> str:
    text = half_width(cell).strip() if isinstance(cell, str) else _whole(cell)
    if ROUNDED_NUMBER.fullmatch(text) or (not isinstance(cell, str) and len(text) > WHOLE_DIGITS):
        raise UnreadableValue("a long number that the spreadsheet has rounded")
    return text


def _whole(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return str(cell)
    raise UnreadableValue("not a number or a name")
