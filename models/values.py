"""Money (whole fen inside, yuan at the edges: domain 0.1), dates and periods, and the way to masks.

Standard library only. Dates are business days in Asia/Shanghai.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from models.masks import (
    half_width,
    mask_account,
    mask_email,
    mask_name,
    mask_phone,
    mask_plate,
    mask_report_no,
    normalise_plate,
)
from models.written_amount import in_words

# One place to look, in three small files.
__all__ = [
    "SANE_LIMIT", "Period", "Refusal", "UnreadableValue", "business_date", "fen", "half_width", "in_words",
    "mask_account", "mask_email", "mask_name", "mask_phone", "mask_plate", "mask_report_no",
    "normalise_plate", "rate_of", "split", "yuan", "yuan_grouped",
]  # fmt: skip

MOST_FEN = 10**13
SANE_LIMIT = 10**12
"""Ten billion yuan in fen: no single movement of a repair shop is larger."""
_BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")


class Refusal(Exception):
    """A foreseen problem; str() is the whole sentence: what is so, where, and the next step."""


class UnreadableValue(ValueError):
    """A value that cannot be read; str() says why, e.g. "not an amount"."""


# Digits in threes, parted by commas or blanks, or not parted at all; anything between is a typing error.
_AMOUNT = re.compile(r"(\d{1,3}(?:[, ]\d{3})+|\d+)(\.\d*)?|(\.\d+)")
_CURRENCY = re.compile(r"人民币|RMB|CNY|¥|元整|圆整|元|圆|整$", re.IGNORECASE)
_NEGATIVE = re.compile(r"\((.+)\)|-(.+)|(.+)-")


def fen(value: object) -> int:
    """Read an amount in yuan, from a cell or typed by a person, as whole fen; else UnreadableValue.

    A number within 1e-6 of a fen is that fen: spreadsheets hold binary fractions (design 5).
    Text says what it means, so more than two decimals are refused.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise UnreadableValue("empty" if value is None else "not an amount")
    if isinstance(value, str):
        return _typed(value)
    return _whole_fen(Decimal(repr(value) if isinstance(value, float) else value) * 100)


def _whole_fen(amount: Decimal) -> int:
    if not amount.is_finite() or abs(amount) > MOST_FEN:
        raise UnreadableValue("not an amount")
    nearest = amount.to_integral_value(ROUND_HALF_UP)
    if abs(amount - nearest) > Decimal("1e-6"):
        raise UnreadableValue("more than two decimals")
    return int(nearest)


def _typed(text: str) -> int:
    bare = _CURRENCY.sub("", half_width(text).replace("−", "-")).strip()
    if not bare:
        raise UnreadableValue("empty")
    negative = _NEGATIVE.fullmatch(bare)
    digits = (next(filter(None, negative.groups())) if negative else bare.removeprefix("+")).strip()
    number = digits.removesuffix("万").strip()
    if not _AMOUNT.fullmatch(number):
        raise UnreadableValue("not an amount")
    scale = 1 if number == digits else 10_000
    if scale == 1 and len(number.partition(".")[2]) > 2:
        raise UnreadableValue("more than two decimals")
    amount = _whole_fen(Decimal(re.sub("[, ]", "", number)) * 100 * scale)
    return -amount if negative else amount


def yuan(amount: int) -> str:
    """123456 fen -> "1234.56"."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def yuan_grouped(amount: int) -> str:
    """123456 fen -> "1,234.56"."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Part total (fen) in proportion to weights; the fen left over go to the (first) largest (domain 0.1)."""
    if min(weights, default=-1) < 0 or (total and not any(weights)):
        raise ValueError("weights must be zero or more, and not all zero")
    sign, whole = (-1 if total < 0 else 1), sum(weights) or 1
    parts = [sign * (abs(total) * weight // whole) for weight in weights]
    parts[max(range(len(parts)), key=weights.__getitem__)] += total - sum(parts)
    return parts


def rate_of(amount: int, rate: Decimal) -> int:
    """The share `rate` of an amount in fen, rounded half up (away from zero) once."""
    return int((Decimal(amount) * rate).quantize(Decimal(1), ROUND_HALF_UP))


_CLOCK = r"(?:[T ]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DATE = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?" + _CLOCK)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s*\d{6}|" + _CLOCK + ")")


def business_date(value: object) -> date:
    """Read a date from a cell or a person: 2026-01-05, 2026/1/5, 20260105, 2026年1月5日, with a time or not.

    Numbers from 40000 to 60000 are spreadsheet serial days. A year of two digits is not guessed.
    """
    if not 1990 <= (day := _day(value)).year <= 2100:
        raise UnreadableValue("a year outside 1990 to 2100")
    return day


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return (value.astimezone(_BUSINESS_ZONE) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and 40_000 <= value <= 60_000:
        return date(1899, 12, 30) + timedelta(days=int(value))
    if isinstance(value, str) or (isinstance(value, int | float) and value == value // 1):
        return _typed_day(half_width(str(value)).strip().removesuffix(".0"))
    raise UnreadableValue("empty" if value is None else "not a date")


def _typed_day(text: str) -> date:
    if re.fullmatch(r"[45]\d{4}", text):
        return _day(int(text))
    plain, compact = _DATE.fullmatch(text), _COMPACT.fullmatch(text)
    parts = plain.group(1, 3, 4) if plain else compact.groups() if compact else None
    if parts is None:
        raise UnreadableValue("not a date" if text else "empty")
    try:
        return date(*map(int, parts))
    except ValueError:
        raise UnreadableValue("a day that is in no calendar") from None


class Period(NamedTuple):
    """A calendar month, the unit of a ledger."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-11", "2026年11月" or "202611"; UnreadableValue otherwise."""
        found = re.fullmatch(r"(\d{4})[-/.年]?(0?[1-9]|1[0-2])月?", half_width(text).strip())
        if not found:
            raise UnreadableValue("not a month such as 2026-11")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def next(self) -> Self:
        return self.of(self.last + timedelta(days=1))

    def previous(self) -> Self:
        return self.of(self.first - timedelta(days=1))
