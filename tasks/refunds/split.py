"""Splitting a refund that waits: the plan that is shown first, and what is written then."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from models.payment import RefundPart
from models.refund import Refund
from models.values import Refusal, yuan
from models.words import PartKind, RefundState
from tasks.refunds import duties, part_queries, refund_queries
from tasks.refunds.asked import actor_of, keep, refund_asked
from tasks.refunds.splitting import Ask, Debt, Other, Share, shares
from worker.job import Night

Asked = Mapping[str, Any]
"""cash, offset (fen), other_order (number) and other_amount (fen), as a command hands them over."""


def plan(session: Session, shop_id: int, refund_id: int, asked: Asked) -> tuple[Share, ...]:
    """What the split would be. Raises Refusal where it is not possible."""
    refund = refund_queries.refund_for_change(session, shop_id, refund_id)
    if refund is None:
        raise Refusal(f"There is no refund {refund_id} here. See: huikuan refund list")
    if refund.state is not RefundState.WAITING:
        raise Refusal(
            f"Refund {refund_id} is {refund.state}; it is split while it waits for approval, so that the "
            f"approver sees the parts. See: huikuan refund show {refund_id}"
        )
    payee = part_queries.payee_of(session, refund_id)
    others = part_queries.orders_of(session, shop_id, payee, refund_id)
    debts = [
        Debt(each.work_order_id, each.work_order_no, each.owed)
        for each in others
        if each.owed and each.plate_no == payee.plate_no
    ]
    ask = Ask(asked.get("cash"), asked.get("offset") or 0, _other(session, shop_id, payee, others, asked))
    return shares(refund_id, refund.amount, ask, debts)


def _other(
    session: Session,
    shop_id: int,
    payee: part_queries.Payee,
    others: list[part_queries.OtherOrder],
    asked: Asked,
) -> Other | None:
    wanted = asked.get("other_order")
    if not wanted:
        return None
    for each in others:
        if each.work_order_no == wanted:
            return Other(each.work_order_id, each.work_order_no, int(asked["other_amount"]), each.owed)
    known = part_queries.order_named(session, shop_id, wanted)
    if known is None:
        raise Refusal(f"There is no work order {wanted} in this shop. See: huikuan case list")
    if known.work_order_id == payee.work_order_id:
        raise Refusal(f"{wanted} is the repair that the refund comes from. Name another one of {payee.name}.")
    raise Refusal(
        f"{wanted} is a repair of {known.insured_name}, not of {payee.name}; money of one customer does not "
        "go to another's repair. See: huikuan case list"
    )


def split(session: Session, night: Night, refund_id: int) -> int:
    """Write the parts of a refund in place of those it had. Returns how many; 0 = all of it is money."""
    asked = night.parameters
    command = f"huikuan refund split {refund_id} --offset B"
    duties.refuse_unless(actor_of(night), duties.MAY_PREPARE, "a refund is split", command)
    found = plan(session, night.shop_id, refund_id, asked)
    session.execute(delete(RefundPart).where(RefundPart.refund_id == refund_id))
    elsewhere = any(share.kind is not PartKind.CASH for share in found)
    if elsewhere:
        session.execute(insert(RefundPart), [_row(refund_id, share) for share in found])
    # Who splits has prepared it: another one approves.
    session.execute(update(Refund).where(Refund.id == refund_id).values(prepared_by=night.by))
    parts = [{"kind": s.kind.value, "amount": s.amount, "work_order": s.work_order_no} for s in found]
    keep(session, night, refund_asked(session, night, refund_id), "refund_split", parts=parts)
    return len(found) if elsewhere else 0


def _row(refund_id: int, share: Share) -> dict[str, Any]:
    return {
        "refund_id": refund_id, "kind": share.kind, "amount": share.amount,
        "other_work_order_id": share.work_order_id,
    }  # fmt: skip


def refuse_if_stale(session: Session, shop_id: int, refund: Refund) -> None:
    """Raise Refusal where the parts do not fit any more what they were made from."""
    parts = part_queries.parts_of(session, refund.id)
    again = f"Split it again: huikuan refund split {refund.id} --offset B"
    if parts and sum(part.amount for part in parts) != refund.amount:
        raise Refusal(
            f"The parts of refund {refund.id} do not come to its {yuan(refund.amount)} yuan. {again}"
        )
    payee = part_queries.payee_of(session, refund.id)
    owed = {
        each.work_order_id: each.owed for each in part_queries.orders_of(session, shop_id, payee, refund.id)
    }
    for part in parts:
        now = owed.get(part.work_order_id or 0, 0)
        if part.kind is PartKind.OFFSET and part.amount > now:
            raise Refusal(
                f"Refund {refund.id} sets off {yuan(part.amount)} yuan against {part.work_order_no}, where "
                f"only {yuan(now)} are owed now. {again}"
            )
