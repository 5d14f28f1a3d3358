"""Who asks, for what: the parameters of a run by hand, read once and refused in a sentence."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.match import Match
from models.values import Refusal
from models.words import MatchState, Role
from worker.job import Night

MAY_DECIDE = frozenset({Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN, "operator"})
"""Who imports and confirms bank matches (domain 0.8, 1.5); jobs of the night never do."""


def refuse_unless_allowed(night: Night) -> None:
    """Raise Refusal where this person may not decide on bank lines."""
    role = night.parameters.get("role", night.by)
    if role not in MAY_DECIDE:
        raise Refusal(
            f"{night.by} is {role}; bank matches are for an accountant, manager or admin. "
            "Ask one of them: huikuan todo list"
        )


def match_to_undo(session: Session, night: Night) -> Match:
    """The match that is named. Raises Refusal for one that is not there, or is not applied."""
    ident = int(night.parameters["match_id"])
    match = session.execute(
        select(Match).where(Match.id == ident, Match.shop_id == night.shop_id).with_for_update()
    ).scalar_one_or_none()
    if match is None:
        raise Refusal(
            f"There is no match {ident} in shop {night.shop_code}. See: huikuan reconcile show LINE"
        )
    if match.state is not MatchState.APPLIED:
        who = f" since {match.decided_on} by {match.decided_by}"
        raise Refusal(f"Match {ident} is {match.state}{who}; only an applied one can be undone.")
    return match


def matches_of_run(session: Session, night: Night) -> Sequence[Match]:
    """What a run applied and still stands. Raises Refusal where there is nothing."""
    ident = int(night.parameters["run_id"])
    found = session.scalars(
        select(Match)
        .where(Match.run_id == ident, Match.shop_id == night.shop_id, Match.state == MatchState.APPLIED)
        .order_by(Match.id)
        .with_for_update()
    ).all()
    if not found:
        raise Refusal(
            f"Run {ident} applied nothing in shop {night.shop_code} that still stands. "
            "See: huikuan reconcile runs"
        )
    return found
