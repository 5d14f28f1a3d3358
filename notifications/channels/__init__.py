"""The only place that speaks to the outside: a module per way, each with one send()."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from models.words import Delivery


class ChannelError(Exception):
    """A message was not sent, or nobody can say whether it was.

    `permanent`: trying again will not help. `uncertain`: it may have arrived. `everywhere`: the fault is the
    server's or the configuration's, so the next message would meet it too. `address_dead`: nothing sent to
    this address will ever arrive.
    """

    def __init__(
        self,
        why: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        everywhere: bool = False,
        address_dead: bool = False,
    ) -> None:
        super().__init__(why)
        self.permanent, self.uncertain, self.everywhere = permanent, uncertain, everywhere
        self.address_dead = address_dead


@dataclass(frozen=True)
class Message:
    """A message, ready to go. `moment` is its Date; `reference` names it for ever, whatever happens to it.

    A mail has subject, text and HTML; a group robot has `text` as markdown; an SMS is a template approved by
    the provider and its variables, and `text` is what the reader will see.
    """

    reference: str
    occasion: str
    from_name: str
    from_address: str
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    moment: datetime
    attachments: tuple[tuple[str, bytes], ...] = ()
    """Name and content of each file that goes with it."""
    template: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


class Channel(Protocol):
    """A way to send. `repeatable`: the same message twice is one message. `per_minute`: None = no limit."""

    @property
    def repeatable(self) -> bool: ...

    @property
    def per_minute(self) -> int | None: ...

    def send(self, message: Message) -> str:
        """Send, and return the provider's id. Raises ChannelError."""
        ...

    def close(self) -> None:
        """Let go of what is kept open between two messages."""
        ...


@dataclass(frozen=True)
class Question:
    """A message whose fate is asked for: by the reference it carried, and the provider's id where known."""

    reference: str
    address: str
    provider_id: str | None
    sent_at: datetime


@dataclass(frozen=True)
class Report:
    """What the provider knows of a message; UNKNOWN: it was never handed over."""

    state: Delivery
    why: str = ""
    address_dead: bool = False


@runtime_checkable
class Answering(Protocol):
    """A channel that can be asked what became of a message."""

    def ask(self, question: Question) -> Report:
        """Raises ChannelError when nobody answers."""
        ...
