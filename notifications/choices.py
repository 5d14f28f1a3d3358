"""What a shop may choose about its notices: settings by their keys, with what holds where nothing was set."""

from datetime import date

from sqlalchemy.orm import Session

from models.shop import setting
from models.words import Audience

DEFAULTS: dict[str, str | int] = {
    "send_enabled": "yes",
    "customer_notices_per_day": 300,
    "channels_customer": "email sms",
    "channels_insurer": "email",
    "channels_staff": "email sms wecom",
    "sms_sign": "",
    "language": "zh_CN",
}

ORDERS: dict[Audience, tuple[str, ...]] = {
    Audience.CUSTOMER: ("email sms", "sms email", "email", "sms"),
    Audience.INSURER: ("email",),
    Audience.STAFF: (
        "email sms wecom",
        "wecom email sms",
        "sms email wecom",
        "email wecom",
        "email",
        "wecom",
    ),
}
"""In which order the ways to somebody may be tried."""


def sms_template_key(kind: str) -> str:
    """The setting that holds the id under which the provider approved the SMS of a kind."""
    return f"sms_template.{kind}"


NEWS = (
    "deposit_received", "progress", "refund_paid", "refund_waiting", "top_up_asked", "missing_documents",
    "satisfaction_call",
)  # fmt: skip
"""The kinds that a shop may choose not to send."""


def news_key(kind: str) -> str:
    """The setting that says whether customers get notices of a kind."""
    return f"tell.{kind}"


def chosen(session: Session, key: str, *, shop_id: int, on: date) -> str:
    """What a shop has chosen on a day."""
    return str(setting(session, key, on=on, default=DEFAULTS.get(key, ""), shop_id=shop_id))
