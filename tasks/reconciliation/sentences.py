"""The reasons of this room in words: why a line stands where it stands, for people."""

REASONS = {
    "exact": "key, insurer and the open amount agree to the fen",
    "only_set": "the only set of transfers with this key that equals the open amount",
    "ledger": "the ledger has this receipt already; the line is its evidence",
    "ledger_other_day": "the ledger has a receipt of the same amount on another day: the same money?",
    "bounced": "our refund came back",
    "refund_paid": "our refund went out",
    "refund_paid_unclear": "several refunds of ours to this payee are of this amount: which one is it?",
    "file_paid": "a payment file of ours went out as one debit",
    "file_paid_unclear": "equals a whole payment file of ours, under another name: is it that file?",
    "batch_listed": "one transfer for the claims listed in the remark, whose amounts add up to the fen",
    "batch_unclear": "the remark lists several claims, but what is open on them does not add up to it",
    "rounding": "differs by cents from what is open",
    "short_paid": "less than what is open",
    "net_of_tax": "equals what is open without VAT",
    "over_paid": "more than what is open",
    "over_or_several": "more than what is open; what is over is what other open claims come to: all of them?",
    "two_cases_fit": "fits several open claims equally well",
    "two_sets_fit": "belongs to more than one set of transfers that equals what is open",
    "double_or_two_sets": "equals what is open, but so does another transfer, or an equal claim was paid",
    "before_acceptance": "came before the insurer accepted the file (保险公司接案日期)",
    "insurer_not_known": "the claim's insurer belongs to no known group (see: huikuan insurer list)",
    "other_insurer": "the remark names a claim with another insurer",
    "already_paid": "nothing is open any more on the claim it names",
    "case_closed": "the claim it names is closed",
    "not_agency": "the claim it names is not claimed for by us (不代索赔)",
    "nothing_expected": "no insurer money is expected on the claim it names",
    "keys_disagree": "plate and report number in the remark name different claims",
    "other_report_no": "the report number in the remark is not that of our claim on this plate",
    "unknown_key": "the plate or report number in the remark is none of ours",
    "weak_key": "plate or report number fit only loosely, the amount fits",
    "amount_only": "names no claim; an open claim of this insurer has exactly this amount",
    "covers_only": "names no claim; some covers of an open claim of this insurer come to this amount",
    "run": "names no claim; open claims that were settled one after the other come to this amount",
    "run_but_one": "names no claim; open claims settled one after the other, but one, come to this amount",
    "any_set": "names no claim; some open claims of this insurer come to this amount",
    "payment_list": "pays the claims of its payment list, to the fen",
    "payment_list_differs": "the payment list names the claims, but not what is open on each",
    "payment_list_unclear": "the payment list does not come to the transfer, or a row names no open claim",
    "undone_by_person": "a person took this back; it is not applied by itself again",
    "remittance_posted": "a transfer with this remittance number is posted already",
    "weak_key_unfit": "plate or report number fit only loosely, and the amount fits none of these claims",
    "no_key": "names no claim, and no open claims of this insurer come to this amount",
    "customer_forwarded": "the insured paid exactly what is open: a payout passed on?",
    "customer_money": "the insured paid; a deposit, a top-up or a payout passed on?",
    "unknown_payer": "the payer is no insurer we know (if it is one: huikuan insurer alias)",
    "returned_unclear": "money of ours came back, but not surely one refund",
    "insurer_reversal": "an insurer took money back (冲正)",
    "premium_or_commission": "an insurer paid, but a premium back or commission, by its words: no claim",
    "correction_unclear": "a correction by the bank or the payer",
    "rejected_by_person": "a person rejected what was proposed",
    "proposal_withdrawn": "what was proposed does not hold any more; the next night looks again",
}


CLASSES = {
    "one_line": "one claim",
    "covers": "some covers of one claim",
    "run": "claims settled one after the other",
    "run_but_one": "claims settled one after the other, but one",
    "any_set": "any claims",
}


def why(reason: str | None) -> str:
    """The reason in words; a code without words stands for itself."""
    return REASONS.get(reason or "", reason or "not looked at yet")
