"""How an attempt ended, and what becomes of the notice: sent, tried again, another way, or given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeAttempt
from models.upsert import changed_rows
from models.words import AttemptOutcome, NoticeState
from notifications import bounces
from notifications.claims import Claimed


@dataclass(frozen=True)
class Ending:
    """How an attempt ended: the provider's id when it was sent, else why not."""

    outcome: AttemptOutcome
    provider_id: str | None = None
    error: str | None = None
    everywhere: bool = False
    """The next notice would end the same way."""
    address_dead: bool = False


# Six attempts in half a day; then a person looks. One who lets it go again gives it six more.
_BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 0))

ASK_AFTER = timedelta(minutes=2)
"""When a provider is first asked what became of a message."""

_NOTICE: Any = Notice.__table__
_ATTEMPT: Any = NoticeAttempt.__table__
_CHANGED = ("state", "attempts", "error", "lease_until", "sent_at", "provider_id", "send_after", "ask_after")
# Uncertain is open to the sender that was thought dead and knows better; its token is the proof.
_SETTLE = (
    update(_NOTICE)
    .where(
        _NOTICE.c.id == bindparam("notice_id"),
        _NOTICE.c.lease_token == bindparam("token"),
        _NOTICE.c.state.in_((NoticeState.SENDING, NoticeState.UNCERTAIN)),
    )
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)
_END = (
    update(_ATTEMPT)
    .where(_ATTEMPT.c.notice_id == bindparam("of_notice"), _ATTEMPT.c.number == bindparam("of_number"))
    .values(finished_at=bindparam("at"), outcome=bindparam("how"), error=bindparam("why"))
)


def settle(
    session: Session, taken: Claimed, ending: Ending, now: datetime, *, can_be_asked: bool = False
) -> NoticeState | None:
    """Record how an attempt ended; returns the new state, or None when it had passed into other hands."""
    state = _state(taken, ending)
    ours = session.execute(
        _SETTLE,
        {
            "notice_id": taken.notice_id,
            "token": taken.token,
            "new_state": state,
            "new_attempts": taken.attempt,
            "new_error": ending.error,
            "new_lease_until": None,
            "new_sent_at": now if state is NoticeState.SENT else None,
            "new_provider_id": ending.provider_id,
            "new_send_after": now + _pause(taken) if state is NoticeState.WAITING else taken.send_after,
            "new_ask_after": _ask_after(state, now) if can_be_asked else None,
        },
    )
    if not changed_rows(ours):
        return None
    session.execute(
        _END,
        {
            "of_notice": taken.notice_id,
            "of_number": taken.attempt,
            "at": now,
            "how": ending.outcome,
            "why": ending.error,
        },
    )
    if ending.address_dead:
        return bounces.bounced(session, taken.notice_id, ending.error or "", now)
    return state


def _state(taken: Claimed, ending: Ending) -> NoticeState:
    spent = taken.attempt % len(_BACK_OFF) == 0
    return {
        AttemptOutcome.SENT: NoticeState.SENT,
        AttemptOutcome.LATER: NoticeState.DEAD if spent else NoticeState.WAITING,
        AttemptOutcome.REFUSED: NoticeState.DEAD,
        AttemptOutcome.UNCERTAIN: NoticeState.UNCERTAIN,
    }[ending.outcome]


def _pause(taken: Claimed) -> timedelta:
    return _BACK_OFF[(taken.attempt - 1) % len(_BACK_OFF)]


def _ask_after(state: NoticeState, now: datetime) -> datetime | None:
    return now + ASK_AFTER if state in (NoticeState.SENT, NoticeState.UNCERTAIN) else None
