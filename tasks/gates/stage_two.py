"""What a case lacks of stage 2: invoice, hand-over, acceptance, a file that came back (domain 1.3). Pure."""

from collections.abc import Iterator
from datetime import date

from models.values import yuan
from models.words import Liability
from tasks.gates.facts import Case, Lack, Patience, after, record


def before_stage_2(case: Case, _: Patience, today: date) -> Iterator[Lack]:
    left = case.left_on
    if not case.goes_to_insurer or left is None or left > today:
        return
    if case.report_no is None:
        yield Lack(
            "no_report_no",
            f"{case.claim_no}: no 报案号, which stage 2 needs. Record it: {record(case, 'report-no')} NUMBER",
            left,
        )
    if case.is_handed_over and case.liability in (None, Liability.UNDECIDED):
        yield Lack(
            "no_liability",
            f"{case.claim_no}: handed to the insurer while 事故责任 is {case.liability or 'not known'}. "
            f"Record it: {record(case, 'liability')} LIABILITY",
            case.handed_over_on or left,
        )
    if case.is_agency_claim and case.is_handed_over and not case.has_expected:
        yield Lack(
            "nothing_expected",
            f"{case.claim_no}: handed to the insurer, and nobody has said what it owes (本店维修赔款额). "
            f"Record it: huikuan case expect {case.claim_no} COVER AMOUNT",
            case.handed_over_on or left,
        )


def invoice(case: Case, patience: Patience, today: date) -> Iterator[Lack]:
    due = after(case.released_on, patience.invoice_after_days)
    if case.is_agency_claim and case.invoiced_on is None and due and due <= today:
        yield Lack(
            "not_invoiced",
            f"{case.claim_no}: the car left on {case.released_on}, and {patience.invoice_after_days} days "
            f"later there is no invoice (开票日期). Record it: {record(case, 'invoice')} {_amount(case)}",
            due,
        )


def _amount(case: Case) -> str:
    most = case.settlement.accident_part
    return "AMOUNT" if most is None else yuan(most)


def handover(case: Case, patience: Patience, today: date) -> Iterator[Lack]:
    begun = max(filter(None, (case.released_on, case.invoiced_on)), default=None)
    due = after(begun if case.released_on else None, patience.handover_after_days)
    if case.goes_to_insurer and not case.is_handed_over and due and due <= today:
        yield Lack(
            "not_handed_over",
            f"{case.claim_no}: released on {case.released_on}"
            + (f", invoiced on {case.invoiced_on}" if case.invoiced_on else "")
            + f", and not handed to the insurer {patience.handover_after_days} days later (赔案移交日期). "
            f"Record it: {record(case, 'handover')}",
            due,
        )


def acceptance(case: Case, patience: Patience, today: date) -> Iterator[Lack]:
    due = after(case.handed_over_on, patience.accept_after_days)
    if case.goes_to_insurer and case.accepted_on is None and due and due <= today:
        yield Lack(
            "not_accepted",
            f"{case.claim_no}: handed over on {case.handed_over_on}, and not known to be accepted "
            f"(保险公司接案日期): the clocks of the law do not run. Ask the insurer, then record it: "
            f"{record(case, 'acceptance')}",
            due,
        )


def resubmission(case: Case, patience: Patience, today: date) -> Iterator[Lack]:
    if not case.is_returned or not patience.resubmit_after_days:
        return
    due = after(case.returned_on, patience.resubmit_after_days)
    if case.returned_on is None or (due and due <= today):
        yield Lack(
            "not_resubmitted",
            f"{case.claim_no}: the insurer sent the file back (不合格案退回) "
            + (f"on {case.returned_on}" if case.returned_on else "on a day that is not known")
            + f", and it was not handed in again. Record it: {record(case, 'resubmission')}",
            due,
        )
