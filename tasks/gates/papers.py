"""Papers of stage 3: the receipt of the deposit, and who signed for a refund (domain 1.4, 7.2). Pure."""

from models.values import Refusal
from tasks.gates.known import Change, Known, Recorded


def deposit_receipt(recorded: Recorded, known: Known) -> Change | None:
    """The customer gave the 押金收据 back."""
    if not known.deposit:
        raise Refusal(
            f"{known.claim_no}: no deposit (押金) is on record, so there is no receipt to take back. "
            f"See: huikuan case show {known.claim_no}"
        )
    return known.of_order(deposit_receipt_back_on=recorded.on)


def signature(recorded: Recorded, known: Known) -> Change | None:
    """领款人 signed: the insured, or somebody with the insured's authorisation, kept as a proof."""
    name = recorded.value.strip()
    if not name:
        raise Refusal(
            f"{known.claim_no}: say who signed for the refund: "
            f"huikuan case record {known.claim_no} signature NAME"
        )
    if not known.unsigned:
        raise Refusal(
            f"{known.claim_no}: no paid refund waits for a signature. See: huikuan case show {known.claim_no}"
        )
    if name not in known.insured_names and not recorded.has_proof:
        insured = "、".join(sorted(known.insured_names))
        raise Refusal(
            f"{known.claim_no}: {name} is not the insured ({insured}); whoever else signs needs an "
            f"authorisation: huikuan case record {known.claim_no} signature {name} --proof FILE"
        )
    early = [refund for refund in known.unsigned if refund.paid_on and recorded.on < refund.paid_on]
    if early:
        raise Refusal(
            f"{known.claim_no}: the refund was paid on {early[0].paid_on}; nobody signed for it on "
            f"{recorded.on}. Correct the day after --on."
        )
    return Change(signed=tuple(refund.refund_id for refund in known.unsigned), signer=name)
