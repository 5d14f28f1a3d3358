"""Writing to insurers: what all notices of a part share, asked once, and the notices as they are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from models.business_day import load_calendar
from models.chase import ChaseLetter
from models.upsert import put
from notifications import outbox
from notifications.notices import Words
from notifications.outbox import Attachment, Demand, Told
from tasks.chasing import shop_queries
from tasks.chasing.letters import Ask
from tasks.chasing.policy import Policy
from worker.clock import SHANGHAI
from worker.job import Night


@dataclass
class Desk:
    """Where the notices of one part of a night are written; `send` puts them in the outbox at once."""

    session: Session
    night: Night
    policy: Policy
    told: list[Told] = field(default_factory=list)
    letters: list[Mapping[str, Any]] = field(default_factory=list)

    @cached_property
    def leaves_at(self) -> datetime:
        """When insurers are written to: on the first working day after the business date (domain 2.6)."""
        tomorrow = self.night.date + timedelta(days=1)
        first = load_calendar(self.session, tomorrow.year).next_workday(tomorrow)
        return datetime.combine(first, time(), SHANGHAI)

    @cached_property
    def shop_name(self) -> str:
        return shop_queries.shop_name(self.session, self.night.shop_id)

    @cached_property
    def account(self) -> Any | None:
        return shop_queries.own_account(self.session, self.night.shop_id)

    @cached_property
    def rates(self) -> list[Any]:
        return shop_queries.rates(self.session)

    @cached_property
    def known(self) -> set[str]:
        """The insurers' names in the address book."""
        return shop_queries.insurer_contacts(self.session, self.night.shop_id)

    def send(self) -> None:
        outbox.put_all(self.session, self.told, self.night)
        put(self.session, ChaseLetter, self.letters, ["shop_id", "letter_no"])


@dataclass(frozen=True)
class Writing:
    """One notice to a branch that is being written."""

    desk: Desk
    number: str
    occasion: str

    def put(self, words: Words, bundle: Sequence[Ask], attachments: Sequence[Attachment] = ()) -> None:
        """Lay it out for the outbox, the same for everybody the level names, with what it asks for."""
        first = bundle[0]
        to = shop_queries.recipients(self.desk.known, first.facts, first.level.recipients)
        demands = [Demand(ask.facts.id, ask.step.cover, ask.unpaid) for ask in bundle]
        self.desk.told += [
            Told(
                words,
                occasion=f"{self.occasion}:copy{at}" if at else self.occasion,
                recipient=name,
                case_id=first.facts.id if len(bundle) == 1 else None,
                not_before=self.desk.leaves_at,
                attachments=attachments,
                demands=demands,
            )
            for at, name in enumerate(to)
        ]
