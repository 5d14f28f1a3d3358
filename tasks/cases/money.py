"""Facts that move money: a consent, a proof of the third party's money, a deposit. Pure; amounts are fen."""

from models.values import Refusal, yuan
from models.words import LineKind, Resolution
from tasks.cases.facts import Change, Known, Recorded, amount_of


def consent(recorded: Recorded, known: Known) -> Change | None:
    """The customer makes up what the insurer did not pay (CUSTOMER_TOPUP, domain 1.7)."""
    short = [line for line in known.lines if line.kind is LineKind.OWN_REPAIR and line.short]
    total, amount = sum(line.short for line in short), amount_of(recorded)
    if not short and any(line.resolution is Resolution.CUSTOMER_TOPUP for line in known.lines):
        return None
    if amount != total:
        raise Refusal(
            f"{yuan(total)} yuan are open on {known.claim_no}, not {yuan(amount)}: a consent is to the "
            "whole of it. "
            f"See: huikuan case show {known.claim_no}"
        )
    return Change(resolved=tuple(line.line_id for line in short))


def third_party_proof(recorded: Recorded, known: Known) -> Change | None:
    """The customer has paid the third party: its money is the customer's now (domain 1.7, Y)."""
    lines = [line for line in known.lines if line.kind is LineKind.OTHER_AGENCY]
    unproven = [line for line in lines if not line.is_proven]
    if lines and not unproven:
        return None
    amount = amount_of(recorded)
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


def deposit(recorded: Recorded, known: Known) -> Change | None:
    """Money taken as security (押金); the same deposit typed twice is one."""
    amount = amount_of(recorded)
    return None if known.deposit_is_known else Change(deposit=amount)
