"""What people do about the papers of a case: what the worklist says that it lacks, with the values it names."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from console.case_gates import job_of
from models.blocker import Blocker
from models.words import Fact, Role
from tests.simulation.hands import PEOPLE
from worker import db

if TYPE_CHECKING:
    from tests.simulation.shop_days import ShopDays

_COMMAND = re.compile(r"huikuan case record \S+ ([\w-]+)(.*)$")
_WHO = {
    Fact.REVIEW: Role.REVIEWER, Fact.DEPOSIT_RECEIPT: Role.CASHIER, Fact.SIGNATURE: Role.CASHIER,
    Fact.INVOICE: Role.ACCOUNTANT,
}  # fmt: skip
_SAID = {Fact.REVIEW: PEOPLE[Role.REVIEWER], Fact.LIABILITY: "全责"}
"""What people say where the command leaves it to them."""
_MONEY = (Fact.DEPOSIT, Fact.SELF_PAY, Fact.TOP_UP)
"""What is in the drawer is nobody's to make up."""


def put_in_order(days: ShopDays, day: date) -> None:
    """Record what stands in the way of the next stage, or of closing."""
    with db.reading() as session:
        of = (Blocker.shop_id == days.shop.id,)
        lacks = session.execute(
            select(Blocker.case_id, Blocker.sentence).where(*of).order_by(Blocker.id)
        ).all()
    for lack in lacks:
        said = _COMMAND.search(lack.sentence)
        if said and Fact(said[1]) not in _MONEY and days.lot(0.3):
            fact = Fact(said[1])
            value = _SAID.get(fact, said[2].strip() or "x")
            given = {"case_id": lack.case_id, "fact": fact.value, "value": value, "on": str(day)}
            days.hands.do(job_of(fact), _WHO.get(fact, Role.HANDLER), **given)
