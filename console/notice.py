"""`huikuan notice`: what people are told, and what became of it."""

from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import notice_acts, notice_preview
from console.house import reading, shop_codes
from console.notice_view import NoticeId, find, line, readable
from console.options import AsJson, ShopCode
from console.output import answer, pairs, say, table
from models.notice import Notice, NoticeAttempt
from models.shop import Shop
from models.values import mask_email, mask_phone
from models.words import ChannelName, NoticeState

app = typer.Typer(help="Notices in the outbox.")


@app.command("list")
def list_(
    shop: ShopCode = None,
    state: Annotated[NoticeState | None, typer.Option("--state", help="Only notices in this state.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the notices: to whom, about what, in which state; customers are shown masked."""
    with reading() as session:
        found = _notices(session, shop_codes(session, shop), state)
    columns = {
        "id": "id",
        "kind": "kind",
        "to": "recipient",
        "by": "channel",
        "state": "state",
        "held because": "held_because",
        "written": "written_at",
        "sent": "sent_at",
    }
    answer(as_json, found, lambda: table(found, columns, "There are no such notices."))


def _notices(session: Session, codes: list[str], state: NoticeState | None) -> list[dict[str, Any]]:
    query = (
        select(Notice, Shop.code)
        .join(Shop, Shop.id == Notice.shop_id)
        .where(Shop.code.in_(codes))
        .order_by(Notice.id)
    )
    if state is not None:
        query = query.where(Notice.state == state)
    return [line(row.Notice, row.code) for row in session.execute(query)]


@app.command()
def show(notice_id: NoticeId, as_json: AsJson = False) -> None:
    """Show one notice as it is or will be read."""
    with reading() as session:
        notice = find(session, notice_id)
        document = _whole(session, notice)
    answer(as_json, document, lambda: _tell(document))


def _whole(session: Session, notice: Notice) -> dict[str, Any]:
    attempts = session.scalars(
        select(NoticeAttempt).where(NoticeAttempt.notice_id == notice.id).order_by(NoticeAttempt.number)
    )
    shop = session.get_one(Shop, notice.shop_id)
    words: dict[str, Any] = notice.words if isinstance(notice.words, dict) else {}
    return (
        line(notice, shop.code)
        | {"address": _masked_address(notice), "reference": _reference(notice), "words": notice.words}
        | readable(notice.kind, notice.channel, words, sign=shop.name)
        | {
            "tried": [
                {
                    "number": each.number,
                    "channel": each.channel,
                    "started_at": each.started_at,
                    "outcome": each.outcome,
                    "error": each.error,
                }
                for each in attempts
            ],
        }
    )


def _reference(notice: Notice) -> str:
    """What logs call it: the Message-ID of a mail begins with it, an SMS carries it as OutId."""
    from notifications.reference import reference

    attempt = notice.attempts if notice.channel is ChannelName.SMS else 1
    return reference(notice.id, notice.occasion, notice.written_at, max(1, attempt))


def _masked_address(notice: Notice) -> str | None:
    if notice.address is None or notice.channel is ChannelName.WECOM:
        return notice.address
    return mask_phone(notice.address) if notice.channel is ChannelName.SMS else mask_email(notice.address)


def _tell(notice: dict[str, Any]) -> None:
    hidden = ("words", "subject", "text", "tried")
    pairs((name, value) for name, value in notice.items() if name not in hidden)
    say("", notice["subject"], "", notice["text"])
    columns = {
        "attempt": "number",
        "by": "channel",
        "began": "started_at",
        "ended": "outcome",
        "error": "error",
    }
    table(notice["tried"], columns, "")


app.command()(notice_acts.resend)
app.command()(notice_acts.resolve)
app.command()(notice_preview.preview)
app.command("send-test")(notice_preview.send_test)
