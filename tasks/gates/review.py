"""The review of stage 1, and what stage 2 asks of it (domain 1.2, columns 25 and 26; 1.6). Pure."""

from models.values import Refusal
from models.words import Liability
from tasks.gates.known import Change, Known, Recorded


def review(recorded: Recorded, known: Known) -> Change | None:
    """Another person than the filler puts his name to stage 1; of a bill that adds up (S = E_own + C + W)."""
    name = recorded.value.strip() or recorded.by
    if recorded.role != "operator" and name != recorded.by:
        raise Refusal(
            f"{known.claim_no}: a review is recorded by whoever reviewed, under their own login, not by "
            f"{recorded.by} for {name}. huikuan login {name}"
        )
    if known.receptionist in (name, recorded.by):
        raise Refusal(
            f"{known.claim_no} was filled in by {known.receptionist} (保险接车员); nobody reviews an entry "
            f"of their own. Ask another reviewer: huikuan case record {known.claim_no} review"
        )
    if known.is_settling and known.settlement.unexplained:
        raise Refusal(
            f"{known.claim_no} can't be reviewed: {known.settlement.in_words()}. Correct the bill or who "
            f"bears it: huikuan case bill {known.claim_no} AMOUNT --customer AMOUNT"
        )
    if known.reviewer == name:
        return None
    return known.of_case(stage1_reviewer=name, stage1_review_date=recorded.on)


def refuse_before_stage_2(known: Known) -> None:
    """Raise Refusal where the file must not go to the insurer yet, with the next step."""
    record = f"huikuan case record {known.claim_no}"
    if not (known.is_agency_claim or known.submits_documents):
        raise Refusal(
            f"{known.claim_no} is not claimed for by us (不代索赔) and its papers are the customer's own: "
            f"there is nothing to hand over. See: huikuan case show {known.claim_no}"
        )
    if known.reviewer is None or known.reviewer == known.receptionist:
        raise Refusal(
            f"{known.claim_no} goes to the insurer after the review of stage 1 by another person than "
            f"{known.receptionist or 'the 保险接车员'}; first: {record} review"
        )
    if known.report_no is None:
        raise Refusal(
            f"{known.claim_no} has no 报案号, which the insurer asks for; first: {record} report-no NUMBER"
        )
    if known.liability is Liability.UNDECIDED:
        raise Refusal(f"{known.claim_no}: 事故责任 is still 待定; first: {record} liability 全责")
