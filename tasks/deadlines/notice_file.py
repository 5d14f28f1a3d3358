"""A year's holiday notice as a file: the public JSON shape, or a simple CSV (domain 5). Pure."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from models.calendar import Calendar, statutory_days
from models.values import Refusal, UnreadableValue, business_date
from models.words import DayKind

_DATE_HEADINGS = ("date", "日期")
_KIND_HEADINGS = ("isoffday", "kind", "类型", "是否休息")
_NAME_HEADINGS = ("name", "名称", "节日")
_REST = frozenset({"true", "1", "yes", "休", "休息", "放假", "holiday"})
_WORK = frozenset({"false", "0", "no", "班", "上班", "补班", "workday", "make_up_workday"})
_SATURDAY = 5


class NamedDay(NamedTuple):
    """A day that the notice names, and what it says of it."""

    day: date
    kind: DayKind
    name: str


class YearNotice(NamedTuple):
    """The days of one year's notice; it may name days of the December before."""

    year: int
    days: tuple[NamedDay, ...]


def read_notice(file_name: str, text: str) -> YearNotice:
    """Read a notice. Raises Refusal for an empty year and for days that no notice can mean."""
    is_json = text.lstrip().startswith(("{", "["))
    year, days = _from_json(file_name, text) if is_json else _from_csv(file_name, text)
    if not days:
        raise Refusal(
            f"{file_name} names no days{f' of {year}' if year else ''}: an empty list makes no year "
            "known, its notice is not out. Bring the file again when it is: huikuan calendar load FILE"
        )
    year = year or Counter(each.day.year for each in days).most_common(1)[0][0]
    _refuse_nonsense(file_name, year, days)
    return YearNotice(year, tuple(sorted(set(days))))


def _from_json(file_name: str, text: str) -> tuple[int | None, list[NamedDay]]:
    try:
        whole = json.loads(text)
    except ValueError as why:
        raise Refusal(f"{file_name} is not JSON ({why}). Fetch the file again, or write it as CSV.") from None
    year = whole.get("year") if isinstance(whole, dict) else None
    listed = whole.get("days") if isinstance(whole, dict) else None
    if not isinstance(year, int) or isinstance(year, bool) or not isinstance(listed, list):
        raise Refusal(
            f'{file_name} has not the shape {{"year": 2027, "days": [{{"date", "name", "isOffDay"}}]}}. '
            "Bring the year's file as it is published, or a CSV with date, name, isOffDay."
        )
    return year, [_json_day(file_name, at, each) for at, each in enumerate(listed, 1)]


def _json_day(file_name: str, at: int, each: Any) -> NamedDay:
    if not isinstance(each, dict) or not isinstance(each.get("isOffDay"), bool):
        raise Refusal(f"{file_name}, day {at}: it needs a date and isOffDay true or false. Correct it.")
    kind = DayKind.HOLIDAY if each["isOffDay"] else DayKind.MAKE_UP_WORKDAY
    return NamedDay(_day(f"{file_name}, day {at}", each.get("date")), kind, str(each.get("name", ""))[:32])


def _from_csv(file_name: str, text: str) -> tuple[None, list[NamedDay]]:
    rows = csv.reader(text.splitlines())
    headings = [heading.strip().lower() for heading in next(rows, [])]
    dates, kinds, names = (
        _column(headings, wanted) for wanted in (_DATE_HEADINGS, _KIND_HEADINGS, _NAME_HEADINGS)
    )
    if dates is None or kinds is None:
        raise Refusal(
            f"{file_name} has no headings date (日期) and isOffDay (类型 休/班) in its first row. Write "
            "it as: date,name,isOffDay"
        )
    return None, list(_csv_days(file_name, rows, dates, kinds, names))


def _column(headings: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((at for at, heading in enumerate(headings) if heading in wanted), None)


def _csv_days(
    file_name: str, rows: Iterable[list[str]], dates: int, kinds: int, names: int | None
) -> Iterator[NamedDay]:
    for at, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = [*row, *[""] * (max(dates, kinds, names or 0) + 1 - len(row))]
        said = cells[kinds].strip().lower()
        if said not in _REST | _WORK:
            raise Refusal(
                f'{file_name}, row {at}: "{cells[kinds]}" is neither 休 (true) nor 班 (false). Correct it.'
            )
        kind = DayKind.HOLIDAY if said in _REST else DayKind.MAKE_UP_WORKDAY
        name = cells[names].strip()[:32] if names is not None else ""
        yield NamedDay(_day(f"{file_name}, row {at}", cells[dates]), kind, name)


def _day(where: str, value: object) -> date:
    try:
        return business_date(value)
    except UnreadableValue as why:
        raise Refusal(
            f'{where}: "{value}" can\'t be read as a date ({why}). Write it as 2027-01-01.'
        ) from None


def _refuse_nonsense(file_name: str, year: int, days: list[NamedDay]) -> None:
    kinds: dict[date, DayKind] = {}
    for each in days:
        if each.day.year != year and (each.day.year, each.day.month) != (year - 1, 12):
            raise Refusal(
                f"{file_name} is the notice of {year} and names {each.day}. A notice names days of its year "
                "and of the December before. Bring one file per year."
            )
        if each.kind is DayKind.MAKE_UP_WORKDAY and each.day.weekday() < _SATURDAY:
            raise Refusal(
                f"{file_name} makes {each.day} a make-up workday, which only a Saturday or Sunday can be."
            )
        if kinds.setdefault(each.day, each.kind) is not each.kind:
            raise Refusal(f"{file_name} names {each.day} twice, once as 休 and once as 班. Correct it.")
    _refuse_copied_year(file_name, year, kinds)


def _refuse_copied_year(file_name: str, year: int, kinds: dict[date, DayKind]) -> None:
    """The fixed days of the 放假办法 rest in every notice: where one is worked, it is of another year."""
    worked = [day for day in sorted(statutory_days(year)) if Calendar.of(kinds).is_workday(day)]
    if worked:
        raise Refusal(
            f"{file_name} has {', '.join(str(day) for day in worked[:4])} as workdays, which are "
            f"statutory holidays of {year}. It is no notice of that year; get the right one and bring it: "
            "huikuan calendar load FILE"
        )
