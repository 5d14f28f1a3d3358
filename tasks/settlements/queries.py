"""What the settlements room reads: one repair with its lines, and its standing bill."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.entry import Entry
from models.payout import Payout
from models.words import Cover, EntryKind, LineKind, PayoutState
from models.work_order import WorkOrder


def case_for_change(session: Session, shop_id: int, case_id: int) -> Case:
    """The claim, locked until the transaction ends."""
    return session.execute(
        select(Case).where(Case.id == case_id, Case.shop_id == shop_id).with_for_update()
    ).scalar_one()


def repair(session: Session, work_order_id: int) -> WorkOrder:
    """The repair, locked against other movements of its money."""
    return session.execute(
        select(WorkOrder).where(WorkOrder.id == work_order_id).with_for_update(key_share=True)
    ).scalar_one()


def repair_by_number(session: Session, shop_id: int, work_order_no: str) -> WorkOrder | None:
    """The repair of that number in the shop, if a claim is known on it."""
    return session.execute(
        select(WorkOrder)
        .where(WorkOrder.shop_id == shop_id, WorkOrder.work_order_no == work_order_no)
        .where(select(Case.id).where(Case.work_order_id == WorkOrder.id).exists())
        .with_for_update(key_share=True)
    ).scalar_one_or_none()


class Expected(NamedTuple):
    """An expected line, in fen, with what came on it."""

    line: ExpectedLine
    received: int


def expected(
    session: Session, case_id: int, work_order_id: int, cover: Cover, kind: LineKind
) -> Expected | None:
    """The line of a claim, cover and repair, if there is one."""
    line = session.execute(
        select(ExpectedLine)
        .where(ExpectedLine.case_id == case_id, ExpectedLine.work_order_id == work_order_id)
        .where(ExpectedLine.cover == cover, ExpectedLine.kind == kind)
        .with_for_update()
    ).scalar_one_or_none()
    if line is None:
        return None
    came = select(func.coalesce(func.sum(Payout.amount), 0)).where(
        Payout.expected_line_id == line.id, Payout.state != PayoutState.REVERSED
    )
    return Expected(line, int(session.execute(came).scalar_one()))


def own_expected(session: Session, work_order_id: int) -> int:
    """E_own: what insurers owe for the repair, over all its claims, in fen."""
    own = select(func.coalesce(func.sum(ExpectedLine.amount), 0)).where(
        ExpectedLine.work_order_id == work_order_id, ExpectedLine.kind == LineKind.OWN_REPAIR
    )
    return int(session.execute(own).scalar_one())


def standing(session: Session, work_order_id: int, kind: EntryKind) -> list[Entry]:
    """Entries of a kind that were not reversed."""
    undone = select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
    own = (Entry.work_order_id == work_order_id, Entry.kind == kind, Entry.id.not_in(undone))
    return list(session.scalars(select(Entry).where(*own).order_by(Entry.id)))


def bills_so_far(session: Session, work_order_id: int) -> int:
    """How often the repair was billed, what was reversed since included."""
    own = (Entry.work_order_id == work_order_id, Entry.kind == EntryKind.BILL)
    return session.execute(select(func.count()).where(*own)).scalar_one()
