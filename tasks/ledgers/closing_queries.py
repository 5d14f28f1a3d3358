"""What the ledgers room reads of closed periods, and of what stands in the way of closing one."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.ledger import LedgerBuild, LedgerClose, LedgerReopening, LedgerSnapshotRow
from models.run import PROOF, Seat, SetAside
from models.shop import Shop
from models.values import Period
from models.words import Outcome
from tasks.ledgers.closing_rules import SYSTEM, Aside, Books, Standing, WaitingLine
from tasks.ledgers.frozen import CORRECTION, Kept

NOBODY_SAID = (Outcome.OPEN, Outcome.PROPOSED, Outcome.UNMATCHED)
"""Bank lines that are neither matched nor put aside as no payout."""


def hold_shop(session: Session, shop_id: int) -> None:
    """Lock the shop: of two who close at once one comes second, and nobody posts in between."""
    session.execute(select(Shop.id).where(Shop.id == shop_id).with_for_update())


def closes(session: Session, shop_id: int) -> list[LedgerClose]:
    """Every close of a shop in the order in which they happened."""
    of = select(LedgerClose).where(LedgerClose.shop_id == shop_id).order_by(LedgerClose.id)
    return list(session.scalars(of))


def newest_close(session: Session, shop_id: int, month: str) -> LedgerClose | None:
    of = select(LedgerClose).where(LedgerClose.shop_id == shop_id, LedgerClose.month == month)
    return session.scalars(of.order_by(LedgerClose.revision.desc()).limit(1)).one_or_none()


def standing(session: Session, shop_id: int) -> list[Standing]:
    """Every month that was closed, in its order, as its newest close left it."""
    found = session.execute(
        select(
            LedgerClose.month, LedgerClose.number, LedgerClose.revision, LedgerClose.closed_on,
            LedgerClose.closed_by, LedgerReopening.id,
        )
        .outerjoin(LedgerReopening, LedgerReopening.close_id == LedgerClose.id)
        .where(LedgerClose.shop_id == shop_id)
        .order_by(LedgerClose.month, LedgerClose.revision)
    )  # fmt: skip
    newest = {
        row.month: Standing(
            Period.parse(row.month), row.number, row.revision, row.closed_on, row.closed_by,
            row.id is not None,
        )
        for row in found
    }  # fmt: skip
    return list(newest.values())


def reopenings(session: Session, shop_id: int) -> dict[int, LedgerReopening]:
    """The reopenings of a shop by the close that they opened."""
    found = session.scalars(
        select(LedgerReopening)
        .join(LedgerClose, LedgerClose.id == LedgerReopening.close_id)
        .where(LedgerClose.shop_id == shop_id)
    )
    return {each.close_id: each for each in found}


class StoredLine(NamedTuple):
    """A line of a snapshot, and the hash that was stored with it."""

    line: Kept
    row_hash: str


def snapshot(session: Session, close_id: int) -> list[StoredLine]:
    """The lines of a snapshot in their order: the rows, then the corrections."""
    found = session.execute(
        select(
            LedgerSnapshotRow.part, LedgerSnapshotRow.position, LedgerSnapshotRow.claim_no,
            LedgerSnapshotRow.values, LedgerSnapshotRow.row_hash,
        )
        .where(LedgerSnapshotRow.close_id == close_id)
        .order_by(LedgerSnapshotRow.part.desc(), LedgerSnapshotRow.position)
    )  # fmt: skip
    return [
        StoredLine(Kept(part, place, claim_no, _mapping(values)), row_hash)
        for part, place, claim_no, values, row_hash in found
    ]


def issued_corrections(session: Session, shop_id: int) -> Iterator[Kept]:
    """Every correction that stands in an issued workbook of a month still closed, the oldest first."""
    found = session.execute(
        select(LedgerSnapshotRow.position, LedgerSnapshotRow.claim_no, LedgerSnapshotRow.values)
        .join(LedgerClose, LedgerClose.id == LedgerSnapshotRow.close_id)
        .outerjoin(LedgerReopening, LedgerReopening.close_id == LedgerClose.id)
        .where(
            LedgerClose.shop_id == shop_id,
            LedgerSnapshotRow.part == CORRECTION,
            LedgerReopening.id.is_(None),
        )
        .order_by(LedgerSnapshotRow.close_id, LedgerSnapshotRow.position)
    )
    for place, claim_no, values in found:
        yield Kept(CORRECTION, place, claim_no, _mapping(values))


def _mapping(values: object) -> dict[str, object]:
    assert isinstance(values, dict), f"not the values of a row: {values!r}"
    return values


def preparer(session: Session, shop_id: int, month: str) -> str | None:
    """The person who built a draft of a month last; None where only the night did."""
    of = select(LedgerBuild.built_by).where(
        LedgerBuild.shop_id == shop_id, LedgerBuild.month == month, LedgerBuild.built_by != SYSTEM
    )
    return session.execute(of.order_by(LedgerBuild.id.desc()).limit(1)).scalar_one_or_none()


def books(session: Session, shop_id: int, shop_code: str, month: Period) -> Books:
    """What has to be in order before a month is closed."""
    aside = session.execute(
        select(SetAside.step, SetAside.subject, SetAside.error)
        .where(SetAside.shop_id == shop_id)
        .order_by(SetAside.step, SetAside.subject)
    )
    waiting = session.execute(
        select(BankLine.id, BankLine.booked_on, BankLine.amount, BankLine.outcome)
        .where(
            BankLine.shop_id == shop_id,
            BankLine.outcome.in_(NOBODY_SAID),
            BankLine.booked_on.between(month.first, month.last),
        )
        .order_by(BankLine.booked_on, BankLine.id)
    )
    return Books(
        shop_code, month, _proved_on(session, shop_code), [Aside(*each) for each in aside],
        [WaitingLine(*each) for each in waiting],
    )  # fmt: skip


def _proved_on(session: Session, code: str) -> date | None:
    """The last business date with a proof that was carried through, in a night or by hand."""
    scopes = [Seat.scope == code, Seat.scope == f"by_hand:{code}"]
    scopes += [Seat.scope.startswith(f"{each}+", autoescape=True) for each in (code, f"by_hand:{code}")]
    return session.execute(
        select(func.max(Seat.business_date)).where(Seat.job == PROOF, or_(*scopes))
    ).scalar_one()
