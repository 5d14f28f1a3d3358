"""What waits because a notice does not go by itself."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import night_view
from console.notice_view import recipient
from console.worklist import Item
from models.case import Case
from models.notice import Notice
from models.words import HeldBecause, NoticeState, Role
from worker import clock
from worker.clock import SHANGHAI

_WHY = {
    NoticeState.HELD: "is held",
    NoticeState.UNCERTAIN: "may or may not have arrived",
    NoticeState.DEAD: "was given up",
}


def notices(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """Notices that are held, were given up, or may not have arrived."""
    rows = session.execute(
        select(Notice, Case.claim_no)
        .outerjoin(Case, Case.id == Notice.case_id)
        .where(Notice.shop_id == shop_id, Notice.state.in_(_WHY))
        .order_by(Notice.id)
    ).all()
    on = (night_view.newest_date(session) or clock.today()) if rows else clock.today()
    for row in rows:
        notice, why = row.Notice, row.Notice.held_because or row.Notice.error or ""
        yield Item(
            kind="notice",
            subject=f"notice:{notice.id}",
            shop=code,
            owner=Role.HANDLER,
            since=notice.written_at.astimezone(SHANGHAI).date(),
            amount=None,
            what=f"notice {notice.id} ({notice.kind}) to {recipient(notice)} {_WHY[notice.state]}: {why}",
            command=_command(notice, row.claim_no, code, on),
        )


def _command(notice: Notice, claim_no: str | None, code: str, on: date) -> str:
    if notice.state is NoticeState.HELD and notice.held_because == HeldBecause.NO_AUTHORISATION:
        return f"huikuan case record {claim_no} authorisation 授权委托书 --on {on} --shop {code}"
    if notice.address is None:
        return f"huikuan contact import FILE --shop {code}"
    if notice.state is NoticeState.UNCERTAIN:
        return f"huikuan notice resolve {notice.id} --sent"
    return f"huikuan notice resend {notice.id}"
