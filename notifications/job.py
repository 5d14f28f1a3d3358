"""The jobs that tell people."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from models.values import Refusal
from models.words import ChannelName
from notifications import overdue, staff
from notifications.channels import Channel
from notifications.channels.aliyun import AliyunSms
from notifications.channels.email import EmailChannel
from notifications.channels.file import FileChannel
from notifications.channels.wecom import WecomRobot
from notifications.delivery import Sender
from notifications.digest import digest
from worker import clock, db
from worker.job import Night, job, sender
from worker.settings import Settings, settings


@job
def tell_staff(session: Session, night: Night) -> int:
    """Tell who leads the shop what came in, what was decided, what failed and what waits for whom."""
    words = digest(session, night.shop_id, night.date)
    occasion = f"morning_digest:{night.shop_id}:{night.date}"
    return staff.tell(session, night, words, occasion, staff.readers(session, night.shop_id, night.date))


@job
def remind_staff(session: Session, night: Night) -> int:
    """Tell everybody what of his should have been done by now, once a worked day."""
    return overdue.remind(session, night)


@sender
def deliver(night: Night) -> int:
    """Send every notice of the shop that is due, each at most once, and ask what became of those sent."""
    found = settings()
    sends = Sender(
        db.transaction, clock.DbClock(), channels(found), found.mail_from, stop_asked=night.stop_asked
    )
    counts = sends.deliver(night.shop_id)
    night.note(**counts)
    return counts["sent"]


SMS_PROVIDERS: dict[str, Callable[[str], Channel]] = {"aliyun": AliyunSms, "aliyun+http": AliyunSms}
"""By the scheme of HUIKUAN_SMS_URL; another provider is a file in `channels` and a line here."""


def channels(found: Settings) -> dict[ChannelName, Channel]:
    """The ways to send that the settings open: files always, the others where a server is named."""
    ways: dict[ChannelName, Channel] = {ChannelName.FILE: FileChannel(found.outbox)}
    if found.smtp_url:
        ways[ChannelName.EMAIL] = EmailChannel(found.smtp_url.get_secret_value())
    if found.sms_url:
        ways[ChannelName.SMS] = sms_channel(found.sms_url.get_secret_value())
    if found.wecom_url:
        ways[ChannelName.WECOM] = WecomRobot(found.wecom_url.get_secret_value())
    return ways


def sms_channel(url: str) -> Channel:
    """The SMS provider of a URL. Raises Refusal for one that nobody knows."""
    provider = SMS_PROVIDERS.get(url.partition(":")[0])
    if provider is None:
        raise Refusal(
            f"HUIKUAN_SMS_URL begins with no provider that is known; known are {', '.join(SMS_PROVIDERS)}. "
            "Write aliyun://ACCESS_KEY_ID:ACCESS_KEY_SECRET@dysmsapi.aliyuncs.com"
        )
    return provider(url)
