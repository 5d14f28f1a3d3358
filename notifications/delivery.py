"""Send what is due: claim and commit, call, settle and commit; a crash anywhere loses and doubles nothing."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.business_day import load_calendar
from models.shop import setting
from models.values import Refusal, mask_name
from models.words import AttemptOutcome, Audience, ChannelName
from notifications import claims, holding, render, withdrawal
from notifications.channels import Channel, ChannelError, Message
from notifications.claims import Claimed, Ending
from notifications.hours import may_write_to_customers
from worker.clock import SHANGHAI
from worker.files import read_kept

LEASE = timedelta(minutes=5)

# A channel whose messages can be repeated is served in batches. On any other, one at a time: should the
# sender die, no more than one notice is uncertain.
_BATCH = 100


@dataclass(frozen=True)
class Sender:
    """What delivering needs: transactions, the database's time, the ways to send and our own address."""

    db: Callable[[], AbstractContextManager[Session]]
    now: Callable[[Session], datetime]
    channels: Mapping[ChannelName, Channel]
    mail_from: str

    def deliver(self, shop_id: int) -> Counter[str]:
        """Send everything that is due for a shop; returns how many ended in which state."""
        with self.db() as session:
            now = self.now(session)
            if not may_send(session, shop_id, now):
                return Counter()
            repeatable = [name for name, channel in self.channels.items() if channel.repeatable]
            claims.expire(session, now, shop_id=shop_id, repeatable=repeatable)
            holding.release_held(session, shop_id, now)
        counts: Counter[str] = Counter()
        for name, channel in self.channels.items():
            for taken in self._batches(shop_id, name, channel):
                endings = [(each, *self._attempt(each, channel)) for each in taken]
                counts.update(self._settle([(each, ending) for each, ending, _ in endings]))
                if any(everywhere for _, _, everywhere in endings):
                    break
        return counts

    def _batches(self, shop_id: int, name: ChannelName, channel: Channel) -> Iterator[list[Claimed]]:
        while True:
            with self.db() as session:
                now = self.now(session)
                withdrawal.withdraw(session, shop_id, now)
                quiet = not channel.repeatable and not may_write_to_customers(now, load_calendar(session))
                taken = claims.claim(
                    session,
                    now,
                    shop_id=shop_id,
                    channel=name,
                    limit=_BATCH if channel.repeatable else 1,
                    lease=LEASE,
                    customers_too=not quiet,
                )
            if not taken:
                return
            yield taken

    def _attempt(self, taken: Claimed, channel: Channel) -> tuple[Ending, bool]:
        """How sending ended, and whether the next one would end the same way."""
        try:
            message = self._message(taken, channel)
        except Refusal as error:
            return Ending(AttemptOutcome.REFUSED, error=str(error)), False
        except Exception as error:  # noqa: BLE001 - a surprise is one notice's (design 4): the others still go
            return Ending(AttemptOutcome.LATER, error=f"{type(error).__name__}: {error}"), False
        return _call(channel, message)

    def _message(self, taken: Claimed, channel: Channel) -> Message:
        mail = render.mail(taken.kind, taken.words)
        of_a_customer = taken.audience is Audience.CUSTOMER
        return Message(
            reference=reference(taken),
            occasion=taken.occasion,
            from_name=render.plain(taken.shop_name),
            from_address=self.mail_from,
            to_name=render.plain(mask_name(taken.recipient) if of_a_customer else taken.recipient),
            to_address=taken.address,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            # A repeated file must be the same file; a mail is dated when it goes.
            moment=taken.written_at if channel.repeatable else taken.taken_at,
            attachments=tuple((file.name, read_kept(file.stored_as)) for file in taken.attachments),
        )

    def _settle(self, endings: list[tuple[Claimed, Ending]]) -> list[str]:
        with self.db() as session:
            now = self.now(session)
            states = [claims.settle(session, taken, ending, now) for taken, ending in endings]
        return [state.value for state in states if state]


def may_send(session: Session, shop_id: int, now: datetime) -> bool:
    """The shop's global switch, the setting `send_enabled`: nothing leaves while it says no."""
    today = now.astimezone(SHANGHAI).date()
    return setting(session, "send_enabled", on=today, default="yes", shop_id=shop_id) != "no"


def reference(taken: Claimed) -> str:
    """What the mail is called in every log: from the notice alone, so that each attempt has the same."""
    seed = f"{taken.notice_id}|{taken.occasion}|{taken.written_at.isoformat()}"
    return f"notice-{taken.notice_id}-{hashlib.sha256(seed.encode()).hexdigest()[:12]}"


def _call(channel: Channel, message: Message) -> tuple[Ending, bool]:
    try:
        return Ending(AttemptOutcome.SENT, provider_id=channel.send(message)), False
    except ChannelError as error:
        if error.uncertain:
            return Ending(AttemptOutcome.UNCERTAIN, error=str(error)), error.everywhere
        outcome = AttemptOutcome.REFUSED if error.permanent else AttemptOutcome.LATER
        return Ending(outcome, error=str(error)), error.everywhere
    except Exception as error:  # noqa: BLE001 - nobody knows how far a surprise in a channel came: never sent twice
        outcome = AttemptOutcome.LATER if channel.repeatable else AttemptOutcome.UNCERTAIN
        return Ending(outcome, error=f"{type(error).__name__}: {error}"), False
