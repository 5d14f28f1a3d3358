"""A process that delivers a shop's notices once, at a fixed time, through real channels; it may be killed.

Arguments: shop id, moment, one channel and the URL of its server. FAULT_AT says where it dies.
"""

import sys
from datetime import datetime

from models.words import ChannelName
from notifications.channels import Channel
from notifications.channels.aliyun import AliyunSms
from notifications.channels.email import EmailChannel
from notifications.channels.wecom import WecomRobot
from notifications.delivery import Sender
from worker import db


def main(shop_id: str, moment: str, name: str, url: str) -> None:
    """Deliver once."""
    ways: dict[str, type[EmailChannel] | type[AliyunSms] | type[WecomRobot]] = {
        "email": EmailChannel,
        "sms": AliyunSms,
        "wecom": WecomRobot,
    }
    channel: Channel = ways[name](url)
    at = datetime.fromisoformat(moment)
    Sender(db.transaction, lambda _session: at, {ChannelName(name): channel}, "huikuan@shop.example").deliver(
        int(shop_id)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
