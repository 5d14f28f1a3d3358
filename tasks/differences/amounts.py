"""Amounts that nobody can mean. Pure; in fen."""

from models.values import SANE_LIMIT, Refusal, yuan


def refuse_odd(claim_no: str, what: str, amount: int, retry: str) -> None:
    """Raise Refusal for an amount that is not above zero, or above what a repair can cost."""
    if amount <= 0:
        raise Refusal(
            f"{claim_no}: {what} is above zero, not {yuan(amount)} yuan. Correct the amount: {retry}"
        )
    if amount > SANE_LIMIT:
        raise Refusal(
            f"{claim_no}: {what} of {yuan(amount)} yuan is more than ten billion. Correct it: {retry}"
        )
