"""`huikuan notice`: what people are told, and what became of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.house import reading, shop_codes, writing
from console.options import AsJson, ShopCode
from console.output import answer, pairs, say, table
from console.permits import Act
from console.who import person
from models.notice import Notice, NoticeAttempt
from models.shop import Shop
from models.values import Refusal, mask_email
from models.words import NoticeState
from worker import clock

app = typer.Typer(help="Notices in the outbox.")

NoticeId = Annotated[int, typer.Argument(metavar="ID", help="The number of the notice, as in the list.")]


@app.command("list")
def list_(
    shop: ShopCode = None,
    state: Annotated[NoticeState | None, typer.Option("--state", help="Only notices in this state.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the notices: to whom, about what, in which state."""
    with reading() as session:
        found = _notices(session, shop_codes(session, shop), state)
    columns = {
        "id": "id",
        "kind": "kind",
        "to": "recipient",
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
    return [_line(row.Notice, row.code) for row in session.execute(query)]


def _line(notice: Notice, shop: str) -> dict[str, Any]:
    return {
        "id": notice.id,
        "shop": shop,
        "kind": notice.kind,
        "audience": notice.audience.value,
        "recipient": notice.recipient,
        "channel": notice.channel.value,
        "state": notice.state.value,
        "held_because": notice.held_because,
        "occasion": notice.occasion,
        "attempts": notice.attempts,
        "written_at": notice.written_at,
        "sent_at": notice.sent_at,
        "error": notice.error,
    }


@app.command()
def show(notice_id: NoticeId, as_json: AsJson = False) -> None:
    """Show one notice as it is or will be read."""
    with reading() as session:
        notice = _find(session, notice_id)
        document = _whole(session, notice)
    answer(as_json, document, lambda: _tell(document))


def _find(session: Session, notice_id: int) -> Notice:
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise Refusal(f"There is no notice {notice_id}. See: huikuan notice list")
    return notice


def _whole(session: Session, notice: Notice) -> dict[str, Any]:
    from notifications import render

    attempts = session.scalars(
        select(NoticeAttempt).where(NoticeAttempt.notice_id == notice.id).order_by(NoticeAttempt.number)
    )
    shop = session.get_one(Shop, notice.shop_id)
    words: dict[str, Any] = notice.words if isinstance(notice.words, dict) else {}
    return _line(notice, shop.code) | {
        "address": mask_email(notice.address) if notice.address else None,
        "words": notice.words,
        "subject": render.render(notice.kind, "subject.txt", words).strip(),
        "text": render.render(notice.kind, "email.txt", words),
        "tried": [
            {
                "number": each.number,
                "started_at": each.started_at,
                "outcome": each.outcome,
                "error": each.error,
            }
            for each in attempts
        ],
    }


def _tell(notice: dict[str, Any]) -> None:
    hidden = ("words", "subject", "text", "tried")
    pairs((name, value) for name, value in notice.items() if name not in hidden)
    say("", notice["subject"], "", notice["text"])
    table(
        notice["tried"],
        {"attempt": "number", "began": "started_at", "ended": "outcome", "error": "error"},
        "",
    )


@app.command()
def release(notice_id: NoticeId, as_json: AsJson = False) -> None:
    """Send again a notice that was given up, or that may not have arrived."""
    from notifications.holding import release as act

    _decide(
        notice_id,
        act,
        as_json,
        "waits to be sent again; the next night sends it, or: huikuan job run deliver",
    )


@app.command()
def confirm(notice_id: NoticeId, as_json: AsJson = False) -> None:
    """Say that a notice of which this was uncertain has arrived."""
    from notifications.holding import confirm_sent as act

    _decide(notice_id, act, as_json, "has arrived, as you say")


def _decide(
    notice_id: int, act: Callable[[Session, int, datetime], None], as_json: bool, sentence: str
) -> None:
    with writing() as session:
        person(session, Act.RESOLVE)
        act(session, _find(session, notice_id).id, clock.now())
        session.flush()
        session.expire_all()
        notice = _find(session, notice_id)
        document = _line(notice, session.get_one(Shop, notice.shop_id).code)
    answer(as_json, document, lambda: say(f"Notice {notice_id} {sentence}."))
