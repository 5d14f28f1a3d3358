"""Which approved refunds leave in a payment file, and why the others do not. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.values import Refusal, half_width, yuan
from tasks.refunds.duties import Actor, is_own


@dataclass(frozen=True)
class Ready:
    """An approved refund that is not in a file yet; `cash` is what goes out, in fen."""

    refund_id: int
    cash: int
    payee: str
    claim_no: str
    work_order_no: str
    approved_by: str | None
    account_no: str | None
    bank_name: str = ""
    account_by: str | None = None
    """Who recorded the account."""
    is_proven: bool = True
    """Whether the money of its repair adds up."""
    held_because: str | None = None
    """Why a person holds it back."""


@dataclass(frozen=True)
class LeftOut:
    """A refund that does not leave, why, and the command that helps."""

    refund_id: int
    claim_no: str
    amount: int
    why: str
    command: str

    @property
    def sentence(self) -> str:
        return f"refund {self.refund_id} of {yuan(self.amount)} yuan ({self.claim_no}): {self.why}"


def sort_out(ready: Sequence[Ready], actor: Actor) -> tuple[list[Ready], list[LeftOut]]:
    """The refunds that may leave in a file that `actor` makes, and those that may not."""
    left = {each.refund_id: out for each in ready if (out := _left_out(each, actor)) is not None}
    return [each for each in ready if each.refund_id not in left], list(left.values())


def _left_out(each: Ready, actor: Actor) -> LeftOut | None:
    file = "huikuan refund pay-file"
    if not each.is_proven:
        why, command = "its money does not add up, as the nightly proof found", "huikuan money check"
    elif each.held_because is not None:
        why, command = f"it is held: {each.held_because}", f"huikuan refund unhold {each.claim_no}"
    elif each.account_no is None:
        why = f"no account of {each.payee} is known; in cash: huikuan refund paid {each.refund_id} --on DATE"
        command = f"huikuan refund payee {each.refund_id} --account NUMBER --bank NAME"
    elif is_own(actor, each.approved_by):
        why, command = f"{actor.name} approved it, and who approves does not pay; ask the cashier", file
    elif is_own(actor, each.account_by):
        why, command = f"{actor.name} recorded the account; somebody else makes the file", file
    else:
        return None
    return LeftOut(each.refund_id, each.claim_no, each.cash, why, command)


def account_number(text: str) -> str:
    """The digits of an account number typed by a person. Raises Refusal, also for 6.22E+18."""
    bare = re.sub(r"[\s-]", "", half_width(text))
    if not (bare.isascii() and bare.isdecimal() and 8 <= len(bare) <= 32):
        raise Refusal(
            f'"{text}" is not an account number: 8 to 32 digits. Type it as on the card or in the contract.'
        )
    return bare


def bank_name(text: str) -> str:
    """The name of the payee's bank as it goes into the file. Raises Refusal where there is none."""
    bare = " ".join(text.split())
    if not 2 <= len(bare) <= 128:
        raise Refusal("Name the bank and its branch: --bank 中国工商银行连云港分行")
    return bare
