"""Who may do what (domain 1.5). The cashier pays and receives and posts nothing else; nobody is everything.

Jobs that move money check again what they are told of role and name: four eyes are theirs to keep.
"""

from enum import StrEnum

from models.values import Refusal
from models.words import Role

OPERATOR = "operator"
"""Whoever has the machine, as long as there is no staff (design 5)."""


class Act(StrEnum):
    """What a writing command does, as it is said in a refusal."""

    RUN = "run jobs"
    BRING_LEDGER = "bring ledgers and contacts"
    BRING_STATEMENT = "bring bank files and register accounts"
    MATCH = "accept or reject bank matches"
    RECORD_FACT = "record facts of a case"
    TAKE_MONEY = "record money taken from a customer"
    RESOLVE_DIFFERENCE = "resolve payout differences"
    DECIDE_DIFFERENCE = "approve, decline or undo what became of a payout difference"
    PAY_OTHERS = "pay third parties"
    DECIDE_REFUND = "approve or decline refunds"
    PREPARE_REFUND = "split refunds and record payees' accounts"
    PAY_REFUND = "pay refunds"
    REVIEW = "review cases"
    TAKE_PAPERS = "take papers of customers"
    CLOSE = "close cases"
    REOPEN = "reopen cases"
    APPROVE_CHASE = "approve a plan of chasing"
    CLOSE_PERIOD = "close months"
    REOPEN_PERIOD = "open closed months again"
    RESOLVE = "resolve findings and notices"
    ADMINISTER = "change staff, settings and insurers"


_EVERYBODY = frozenset(Role) - {Role.VIEWER}
_MAY: dict[Act, frozenset[Role]] = {
    Act.RUN: _EVERYBODY,
    Act.BRING_LEDGER: frozenset({Role.HANDLER, Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN}),
    Act.BRING_STATEMENT: frozenset({Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN}),
    Act.MATCH: frozenset({Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN}),
    Act.RECORD_FACT: frozenset({Role.HANDLER, Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN}),
    Act.TAKE_MONEY: frozenset({Role.CASHIER, Role.MANAGER, Role.ADMIN}),
    Act.RESOLVE_DIFFERENCE: frozenset(
        {Role.HANDLER, Role.ACCOUNTANT, Role.REVIEWER, Role.MANAGER, Role.ADMIN}
    ),
    Act.DECIDE_DIFFERENCE: frozenset({Role.REVIEWER, Role.MANAGER, Role.ADMIN}),
    Act.PAY_OTHERS: frozenset({Role.CASHIER, Role.MANAGER, Role.ADMIN}),
    Act.DECIDE_REFUND: frozenset({Role.REVIEWER, Role.MANAGER, Role.ADMIN}),
    Act.PREPARE_REFUND: frozenset({Role.HANDLER, Role.ACCOUNTANT, Role.REVIEWER, Role.MANAGER, Role.ADMIN}),
    Act.PAY_REFUND: frozenset({Role.CASHIER, Role.MANAGER, Role.ADMIN}),
    Act.REVIEW: frozenset({Role.REVIEWER, Role.MANAGER, Role.ADMIN}),
    Act.TAKE_PAPERS: frozenset({Role.CASHIER, Role.HANDLER, Role.MANAGER, Role.ADMIN}),
    Act.CLOSE: frozenset({Role.REVIEWER, Role.MANAGER, Role.ADMIN}),
    Act.REOPEN: frozenset({Role.MANAGER, Role.ADMIN}),
    Act.APPROVE_CHASE: frozenset({Role.REVIEWER, Role.MANAGER, Role.ADMIN}),
    Act.CLOSE_PERIOD: frozenset({Role.ACCOUNTANT, Role.REVIEWER, Role.MANAGER, Role.ADMIN}),
    Act.REOPEN_PERIOD: frozenset({Role.MANAGER, Role.ADMIN}),
    Act.RESOLVE: frozenset({Role.HANDLER, Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN}),
    Act.ADMINISTER: frozenset({Role.ADMIN}),
}


def may(role: str, act: Act) -> bool:
    return role == OPERATOR or role in _MAY[act]


def refuse_unless(name: str, role: str, act: Act) -> None:
    """Raise Refusal where this role may not do this, naming those that may."""
    if may(role, act):
        return
    able = ", ".join(each for each in Role if each in _MAY[act])
    raise Refusal(
        f"{name} is {role} and may not {act.value}: that is for {able}. Ask one of them, or log in as "
        "one: huikuan login NAME"
    )
