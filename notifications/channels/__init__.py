"""The only place that speaks to the outside: a module per way, each with one send()."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class ChannelError(Exception):
    """A message was not sent, or nobody can say whether it was.

    `permanent`: trying again will not help. `uncertain`: it may have arrived. `everywhere`: the fault is the
    server's or the configuration's, so the next message would meet it too.
    """

    def __init__(
        self, why: str, *, permanent: bool = False, uncertain: bool = False, everywhere: bool = False
    ) -> None:
        super().__init__(why)
        self.permanent, self.uncertain, self.everywhere = permanent, uncertain, everywhere


@dataclass(frozen=True)
class Message:
    """A mail, ready to go. `moment` is its Date; `reference` names it for ever, whatever happens to it."""

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


class Channel(Protocol):
    """A way to send. `repeatable`: the same message twice is one message."""

    @property
    def repeatable(self) -> bool: ...

    def send(self, message: Message) -> str:
        """Send, and return the provider's id. Raises ChannelError."""
        ...
