"""What people may make of a difference, and who must agree (domain 1.7, 1.5). Pure; amounts are fen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.values import Refusal, yuan
from models.words import LineKind, OverResult, Resolution, Role

OPERATOR = "operator"
"""Whoever has the machine, as long as there is no staff: nobody else could be asked (design 5)."""

MAY_PREPARE = frozenset({Role.HANDLER, Role.ACCOUNTANT, Role.REVIEWER, Role.MANAGER, Role.ADMIN, OPERATOR})
MAY_APPROVE = frozenset({Role.REVIEWER, Role.MANAGER, Role.ADMIN, OPERATOR})
MAY_WRITE_OFF = frozenset({Role.MANAGER, Role.ADMIN, OPERATOR})
"""Who may let the shop bear more than the limit."""

ALONE = frozenset({Resolution.RECLAIM, Resolution.DISPUTE, Resolution.ROUNDING})
"""Results that one person may give: they move no money, or only fen within the tolerance."""

Result = Resolution | OverResult


@dataclass(frozen=True)
class Asked:
    """What somebody wants to make of a difference."""

    result: str
    by: str
    role: str
    today: date
    consent: str | None = None
    consent_on: date | None = None
    to_claim_no: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Open:
    """The difference it is about; amount is expected minus received."""

    difference_id: int
    claim_no: str
    amount: int
    kind: LineKind
    proven: bool
    prepared: Result | None = None
    prepared_by: str | None = None


@dataclass(frozen=True)
class Limits:
    """Settings of the shop, in fen."""

    tolerance: int
    write_off: int


def result_of(asked: Asked, about: Open) -> Result:
    """The result that was typed. Raises Refusal for one that does not fit, or that lacks what it needs."""
    kinds: Iterable[Result] = Resolution if about.amount > 0 else OverResult
    choices = {each.value: each for each in kinds}
    found = choices.get(asked.result.strip().upper())
    if found is None:
        said = "too little" if about.amount > 0 else "too much"
        raise Refusal(
            f"{_name(about)}: the insurer paid {said}, so the result is one of {', '.join(choices)}, not "
            f'"{asked.result}". Write: {command(about, next(iter(choices)))}'
        )
    return found


def check(asked: Asked, about: Open, result: Result, limits: Limits) -> None:
    """Raise Refusal where this person may not ask for this result, or where something is missing."""
    if asked.role not in MAY_PREPARE:
        raise Refusal(
            f"{asked.by} is {asked.role} and may not resolve differences. Ask a handler, accountant, "
            f"reviewer or manager: {command(about, result)}"
        )
    if result is Resolution.CUSTOMER_TOPUP:
        _check_consent(asked, about)
    if result is Resolution.ROUNDING and about.amount > limits.tolerance:
        raise Refusal(
            f"{_name(about)} of {yuan(about.amount)} yuan is no rounding: that is up to "
            f"{yuan(limits.tolerance)}. Choose what it is: {command(about, Resolution.SHOP_ABSORB)}"
        )
    if result is Resolution.SHOP_ABSORB and about.kind is LineKind.OTHER_AGENCY:
        raise Refusal(
            f"{_name(about)} is on a third party's money, which is no part of our bill: the shop can't bear "
            f"it. Claim it again, or let the customer make it up: {command(about, Resolution.RECLAIM)}"
        )
    if result is OverResult.CUSTOMER_COST and about.kind is LineKind.OTHER_AGENCY and not about.proven:
        raise Refusal(
            f"{_name(about)} came on a third party's money, so it can't be the customer's here. Move it to "
            f"the line of the repair first: {command(about, OverResult.REASSIGN)} --to {about.claim_no}"
        )
    if result is OverResult.REASSIGN and not asked.to_claim_no:
        raise Refusal(
            f"{_name(about)}: say which claim the money belongs to: {command(about, result)} --to CLAIM_NO"
        )


def _check_consent(asked: Asked, about: Open) -> None:
    if not (asked.consent or "").strip() or asked.consent_on is None:
        raise Refusal(
            f"{_name(about)} can't be taken from the customer without his recorded consent to "
            f"{yuan(about.amount)} yuan. Say how and when he agreed: "
            f"{command(about, Resolution.CUSTOMER_TOPUP)} "
            '--consent "signed 差价确认书" --consent-on YYYY-MM-DD'
        )
    if asked.consent_on > asked.today:
        raise Refusal(
            f"{_name(about)}: a consent of {asked.consent_on} is after {asked.today}. Correct the day after "
            "--consent-on."
        )


def needs_second(result: Result, role: str) -> bool:
    """Whether somebody else must approve it: what moves money, unless there is nobody else."""
    return result not in ALONE and role != OPERATOR


def is_approval(asked: Asked, about: Open, result: Result, limits: Limits) -> bool:
    """Whether asking once more for what another person has prepared approves it."""
    if (
        about.prepared != result
        or about.prepared_by in (None, asked.by)
        or not needs_second(result, asked.role)
    ):
        return False
    return can_approve(asked.role, about, result, limits)


def can_approve(role: str, about: Open, result: Result, limits: Limits) -> bool:
    """Whether the role is enough: the shop bears more than the limit only with the manager (domain 1.7)."""
    if result is Resolution.SHOP_ABSORB and about.amount > limits.write_off:
        return role in MAY_WRITE_OFF
    return role in MAY_APPROVE


def check_approval(by: str, role: str, about: Open, limits: Limits) -> Result:
    """The result that is approved. Raises Refusal for the wrong role, or for one's own entry."""
    retry = f"huikuan difference approve {about.difference_id}"
    if about.prepared is None or about.prepared in ALONE:
        raise Refusal(
            f"{_name(about)} has no result that waits for approval. Give one: {command(about, 'RESULT')}"
        )
    if not can_approve(role, about, about.prepared, limits):
        above = about.prepared is Resolution.SHOP_ABSORB and about.amount > limits.write_off
        why = f"a write-off above {yuan(limits.write_off)} yuan is for a manager or admin" if above else (
            "a result is approved by a reviewer, manager or admin"
        )  # fmt: skip
        raise Refusal(f"{by} is {role}; {why}. Ask one of them: {retry}")
    if about.prepared_by == by and role != OPERATOR:
        raise Refusal(
            f"{_name(about)}: {about.prepared} was prepared by {by}; nobody approves an entry of their own. "
            f"Ask another person: {retry}"
        )
    return about.prepared


def command(about: Open, result: Result | str) -> str:
    """The command that gives the result."""
    return f"huikuan difference resolve {about.difference_id} {result}"


def _name(about: Open) -> str:
    return f"Difference {about.difference_id} of {about.claim_no}"
