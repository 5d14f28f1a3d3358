"""Whether a shop has facts that no night has looked at yet."""

from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.event import Event
from models.run import Seat
from models.shop import Shop
from models.source_file import SourceFile
from models.words import FileState, Outcome
from models.work_order import WorkOrder


def facts(session: Session, shop_code: str, day: date) -> bool:
    """True when, up to `day`, a file, a bank line, a repair or a fact that people recorded waits."""
    shop_id = select(Shop.id).where(Shop.code == shop_code).scalar_subquery()
    finished = (
        select(func.max(Seat.taken_at))
        .where(
            Seat.job == "night",
            Seat.business_date == day,
            or_(Seat.scope == shop_code, Seat.scope.like(f"{shop_code}+%")),
        )
        .scalar_subquery()
    )
    waiting = (
        exists().where(SourceFile.shop_id == shop_id, SourceFile.state == FileState.WAITING),
        exists().where(
            BankLine.shop_id == shop_id, BankLine.outcome == Outcome.OPEN, BankLine.booked_on <= day
        ),
        exists().where(WorkOrder.shop_id == shop_id, WorkOrder.settle_on <= day),
        exists().where(
            Event.shop_id == shop_id,
            Event.kind.like("recorded%"),
            Event.business_date <= day,
            Event.recorded_at > finished,
        ),
    )
    return any(session.execute(select(each)).scalar_one() for each in waiting)
