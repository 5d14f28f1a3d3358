"""`huikuan calendar`: the yearly holiday notices, and whether the next one is missing."""

from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.files import bring
from console.house import reading, writing
from console.options import AsJson, OnDate, OneFile
from console.output import answer, say, table
from console.permits import Act
from console.who import person
from models.business_day import BusinessDay, load_calendar
from models.calendar import statutory_days
from models.deadline import Deadline
from models.values import Refusal
from models.words import DayKind, DeadlineState
from worker import clock

app = typer.Typer(help="Holidays and make-up workdays.")

_SAID = {DayKind.HOLIDAY: "休", DayKind.MAKE_UP_WORKDAY: "班"}


@app.command()
def load(path: OneFile, as_json: AsJson = False) -> None:
    """Take a year's notice: the public JSON shape, or a CSV with date, name, isOffDay."""
    from tasks.deadlines import law
    from tasks.deadlines.notice_file import read_notice

    brought = bring(path)
    notice = read_notice(brought.name, _text(brought.name, brought.content))
    with writing() as session:
        person(session, Act.ADMINISTER)
        changed = law.put_notice(session, notice, brought.name)
    document = {"year": notice.year, "days": len(notice.days), "changed": changed}
    said = f"{notice.year}: {len(notice.days)} days, {changed} of them new or changed."
    again = " Every open clock is computed anew in the next night." if changed else ""
    answer(as_json, document, lambda: say(said + again))


def _text(name: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(f"{name} is neither UTF-8 nor GB18030 text. Save it again as UTF-8.")


@app.command()
def show(year: Annotated[int, typer.Argument(metavar="YEAR")], as_json: AsJson = False) -> None:
    """Show what is known of a year: the days of its notice, or the days that any notice will name."""
    with reading() as session:
        days = _days(session, year)
    known = bool(days)
    if not known:
        days = [
            {"day": day, "kind": "休", "name": "", "source": "放假办法"}
            for day in sorted(statutory_days(year))
        ]
    columns = {"day": "day", "what": "kind", "name": "name", "source": "source"}

    def tell() -> None:
        if not known:
            say(f"The notice of {year} is not in: these days rest in any; due days are provisional.")
        table(days, columns, "")

    answer(as_json, {"year": year, "known": known, "days": days}, tell)


def _days(session: Session, year: int) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(BusinessDay).where(BusinessDay.notice_year == year).order_by(BusinessDay.day)
    )
    return [{"day": row.day, "kind": _SAID[row.kind], "name": row.name, "source": row.source} for row in rows]


@app.command()
def check(on: OnDate = None, as_json: AsJson = False) -> None:
    """Say which years are known, and what rests on one that is not; an error from 15 December."""
    today = on or clock.today()
    with reading() as session:
        document = standing(session, today)
    answer(as_json, document, lambda: say(str(document["so"])))
    if document["is_error"]:
        raise Refusal(f"The notice of {document['missing']} is missing. Bring it: huikuan calendar load FILE")


def standing(session: Session, today: date) -> dict[str, Any]:
    """Which years are known, which one is missing, and how many clocks rest on it."""
    found = load_calendar(session)
    missing = found.missing_notice(today)
    years = ", ".join(map(str, sorted(found.known_years))) or "none"
    provisional = session.execute(
        select(func.count()).where(Deadline.provisional, Deadline.state != DeadlineState.MET)
    ).scalar_one()
    rests = f"; {provisional} due days are provisional" if provisional else ""
    lacks = f"; the notice of {missing.year} is missing: huikuan calendar load FILE" if missing else ""
    return {
        "known_years": sorted(found.known_years),
        "missing": missing.year if missing else None,
        "is_error": bool(missing and missing.is_error),
        "provisional": provisional,
        "so": f"Known years: {years}{rests}{lacks}",
    }
