"""Editions for other readers: a month masked for outside, or as it was known on a day."""

from datetime import date

from sqlalchemy.orm import Session

from models import past
from models.values import Period, Refusal
from tasks.ledgers import closing_queries, making
from tasks.ledgers.book import LedgerBook
from tasks.ledgers.masking import masked
from tasks.ledgers.workbook import edition_name, workbook_bytes
from worker.files import write_whole
from worker.job import Night
from worker.settings import settings


def write(session: Session, night: Night, month: Period) -> int:
    """Write an edition of a month: `as_of` a day (YYYY-MM-DD), `masked`, or both.

    It is no draft and no issue, and is written over.
    """
    as_of = night.parameters.get("as_of")
    if as_of is None:
        book = current(session, night, month)
    else:
        book = as_known(session, night, month, date.fromisoformat(str(as_of)))
    if night.parameters.get("masked"):
        book = masked(book)
    path = f"ledgers/{night.shop_code}/{edition_name(book)}"
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


def as_known(session: Session, night: Night, month: Period, on: date) -> LedgerBook:
    """The month from what had been recorded up to a day. Raises Refusal where that is not known."""
    command = f"huikuan ledger build {month} --shop {night.shop_code} --as-of"
    if on > night.date:
        raise Refusal(f"{on} is yet to come on {night.date}. Name a day up to today: {command} {night.date}")
    if on < month.first:
        raise Refusal(f"{month} had not begun on {on}. Name a day in it or later: {command} {month.last}")
    begins = past.begins_on(session)
    if begins is not None and on < begins:
        raise Refusal(
            f"What was recorded up to {begins} is known only as it stood that day: on {on} it may have been "
            f"different, and that was not kept. Name that day or a later one: {command} {begins}"
        )
    return making.book_as_known(session, night.shop_id, month, on)
