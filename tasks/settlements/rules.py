"""Whether a bill and what insurers owe of it fit together (domain 1.6). Pure; amounts are fen."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from models.values import SANE_LIMIT, Refusal, rate_of, yuan

NEAR = 1
"""Fen by which a computed amount may differ from the insurer's: each side rounds once."""


@dataclass(frozen=True)
class Split:
    """Who pays a bill: S = E_own + C + W."""

    bill: int
    insurers: int
    """E_own over every claim of the repair."""
    customer: int
    """C, what the customer finally bears."""
    shop: int
    """W, what was written off."""


def check_split(claim_no: str, split: Split) -> None:
    """Raise Refusal for a bill that is not paid exactly once (domain 1.6)."""
    paid = split.insurers + split.customer + split.shop
    if paid == split.bill:
        return
    which = f"{yuan(split.bill - paid)} yuan nobody pays" if paid < split.bill else (
        f"{yuan(paid - split.bill)} yuan would be paid twice"
    )  # fmt: skip
    raise Refusal(
        f"{claim_no}: the bill of {yuan(split.bill)} yuan is not insurers {yuan(split.insurers)} + customer "
        f"{yuan(split.customer)} + shop {yuan(split.shop)}: {which}. Correct the bill, the customer's part "
        f"or what is expected: huikuan case expect {claim_no} COVER AMOUNT"
    )


def check_expected(claim_no: str, bill: int | None, own: int) -> None:
    """Raise Refusal where insurers would pay more for a repair than it cost (E_own <= S)."""
    if bill is not None and own > bill:
        raise Refusal(
            f"{claim_no}: insurers would pay {yuan(own)} yuan for a repair that cost {yuan(bill)}. Correct "
            f"the amount, or the bill first: huikuan case bill {claim_no} AMOUNT --customer AMOUNT"
        )


def check_amount(claim_no: str, what: str, amount: int, retry: str, *, least: int = 1) -> None:
    """Raise Refusal for an amount that nobody can mean."""
    if amount < least:
        floor = "above zero" if least else "not below zero"
        raise Refusal(f"{claim_no}: {what} is {floor}, not {yuan(amount)} yuan. Correct it: {retry}")
    if amount > SANE_LIMIT:
        raise Refusal(
            f"{claim_no}: {what} of {yuan(amount)} yuan is more than ten billion. Correct it: {retry}"
        )


def rate(claim_no: str, text: str) -> Decimal:
    """A deductible rate (免赔率) as typed: "5%" or "5" is 0.05. Raises Refusal from 100 % up."""
    retry = f"huikuan case expect {claim_no} COVER AMOUNT --rate 5"
    try:
        found = Decimal(text.strip().removesuffix("%").removesuffix("％").strip()) / 100
    except InvalidOperation:
        raise Refusal(f'{claim_no}: "{text}" is no rate. Write percent, for example: {retry}') from None
    if not found.is_finite() or not 0 <= found < 1:
        raise Refusal(
            f'{claim_no}: a deductible rate of "{text}" leaves nothing to pay; a rate is from 0 up to below '
            f"100 percent. Correct it: {retry}"
        )
    return found


def plausible(assessed: int, deductible: int, of: Decimal) -> tuple[int, int]:
    """What the clauses of 2014 and of 2020 make of an assessed loss, each rounded once (domain 1.8).

    2014 takes the rate first and then the amount, 2020 the amount first. The insurer's figure is what
    counts: these only tell whether it can be right.
    """
    older = rate_of(assessed, 1 - of) - deductible
    newer = rate_of(assessed - deductible, 1 - of)
    return max(0, older), max(0, newer)


def is_plausible(amount: int, results: tuple[int, int]) -> bool:
    """Whether an amount is what one of the clauses gives."""
    return any(abs(amount - result) <= NEAR for result in results)
