"""What the cases room writes: the case, its rounds and lines, money entries, and the trail."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine, Registration, SubmissionRound
from models.chase import ChaseState
from models.difference import Difference
from models.entry import Movement, post
from models.event import Happening, record
from models.upsert import put
from models.words import CustomerLineKind, DifferenceState, EntryKind, Fact, Resolution, Stage
from models.work_order import CustomerLine, WorkOrder
from tasks.cases import queries
from tasks.cases.facts import Change, Line, Recorded
from tasks.cases.queries import CaseRow
from worker.job import Night


class Receipt(NamedTuple):
    """How money taken from a customer is kept: the type of its line, and its entry."""

    line: CustomerLineKind
    entry: EntryKind


RECEIPTS = {
    Fact.DEPOSIT: Receipt(CustomerLineKind.DEPOSIT, EntryKind.DEPOSIT),
    Fact.SELF_PAY: Receipt(CustomerLineKind.SELF_PAY, EntryKind.SELF_PAY),
    Fact.TOP_UP: Receipt(CustomerLineKind.SUPPLEMENT, EntryKind.TOP_UP),
}


def write(
    session: Session, night: Night, row: CaseRow, recorded: Recorded, change: Change, origin: str
) -> None:
    """Write a change whole, and look at the case again tonight."""
    before = {name: getattr(row.case, name) for name in change.facts}
    for name, value in change.facts.items():
        setattr(row.case, name, value)
    if "insurer_accepted_date" in change.facts and row.case.stage is Stage.REPAIR:
        row.case.stage = Stage.SUBMITTED
    _round(session, row.case, change)
    _registration(session, row.case, change)
    _money(session, night, row, recorded, change, origin)
    for line in change.prepared:
        _prepare(session, night, row, recorded, line)
    session.execute(
        update(ChaseState).where(ChaseState.case_id == row.case.id).values(look_again_on=night.date)
    )
    inputs = {
        "value": recorded.value,
        "on": recorded.on.isoformat(),
        "was": {name: _plain(was) for name, was in before.items()},
        **{name: night.parameters[name] for name in ("proof", "proof_stored_as") if name in night.parameters},
    }
    happening = Happening(
        f"recorded_{recorded.fact.replace('-', '_')}", inputs, row.case.id, row.case.work_order_id
    )
    record(session, [happening], **night.trail)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _round(session: Session, case: Case, change: Change) -> None:
    if change.round is None:
        return
    values: dict[str, Any] = {
        "case_id": case.id,
        "round_no": change.round.number,
        "returned_on": change.round.returned_on,
        "resubmitted_on": change.round.resubmitted_on,
    }
    if change.reason is not None:
        values["reason"] = change.reason
    put(session, SubmissionRound, [values], ["case_id", "round_no"])


def _registration(session: Session, case: Case, change: Change) -> None:
    if change.registration:
        cover, number = change.registration
        values = {"case_id": case.id, "cover": cover, "number": number}
        put(session, Registration, [values], ["case_id", "cover"])


def _money(
    session: Session, night: Night, row: CaseRow, recorded: Recorded, change: Change, origin: str
) -> None:
    if not (change.moves_money or "payment_final_on" in change.facts):
        return
    orders = {line.id: line.work_order_id for line in row.lines}
    touched = [*change.resolved, *(line.line_id for line in change.proven)]
    lines = update(ExpectedLine)
    session.execute(
        lines.where(ExpectedLine.id.in_(change.resolved)).values(resolution=Resolution.CUSTOMER_TOPUP)
    )
    session.execute(
        lines.where(ExpectedLine.id.in_([line.line_id for line in change.proven])).values(
            customer_paid_third_party_on=recorded.on
        )
    )
    movements = [
        Movement(
            orders[line.line_id],
            EntryKind.THIRD_PARTY_PROOF,
            part,
            recorded.on,
            f"third_party_proof:{line.line_id}",
        )
        for line in change.proven
        if (part := min(line.received, line.expected))
    ]
    if change.received:
        movements.append(_receipt(session, row.case, recorded, change.received, origin, night.by))
    post(session, movements, **night.trail)
    looked_at = touched if change.moves_money else orders
    settle = {row.case.work_order_id, *(orders[ident] for ident in looked_at)}
    session.execute(update(WorkOrder).where(WorkOrder.id.in_(settle)).values(settle_on=night.date))


def _prepare(session: Session, night: Night, row: CaseRow, recorded: Recorded, line: Line) -> None:
    """The consent stands on the difference of the line until another person approves it (domain 1.5, 1.7)."""
    found = queries.open_difference(session, line.line_id)
    if found is None:
        order = next(each.work_order_id for each in row.lines if each.id == line.line_id)
        found = Difference(
            shop_id=night.shop_id, case_id=row.case.id, work_order_id=order, expected_line_id=line.line_id,
            state=DifferenceState.OPEN, opened_on=night.date,
        )  # fmt: skip
        session.add(found)
    found.amount, found.resolution = line.short, Resolution.CUSTOMER_TOPUP
    found.consent = str(night.parameters.get("proof") or f"{recorded.value} yuan")
    found.consent_on, found.prepared_by = recorded.on, night.by
    found.over_result = found.to_case_id = found.approved_by = found.note = None
    session.flush()


def _receipt(session: Session, case: Case, recorded: Recorded, amount: int, origin: str, by: str) -> Movement:
    kept = RECEIPTS[recorded.fact]
    session.add(
        CustomerLine(
            work_order_id=case.work_order_id,
            kind=kept.line,
            amount=amount,
            received_on=recorded.on,
            cashier=by,
            inferred=False,
            origin=origin,
        )
    )
    return Movement(case.work_order_id, kept.entry, amount, recorded.on, f"{origin}:{kept.entry}")
