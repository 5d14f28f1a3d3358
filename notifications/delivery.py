"""Send what is due: claim and commit, begin and commit, call, settle; a crash loses and doubles nothing."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from models.business_day import load_calendar
from models.words import ChannelName
from notifications import asking, expiry, holding
from notifications.channels import Answering, Channel
from notifications.line import Line


@dataclass(frozen=True)
class Sender:
    """What delivering needs: transactions, the database's time, the ways to send and our own address."""

    db: Callable[[], AbstractContextManager[Session]]
    now: Callable[[Session], datetime]
    channels: Mapping[ChannelName, Channel]
    mail_from: str
    pause: Callable[[float], None] = field(default=time.sleep)
    stop_asked: Callable[[Session], bool] = lambda _session: False
    """Whether a person asked to stop; asked before each batch and each notice."""

    def deliver(self, shop_id: int) -> Counter[str]:
        """Send everything that is due for a shop; returns how many ended in which state."""
        with self.db() as session:
            calendar = load_calendar(session)
            self._take_up(session, shop_id)
        counts: Counter[str] = Counter()
        for name, channel in self.channels.items():
            if isinstance(channel, Answering):
                asking.ask(self.db, self.now, shop_id, name, channel)
            line = Line(
                self.db, self.now, self.pause, self.stop_asked, shop_id, name, channel, self.mail_from,
                calendar, counts,
            )  # fmt: skip
            try:
                line.drain()
            finally:
                channel.close()
        return counts

    def _take_up(self, session: Session, shop_id: int) -> None:
        """What an earlier delivery left, what stands on a closed channel, and what now has what it lacked."""
        now = self.now(session)
        repeatable = [name for name, channel in self.channels.items() if channel.repeatable]
        answering = [name for name, channel in self.channels.items() if isinstance(channel, Answering)]
        expiry.expire(session, now, shop_id=shop_id, repeatable=repeatable, answering=answering)
        holding.reroute(session, shop_id, now, list(self.channels))
        holding.release_held(session, shop_id, now)
