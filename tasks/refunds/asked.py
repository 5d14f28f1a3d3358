"""The refund a person asks about, and what is written of what he did with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from models.event import Happening, record
from models.refund import Refund
from models.run import not_proven
from models.values import Refusal
from tasks.refunds.duties import Actor
from tasks.refunds.refund_queries import claim_no_of_refund, refund_for_change
from worker.job import Night


@contextmanager
def naming_case(session: Session, night: Night) -> Iterator[int]:
    """The refund of the parameters; a refusal of what is done with it names the case it belongs to."""
    refund_id = int(night.parameters["refund_id"])
    claim_no = claim_no_of_refund(session, night.shop_id, refund_id)
    try:
        yield refund_id
    except Refusal as refused:
        if claim_no is None or claim_no in str(refused):
            raise
        raise Refusal(f"{claim_no}: {refused}") from refused


def refund_asked(session: Session, night: Night, refund_id: int) -> Refund:
    """The refund, locked. Raises Refusal where there is none in this shop."""
    refund = refund_for_change(session, night.shop_id, refund_id)
    if refund is None:
        raise Refusal(f"There is no refund {refund_id} in shop {night.shop_code}. See: huikuan refund list")
    return refund


def refuse_unproven(session: Session, refund: Refund) -> None:
    """Raise Refusal where the nightly proof found that the money of the repair does not add up."""
    why = not_proven(session, [refund.work_order_id]).get(refund.work_order_id)
    if why is not None:
        raise Refusal(f"Refund {refund.id} is held: {why}")


def actor_of(night: Night) -> Actor:
    """Who asks, in the role that came along with the parameters."""
    return Actor(night.by, str(night.parameters["role"]))


def keep(session: Session, night: Night, refund: Refund, kind: str, **inputs: object) -> None:
    """Put on the trail what was done with the refund."""
    happening = Happening(kind, {"refund": refund.id, **inputs}, work_order_id=refund.work_order_id)
    record(session, [happening], **night.trail)
