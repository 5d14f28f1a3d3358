"""Which cases a night has to look at, found by index: what is not due is not read."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, or_, select, text, union
from sqlalchemy.orm import Session

from models import bulk
from models.case import Case
from models.chase import WAITS, ChaseState
from models.chase_look import ChaseLook
from models.deadline import Deadline
from models.insurer import Insurer
from models.words import Stage


class Looks(NamedTuple):
    """The cases of one branch to look at, by id; those without an insurer stand under ''."""

    insurer: str
    case_ids: list[int]


_SHOP: Any = bindparam("shop")
_ON: Any = bindparam("on")
_DUE = union(
    select(ChaseState.case_id).where(ChaseState.shop_id == _SHOP, ChaseState.look_again_on <= _ON),
    select(ChaseState.case_id).where(ChaseState.shop_id == _SHOP, text(WAITS)),
    select(Deadline.case_id).where(Deadline.shop_id == _SHOP, Deadline.computed_on == _ON),
    select(ChaseLook.case_id).where(ChaseLook.shop_id == _SHOP),
).subquery()
_CASES = (
    select(Case.id, Insurer.name)
    .join(_DUE, _DUE.c.case_id == Case.id)
    .outerjoin(ChaseState, ChaseState.case_id == Case.id)
    .outerjoin(Insurer, Insurer.id == Case.insurer_id)
    .where(Case.shop_id == _SHOP, Case.stage != Stage.CLOSED)
    .where(or_(ChaseState.since.is_(None), ChaseState.since <= _ON))
    .order_by(Case.id)
)


def due(session: Session, shop_id: int, on: date) -> list[Looks]:
    """Open cases without a state, due, waiting for a fact, or with a clock that changed tonight, by branch.

    A night run late, by hand, passes over what a later night has decided.
    """
    branches: defaultdict[str, list[int]] = defaultdict(list)
    for case_id, insurer in session.execute(_CASES, {"shop": shop_id, "on": on}).all():
        branches[insurer or ""].append(case_id)
    return [Looks(name, branches[name]) for name in sorted(branches)]


def noted(session: Session, shop_id: int) -> set[int]:
    """The cases that the database has noted."""
    return set(session.scalars(select(ChaseLook.case_id).where(ChaseLook.shop_id == shop_id)))


def take(session: Session, shop_id: int, case_ids: Collection[int]) -> None:
    """Take the notes of some cases away, before they are read: what is noted from now on stays."""
    if case_ids:
        of_these = bulk.among(session, ChaseLook.case_id, case_ids)
        session.execute(delete(ChaseLook).where(ChaseLook.shop_id == shop_id, of_these))


def give_back(session: Session, shop_id: int, case_ids: Collection[int]) -> None:
    """Note cases again that could not be decided."""
    bulk.add_tuples(session, ChaseLook, ("shop_id", "case_id"), [(shop_id, each) for each in case_ids])


def forget_closed(session: Session, shop_id: int) -> None:
    """A closed case is neither chased nor passed over: the steps it took remain."""
    is_closed = and_(Case.id == ChaseLook.case_id, Case.stage == Stage.CLOSED)
    found = session.scalars(
        select(ChaseLook.case_id).join(Case, is_closed).where(ChaseLook.shop_id == shop_id).distinct()
    ).all()
    if found:
        take(session, shop_id, found)
        session.execute(
            delete(ChaseState).where(bulk.among(session, ChaseState.case_id, found)),
            execution_options={"synchronize_session": False},
        )
