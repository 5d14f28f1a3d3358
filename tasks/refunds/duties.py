"""Who may do what with a refund (domain 0.8, 1.5): who prepares, who approves and who pays are three people.

The operator is whoever has the machine while no staff is registered (design 5): he does everything alone,
and is recorded as such. With the first member of staff he is gone.
"""

from collections.abc import Collection
from typing import NamedTuple

from models.values import Refusal, yuan
from models.words import Role

OPERATOR = "operator"
MAY_PREPARE = (Role.HANDLER, Role.ACCOUNTANT, Role.REVIEWER, Role.MANAGER, Role.ADMIN)
MAY_APPROVE = (Role.REVIEWER, Role.MANAGER, Role.ADMIN)
MAY_APPROVE_LARGE = (Role.MANAGER, Role.ADMIN)
MAY_PAY = (Role.CASHIER, Role.MANAGER, Role.ADMIN)


class Actor(NamedTuple):
    """Who asks, and in which role."""

    name: str
    role: str


def refuse_unless(actor: Actor, able: Collection[Role], what: str, command: str) -> None:
    """Raise Refusal where the role is not one of `able`; `what` says what they may do."""
    if actor.role == OPERATOR or actor.role in able:
        return
    *others, last = able
    roles = f"{', '.join(others)} or {last}" if others else str(last)
    raise Refusal(f"{actor.name} is {actor.role}; {what} by a {roles}. Ask one of them: {command}")


def refuse_above_limit(actor: Actor, refund_id: int, amount: int, limit: int) -> None:
    """Raise Refusal where a refund above the limit (fen) is not approved by the manager."""
    if amount <= limit or actor.role == OPERATOR or actor.role in MAY_APPROVE_LARGE:
        return
    raise Refusal(
        f"Refund {refund_id} of {yuan(amount)} yuan is above the limit of {yuan(limit)} yuan; "
        f"{actor.name} is {actor.role}, and the manager approves above it. "
        f"Ask the manager: huikuan refund approve {refund_id}"
    )


def refuse_own(actor: Actor, refund_id: int, prepared_by: str) -> None:
    """Raise Refusal where who prepared (or split) a refund would approve it."""
    if actor.name != prepared_by or actor.role == OPERATOR:
        return
    raise Refusal(
        f"Refund {refund_id} was prepared by {prepared_by}; nobody approves an entry of their own. "
        f"Ask another reviewer: huikuan refund approve {refund_id}"
    )


def is_own(actor: Actor, name: str | None) -> bool:
    """Whether it was this very person; the operator alone has nobody else to ask."""
    return actor.name == name and actor.role != OPERATOR


def refuse_approver(actor: Actor, refund_id: int, approved_by: str | None, command: str) -> None:
    """Raise Refusal where who approved a refund would pay it."""
    if is_own(actor, approved_by):
        raise Refusal(
            f"Refund {refund_id} was approved by {actor.name}; who approves does not pay. "
            f"Ask the cashier: {command}"
        )
