"""What the gates room writes of a recorded fact: columns, signatures, and the trail."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.case import Case
from models.event import Happening, record
from models.refund import Refund
from models.words import Stage
from models.work_order import WorkOrder
from tasks.gates.known import Change, Recorded
from tasks.gates.queries import GateRow
from worker.job import Night

_PROOF = ("proof", "proof_stored_as")


def write(session: Session, night: Night, row: GateRow, recorded: Recorded, change: Change) -> None:
    """Write a change whole, with what was before."""
    facts = row.facts
    stage = {"stage": Stage.SUBMITTED} if _goes_on(row, change) else {}
    if change.case:
        session.execute(update(Case).where(Case.id == facts.id).values(**change.case, **stage))
    if change.order:
        session.execute(update(WorkOrder).where(WorkOrder.id == facts.work_order_id).values(**change.order))
    if change.signed:
        proof = night.parameters.get("proof_stored_as")
        signed = {"signed_by": change.signer, "signed_on": recorded.on, "signature_proof": proof}
        session.execute(update(Refund).where(Refund.id.in_(change.signed)).values(**signed))
    was = {name: _plain(getattr(facts, name)) for name in (*change.case, *change.order)}
    inputs = {
        "value": recorded.value, "on": recorded.on.isoformat(), "was": was,
        "now": {name: _plain(value) for name, value in {**change.case, **change.order}.items()},
        **{name: night.parameters[name] for name in _PROOF if name in night.parameters},
    }  # fmt: skip
    kind = f"recorded_{recorded.fact.replace('-', '_')}"
    record(session, [Happening(kind, inputs, facts.id, facts.work_order_id)], **night.trail)


def _goes_on(row: GateRow, change: Change) -> bool:
    return "file_handover_date" in change.case and row.facts.stage is Stage.REPAIR


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
