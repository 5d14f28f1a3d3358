"""Editions for other readers: a month masked for outside, as issued or as it stands."""

from sqlalchemy.orm import Session

from models.values import Period
from tasks.ledgers import closing_queries, making
from tasks.ledgers.book import LedgerBook
from tasks.ledgers.masking import masked
from tasks.ledgers.workbook import masked_name, workbook_bytes
from worker.files import write_whole
from worker.job import Night
from worker.settings import settings


def write(session: Session, night: Night, month: Period) -> int:
    """Write the masked edition of a month; it is no draft and no issue, and is written over."""
    book = masked(current(session, night, month))
    path = f"ledgers/{night.shop_code}/{masked_name(book)}"
    night.note(ledger=path, ledger_rows=len(book.rows))
    if not night.dry_run:
        write_whole(settings().home / path, workbook_bytes(book))
    return 1


def current(session: Session, night: Night, month: Period) -> LedgerBook:
    """A closed month as it was issued, another one as it stands."""
    close = closing_queries.newest_close(session, night.shop_id, str(month))
    if close is not None and making.is_closed(session, night.shop_id, month) is not None:
        return making.thawed_book(session, close)
    return making.book_of_month(session, night, month)
