"""The jobs that tell people."""

from sqlalchemy.orm import Session

from models.words import ChannelName
from notifications import outbox
from notifications.channels import Channel
from notifications.channels.email import EmailChannel
from notifications.channels.file import FileChannel
from notifications.delivery import Sender
from notifications.digest import digest, readers
from worker import clock, db
from worker.job import Night, job, sender
from worker.settings import Settings, settings


@job
def tell_staff(session: Session, night: Night) -> int:
    """Tell who leads the shop what came in, what was decided, what failed and what waits for whom."""
    words = digest(session, night.shop_id, night.date)
    return sum(
        outbox.put(
            session,
            words,
            occasion=f"morning_digest:{night.shop_id}:{night.date}:{name}",
            recipient=name,
            night=night,
        )
        for name in readers(session, night.shop_id, night.date)
    )


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
