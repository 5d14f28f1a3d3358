"""Keep the entries of a repair where its lines say that the insurer's money lies.

When an expected amount or a receipt changes, money goes from one pocket to another, or back to the bank: by
an entry made for it, else by reversing the entries that brought it.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from models.entry import Entry, Movement, post, reverse
from models.values import Refusal, yuan
from models.words import EntryKind
from tasks.differences import pockets
from tasks.differences.pockets import WAYS, Pocket, Way
from tasks.differences.queries import LineRow
from worker.job import Night


def follow(session: Session, night: Night, lines: Sequence[LineRow]) -> int:
    """Move what lies in the wrong pocket; `lines` are all the lines of these repairs. Returns the fen moved.

    A repair whose receipts and entries differ in sum is left alone: the nightly proof names it.
    """
    of: dict[int, list[LineRow]] = defaultdict(list)
    for line in lines:
        of[line.work_order_id].append(line)
    sums, moved = net_sums(session, of), 0
    for order, own in sorted(of.items()):
        now, goal = pockets.booked(sums[order]), pockets.wanted(own)
        if now != goal and sum(now.values()) == sum(goal.values()):
            moved += _shift(session, night, order, pockets.moves(now, goal))
    return moved


def take_out(session: Session, night: Night, lines: Sequence[LineRow], amount: int) -> None:
    """Take `amount` of a repair's receipts back to the bank; `lines` are all its lines, without that money.

    Raises Refusal where entries and receipts differ, or where the money came from another claim.
    """
    order = lines[0].work_order_id
    goal = pockets.wanted(lines) | {Pocket.BANK: amount}
    now = pockets.booked(net_sums(session, [order])[order])
    if sum(now.values()) != sum(goal.values()):
        raise Refusal(
            f"{lines[0].claim_no}: receipts and entries of its repair differ, so nothing can be taken out of "
            "them. Nothing was written. See: huikuan money check"
        )
    _shift(session, night, order, pockets.moves(now, goal))


def net_sums(session: Session, orders: Collection[int]) -> dict[int, dict[EntryKind, int]]:
    """Fen by kind of entry of some repairs, net of reversals."""
    was = aliased(Entry)
    kind = func.coalesce(was.kind, Entry.kind).label("kind")
    signed = case((Entry.kind == EntryKind.REVERSAL, -Entry.amount), else_=Entry.amount)
    rows = session.execute(
        select(Entry.work_order_id, kind, func.sum(signed).label("amount"))
        .outerjoin(was, Entry.reverses_id == was.id)
        .where(Entry.work_order_id.in_(sorted(orders)))
        .group_by(Entry.work_order_id, kind)
    )
    found: dict[int, dict[EntryKind, int]] = {order: {} for order in orders}
    for row in rows:
        found[row.work_order_id][EntryKind(row.kind)] = int(row.amount)
    return found


def _shift(session: Session, night: Night, order: int, moves: Sequence[tuple[Pocket, Pocket, int]]) -> int:
    for origin, target, amount in moves:
        rest = amount
        for way in WAYS[origin, target]:
            rest -= _go(session, night, order, way, rest)
        if rest:
            raise Refusal(
                f"{yuan(rest)} yuan of work order {order} came from another claim and can't be taken out "
                "like this. Nothing was written. Undo that first; see: huikuan difference list --all"
            )
    return sum(amount for _, _, amount in moves)


def _go(session: Session, night: Night, order: int, way: Way, rest: int) -> int:
    possible = [sum(entry.amount for entry in standing(session, order, kind)) for kind in way.undo]
    part = min([rest, *possible])
    if part:
        for kind in way.undo:
            _undo_part(session, night, order, kind, part)
        for kind in way.post:
            _post(session, night, order, kind, part, night.date)
    return part


def standing(session: Session, order: int, kind: EntryKind) -> list[Entry]:
    """Entries of a kind that were not reversed, newest first."""
    undone = select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
    own = (Entry.work_order_id == order, Entry.kind == kind, Entry.id.not_in(undone))
    return list(session.scalars(select(Entry).where(*own).order_by(Entry.id.desc())))


def _undo_part(session: Session, night: Night, order: int, kind: EntryKind, amount: int) -> None:
    """Reverse an entry of just that sum, else the newest; what that was too much stands again."""
    rest = amount
    for entry in sorted(standing(session, order, kind), key=lambda each: each.amount != amount):
        if rest <= 0:
            return
        undo(session, night, entry)
        if entry.amount > rest:
            _post(session, night, order, kind, entry.amount - rest, entry.value_date)
        rest -= min(rest, entry.amount)


def undo(session: Session, night: Night, entry: Entry) -> None:
    """Append the counter-entry of an entry."""
    reverse(session, entry.id, business_date=night.date, by=night.by, at=night.at)


def undo_all(session: Session, night: Night, stem: str, orders: Collection[int]) -> int:
    """Reverse what stands of an occasion on these repairs, newest first; returns the fen reversed."""
    undone = select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
    of = (Entry.work_order_id.in_(sorted(orders)), Entry.occasion.startswith(f"{stem}:", autoescape=True))
    found = session.scalars(select(Entry).where(*of, Entry.id.not_in(undone)).order_by(Entry.id.desc())).all()
    for entry in found:
        undo(session, night, entry)
    return sum(entry.amount for entry in found)


def _post(
    session: Session, night: Night, order: int, kind: EntryKind, amount: int, value_date: date | None
) -> None:
    occasion = fresh_occasion(session, order, f"books:{order}:{kind}")
    post(session, [Movement(order, kind, amount, value_date, occasion)], **night.trail)


def fresh_occasion(session: Session, order: int, stem: str) -> str:
    """The occasion of the next entry of its kind: one further than those that were posted."""
    of = (Entry.work_order_id == order, Entry.occasion.startswith(f"{stem}:", autoescape=True))
    return f"{stem}:{session.execute(select(func.count()).where(*of)).scalar_one() + 1}"
