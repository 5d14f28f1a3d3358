"""The cases of known repairs: what is expected on them, how often they came back, what has been paid."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine, SubmissionRound
from models.payout import Payout
from models.words import Cover, LineKind, PayoutState
from tasks.intake.case_facts import Round
from tasks.intake.known import KnownCase, KnownLine, KnownRound


def known_cases(session: Session, order_ids: Sequence[int]) -> dict[int, dict[str, KnownCase]]:
    """The cases of each work order by claim number, the lead first."""
    here = Case.work_order_id.in_(order_ids)
    lines, rounds, paid = _lines(session, here), _rounds(session, here), _paid(session, here)
    found: dict[int, dict[str, KnownCase]] = defaultdict(dict)
    cases = session.execute(
        select(Case.__table__).where(here).order_by(Case.is_lead.desc(), Case.id)
    ).mappings()
    for case in cases:
        found[case["work_order_id"]][case["claim_no"]] = KnownCase(
            id=case["id"],
            facts=dict(case),
            imported=case["imported"] or {},
            expected=lines[case["id"]],
            round=rounds.get(case["id"]),
            paid=paid.get(case["id"], 0),
        )
    return found


def _lines(session: Session, here: ColumnElement[bool]) -> dict[int, dict[LineKind, KnownLine]]:
    rows = session.execute(
        select(
            ExpectedLine.case_id, ExpectedLine.kind, ExpectedLine.cover, ExpectedLine.amount, ExpectedLine.id
        )
        .join(Case, Case.id == ExpectedLine.case_id)
        .where(here)
        .order_by(ExpectedLine.id)
    )
    found: dict[int, dict[LineKind, KnownLine]] = defaultdict(dict)
    for row in rows:
        before = found[row.case_id].get(row.kind)
        alone = before is None and row.cover is Cover.UNSPLIT
        amount = row.amount + (before.amount if before else 0)
        found[row.case_id][row.kind] = KnownLine(amount, row.id if alone else None)
    return found


def _rounds(session: Session, here: ColumnElement[bool]) -> dict[int, KnownRound]:
    rows = session.scalars(
        select(SubmissionRound)
        .join(Case, Case.id == SubmissionRound.case_id)
        .where(here)
        .order_by(SubmissionRound.round_no)
    )
    return {
        row.case_id: KnownRound(row.round_no, Round(row.reason, row.returned_on, row.resubmitted_on))
        for row in rows
    }


def _paid(session: Session, here: ColumnElement[bool]) -> dict[int, int]:
    rows = session.execute(
        select(Payout.case_id, func.sum(Payout.amount))
        .join(Case, Case.id == Payout.case_id)
        .where(here, Payout.state != PayoutState.REVERSED)
        .group_by(Payout.case_id)
    )
    return {case_id: int(amount) for case_id, amount in rows}
