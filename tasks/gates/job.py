"""The jobs of the gates room."""

from datetime import date

from sqlalchemy.orm import Session

from models.blocker import bring_up_to_date
from models.shop import whole_number
from models.words import CustomerLineKind, Fact, Gate, Stage
from tasks.gates import queries, recording, rules, writing
from tasks.gates.facts import Case, Patience
from tasks.gates.known import Known, PaidRefund, Recorded
from tasks.gates.prefilter import EARLY
from tasks.gates.queries import GateRow
from tasks.gates.settlement import CustomerLine, Settlement
from worker.job import Night, job


@job
def check_stage_gates(session: Session, night: Night) -> int:
    """List what open cases (or the one of case_id) lack before their next stage; says how many changed."""
    case_id = night.parameters.get("case_id")
    # A night run late, by hand, does not undo what a later night has found.
    on = max(night.date, queries.newest_since(session, night.shop_id) or night.date)
    patience = _patience(session, night)
    decided = night.decide(
        queries.cases_to_look_at(session, night.shop_id, on, None if case_id is None else int(case_id)),
        lambda row: rules.lacks(_case(row, on), patience, on),
        subject=lambda row: f"case:{row.facts.id}",
    )
    found = {row.facts.id: lacks for row, lacks in decided}
    night.note(stage_blockers=sum(len(lacks) for lacks in found.values()))
    return bring_up_to_date(session, Gate.STAGE, night.shop_id, on, found)


def _patience(session: Session, night: Night) -> Patience:
    def days(key: str, default: int) -> int:
        return whole_number(session, key, default, on=night.date, shop_id=night.shop_id)

    return Patience(**{name: days(name, default) for name, default in vars(Patience()).items()})


def _case(row: GateRow, on: date) -> Case:
    facts, rounds = row.facts, [each for each in row.rounds if (each[0] or on) <= on]
    last = rounds[-1] if rounds else None
    return Case(
        claim_no=facts.claim_no,
        stage=facts.stage,
        is_agency_claim=facts.is_agency_claim,
        submits_documents=bool(facts.shop_submits_documents),
        receptionist=facts.insurance_receptionist,
        reviewer=facts.stage1_reviewer,
        reviewed_on=facts.stage1_review_date,
        released_on=facts.vehicle_release_date,
        invoiced_on=row.invoiced.on,
        handed_over_on=facts.file_handover_date,
        accepted_on=facts.insurer_accepted_date,
        report_no=facts.report_no,
        liability=facts.accident_liability,
        authorised=facts.authorised_by is not None,
        authorisation_valid_to=facts.authorisation_valid_to,
        still_owed=row.owed > 0,
        has_expected=row.has_expected,
        has_rounds=bool(rounds),
        is_returned=last is not None and last[1] is None,
        returned_on=last[0] if last else None,
        settlement=_settlement(row),
        is_settling=_is_settling(row),
    )


def _settlement(row: GateRow) -> Settlement:
    facts, lines = row.facts, tuple(CustomerLine(*line) for line in row.customer_lines)
    return Settlement(facts.repair_net_amount, row.own, row.write_off, facts.customer_payable_amount, lines)


def _is_settling(row: GateRow) -> bool:
    return bool(row.facts.is_lead and row.facts.stage in EARLY)


@job
def record_stage_fact(session: Session, night: Night) -> int:
    """Record a fact of stages 1 to 3: case_id, fact, value, on, and a proof; 0 where it was known."""
    given = night.parameters
    row = queries.case_to_record(session, night.shop_id, int(given["case_id"]))
    on, role = date.fromisoformat(given["on"]), str(given.get("role", ""))
    recorded = Recorded(
        Fact(given["fact"]), str(given["value"]), on, night.date, night.by, role, "proof_stored_as" in given
    )
    change = recording.change(recorded, _known(session, row))
    if change is None:
        return 0
    writing.write(session, night, row, recorded, change)
    return 1


def _known(session: Session, row: GateRow) -> Known:
    facts = row.facts
    deposit = sum(amount for kind, amount, _ in row.customer_lines if kind is CustomerLineKind.DEPOSIT)
    return Known(
        claim_no=facts.claim_no,
        is_closed=facts.stage is Stage.CLOSED,
        is_agency_claim=facts.is_agency_claim,
        submits_documents=bool(facts.shop_submits_documents),
        receptionist=facts.insurance_receptionist,
        reviewer=facts.stage1_reviewer,
        dispatched_on=facts.dispatch_date,
        handed_over_on=facts.file_handover_date,
        report_no=facts.report_no,
        liability=facts.accident_liability,
        settlement=_settlement(row),
        is_settling=_is_settling(row),
        insured_names=queries.insured_names(session, facts.work_order_id),
        deposit=deposit,
        unsigned=tuple(PaidRefund(*each) for each in queries.unsigned_refunds(session, facts.work_order_id)),
        invoiced_elsewhere=row.invoiced.amount - (facts.invoice_amount or 0 if facts.invoice_date else 0),
        columns=facts._asdict(),
    )
