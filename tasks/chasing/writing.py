"""What writing to an insurer needs: who writes when, under which number and occasion, and when it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from notifications import outbox
from notifications.notices import Words
from notifications.outbox import Attachment, Demand
from tasks.chasing import shop_queries
from tasks.chasing.letters import Ask
from tasks.chasing.policy import Policy
from worker.job import Night


@dataclass(frozen=True)
class Writing:
    """One notice to a branch that is being written."""

    session: Session
    night: Night
    policy: Policy
    leaves_at: datetime
    number: str
    occasion: str

    def put(self, words: Words, bundle: Sequence[Ask], attachments: Sequence[Attachment] = ()) -> None:
        """Put it in the outbox, the same for everybody the level names, with what it asks for."""
        first = bundle[0]
        to = shop_queries.recipients(self.session, self.night.shop_id, first.facts, first.level.recipients)
        for at, name in enumerate(to):
            outbox.put(
                self.session,
                words,
                occasion=f"{self.occasion}:copy{at}" if at else self.occasion,
                recipient=name,
                night=self.night,
                case_id=first.facts.id if len(bundle) == 1 else None,
                not_before=self.leaves_at,
                attachments=attachments,
                demands=[Demand(ask.facts.id, ask.step.cover, ask.unpaid) for ask in bundle],
            )
