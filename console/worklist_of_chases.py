"""What waits because of the chase: errands, plans that were stopped, a holiday notice that is missing."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import night_view
from console.worklist import Item
from models.business_day import load_calendar
from models.chase import ChasePlan
from models.errand import Errand
from models.words import ChasePlanState, ErrandState, Role


def errands(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """What a named person is to see to."""
    rows = session.scalars(
        select(Errand)
        .where(Errand.shop_id == shop_id, Errand.state == ErrandState.OPEN)
        .order_by(Errand.opened_on, Errand.id)
    )
    for row in rows:
        done = f"then: huikuan chase done {row.id} --because TEXT"
        yield Item(
            "errand",
            f"errand:{row.id}",
            code,
            row.owner,
            row.opened_on,
            row.amount,
            f"errand {row.id} ({row.kind}): {row.what} {done}",
            row.command,
        )


def stopped_plans(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """The newest plan of steps, where it waits for approval."""
    row = session.scalars(
        select(ChasePlan).where(ChasePlan.shop_id == shop_id).order_by(ChasePlan.night.desc()).limit(1)
    ).one_or_none()
    if row is None or row.state is not ChasePlanState.WAITING:
        return
    usual = f", usual are {row.usual}" if row.usual else ""
    yield Item(
        "chase_plan",
        f"chase_plan:{row.night}",
        code,
        Role.MANAGER,
        row.night,
        row.amount,
        f"the chase of {row.night} waits ({row.stopped}): {row.steps} steps{usual}",
        f"huikuan chase approve {row.night} --shop {code}",
    )


def calendar(session: Session, code: str, _shop_id: int) -> Iterator[Item]:
    """A year's holiday notice that ought to be in."""
    today = night_view.newest_date(session)
    missing = load_calendar(session).missing_notice(today) if today else None
    if today is None or missing is None:
        return
    grave = "; it is about to begin" if missing.is_error else ""
    yield Item(
        "calendar",
        f"calendar:{missing.year}",
        code,
        Role.ADMIN,
        max(date(missing.year - 1, 10, 1), date(today.year, 1, 1)),
        None,
        f"the holiday notice of {missing.year} is not in: due days in it are provisional{grave}",
        "huikuan calendar load FILE",
    )
