"""The jobs of the refunds room."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.refund import Position
from models.shop import setting, whole_number
from models.upsert import put
from models.words import ReleasePolicy
from models.work_order import WorkOrder
from tasks.refunds import (
    approval,
    decisions,
    holds,
    payees,
    paying,
    payment_file,
    positions,
    queries,
    rules,
    split,
    unclaimed,
    writing,
)
from tasks.refunds.asked import naming_case
from tasks.refunds.queries import RepairRow
from worker import aside
from worker.job import Night, job

LOOK_AGAIN = timedelta(days=1)


@job
def compute_refunds(session: Session, night: Night) -> int:
    """Say for every repair whose money changed what goes back to the customer, and why."""
    policy = setting(session, "release_policy", on=night.date, default="FINAL", shop_id=night.shop_id)
    tolerance = whole_number(session, "rounding_tolerance_fen", 5, on=night.date, shop_id=night.shop_id)
    # A repair asked for by name is looked at also where it waits for tomorrow; the others stay on the list.
    until = date.max if "only" in night.parameters else night.date
    due = queries.repairs_to_settle(session, night.shop_id, until)
    rows = [row for row in due if night.is_about(_name(row))]
    decided = night.decide(
        rows,
        lambda row: rules.refund(positions.repair(row, ReleasePolicy(str(policy)), tolerance)),
        subject=_name,
    )
    written = aside.write(
        session, night, list(decided), lambda some: _write(session, night, some), lambda each: _name(each[0])
    )
    _settled(
        session, night, [row.work_order_id for row in rows], {row.work_order_id for row, _ in written.rows}
    )
    return len(written.rows)


def _write(session: Session, night: Night, results: Sequence[tuple[RepairRow, rules.Figures]]) -> None:
    """The position of each repair, and its refund where the position wants it."""
    proven = [(row, figures) for row, figures in results if row.is_proven]
    held = writing.held_by(session, {row.work_order_id: figures for row, figures in proven})
    computed = [positions.row_of(row, figures, held.get(row.work_order_id), night) for row, figures in proven]
    put(session, Position, computed, ["work_order_id"])
    writing.hold_back(session, [row.work_order_id for row, _ in results if not row.is_proven])
    for row, figures in proven:
        step = decisions.next_step(figures.releasable, _under_way(row))
        writing.follow(session, night, row, figures, step, held.get(row.work_order_id))


def _name(row: RepairRow) -> str:
    return f"work_order:{row.work_order_id}"


def _under_way(row: RepairRow) -> decisions.UnderWay | None:
    if row.refund_id is None or row.refund_state is None:
        return None
    return decisions.UnderWay(row.refund_id, row.refund_amount, row.refund_state, row.refund_withdrawn)


def _settled(session: Session, night: Night, seen: list[int], decided: set[int]) -> None:
    """Take what was decided off the list; what was set aside is looked at again tomorrow."""
    aside = [ident for ident in seen if ident not in decided]
    for idents, when in ((sorted(decided), None), (aside, night.date + LOOK_AGAIN)):
        if idents:
            session.execute(update(WorkOrder).where(WorkOrder.id.in_(idents)).values(settle_on=when))


@job
def approve_refund(session: Session, night: Night) -> int:
    """Approve a refund that waits: the money is reserved and the customer is told."""
    with naming_case(session, night) as refund_id:
        return approval.approve(session, night, refund_id, night.parameters["role"])


@job
def decline_refund(session: Session, night: Night) -> int:
    """Decline a refund, with the reason: nothing goes back until the sum changes."""
    because = str(night.parameters["because"])
    with naming_case(session, night) as refund_id:
        return approval.decline(session, night, refund_id, night.parameters["role"], because)


@job
def split_refund(session: Session, night: Night) -> int:
    """Split a refund that waits: money, set off against what the customer owes, for another repair."""
    with naming_case(session, night) as refund_id:
        return split.split(session, night, refund_id)


@job
def record_payee(session: Session, night: Night) -> int:
    """Record where refunds of a payee are paid."""
    with naming_case(session, night) as refund_id:
        return payees.record_account(session, night, refund_id)


@job
def make_payment_file(session: Session, night: Night) -> int:
    """Write the batch-transfer file of the approved refunds; returns how many leave in it."""
    return payment_file.make(session, night)


@job
def pay_refund(session: Session, night: Night) -> int:
    """Post a refund as paid on a day."""
    with naming_case(session, night) as refund_id:
        return paying.pay(session, night, refund_id)


@job
def bounce_refund(session: Session, night: Night) -> int:
    """Post that the money of a refund came back; after the night a new one waits for approval."""
    with naming_case(session, night) as refund_id:
        return paying.bounce(session, night, refund_id)


@job
def fail_refund(session: Session, night: Night) -> int:
    """Give back the money of a refund that the bank refused; after the night a new one waits for approval."""
    with naming_case(session, night) as refund_id:
        return paying.fail(session, night, refund_id)


@job
def remind_unclaimed(session: Session, night: Night) -> int:
    """Remind customers of refunds that lie ready for them; in the end they are kept as owed."""
    return unclaimed.remind(session, night)


@job
def hold_refund(session: Session, night: Night) -> int:
    """Hold what is due on the repair of a case (case_id), with the reason: nothing is approved or paid."""
    return holds.hold(session, night, int(night.parameters["case_id"]), str(night.parameters["because"]))


@job
def unhold_refund(session: Session, night: Night) -> int:
    """End the hold on the repair of a case (case_id)."""
    return holds.unhold(session, night, int(night.parameters["case_id"]))
