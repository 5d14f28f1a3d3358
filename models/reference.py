"""What ships with the product as data: insurers, report numbers, the calendar's notices and the rules of law.

Loading is repeatable: a row that is there already, edited or not, is left alone.
"""

import csv
from collections.abc import Iterator
from datetime import date
from importlib import resources

import chinese_calendar.constants as notices  # type: ignore[import-untyped] # it ships no types
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.business_day import BusinessDay
from models.deadline import LegalRule
from models.insurer import InsurerAlias, InsurerGroup, ReportPattern
from models.upsert import Row, add_new
from models.words import DayKind, PeriodUnit, RuleCover

_FIRST_YEAR = 2024
"""Older years are not needed: claims lapse after two years (domain 2.1)."""


def load(session: Session) -> None:
    """Add whatever reference data the database does not have yet."""
    _load_insurers(session)
    add_new(session, BusinessDay, list(_notice_days()))
    add_new(session, LegalRule, [_rule(row) for row in _rows("legal_rule")])


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = resources.files("models") / "reference_data" / f"{name}.csv"
    yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines())


def _load_insurers(session: Session) -> None:
    add_new(session, InsurerGroup, list(_rows("insurer_group")))
    groups = {row.code: row.id for row in session.execute(select(InsurerGroup.code, InsurerGroup.id))}
    aliases = [{"alias": row["alias"], "group_id": groups[row["code"]]} for row in _rows("insurer_alias")]
    patterns = [
        {"pattern": row["pattern"], "group_id": groups[row["code"]]} for row in _rows("report_pattern")
    ]
    add_new(session, InsurerAlias, aliases)
    add_new(session, ReportPattern, patterns)


def _notice_days() -> Iterator[Row]:
    """The days of the yearly notices that the library `chinesecalendar` knows (domain 5)."""
    for kind, days in ((DayKind.HOLIDAY, notices.holidays), (DayKind.MAKE_UP_WORKDAY, notices.workdays)):
        for day, name in days.items():
            if day.year >= _FIRST_YEAR:
                yield {
                    "day": day, "kind": kind, "name": str(name)[:32], "source": "chinesecalendar",
                    "notice_year": day.year,
                }  # fmt: skip


def _rule(row: dict[str, str]) -> Row:
    return {
        "code": row["code"],
        "cover": RuleCover(row["cover"]),
        "length": int(row["length"]),
        "unit": PeriodUnit(row["unit"]),
        "trigger": row["trigger"],
        "source": row["source"],
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    }
