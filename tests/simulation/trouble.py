"""Faults at a chosen moment: a database event counted down from the seed. No fault is ever random by itself.

A moment is a transaction's beginning, a statement, or a commit. `Killed` is no Exception, so nothing in the
house catches it: to the rows it is what kill -9 is, an open transaction rolled back and a lease nobody holds.
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session


class Killed(BaseException):
    """The process is gone."""


def bury() -> None:
    """A process that is gone has let go of its locks; here what its frames hold would keep them for a while."""
    gc.collect()


class Broke(ConnectionError):
    """The database went away in the middle: the process lives, and sees an error."""


class Fault(StrEnum):
    """What happens at the moment; the text is how the report counts it."""

    KILLED = "killed at a statement"
    KILLED_BEFORE_COMMIT = "killed before a commit"
    KILLED_AFTER_COMMIT = "killed after a commit"
    BROKE = "error at a statement"
    BROKE_BEFORE_COMMIT = "error before a commit"
    BROKE_AFTER_COMMIT = "error after a commit"
    FROZEN = "frozen past its lease, thawed"
    DOUBLED = "woken twice at once"
    KILLED_BEFORE_SEND = "killed before a send"
    KILLED_AFTER_SEND = "killed after a send"
    UNCERTAIN_SEND = "a send that broke off"
    REFUSED_SEND = "a send that failed"


_AT = {
    Fault.KILLED: "statement", Fault.BROKE: "statement",
    Fault.KILLED_BEFORE_COMMIT: "commit", Fault.BROKE_BEFORE_COMMIT: "commit",
    Fault.KILLED_AFTER_COMMIT: "committed", Fault.BROKE_AFTER_COMMIT: "committed",
    Fault.FROZEN: "begin", Fault.DOUBLED: "begin",
    Fault.KILLED_BEFORE_SEND: "send", Fault.UNCERTAIN_SEND: "send", Fault.REFUSED_SEND: "send",
    Fault.KILLED_AFTER_SEND: "sent",
}  # fmt: skip
_BROKE = frozenset({Fault.BROKE, Fault.BROKE_BEFORE_COMMIT, Fault.BROKE_AFTER_COMMIT})


class Trouble:
    """One fault at a time, armed to strike at the first moment of its kind after so many statements."""

    def __init__(self) -> None:
        self.struck: Counter[Fault] = Counter()
        self._armed: Fault | None = None
        self._left = 0
        self._meanwhile: Callable[[], None] | None = None

    def arm(self, fault: Fault, after: int, meanwhile: Callable[[], None] | None = None) -> None:
        """`meanwhile` is what another worker does while this one is frozen, or at the same time."""
        self._armed, self._left, self._meanwhile = fault, after, meanwhile

    def disarm(self) -> None:
        self._armed = None

    def passes(self, where: str) -> Fault | None:
        """A moment passes; the fault that is due at it strikes. Returns one that its caller must act out."""
        if self._armed is None:
            return None
        self._left -= where == "statement"
        if self._left > 0 or _AT[self._armed] != where:
            return None
        fault, self._armed = self._armed, None
        self.struck[fault] += 1
        if fault in (Fault.UNCERTAIN_SEND, Fault.REFUSED_SEND):
            return fault
        if self._meanwhile is not None and where == "begin":
            self._meanwhile()
            return None
        raise Broke("the database went away") if fault in _BROKE else Killed

    @contextmanager
    def around(self, engine: Engine) -> Iterator[None]:
        """Watch every moment of this engine."""
        watched: list[tuple[Any, str, Callable[..., Any]]] = [
            # A connection is taken right before its transaction begins: nothing is locked yet.
            (engine, "checkout", lambda *_: self._unless(None, "begin")),
            (engine, "before_cursor_execute", lambda *_: self._unless(None, "statement")),
            (engine, "commit", lambda _: self._unless(None, "commit")),
            (Session, "after_commit", lambda session: self._unless(session, "committed")),
        ]
        for target, name, hook in watched:
            event.listen(target, name, hook)
        try:
            yield
        finally:
            for target, name, hook in watched:
                event.remove(target, name, hook)

    def _unless(self, session: Session | None, where: str) -> None:
        if session is None or not session.in_nested_transaction():
            self.passes(where)
