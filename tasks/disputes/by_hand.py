"""What people enter in the register: a decision or complaint, its answer, its end."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import event
from models.case import Case, ExpectedLine
from models.chase import ChaseState
from models.dispute import Dispute
from models.shop import next_number
from models.values import Refusal
from models.words import DisputeKind, DisputeOutcome, DisputeState, Resolution, Stage
from models.work_order import WorkOrder
from tasks.disputes import queries, watching
from worker.job import Night

_FILED = (DisputeKind.OBJECTION, DisputeKind.COMPLAINT, DisputeKind.REVIEW)


class _Row(NamedTuple):
    Dispute: Dispute
    claim_no: str


def enter(session: Session, night: Night) -> int:
    """Enter a decision or complaint; its clocks run from `on`, and the ladder stops. Returns its id."""
    given = night.parameters
    case, kind, on = _case(session, night), DisputeKind(given["kind"]), _day(night, "on")
    _refuse_stranger(case, kind, night)
    is_over = kind is DisputeKind.APPROVED
    made = Dispute(
        shop_id=night.shop_id,
        case_id=case.id,
        number=f"ZY-{night.date.year}-{next_number(session, night.shop_id, 'ZY', night.date.year):04d}",
        kind=kind,
        happened_on=on,
        amount=given.get("amount"),
        institution=given.get("institution"),
        reason=str(given["because"]),
        reasons_on=date.fromisoformat(given["reasons_on"]) if given.get("reasons_on") else None,
        difference_id=None if is_over else queries.open_difference(session, case.id),
        proof=given.get("proof"),
        proof_stored_as=given.get("proof_stored_as"),
        state=DisputeState.RESOLVED if is_over else DisputeState.OPEN,
        outcome=DisputeOutcome.ACCEPTED if is_over else None,
        resolved_on=on if is_over else None,
        opened_by=night.by,
    )
    session.add(made)
    session.flush()
    watching.keep_clocks(session, night, [_Row(made, case.claim_no)])
    _tell(session, night, made, "dispute_opened", {"kind": kind.value, "on": str(on), "because": made.reason})
    return made.id


def answer(session: Session, night: Night) -> int:
    """Record that the reasons of a refusal, or the answer to a complaint, arrived on `on`."""
    row = _standing(session, night)
    on = _day(night, "on")
    if on < row.happened_on:
        raise Refusal(f"{row.number} is of {row.happened_on}; it can't have been answered on {on}.")
    if row.kind is DisputeKind.REFUSED:
        row.reasons_on = on
    elif row.kind in _FILED:
        row.answered_on, row.state = on, DisputeState.ANSWERED
    else:
        raise Refusal(
            f"{row.number} is a decision and waits for no answer: huikuan dispute resolve {row.number}"
        )
    row.note = str(night.parameters.get("because") or "") or row.note
    _follow(session, night, row, "dispute_answered", {"on": str(on)})
    return 1


def resolve(session: Session, night: Night) -> int:
    """End a dispute with its outcome; the ladder goes on where money is still owed."""
    row = _standing(session, night)
    row.outcome = DisputeOutcome(night.parameters["outcome"])
    row.state, row.resolved_on, row.resolved_by = DisputeState.RESOLVED, _day(night, "on"), night.by
    row.note = str(night.parameters.get("because") or "") or row.note
    told = {"outcome": row.outcome.value, "on": str(row.resolved_on)}
    _follow(session, night, row, "dispute_resolved", told)
    return 1


def _follow(session: Session, night: Night, row: Dispute, kind: str, told: dict[str, Any]) -> None:
    session.flush()
    claim_no = session.get_one(Case, row.case_id).claim_no
    watching.keep_clocks(session, night, [_Row(row, claim_no)])
    _tell(session, night, row, kind, told)


def _tell(session: Session, night: Night, row: Dispute, kind: str, told: dict[str, Any]) -> None:
    happening = event.Happening(kind, {"number": row.number, **told}, row.case_id)
    event.record(session, [happening], **night.trail)
    # The refund that it holds names it from the next night on.
    disputed = select(ExpectedLine.work_order_id).where(
        ExpectedLine.case_id == row.case_id, ExpectedLine.resolution == Resolution.DISPUTE
    )
    session.execute(update(WorkOrder).where(WorkOrder.id.in_(disputed)).values(settle_on=night.date))
    # The ladder stops or goes on tonight.
    look = update(ChaseState).where(ChaseState.case_id == row.case_id).values(look_again_on=night.date)
    session.execute(look)


def _case(session: Session, night: Night) -> Case:
    case = session.get(Case, int(night.parameters["case_id"]))
    if case is None or case.shop_id != night.shop_id:
        raise Refusal("There is no such case. See: huikuan case list")
    if case.stage is Stage.CLOSED:
        raise Refusal(f"{case.claim_no} is closed. Reopen it before a dispute is entered.")
    return case


def _refuse_stranger(case: Case, kind: DisputeKind, night: Night) -> None:
    """An agent complains for the insured only with a valid authorisation (domain 2.3, 2.4)."""
    if kind not in _FILED or night.parameters.get("by_customer"):
        return
    ends = case.authorisation_valid_to
    if case.authorised_by is None or (ends and ends < night.date):
        state = f"ended on {ends}" if case.authorised_by else "is missing"
        raise Refusal(
            f"The authorisation of {case.claim_no} {state}: the shop can't complain for the insured. Record "
            f"it (huikuan case record {case.claim_no} authorisation NAME --on DATE), or say that the "
            "customer complained himself: --by-customer"
        )


def _day(night: Night, name: str) -> date:
    on = date.fromisoformat(night.parameters[name])
    if on > night.date:
        raise Refusal(f"{on} lies in the future; today's business date is {night.date}.")
    return on


def _standing(session: Session, night: Night) -> Dispute:
    number = str(night.parameters["number"])
    row = queries.numbered(session, night.shop_id, number)
    if row is None or row.state is DisputeState.RESOLVED:
        state = "is resolved already" if row else "does not exist"
        raise Refusal(f"Dispute {number} {state}. See: huikuan dispute list")
    return row
