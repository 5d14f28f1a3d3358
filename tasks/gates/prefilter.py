"""Which open cases may lack something: a coarse sieve in SQL, so that a night touches no others."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from models.blocker import Blocker
from models.case import Case, ExpectedLine, SubmissionRound
from models.entry import Entry
from models.words import CustomerLineKind, EntryKind, Gate, Liability, LineKind, Stage
from models.work_order import CustomerLine, WorkOrder

EARLY = (Stage.REPAIR, Stage.SUBMITTED)
"""Stages in which no insurer's money has come."""


def may_lack(on: date) -> ColumnElement[bool]:
    """True for every open case that lacks something on a day, and few others; and for those with blockers.

    Days of patience are left to the rule: the sieve lets through whatever has not been done.
    """
    released = WorkOrder.vehicle_release_date <= on
    past_stage_1 = or_(released, Case.file_handover_date <= on, Case.insurer_accepted_date <= on)
    to_insurer = or_(Case.is_agency_claim, Case.shop_submits_documents.is_(True))
    stage_1 = or_(
        Case.stage1_reviewer.is_(None),
        Case.stage1_reviewer == Case.insurance_receptionist,
        WorkOrder.repair_net_amount.is_(None),
    )
    return or_(
        and_(past_stage_1, stage_1),
        and_(past_stage_1, Case.is_agency_claim, _claims_without(on)),
        and_(past_stage_1, to_insurer, _handed_in_without()),
        exists().where(SubmissionRound.case_id == Case.id, SubmissionRound.resubmitted_on.is_(None)),
        and_(Case.is_lead, Case.stage.in_(EARLY), _does_not_add_up()),
        has_blockers(),
    )


def has_blockers() -> ColumnElement[bool]:
    """True for a case that something was missing on: to be looked at again, also once it is closed."""
    return exists().where(Blocker.case_id == Case.id, Blocker.gate == Gate.STAGE)


def blocked(shop_id: int) -> Select[int]:
    """The cases of a shop that something was missing on."""
    return select(Blocker.case_id).where(Blocker.shop_id == shop_id, Blocker.gate == Gate.STAGE)


def _claims_without(on: date) -> ColumnElement[bool]:
    own = exists().where(ExpectedLine.case_id == Case.id)
    return or_(
        Case.invoice_date.is_(None),
        Case.authorised_by.is_(None),
        Case.authorisation_valid_to < on + timedelta(days=1),
        ~own,
    )


def _handed_in_without() -> ColumnElement[bool]:
    return or_(
        Case.report_no.is_(None),
        Case.accident_liability.is_(None),
        Case.accident_liability == Liability.UNDECIDED,
        Case.file_handover_date.is_(None),
        Case.insurer_accepted_date.is_(None),
    )


def _does_not_add_up() -> ColumnElement[bool]:
    bill, own = WorkOrder.repair_net_amount, _own()
    typed = and_(~CustomerLine.inferred, CustomerLine.kind != CustomerLineKind.DEPOSIT)
    of_order = CustomerLine.work_order_id == WorkOrder.id
    borne = _sum_of(CustomerLine.amount, of_order, typed)
    written_off = exists().where(Entry.work_order_id == WorkOrder.id, Entry.kind == EntryKind.WRITE_OFF)
    payable = WorkOrder.customer_payable_amount
    return or_(
        bill < own + borne,
        and_(bill > own + payable, bill > own + _sum_of(CustomerLine.amount, of_order)),
        written_off,
    )


def _own() -> Any:
    of_order = (ExpectedLine.work_order_id == WorkOrder.id, ExpectedLine.kind == LineKind.OWN_REPAIR)
    return _sum_of(ExpectedLine.amount, *of_order)


def _sum_of(amount: Any, *where: ColumnElement[bool]) -> Any:
    return select(func.coalesce(func.sum(amount), 0)).where(*where).correlate(WorkOrder).scalar_subquery()
