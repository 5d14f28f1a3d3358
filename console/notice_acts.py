"""What a person decides of a notice: that it goes again, or that it has arrived."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from console.house import writing
from console.notice_view import NoticeId, find, line
from console.options import AsJson
from console.output import answer, say
from console.permits import Act
from console.who import person
from models.shop import Shop
from models.values import Refusal
from models.words import NoticeState
from worker import clock

_GOES = "waits to be sent again; the next delivery sends it, or: huikuan job run deliver --shop {shop}"


def resend(notice_id: NoticeId, as_json: AsJson = False) -> None:
    """Send again a notice that was given up, or held and lacks nothing now; of an uncertain one: resolve."""
    from notifications.holding import send_again

    def act(session: Session, number: int, at: datetime) -> None:
        send_again(session, number, at, (NoticeState.DEAD, NoticeState.HELD))

    _decide(notice_id, act, as_json, _GOES)


def resolve(
    notice_id: NoticeId,
    sent: Annotated[bool, typer.Option("--sent", help="It arrived: it stands in the server's log.")] = False,
    again: Annotated[bool, typer.Option("--again", help="It did not arrive: send it again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say of an uncertain notice whether it arrived (--sent) or is to be sent once more (--again)."""
    from notifications.holding import confirm_sent, send_again

    if sent == again:
        raise Refusal(
            f"Say which: huikuan notice resolve {notice_id} --sent (it arrived) or --again (it did not). "
            f"huikuan notice show {notice_id} names it as the mail server's log does."
        )
    if sent:
        _decide(notice_id, confirm_sent, as_json, "has arrived, as you say")
        return

    def act(session: Session, number: int, at: datetime) -> None:
        send_again(session, number, at, (NoticeState.UNCERTAIN,))

    _decide(notice_id, act, as_json, _GOES)


def _decide(
    notice_id: int, act: Callable[[Session, int, datetime], None], as_json: bool, sentence: str
) -> None:
    with writing() as session:
        person(session, Act.RESOLVE)
        act(session, find(session, notice_id).id, clock.now())
        session.flush()
        session.expire_all()
        notice = find(session, notice_id)
        shop = session.get_one(Shop, notice.shop_id).code
        document = line(notice, shop)
    held = notice.state is NoticeState.HELD
    still = f"is still held ({notice.held_because}); what it lacks: huikuan todo list"
    said = still if held else sentence.format(shop=shop)
    answer(as_json, document, lambda: say(f"Notice {notice_id} {said}."))
