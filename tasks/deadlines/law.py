"""What changes for all shops: rules of law, the calendar, rates. Every open case is then looked at again."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, literal, null, select, update
from sqlalchemy.orm import Session

from models.business_day import BusinessDay
from models.case import Case
from models.case_change import CaseChange
from models.deadline import InterestRate, LegalRule
from models.upsert import put
from models.values import Refusal
from models.words import PeriodUnit, RuleCover, Stage
from tasks.deadlines.notice_file import YearNotice
from tasks.deadlines.periods import Period, fitted

LPR = "LPR_1Y"
_SANE_MILLIONTHS = 240_000


@dataclass(frozen=True)
class NewRule:
    """A rule of law as it is to be from a day on."""

    code: str
    cover: RuleCover
    length: int
    unit: PeriodUnit
    trigger: str
    source: str
    valid_from: date
    valid_to: date | None
    set_by: str


def set_rule(session: Session, new: NewRule) -> None:
    """Write a rule; the one before it ends the day before. Refusal for a gap or an overlap in dates."""
    known = session.execute(
        select(LegalRule.id, LegalRule.valid_from, LegalRule.valid_to).where(LegalRule.code == new.code)
    ).all()
    periods = [Period(row.valid_from, row.valid_to) for row in known]
    ends = {
        each.valid_from: each.valid_to
        for each in fitted(new.code, periods, Period(new.valid_from, new.valid_to))
    }
    for row in known:
        session.execute(update(LegalRule).where(LegalRule.id == row.id).values(valid_to=ends[row.valid_from]))
    put(session, LegalRule, [asdict(new)], ["code", "valid_from"])
    look_at_all_again(session)


def put_notice(session: Session, notice: YearNotice, source: str) -> int:
    """Write a year's notice in place of what was known of it; returns how many days say something new."""
    named = select(BusinessDay.day, BusinessDay.kind).where(BusinessDay.notice_year == notice.year)
    known = {row.day: row.kind for row in session.execute(named)}
    days = {each.day: each.kind for each in notice.days}
    gone = [day for day in known if day not in days]
    session.execute(delete(BusinessDay).where(BusinessDay.day.in_(gone)))
    rows = [each._asdict() | {"source": source[:64], "notice_year": notice.year} for each in notice.days]
    put(session, BusinessDay, rows, ["day"])
    changed = len(gone) + sum(known.get(day) is not kind for day, kind in days.items())
    if changed:
        look_at_all_again(session)
    return changed


def look_at_all_again(session: Session) -> None:
    """Note every open case of every shop: its clocks are computed anew in the next night."""
    open_cases = select(Case.shop_id, Case.id, null()).where(Case.stage != literal(Stage.CLOSED.value))
    session.execute(insert(CaseChange).from_select(["shop_id", "case_id", "look_on"], open_cases))


def set_rate(session: Session, millionths: int, valid_from: date, source: str, by: str, at: datetime) -> None:
    """Write the LPR of one year from a day on. Raises Refusal for one that no LPR can be."""
    if not 0 < millionths < _SANE_MILLIONTHS:
        raise Refusal(
            "A one-year LPR lies between 0 and 24 %. Write it in per cent: "
            "huikuan rule rate set 3.00 --from DATE"
        )
    row = {
        "name": LPR,
        "millionths": millionths,
        "source": source,
        "valid_from": valid_from,
        "set_by": by,
        "set_at": at,
    }
    put(session, InterestRate, [row], ["name", "valid_from"])
