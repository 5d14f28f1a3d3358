"""What a recorded fact of stages 1 to 3 changes, and when it is refused (domain 1.2 to 1.4). Pure; fen.

An act of ours that the form forbids is refused here: a review by the filler or of a bill that does not add
up, a hand-over of an unreviewed case. What others did (an acceptance, a return) happened, and is only listed.
"""

from collections.abc import Callable, Mapping

from models.values import SANE_LIMIT, Refusal, UnreadableValue, fen, half_width, yuan
from models.words import Fact, Liability, Role
from tasks.gates import review
from tasks.gates.known import Change, Known, Recorded
from tasks.gates.papers import deposit_receipt, signature

_WRITES_THE_LEDGER = frozenset({Role.HANDLER, Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN, "operator"})
_REVIEWS = frozenset({Role.REVIEWER, Role.MANAGER, Role.ADMIN, "operator"})
_TAKES_PAPERS = frozenset({Role.CASHIER, Role.HANDLER, Role.MANAGER, Role.ADMIN, "operator"})


def change(recorded: Recorded, known: Known) -> Change | None:
    """What the fact changes; None where it is known already. Raises Refusal where it must not be so."""
    decide, may = _DECIDE[recorded.fact]
    if recorded.role not in may:
        able = ", ".join(role for role in Role if role in may)
        raise Refusal(
            f"{recorded.by} is {recorded.role}; {recorded.fact} of {known.claim_no} is recorded by {able}. "
            "Ask one of them, or log in as one: huikuan login NAME"
        )
    if recorded.on > recorded.today:
        raise Refusal(
            f"{known.claim_no}: {recorded.on} is after {recorded.today}; {recorded.fact} can be recorded "
            "when it has happened. Correct the day after --on."
        )
    if known.is_closed:
        raise Refusal(
            f"{known.claim_no} is closed; nothing is recorded on a closed case. A manager reopens it: "
            f'huikuan case reopen {known.claim_no} --because "..."'
        )
    return decide(recorded, known)


def release(recorded: Recorded, known: Known) -> Change | None:
    """The car left the shop; it cannot leave before it came."""
    if known.dispatched_on and recorded.on < known.dispatched_on:
        raise Refusal(
            f"{known.claim_no} was taken in on {known.dispatched_on} (派工日期); it can't have left on "
            f"{recorded.on}. Correct the day after --on."
        )
    return known.of_order(vehicle_release_date=recorded.on)


def report_no(recorded: Recorded, known: Known) -> Change | None:
    """报案号: letters and digits, at least eight of them digits (domain 6.3)."""
    number = "".join(half_width(recorded.value).split()).upper()
    if not number.isascii() or not number.isalnum() or sum(each.isdigit() for each in number) < 8:
        raise Refusal(
            f'{known.claim_no}: "{recorded.value}" is no 报案号: it has letters and at least eight digits. '
            f"Type it as on the insurer's message: huikuan case record {known.claim_no} report-no RDAA..."
        )
    return known.of_case(report_no=number)


def liability(recorded: Recorded, known: Known) -> Change | None:
    """事故责任, one of the words of the form."""
    try:
        word = Liability(recorded.value.strip())
    except ValueError:
        raise Refusal(
            f'{known.claim_no}: 事故责任 is one of {", ".join(Liability)}, not "{recorded.value}": '
            f"huikuan case record {known.claim_no} liability 全责"
        ) from None
    return known.of_case(accident_liability=word)


def invoice(recorded: Recorded, known: Known) -> Change | None:
    """An invoice for the insurer; what is no accident must not be in it (domain 1.8, scenario 5)."""
    try:
        amount = fen(recorded.value)
    except UnreadableValue as why:
        raise Refusal(
            f'{known.claim_no}: invoice wants an amount in yuan; "{recorded.value}" is none ({why}). Write '
            f"it as 1234.56: huikuan case record {known.claim_no} invoice 1234.56"
        ) from None
    most = known.settlement.accident_part
    if not 0 < amount <= SANE_LIMIT:
        raise Refusal(
            f"{known.claim_no}: an invoice is above zero and below ten billion, not {yuan(amount)}. Correct "
            f"it: huikuan case record {known.claim_no} invoice 1234.56"
        )
    if most is not None and amount + known.invoiced_elsewhere > most and known.is_agency_claim:
        others = f" with {yuan(known.invoiced_elsewhere)} on other claims" if known.invoiced_elsewhere else ""
        raise Refusal(
            f"{known.claim_no}: {yuan(amount)} yuan{others} is more than the accident part of the bill, "
            f"{yuan(most)} (实收费用 without 非事故); what is no accident goes on an invoice of its own. "
            f"huikuan case record {known.claim_no} invoice {yuan(max(0, most - known.invoiced_elsewhere))}"
        )
    return known.of_case(invoice_amount=amount, invoice_date=recorded.on)


def handover(recorded: Recorded, known: Known) -> Change | None:
    """The file goes to the insurer: stage 2, for which stage 1 must be whole."""
    if known.handed_over_on == recorded.on:
        return None
    review.refuse_before_stage_2(known)
    receiver = {"file_receiver": recorded.value.strip()} if recorded.value.strip() else {}
    return known.of_case(file_handover_date=recorded.on, **receiver)


_Decide = Callable[[Recorded, Known], Change | None]
_DECIDE: Mapping[Fact, tuple[_Decide, frozenset[str]]] = {
    Fact.REVIEW: (review.review, _REVIEWS),
    Fact.RELEASE: (release, _WRITES_THE_LEDGER),
    Fact.REPORT_NO: (report_no, _WRITES_THE_LEDGER),
    Fact.LIABILITY: (liability, _WRITES_THE_LEDGER),
    Fact.INVOICE: (invoice, _WRITES_THE_LEDGER),
    Fact.HANDOVER: (handover, _WRITES_THE_LEDGER),
    Fact.DEPOSIT_RECEIPT: (deposit_receipt, _TAKES_PAPERS),
    Fact.SIGNATURE: (signature, _TAKES_PAPERS),
}
STAGE_FACTS = frozenset(_DECIDE)
"""The facts that this room records."""
