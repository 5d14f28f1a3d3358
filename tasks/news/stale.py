"""News that did not go out in time does not go out: who hears of it a month later is only puzzled."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models.notice import Notice
from models.words import NoticeState
from tasks.news import rules
from tasks.news.facts import Repair
from tasks.news.repairs import Found
from tasks.news.telling import deposit_occasion
from worker.job import Night

STALE = "stale"
OUTDATED = "outdated"

_KINDS = (
    "deposit_received", "progress", "missing_documents", "refund_paid", "refund_waiting", "top_up_asked",
)  # fmt: skip
_NOT_SENT = (NoticeState.WAITING, NoticeState.HELD)

# What asks for something, or says why something does not come, stays on the worklist until it is settled.
_NEWS = ("deposit_received", "progress", "refund_paid", "satisfaction_call")


def withdraw_stale(session: Session, night: Night, days: int) -> None:
    """News that was held for its whole life is not news any more."""
    _withdraw(
        session, STALE,
        Notice.shop_id == night.shop_id, Notice.state == NoticeState.HELD, Notice.kind.in_(_NEWS),
        Notice.written_at < night.at - timedelta(days=days),
    )  # fmt: skip


def withdraw_outdated(session: Session, found: Sequence[Found]) -> None:
    """What waits to be told stands as it is now; what was undone, paid or changed meanwhile is taken back."""
    cases = [claim.case_id for each in found for claim in each.repair.claims]
    standing = {occasion for each in found for occasion in _standing(each.repair)}
    waiting = session.execute(
        select(Notice.id, Notice.occasion).where(
            Notice.case_id.in_(cases), Notice.kind.in_(_KINDS), Notice.state.in_(_NOT_SENT)
        )
    )
    gone = [row.id for row in waiting if row.occasion not in standing]
    if gone:
        _withdraw(session, OUTDATED, Notice.id.in_(gone))


def _standing(repair: Repair) -> Iterator[str]:
    """The occasions that are still so, however long ago."""
    order = repair.work_order_id
    for day, fen in repair.deposits.items():
        if fen:
            told = len(repair.told_deposits.get(day, ()))
            yield from (deposit_occasion(order, day, number) for number in range(1, told + 2))
    for claim in repair.claims:
        if claim.accepted_on:
            yield f"progress:accepted:{claim.case_id}"
        if claim.round_no:
            yield f"missing_documents:{claim.case_id}:{claim.round_no}"
    yield from (f"progress:paid:{each.case_id}:{each.match_id}" for each in repair.payments)
    yield from (f"refund_paid:{each.refund_id}" for each in repair.refunds)
    yield from (f"refund_waiting:{short.difference_id}" for short in repair.shorts)
    if repair.money and rules.is_short(repair.money):
        yield f"top_up_asked:{order}:{repair.money.topup_due}"


def _withdraw(session: Session, why: str, *which: ColumnElement[bool]) -> None:
    done = update(Notice).where(*which).values(state=NoticeState.SUPPRESSED, held_because=why)
    session.execute(done.execution_options(synchronize_session=False))
