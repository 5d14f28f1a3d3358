"""The end of a month: the accountant is told what stands in the way of closing it."""

from sqlalchemy.orm import Session

from models.values import Period
from models.words import Role
from notifications import staff
from notifications.notices import ClosingBlocker, MonthToClose
from notifications.wording import day
from tasks.ledgers import closing_queries, closing_rules, queries
from worker.job import Night

_MOST_NAMED = 20


def tell(session: Session, night: Night, month: Period) -> None:
    """Tell whoever keeps the ledger, once a month: the draft is there, and what is to be put right."""
    books = closing_queries.books(session, night.shop_id, night.shop_code, month)
    found = closing_rules.blockers(books)
    night.note(month_to_close=str(month), blocks_closing=len(found))
    words = MonthToClose(
        date=day(night.date),
        shop_name=queries.shop_name(session, night.shop_id),
        month=str(month),
        count=str(len(found)) if found else "",
        blockers=tuple(ClosingBlocker(each.what, each.command) for each in found[:_MOST_NAMED]),
        command=f"huikuan ledger close {month} --shop {night.shop_code}",
    )
    occasion = f"month_to_close:{night.shop_id}:{month}"
    staff.tell(session, night, words, occasion, staff.holders(session, night, Role.ACCOUNTANT))
