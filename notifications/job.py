"""The jobs that tell people."""

from models.words import ChannelName
from notifications.channels import Channel
from notifications.channels.email import EmailChannel
from notifications.channels.file import FileChannel
from notifications.delivery import Sender
from worker import clock, db
from worker.job import Night, sender
from worker.settings import Settings, settings


@sender
def deliver(night: Night) -> int:
    """Send every notice of the shop that is due, each at most once, and record what came of it."""
    found = settings()
    counts = Sender(db.transaction, clock.db_now, channels(found), found.mail_from).deliver(night.shop_id)
    night.note(**counts)
    return counts["sent"]


def channels(found: Settings) -> dict[ChannelName, Channel]:
    """The ways to send that the settings open: files always, mail where a server is named."""
    ways: dict[ChannelName, Channel] = {ChannelName.FILE: FileChannel(found.outbox)}
    if found.smtp_url:
        ways[ChannelName.EMAIL] = EmailChannel(found.smtp_url.get_secret_value())
    return ways
