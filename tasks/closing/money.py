"""The part of the closing checklist that is about money: holds, refunds, receipts, the invoice. Pure; fen."""

from collections.abc import Iterator

from models.values import yuan
from models.words import RefundState
from tasks.closing.facts import Case, Lack


def over_receipt(case: Case) -> Iterator[Lack]:
    """No hold B."""
    if case.money.held:
        yield Lack(
            "over_receipt_held",
            f"{case.claim_no}: {yuan(case.money.held)} yuan came above what was expected and are not "
            "classified. See: huikuan difference list",
        )


def third_party(case: Case) -> Iterator[Lack]:
    """Third-party payables paid, with proof."""
    if case.money.owed_on:
        amount = yuan(case.money.owed_on)
        yield Lack(
            "third_party_owed",
            f"{case.claim_no}: {amount} yuan belong to a third party and were not passed on. If "
            "the customer has paid it, record the proof (third-party-proof); if we do: "
            f"huikuan case pay-third-party {case.claim_no} {amount}",
        )


def settled(case: Case) -> Iterator[Lack]:
    """refund_open = 0 and topup_due = 0, or the refund kept as owed (应付未领), on fresh sums."""
    money, show = case.money, f"huikuan case explain {case.claim_no}"
    if money.bill is None:
        yield Lack(
            "no_bill",
            f"{case.claim_no}: the repair has no settled bill (实收费用). Record it: "
            f"huikuan case bill {case.claim_no} AMOUNT --customer AMOUNT",
        )
    elif not money.is_fresh:
        yield Lack(
            "money_changed",
            f"{case.claim_no}: its money changed and was not computed anew, or does not add up. Run the "
            "night, or see: huikuan money check",
        )
        return
    open_refund = money.refund_open - _kept_as_owed(case)
    if open_refund > 0:
        yield Lack(
            "refund_open",
            f"{case.claim_no}: {yuan(open_refund)} yuan go back to the customer and are not paid "
            f"(应退未退). See: {_refund_command(case)}",
        )
    if money.refund_open < 0:
        yield Lack(
            "refunded_too_much",
            f"{case.claim_no}: the customer got {yuan(-money.refund_open)} yuan too much back; they are "
            f"to be claimed from him. See how: {show}",
        )
    if money.topup_due:
        yield Lack(
            "topup_due",
            f"{case.claim_no}: the customer still has to pay {yuan(money.topup_due)} yuan (客户应补). When "
            f"he has: huikuan case record {case.claim_no} top-up {yuan(money.topup_due)}",
        )


def _kept_as_owed(case: Case) -> int:
    return sum(refund.amount for refund in case.refunds if refund.state is RefundState.UNCLAIMED)


def _refund_command(case: Case) -> str:
    waiting = [each.refund_id for each in case.refunds if each.state is RefundState.WAITING]
    return f"huikuan refund show {waiting[0]}" if waiting else f"huikuan case explain {case.claim_no}"


def signatures(case: Case) -> Iterator[Lack]:
    """Refunds signed for by the insured, or by somebody with an authorisation; a bank's payee counts too."""
    paid = [refund for refund in case.refunds if refund.state is RefundState.PAID]
    record = f"huikuan case record {case.claim_no} signature"
    for refund in paid:
        name = refund.signed_by or (refund.payee if refund.by_bank else None)
        if name is None:
            yield Lack(
                f"refund_not_signed:{refund.refund_id}",
                f"{case.claim_no}: nobody signed for refund {refund.refund_id} of {yuan(refund.amount)} yuan "
                f"(领款人). Record who did: {record} {_insured(case)}",
            )
        elif name not in case.insured_names and not refund.has_proof:
            yield Lack(
                f"signed_by_other:{refund.refund_id}",
                f"{case.claim_no}: {name} took refund {refund.refund_id} and is not the insured "
                f"({'、'.join(sorted(case.insured_names))}). Record the authorisation: {record} {name} "
                "--proof FILE",
            )


def _insured(case: Case) -> str:
    return min(case.insured_names, default="NAME")


def deposit_receipt(case: Case) -> Iterator[Lack]:
    """The receipt of the deposit (押金收据) taken back."""
    if case.deposit and case.receipt_back_on is None:
        yield Lack(
            "deposit_receipt",
            f"{case.claim_no}: the receipt for the deposit of {yuan(case.deposit)} yuan (押金收据) was not "
            f"taken back. When it is: huikuan case record {case.claim_no} deposit-receipt",
        )


def invoice(case: Case) -> Iterator[Lack]:
    """The invoice covers what the insurer owes for the repair, and nothing that is no accident."""
    if not case.is_agency_claim:
        return
    record, most = f"huikuan case record {case.claim_no} invoice", case.invoice_most
    if case.invoice is None:
        amount = yuan(most) if most is not None else "AMOUNT"
        yield Lack(
            "no_invoice", f"{case.claim_no}: no invoice on record (开票). Record it: {record} {amount}"
        )
    elif case.invoice < case.invoice_least or (most is not None and case.invoice > most):
        upper = f" and at most {yuan(most)} (实收费用 without 非事故)" if most is not None else ""
        yield Lack(
            "invoice_differs",
            f"{case.claim_no}: the invoice of {yuan(case.invoice)} yuan does not fit: at least "
            f"{yuan(case.invoice_least)} (本店维修赔款额){upper}. Correct it: {record} "
            f"{yuan(case.invoice_least if most is None else most)}",
        )
