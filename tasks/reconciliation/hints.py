"""What else a remark says: how many claims a transfer pays, of which month, under which number. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from models.values import Period, half_width

T = TypeVar("T")

_DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九十") if number}
_DIGITS["两"] = 2
_COUNT = re.compile(r"(?<![第\dA-Z])(\d{1,3}|[一二两三四五六七八九十])\s*(?:笔|件|台|辆|案|宗|单(?!号)|起案)")
_SEVERAL = re.compile(r"等(?!级)|多笔|批量|合并支付|汇总|批次|清单")
_MONTH = re.compile(r"(?:(20\d\d)\s*[年.\-/]\s*)?(?<!\d)(1[0-2]|0?[1-9])\s*月(?!\s*\d+\s*[日号])(?:份)?")
_LONG_NUMBER = re.compile(r"\d{10}")
_REMITTANCE = re.compile(
    r"(?:结算单|汇款编?|支付单|付款单|付款批次|支付批次|批次|清单)(?:号码|编号|号)\s*[:：]?\s*([A-Z0-9][A-Z0-9\-]{5,39})"
)
_ANY = re.compile("[号笔件台辆案宗单等批汇清月合]|多笔")
"""Without one of these there is no hint: most remarks are read by this alone."""


@dataclass(frozen=True)
class Hints:
    """count: how many claims; until: the last day of the month it pays for; number: of the remittance."""

    count: int | None = None
    until: date | None = None
    number: str | None = None
    several: bool = False
    """It speaks of more claims than it names (等, 共3笔, 清单)."""


def hints_in(text: str, booked_on: date) -> Hints:
    """Read the hints of a remark; what is said twice and differently is not taken."""
    plain = half_width(text).upper()
    if not _ANY.search(plain):
        return Hints()
    numbers = _REMITTANCE.findall(plain)
    number, rest = _only(numbers), _REMITTANCE.sub(" ", plain) if numbers else plain
    count = _only([_DIGITS.get(found) or int(found) for found in _COUNT.findall(rest)]) or None
    several = bool(_SEVERAL.search(rest)) or (count or 0) > 1
    return Hints(count, _until(rest, booked_on), number, several)


def has_unread_number(text: str) -> bool:
    """Whether a long number that is no remittance's stands in a remark: maybe a claim nobody entered."""
    return bool(_LONG_NUMBER.search(_REMITTANCE.sub(" ", half_width(text).upper())))


def _only(found: Sequence[T]) -> T | None:
    return found[0] if len(set(found)) == 1 else None


def _until(plain: str, booked_on: date) -> date | None:
    """The end of the only month named; a month without a year is the newest one begun by the bank date."""
    months = {(int(year or 0), int(month)) for year, month in _MONTH.findall(plain)}
    if len(months) != 1:
        return None
    year, month = months.pop()
    if not year:
        year = booked_on.year if month <= booked_on.month else booked_on.year - 1
    last = Period(year, month).last
    return last if last <= booked_on or Period.of(booked_on) == Period(year, month) else None
