"""Facts that move money: a consent, proof of the third party's money, money taken. Pure; in fen."""

from models.values import Refusal, yuan
from models.words import LineKind, Resolution
from tasks.cases.facts import Change, Known, Recorded, amount_of


def consent(recorded: Recorded, known: Known) -> Change | None:
    """The customer makes up what the insurer did not pay (CUSTOMER_TOPUP); another approves: domain 1.7."""
    short = [line for line in known.lines if line.kind is LineKind.OWN_REPAIR and line.short]
    total, amount = sum(line.short for line in short), amount_of(recorded, known.claim_no)
    if not short and any(line.resolution is Resolution.CUSTOMER_TOPUP for line in known.lines):
        return None
    if amount != total:
        raise Refusal(
            f"{yuan(total)} yuan are open on {known.claim_no}, not {yuan(amount)}: a consent is to the "
            "whole of it. "
            f"See: huikuan case show {known.claim_no}"
        )
    if recorded.alone:
        return Change(resolved=tuple(line.line_id for line in short))
    waits = all(line.prepared == line.short for line in short)
    return None if waits else Change(prepared=tuple(short))


def third_party_proof(recorded: Recorded, known: Known) -> Change | None:
    """The customer has paid the third party: its money is the customer's now (domain 1.7, Y)."""
    lines = [line for line in known.lines if line.kind is LineKind.OTHER_AGENCY]
    unproven = [line for line in lines if not line.is_proven]
    if lines and not unproven:
        return None
    amount = amount_of(recorded, known.claim_no)
    if known.third_party_paid:
        raise Refusal(
            f"The shop itself has paid {yuan(known.third_party_paid)} yuan to the third party of "
            f"{known.claim_no}: that money is not the customer's. If it never went out, take it back first: "
            f'huikuan case unpay-third-party {known.claim_no} {yuan(known.third_party_paid)} --because "..."'
        )
    fitting = [line for line in unproven if line.expected == amount]
    if sum(line.expected for line in unproven) == amount:
        fitting = unproven
    if not fitting or (len(fitting) > 1 and fitting is not unproven):
        expected = " and ".join(yuan(line.expected) for line in unproven) or "nothing"
        raise Refusal(
            f"{expected} is expected for third parties on {known.claim_no}, not {yuan(amount)}: a "
            "proof is of the whole "
            f"of it. See: huikuan case show {known.claim_no}"
        )
    return Change(proven=tuple(fitting))


def receipt(recorded: Recorded, known: Known) -> Change | None:
    """Money taken from the customer, as security (押金) or for good; the same one typed twice is one."""
    amount = amount_of(recorded, known.claim_no)
    return None if known.receipt_is_known else Change(received=amount)
