"""Over-receipt that was passed on: the match that brought it can't be taken back as if it still lay here."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.entry import Entry
from models.values import Refusal, yuan_grouped
from models.words import EntryKind

_HOLD = (EntryKind.OVER_RECEIPT_HOLD,)
_PASSED_ON = (EntryKind.OVER_RECEIPT_RETURNED, EntryKind.OVER_RECEIPT_REASSIGNED)


def refuse_if_gone(session: Session, entries: Sequence[Entry]) -> None:
    """Over-receipt that has gone back to the insurer, or to another claim, can't be taken out once more."""
    holds = Counter[int]()
    for entry in entries:
        if entry.kind is EntryKind.OVER_RECEIPT_HOLD:
            holds[entry.work_order_id] += entry.amount
    for order, amount in sorted(holds.items()):
        held, gone = _standing(session, order, _HOLD), _standing(session, order, _PASSED_ON)
        if held - amount < gone:
            raise Refusal(
                f"Of the over-receipt that this brought, {yuan_grouped(gone - held + amount)} yuan went back "
                "to the insurer or to another claim since, and can't be taken out once more. Undo that "
                "first: huikuan difference list --all"
            )


def _standing(session: Session, order: int, kinds: Sequence[EntryKind]) -> int:
    """Fen of a repair's entries of these kinds that were not reversed."""
    undone = select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
    own = (Entry.work_order_id == order, Entry.kind.in_(kinds), Entry.id.not_in(undone))
    return sum(session.scalars(select(Entry.amount).where(*own)))
