"""Who is at the keyboard.

Until a first active staff member exists, whoever has the machine is the operator (design 5). After that
every writing command needs a login, which lasts eight hours.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.permits import Act, refuse_unless
from models.staff import Staff, StaffSession
from models.values import Refusal
from worker import clock
from worker.files import write_whole
from worker.settings import settings

LASTS = timedelta(hours=8)
OPERATOR = "operator"
SYSTEM = "system"
"""Who the steps of the night act as: it prepares and never approves (design 5)."""


@dataclass(frozen=True)
class Person:
    """A name for the records, and the role that says what it may do."""

    name: str
    role: str


def person(session: Session, act: Act) -> Person:
    """Who asks for this. Raises Refusal without a login, or where the role may not do it."""
    found = _at_the_keyboard(session)
    refuse_unless(found.name, found.role, act)
    return found


def _at_the_keyboard(session: Session) -> Person:
    if not has_staff(session):
        return Person(OPERATOR, OPERATOR)
    row = session.execute(
        select(Staff.name, Staff.role)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(
            StaffSession.token_hash == _hash(_token()), StaffSession.expires_at > clock.now(), Staff.active
        )
    ).one_or_none()
    if row is None:
        raise Refusal("Nobody is logged in here, or the eight hours are over. Log in: huikuan login NAME")
    return Person(row.name, row.role.value)


def has_staff(session: Session) -> bool:
    """Whether anybody can log in."""
    return session.execute(select(Staff.id).where(Staff.active).limit(1)).first() is not None


def open_session(session: Session, staff_id: int) -> None:
    """Remember a login: its token in a file that its owner alone can read, its hash in the database."""
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(token_hash=_hash(token), staff_id=staff_id, expires_at=clock.now() + LASTS))
    session.flush()
    write_whole(_path(), token.encode("ascii"), mode=0o600)


def _token() -> str:
    try:
        return _path().read_text(encoding="ascii")
    except OSError:
        return ""


def _path() -> Path:
    # One per account of the machine: several people may share a HUIKUAN_HOME.
    return settings().home / "sessions" / str(os.getuid())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
