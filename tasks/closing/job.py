"""The jobs of the closing room."""

from typing import Any

from sqlalchemy.orm import Session

from models.blocker import bring_up_to_date
from models.words import Account, Fact, Gate, Stage
from tasks.closing import late, opening, queries, rules, shutting
from tasks.closing.facts import Case, Lack, Line, Money, Paper, Refund
from tasks.closing.queries import ClosingRow
from worker import aside
from worker.job import Night, job


@job
def check_closing(session: Session, night: Night) -> int:
    """List what is in the way of closing each case that can come to it, or that of case_id."""
    case_id = night.parameters.get("case_id")
    decided = night.decide(
        queries.cases_to_check(session, night.shop_id, None if case_id is None else int(case_id)),
        _lacks,
        subject=lambda row: f"case:{row.case.Case.id}",
    )
    found = {row.case.Case.id: lacks for row, lacks in decided}
    night.note(closing_blockers=sum(len(lacks) for lacks in found.values()))
    return bring_up_to_date(session, Gate.CLOSING, night.shop_id, night.date, found)


def _lacks(row: ClosingRow) -> tuple[Lack, ...]:
    return () if row.case.Case.stage is Stage.CLOSED else rules.lacks(_case(row))


@job
def close_case(session: Session, night: Night) -> int:
    """Close a case (case_id) whose checklist is empty: by a reviewer who did not handle it."""
    case = opening.case_for_change(session, night)
    row = next(queries.cases_to_check(session, night.shop_id, case.id))
    return shutting.close(session, night, case, () if case.stage is Stage.CLOSED else rules.lacks(_case(row)))


@job
def reopen_case(session: Session, night: Night) -> int:
    """Open a closed case (case_id) again, with the reason; who had closed it and when stays on the trail."""
    case = opening.case_for_change(session, night)
    return opening.by_hand(session, night, case)


@job
def reopen_late_cases(session: Session, night: Night) -> int:
    """Open closed cases again whose money moved since, or that a bank line of a later day names."""
    found = late.moved_since(session, night) | late.named_by_lines(session, night)
    reopened = aside.write(
        session,
        night,
        sorted(found.items()),
        lambda some: opening.by_night(session, night, dict(some)),
        lambda each: f"case:{each[0]}",
    ).done
    night.note(reopened=reopened)
    return reopened


def _case(row: ClosingRow) -> Case:
    case, order = row.case.Case, row.case.WorkOrder
    bill = order.repair_net_amount
    back = row.round is not None and row.round.resubmitted_on is None
    return Case(
        claim_no=case.claim_no,
        is_agency_claim=case.is_agency_claim,
        goes_to_insurer=bool(case.is_agency_claim or case.shop_submits_documents),
        receptionist=case.insurance_receptionist,
        reviewer=case.stage1_reviewer,
        returned_on=row.round.returned_on if back else None,
        is_returned=back,
        lines=tuple(
            Line(
                each.cover, each.amount, int(each.received), each.resolution, bool(each.is_approved),
                each.open_difference,
            )
            for each in row.lines
        ),
        money=_money(row),
        refunds=tuple(_refund(row, each) for each in row.refunds),
        insured_names=row.insured,
        deposit=row.deposit,
        receipt_back_on=order.deposit_receipt_back_on,
        invoice=row.invoiced,
        invoice_least=row.own,
        invoice_most=None if bill is None else bill - row.other,
        papers=_papers(row),
        waiting_line=row.waiting_line,
    )  # fmt: skip


def _money(row: ClosingRow) -> Money:
    found, order = row.case, row.case.WorkOrder
    computed = found.computed_on is not None and order.settle_on is None
    return Money(
        is_fresh=computed and row.adds_up,
        bill=order.repair_net_amount,
        refund_open=(found.refund_due or 0) - (found.refunded or 0),
        topup_due=found.topup_due or 0,
        held=row.lies[Account.OVER_RECEIPT_HELD],
        owed_on=row.lies[Account.THIRD_PARTY_OWED],
    )


def _refund(row: ClosingRow, refund: Any) -> Refund:
    # Column 40 of a ledger is who took the money and signed for it (domain 1.4).
    signed = refund.signed_by or (refund.payee if refund.origin.startswith("file:") else None)
    return Refund(
        refund.id, refund.amount, refund.state, refund.payee, signed, refund.signature_proof is not None,
        refund.id in row.by_bank,
    )  # fmt: skip


def _papers(row: ClosingRow) -> tuple[Paper, ...]:
    """What the ledger knows of the papers: those that a claim of ours must have had (domain 7.1)."""
    case = row.case.Case
    if not (case.is_agency_claim or case.shop_submits_documents):
        return ()
    asked = {
        Paper("报案号或保单号", Fact.REPORT_NO, "NUMBER"): case.report_no or case.policy_no,
        Paper("赔案移交日期", Fact.HANDOVER): case.file_handover_date,
        Paper("保险公司接案日期", Fact.ACCEPTANCE): case.insurer_accepted_date,
        Paper("授权委托书", Fact.AUTHORISATION, "授权委托书"): case.authorised_by or not case.is_agency_claim,
    }
    return tuple(paper for paper, known in asked.items() if not known)
