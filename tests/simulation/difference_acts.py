"""What people make of differences: prepared by one, approved by another, often wrongly, sent back and undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.difference import Difference
from models.words import DifferenceState, Role
from worker import db

if TYPE_CHECKING:
    from tests.simulation.shop_days import ShopDays

SHORT = ("CUSTOMER_TOPUP", "SHOP_ABSORB", "RECLAIM", "DISPUTE", "ROUNDING")
OVER = ("RETURN_TO_INSURER", "ENTITLED", "CUSTOMER_COST")


def settle_differences(days: ShopDays, day: date) -> None:
    """The handler prepares a result, often a wrong one; the manager approves it, sends it back, undoes it."""
    chance = days.hands.house.chance
    for row in _differences(days, DifferenceState.OPEN):
        if days.lot(0.4):
            result = chance.choice(SHORT if row.amount > 0 else OVER)
            more = {"consent": "签字", "consent_on": str(day)} if result == "CUSTOMER_TOPUP" else {}
            given = {"difference_id": row.id}
            days.hands.do("resolve_difference", Role.HANDLER, **given, result=result, **more)
            if days.lot(0.3):
                days.hands.must_refuse("approve_difference", Role.HANDLER, **given)
            if days.lot(0.2):
                days.hands.do("decline_difference", Role.MANAGER, **given, because="材料不全")
            else:
                days.hands.do("approve_difference", Role.MANAGER, **given)
    for row in _differences(days, DifferenceState.RESOLVED)[-5:]:
        if days.lot(0.05):
            days.hands.do("undo_difference", Role.MANAGER, difference_id=row.id, because="看错了")


def _differences(days: ShopDays, state: DifferenceState) -> Sequence[Difference]:
    of = (Difference.shop_id == days.shop.id, Difference.state == state)
    with db.reading() as session:
        return session.scalars(select(Difference).where(*of).order_by(Difference.id)).all()
