"""A post office that cannot tell a letter handed in twice from two letters, and remembers every one."""

from collections import Counter

from notifications.channels import ChannelError, Message
from tests.simulation.trouble import Fault, Trouble


class PostOffice:
    """A channel like a mail server: what was sent was sent, whatever becomes of the sender."""

    repeatable = False
    per_minute: int | None = None

    def __init__(self, trouble: Trouble) -> None:
        self._trouble = trouble
        self.delivered: Counter[tuple[str, str]] = Counter()
        """How often each occasion reached each address."""

    def send(self, message: Message) -> str:
        struck = self._trouble.passes("send")
        if struck is Fault.REFUSED_SEND:
            raise ChannelError("the server is away", everywhere=True)
        self.delivered[message.occasion, message.to_address] += 1
        if struck is Fault.UNCERTAIN_SEND:
            raise ChannelError("the connection broke off after the last line", uncertain=True)
        self._trouble.passes("sent")
        return f"post:{len(self.delivered)}"

    def close(self) -> None:
        """Nothing is kept open."""
