"""Closing a month (结账): checked, frozen, chained and issued, all in one transaction; and opening it again.

A close that is interrupted left nothing behind but perhaps a file that no row knows; the next one writes it
over. So it goes on where it was by being done again.
"""

from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.event import Happening, record
from models.ledger import LedgerClose, LedgerReopening, LedgerSnapshotRow
from models.shop import next_number
from models.values import Period, Refusal
from tasks.ledgers import closing_queries, closing_rules, frozen
from tasks.ledgers.book import LedgerBook
from tasks.ledgers.closing_rules import SYSTEM, Asked
from tasks.ledgers.making import book_of_month
from tasks.ledgers.workbook import issued_name, workbook_bytes
from worker.files import sha256_of, write_whole
from worker.job import Night
from worker.settings import settings

_CHUNK = 1000


def close(session: Session, night: Night, month: Period) -> int:
    """Close a month and issue its workbook. Raises Refusal with all that stands in the way."""
    closing_queries.hold_shop(session, night.shop_id)
    asked = _asked(session, night, month)
    if (why := closing_rules.why_not(asked, closing_queries.standing(session, night.shop_id))) is not None:
        raise Refusal(why)
    books = closing_queries.books(session, night.shop_id, night.shop_code, month)
    if found := closing_rules.blockers(books):
        raise Refusal(closing_rules.in_the_way(month, found))
    row, book = _issue(session, night, asked)
    content = workbook_bytes(book)
    row |= {"sha256": sha256_of(content)}
    _keep(session, night, row, book)
    night.note(ledger=row["path"], ledger_rows=len(book.rows), number=row["number"], revision=row["revision"])
    if not night.dry_run:
        write_whole(settings().home / row["path"], content)
    return 1


def reopen(session: Session, night: Night, month: Period, because: str, until: date) -> int:
    """Open a closed month again until a day, for a reason."""
    closing_queries.hold_shop(session, night.shop_id)
    why = closing_rules.why_not_reopen(
        month, closing_queries.standing(session, night.shop_id), role=_role(night), by=night.by,
        today=night.date, until=until,
    )  # fmt: skip
    if why is None and not because.strip():
        why = f'Say why {month} is opened again: --because "..."'
    if why is not None:
        raise Refusal(why)
    newest = closing_queries.newest_close(session, night.shop_id, str(month))
    assert newest is not None, "only a closed month is opened again"
    session.execute(
        insert(LedgerReopening).values(
            close_id=newest.id, because=because, until=until, opened_on=night.date, opened_by=night.by,
            opened_at=night.at,
        )
    )  # fmt: skip
    told = {"month": str(month), "number": newest.number, "because": because, "until": str(until)}
    record(session, [Happening("period_reopened", told)], **night.trail)
    return 1


def _asked(session: Session, night: Night, month: Period) -> Asked:
    prepared = closing_queries.preparer(session, night.shop_id, str(month)) or SYSTEM
    return Asked(
        month, night.shop_code, night.date, night.by, _role(night), prepared,
        bool(night.parameters.get("is_first")),
    )  # fmt: skip


def _role(night: Night) -> str:
    return str(night.parameters.get("role", ""))


def _issue(session: Session, night: Night, asked: Asked) -> tuple[dict[str, Any], LedgerBook]:
    """The row of the close without its hashes, and the book under its number and revision."""
    before = closing_queries.newest_close(session, night.shop_id, str(asked.month))
    revision = before.revision + 1 if before else 1
    number = f"TZ-{night.date.year}-{next_number(session, night.shop_id, 'ledger', night.date.year):04}"
    book = book_of_month(session, night, asked.month, issue=f"{number} 第{revision}版")
    row = {
        "shop_id": night.shop_id, "month": str(asked.month), "revision": revision, "number": number,
        "closed_on": night.date, "closed_by": night.by, "prepared_by": asked.prepared_by,
        "closed_at": night.at, "path": f"ledgers/{night.shop_code}/{issued_name(book, revision)}",
    }  # fmt: skip
    return row, book


def _keep(session: Session, night: Night, row: dict[str, Any], book: LedgerBook) -> None:
    """Write the close with its snapshot, chained to the one before it in the shop."""
    lines, top = frozen.kept(book), frozen.head(book)
    earlier = closing_queries.closes(session, night.shop_id)
    previous = earlier[-1].snapshot_hash if earlier else None
    hashes = [line.row_hash for line in lines]
    row |= {
        "head": top, "rows": len(book.rows), "corrections": len(book.corrections), "previous_hash": previous,
        "snapshot_hash": frozen.snapshot_hash(top, hashes, previous),
    }  # fmt: skip
    close_id = session.execute(insert(LedgerClose).values(row).returning(LedgerClose.id)).scalar_one()
    kept = [
        {**line._asdict(), "close_id": close_id, "period": book.month, "row_hash": row_hash}
        for line, row_hash in zip(lines, hashes, strict=True)
    ]
    for start in range(0, len(kept), _CHUNK):
        session.execute(insert(LedgerSnapshotRow), kept[start : start + _CHUNK])
    told = {name: row[name] for name in ("month", "number", "revision", "sha256", "snapshot_hash")}
    record(session, [Happening("period_closed", told)], **night.trail)
