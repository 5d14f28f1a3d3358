"""One channel of one delivery: batch after batch, notice by notice, until nothing is due or can go."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.calendar import Calendar
from models.words import Audience, ChannelName
from notifications import claims, endings, pace, withdrawal
from notifications.attempt import attempt
from notifications.channels import Answering, Channel
from notifications.choices import chosen, sms_template_key
from notifications.claims import Claimed
from notifications.endings import Ending
from notifications.hours import may_write_to_customers
from notifications.writing import Manner
from worker import fault
from worker.clock import SHANGHAI

LEASE = timedelta(minutes=5)
_BATCH = 100
_LONGEST_PAUSE = 240.0
"""Seconds that one delivery waits in all for a channel with a limit a minute; the next one goes on."""


class Done(NamedTuple):
    """A call that was made and is not recorded yet."""

    taken: Claimed
    ending: Ending


@dataclass(frozen=True)
class Line:
    """What one channel needs to be served for one shop."""

    db: Callable[[], AbstractContextManager[Session]]
    now: Callable[[Session], datetime]
    pause: Callable[[float], None]
    stop_asked: Callable[[Session], bool]
    shop_id: int
    name: ChannelName
    channel: Channel
    mail_from: str
    calendar: Calendar
    counts: Counter[str]

    def drain(self) -> None:
        """Send all that is due. A channel that is of no use is left for the next delivery."""
        paused = 0.0
        while True:
            batch, wait = self._batch()
            if wait and paused + wait <= _LONGEST_PAUSE:
                paused += wait
                self.pause(wait)
            elif not batch or not self._send(batch):
                return

    def _batch(self) -> tuple[list[Claimed], float]:
        """The next notices; without room on the channel, the seconds until there is."""
        with self.db() as session:
            now = self.now(session)
            if self.stop_asked(session) or not self._may_send(session, now):
                return [], 0.0
            room = pace.allowance(session, self.name, self.channel.per_minute, now, _BATCH)
            if not room:
                return [], pace.seconds_until_free(session, self.name, now)
            withdrawal.withdraw(session, self.shop_id, now)
            left = pace.left_for_customers(session, self.shop_id, now) if self._may_wake(now) else 0
            taken = claims.claim(
                session, now, shop_id=self.shop_id, channel=self.name,
                limit=min(room, left or room), lease=LEASE, customers_too=left != 0,
            )  # fmt: skip
        fault.point("claimed")
        return taken, 0.0

    def _send(self, batch: Sequence[Claimed]) -> bool:
        """Send a batch one by one; False when the channel is of no use for the next."""
        manner, done = self._manner(batch), None
        for place, taken in enumerate(batch):
            begun = self._step(done, taken)
            done = None
            if not begun:
                continue
            fault.point("begun")
            done = Done(taken, attempt(taken, self.channel, manner))
            fault.point("called")
            if done.ending.everywhere:
                self._step(done, None, batch[place + 1 :])
                return False
        self._step(done, None)
        return True

    def _step(self, done: Done | None, taken: Claimed | None, rest: Sequence[Claimed] = ()) -> bool:
        """Settle the last call and begin the next in one transaction; False: the next is not to be made."""
        state, begun = None, False
        with self.db() as session:
            now = self.now(session)
            if done:
                asked = isinstance(self.channel, Answering)
                state = endings.settle(session, done.taken, done.ending, now, can_be_asked=asked)
            if taken:
                begun = self._begin(session, taken, now)
            claims.hand_back(session, rest)
            fault.point("settling")
        if state:
            self.counts[state.value] += 1
        return begun

    def _begin(self, session: Session, taken: Claimed, now: datetime) -> bool:
        """Whether the notice may leave at this very moment; if so, its attempt is written down."""
        asleep = taken.audience is Audience.CUSTOMER and not self._may_wake(now)
        if asleep or self.stop_asked(session) or not self._may_send(session, now):
            claims.hand_back(session, [taken])
            return False
        if withdrawal.withdraw_claimed(session, taken):
            return False
        return claims.begin(session, taken, now, LEASE)

    def _may_wake(self, now: datetime) -> bool:
        # Files disturb nobody.
        return self.channel.repeatable or may_write_to_customers(now, self.calendar)

    def _may_send(self, session: Session, now: datetime) -> bool:
        """The shop's switch, the setting `send_enabled`: nothing leaves while it says no."""
        return self._choice(session, "send_enabled", now) != "no"

    def _choice(self, session: Session, key: str, now: datetime) -> str:
        return chosen(session, key, shop_id=self.shop_id, on=now.astimezone(SHANGHAI).date())

    def _manner(self, batch: Sequence[Claimed]) -> Manner:
        kinds = {each.kind for each in batch} if self.name is ChannelName.SMS else set()
        with self.db() as session:
            now = self.now(session)
            return Manner(
                mail_from=self.mail_from,
                language=self._choice(session, "language", now),
                sms_sign=self._choice(session, "sms_sign", now),
                sms_templates={kind: self._choice(session, sms_template_key(kind), now) for kind in kinds},
            )
