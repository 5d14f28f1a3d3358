"""One call: the notice is written and handed to its channel; how that ended is said, never raised."""

from models.values import Refusal
from models.words import AttemptOutcome
from notifications.channels import Channel, ChannelError, Message
from notifications.claims import Claimed
from notifications.endings import Ending
from notifications.writing import Manner, write


def attempt(taken: Claimed, channel: Channel, manner: Manner) -> Ending:
    """How writing and sending a notice ended."""
    try:
        message = write(taken, manner)
    except Refusal as error:
        return Ending(AttemptOutcome.REFUSED, error=str(error))
    except Exception as error:  # noqa: BLE001 - a surprise is one notice's (design 4): the others still go
        return Ending(AttemptOutcome.LATER, error=f"{type(error).__name__}: {error}")
    return _call(channel, message)


def _call(channel: Channel, message: Message) -> Ending:
    try:
        return Ending(AttemptOutcome.SENT, provider_id=channel.send(message) or None)
    except ChannelError as error:
        return Ending(
            _outcome(error), error=str(error), everywhere=error.everywhere, address_dead=error.address_dead
        )
    except Exception as error:  # noqa: BLE001 - nobody knows how far a surprise in a channel came: never sent twice
        outcome = AttemptOutcome.LATER if channel.repeatable else AttemptOutcome.UNCERTAIN
        return Ending(outcome, error=f"{type(error).__name__}: {error}")


def _outcome(error: ChannelError) -> AttemptOutcome:
    if error.uncertain:
        return AttemptOutcome.UNCERTAIN
    return AttemptOutcome.REFUSED if error.permanent else AttemptOutcome.LATER
