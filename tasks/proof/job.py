"""The job of the proof room."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.run import SetAside
from models.work_order import WorkOrder
from tasks.proof import rules, whole
from worker.job import Night, job

STEP = "prove_money"


@job
def prove_money(session: Session, night: Night) -> int:
    """Hold all entries against the totals made without them; what does not add up is set aside by name."""
    proof = whole.prove(session, night.shop_id)
    off = {subject: whole.told(session, subject, why) for subject, why in proof.off.items()}
    before = _set_aside(session, night.shop_id)
    looked_at = sorted(off.keys() | before)
    for _ in night.decide(looked_at, lambda subject: _stand(off.get(subject)), str, rests=False):
        pass
    _settle_again(session, night, off.keys() ^ before)
    night.note(repairs_proved=proof.repairs, off=len(off))
    night.note(**{f"{figure.name.lower()}_fen": amount for figure, amount in proof.booked.items()})
    return proof.repairs


def _stand(why: str | None) -> None:
    if why is not None:
        raise rules.DoesNotAddUp(why)


def _set_aside(session: Session, shop_id: int) -> set[str]:
    found = session.scalars(
        select(SetAside.subject).where(SetAside.step == STEP, SetAside.shop_id == shop_id)
    )
    return set(found)


def _settle_again(session: Session, night: Night, changed: Collection[str]) -> None:
    """Have the refunds room look tonight at repairs that stopped adding up, or do so again."""
    orders = {
        int(each.partition(":")[2]) for each in changed if each.startswith(("work_order:", "position:"))
    }
    mine = (WorkOrder.id.in_(sorted(orders)), WorkOrder.settle_on.is_(None))
    if orders:
        session.execute(update(WorkOrder).where(*mine).values(settle_on=night.date))
