"""A month's ledger as it stands now, with the corrections of closed months where it is the open one."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from models.ledger import LedgerClose, last_closed, newest_closes
from models.values import Period
from tasks.ledgers import change_queries, closing_queries, frozen, queries
from tasks.ledgers.book import Correction, LedgerBook
from tasks.ledgers.changes import changes, corrections
from tasks.ledgers.month import ledger_book
from tasks.ledgers.spans import Span
from worker.job import Night


def book_of_month(session: Session, night: Night, month: Period, issue: str = "") -> LedgerBook:
    """The ledger of a month as known on the night's date; `issue` is its number where it is closed."""
    span = Span(month.first, min(night.date, month.last))
    cases = queries.cases_of_month(session, night.shop_id, span)
    shop = queries.shop_name(session, night.shop_id)
    return ledger_book(
        cases, shop=shop, period=month, built_on=night.date, issue=issue,
        corrections=_corrections(session, night.shop_id, month),
    )  # fmt: skip


def book_as_known(session: Session, shop_id: int, month: Period, on: date) -> LedgerBook:
    """The ledger of a month from what had been recorded up to a business date, without corrections."""
    span = Span(month.first, min(on, month.last), known_on=on)
    cases = queries.cases_of_month(session, shop_id, span)
    shop = queries.shop_name(session, shop_id)
    return replace(ledger_book(cases, shop=shop, period=month, built_on=on), known_on=on)


def _corrections(session: Session, shop_id: int, month: Period) -> list[Correction]:
    """Changes to closed months: they stand in the first month that is open."""
    last = last_closed(newest_closes(session, shop_id))
    if last is None or last.next() != month:
        return []
    issued = [frozen.correction(each) for each in closing_queries.issued_corrections(session, shop_id)]
    found: list[Correction] = []
    for close in _closed(session, shop_id):
        found += changed_since(session, close, issued, whole=False)
    return found


def _closed(session: Session, shop_id: int) -> list[LedgerClose]:
    opened = closing_queries.reopenings(session, shop_id)
    newest = {each.month: each for each in closing_queries.closes(session, shop_id)}
    return [newest[month] for month in sorted(newest) if newest[month].id not in opened]


def changed_since(
    session: Session, close: LedgerClose, issued: list[Correction], *, whole: bool
) -> list[Correction]:
    """What is different now from a snapshot and not corrected in `issued` yet.

    Looks at the repairs about which something was recorded since, or at the `whole` month.
    """
    among = None if whole else change_queries.touched(close.shop_id, close.closed_at)
    then, month = thawed_book(session, close), Period.parse(close.month)
    cases = queries.cases_of_month(session, close.shop_id, Span(month.first, then.as_of), among)
    now = ledger_book(cases, shop=then.shop, period=month, built_on=then.built_on)
    causes = change_queries.causes(session, close.shop_id, close.closed_at)
    claims = None if whole else frozenset(claim for each in causes for claim in each.claims)
    return corrections(close.month, then.issue, changes(then.rows, now.rows, claims), causes, issued)


def _head(close: LedgerClose) -> dict[str, str]:
    assert isinstance(close.head, dict), f"not the head of a workbook: {close.head!r}"
    return close.head


def thawed_book(session: Session, close: LedgerClose) -> LedgerBook:
    """The book of a close exactly as it was issued."""
    return frozen.thawed(_head(close), [each.line for each in closing_queries.snapshot(session, close.id)])


def is_closed(session: Session, shop_id: int, month: Period) -> date | None:
    """When a month was closed, if it is."""
    found = [each for each in newest_closes(session, shop_id) if each.month == month and each.until is None]
    return found[0].closed_on if found else None
