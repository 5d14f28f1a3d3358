"""What leaves a case alone for some days: holds, promises, and transfers that nobody has placed yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import event
from models.bank import BankLine
from models.chase import ChaseHold, ChaseState
from models.insurer import InsurerAlias
from models.match import Match, MatchPart
from models.open_money import open_by_cover
from models.words import HoldKind, HoldState, MatchState, Outcome
from tasks.chasing.facts import Pause
from worker.job import Night

_UNPLACED = (Outcome.OPEN, Outcome.PROPOSED, Outcome.UNMATCHED)


@dataclass(frozen=True)
class Transfer:
    """Money of an insurer group that nobody has placed; `case_ids`: for which cases it is proposed."""

    group_id: int
    booked_on: date
    case_ids: frozenset[int]


def unplaced_transfers(session: Session, night: Night, days: int) -> list[Transfer]:
    """The transfers from insurers of the last `days` that may still pay any of their cases."""
    since = night.date - timedelta(days=days)
    lines = session.execute(
        select(BankLine.id, BankLine.payer, BankLine.booked_on)
        .where(
            BankLine.shop_id == night.shop_id,
            BankLine.outcome.in_(_UNPLACED),
            BankLine.amount > 0,
            BankLine.booked_on.between(since, night.date),
        )
        .order_by(BankLine.id)
    ).all()
    if not lines:
        return []
    aliases = session.execute(select(InsurerAlias.alias, InsurerAlias.group_id))
    names = {row.alias: row.group_id for row in aliases}
    ideas = _ideas(session, [line.id for line in lines])
    return [
        Transfer(group_id, line.booked_on, ideas.get(line.id, frozenset()))
        for line in lines
        if (group_id := _group(line.payer, names)) is not None
    ]


def _group(payer: str, names: Mapping[str, int]) -> int | None:
    found = max((name for name in names if name in payer), key=len, default=None)
    return names[found] if found else None


def _ideas(session: Session, line_ids: list[int]) -> dict[int, frozenset[int]]:
    """The cases that the standing proposals of a line name."""
    named = (
        select(MatchPart.bank_line_id, MatchPart.case_id)
        .join(Match, Match.id == MatchPart.match_id)
        .where(
            MatchPart.bank_line_id.in_(line_ids),
            Match.state == MatchState.PROPOSED,
            MatchPart.case_id.is_not(None),
        )
    )
    found: dict[int, frozenset[int]] = {}
    for row in session.execute(named):
        found[row.bank_line_id] = found.get(row.bank_line_id, frozenset()) | {row.case_id}
    return found


def pause(
    holds: Iterable[ChaseHold], transfers: Iterable[Transfer], case_id: int, group_id: int | None, days: int
) -> Pause:
    """Until when this case is left alone."""
    until = {
        kind: max((each.until for each in holds if each.kind is kind), default=None) for kind in HoldKind
    }
    booked = [
        each.booked_on
        for each in transfers
        if each.group_id == group_id and (not each.case_ids or case_id in each.case_ids)
    ]
    held_by_transfer = max(booked) + timedelta(days=days) if booked else None
    return Pause(until[HoldKind.HOLD], until[HoldKind.PROMISE], held_by_transfer)


def end_what_is_over(session: Session, night: Night, tolerance: int) -> int:
    """End the holds whose day is past: a promise was kept or broken, and what was broken is on the trail."""
    over = session.scalars(
        select(ChaseHold)
        .where(
            ChaseHold.shop_id == night.shop_id,
            ChaseHold.state == HoldState.STANDING,
            ChaseHold.until < night.date,
        )
        .order_by(ChaseHold.id)
    ).all()
    owed = open_by_cover(session, {each.case_id for each in over})
    for each in over:
        kept = all(amount <= tolerance for (case_id, _), amount in owed.items() if case_id == each.case_id)
        ended = HoldState.KEPT if kept else HoldState.BROKEN
        each.state = ended if each.kind is HoldKind.PROMISE else HoldState.ENDED
        each.ended_on = night.date
    _tell(session, night, [each for each in over if each.state is HoldState.BROKEN])
    session.flush()
    return len(over)


def _tell(session: Session, night: Night, broken: list[ChaseHold]) -> None:
    happenings = [
        event.Happening("promise_broken", {"until": str(each.until), "because": each.because}, each.case_id)
        for each in broken
    ]
    event.record(session, happenings, **night.trail)
    if broken:
        night.note(promises_broken=len(broken))


def add(session: Session, night: Night, case_id: int, kind: HoldKind, until: date, because: str) -> None:
    """Leave a case alone up to and on a day, and look at it again tonight."""
    session.add(
        ChaseHold(
            shop_id=night.shop_id,
            case_id=case_id,
            kind=kind,
            until=until,
            because=because,
            state=HoldState.STANDING,
            set_by=night.by,
            set_on=night.date,
        )
    )
    kind_said = "chase_held" if kind is HoldKind.HOLD else "promise_taken"
    happening = event.Happening(kind_said, {"until": str(until), "because": because}, case_id)
    event.record(session, [happening], **night.trail)
    look_again(session, case_id, night.date)


def look_again(session: Session, case_id: int, on: date) -> None:
    session.execute(update(ChaseState).where(ChaseState.case_id == case_id).values(look_again_on=on))
