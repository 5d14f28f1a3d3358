"""One notice as a line and as it is read."""

from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from models.notice import Notice
from models.values import Refusal, mask_name
from models.words import Audience, ChannelName

NoticeId = Annotated[int, typer.Argument(metavar="ID", help="The number of the notice, as in the list.")]


def find(session: Session, notice_id: int) -> Notice:
    """The notice of a number. Raises Refusal."""
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise Refusal(f"There is no notice {notice_id}. See: huikuan notice list")
    return notice


def recipient(notice: Notice) -> str:
    """Who is meant; a customer is masked (domain 3.2)."""
    return mask_name(notice.recipient) if notice.audience is Audience.CUSTOMER else notice.recipient


def line(notice: Notice, shop: str) -> dict[str, Any]:
    """What a list says of a notice."""
    return {
        "id": notice.id,
        "shop": shop,
        "kind": notice.kind,
        "audience": notice.audience.value,
        "recipient": recipient(notice),
        "channel": notice.channel.value,
        "state": notice.state.value,
        "held_because": notice.held_because,
        "occasion": notice.occasion,
        "attempts": notice.attempts,
        "written_at": notice.written_at,
        "sent_at": notice.sent_at,
        "delivered_at": notice.delivered_at,
        "error": notice.error,
    }


def readable(
    kind: str, channel: ChannelName, words: dict[str, Any], *, sign: str, language: str = "zh_CN"
) -> dict[str, str]:
    """Subject and text as they are read on a channel."""
    from notifications import render

    if channel is ChannelName.SMS:
        return {"subject": "", "text": render.sms(kind, words, sign, language).text}
    if channel is ChannelName.WECOM:
        return {"subject": "", "text": render.markdown(kind, words, language)}
    return {
        "subject": render.render(kind, "subject.txt", words, language).strip(),
        "text": render.render(kind, "email.txt", words, language),
    }
