"""A notice with made-up words to one address, at once: nothing of it is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.shop import Shop
from models.values import Refusal
from models.words import Audience, ChannelName
from notifications import job
from notifications.addresses import mobile
from notifications.attempt import attempt
from notifications.choices import chosen, sms_template_key
from notifications.claims import Claimed
from notifications.routes import GROUP, mail_now
from notifications.writing import Manner
from worker.clock import SHANGHAI
from worker.settings import settings

_MARK = "（测试）"


def send_trial(
    session: Session,
    shop: Shop,
    kind: str,
    words: dict[str, Any],
    channel: ChannelName,
    address: str,
    at: datetime,
    *,
    audience: Audience,
) -> str | None:
    """Send it, and return what the provider calls it. Raises Refusal with the reason where it failed."""
    name = mail_now() if channel is ChannelName.EMAIL else channel
    ways = job.channels(settings())
    if name not in ways:
        raise Refusal(f"There is no {name} here: set HUIKUAN_{name.upper()}_URL. See: huikuan doctor")
    today = at.astimezone(SHANGHAI).date()
    manner = Manner(
        mail_from=settings().mail_from,
        language=chosen(session, "language", shop_id=shop.id, on=today),
        sms_sign=chosen(session, "sms_sign", shop_id=shop.id, on=today),
        sms_templates={kind: chosen(session, sms_template_key(kind), shop_id=shop.id, on=today)},
    )
    marked = words | {"shop_name": f"{_MARK}{shop.name}"}
    taken = Claimed(
        notice_id=0, token="", attempt=1, kind=kind, occasion=f"test:{kind}:{at:%Y%m%d%H%M%S}",
        shop_id=shop.id, shop_name=shop.name, case_id=None, audience=audience, recipient="", channel=name,
        address=_address(name, address), words=marked, written_at=at, send_after=at, taken_at=at,
    )  # fmt: skip
    way = ways[name]
    try:
        ending = attempt(taken, way, manner)
    finally:
        way.close()
    if ending.error:
        raise Refusal(f"The test was not sent: {ending.error}")
    return ending.provider_id


def _address(channel: ChannelName, address: str) -> str:
    if channel is ChannelName.WECOM:
        return GROUP
    if channel is not ChannelName.SMS:
        return address
    number = mobile(address)
    if number is None:
        raise Refusal(
            f"{address} is no mobile number of the mainland. Write eleven digits such as 13812345678."
        )
    return number
