"""Whether a shop has facts that no night has looked at yet."""

from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.shop import Shop
from models.source_file import SourceFile
from models.words import FileState, Outcome
from models.work_order import WorkOrder


def facts(session: Session, shop_code: str, day: date) -> bool:
    """True when, up to `day`, a file waits to be read, a bank line to be looked at or a repair to settle."""
    shop_id = select(Shop.id).where(Shop.code == shop_code).scalar_subquery()
    waiting = (
        exists().where(SourceFile.shop_id == shop_id, SourceFile.state == FileState.WAITING),
        exists().where(
            BankLine.shop_id == shop_id, BankLine.outcome == Outcome.OPEN, BankLine.booked_on <= day
        ),
        exists().where(WorkOrder.shop_id == shop_id, WorkOrder.settle_on <= day),
    )
    return any(session.execute(select(each)).scalar_one() for each in waiting)
