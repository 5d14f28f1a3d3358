"""The worklist: everything that waits for a person, with the command that resolves it.

Each source of waiting things is one function of this module or its neighbours; `items` puts them together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.run import SetAside
from models.shop import Shop
from models.staff import Staff
from models.values import yuan
from models.words import Role


@dataclass(frozen=True)
class Item:
    """One thing that waits: for whom (a role or a name), since when, its worth in fen, what to type."""

    kind: str
    subject: str
    shop: str
    owner: str
    since: date
    amount: int | None
    what: str
    command: str

    def as_json(self, on: date) -> dict[str, object]:
        return {
            "kind": self.kind,
            "subject": self.subject,
            "shop": self.shop,
            "owner": self.owner,
            "since": self.since,
            "age_days": max(0, (on - self.since).days),
            "amount": None if self.amount is None else yuan(self.amount),
            "what": self.what,
            "command": self.command,
        }


Source = Callable[[Session, str, int], Iterator[Item]]
"""(session, shop code, shop id) -> what waits there."""


def items(session: Session, codes: list[str], sources: list[Source]) -> list[Item]:
    """Everything that waits in these shops, source by source, the oldest first."""
    shops = session.execute(select(Shop.code, Shop.id).where(Shop.code.in_(codes)).order_by(Shop.code)).all()
    return [
        item
        for source in sources
        for shop in shops
        for item in sorted(source(session, shop.code, shop.id), key=lambda item: item.since)
    ]


def meant_for(session: Session, found: list[Item], name: str) -> list[Item]:
    """What waits for a person, by name or by role; everything waits for an admin."""
    role = session.execute(select(Staff.role).where(Staff.name == name)).scalar_one_or_none()
    if role is Role.ADMIN:
        return found
    return [item for item in found if item.owner in (name, role)]


def set_aside(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """What a step of the night could not decide."""
    rows = session.scalars(select(SetAside).where(SetAside.shop_id == shop_id).order_by(SetAside.id))
    for row in rows:
        yield Item(
            "set_aside",
            row.subject,
            code,
            Role.ADMIN,
            row.first_on,
            None,
            f"{row.subject} could not be decided in {row.step}: {row.error}",
            f"huikuan night retry --failed --shop {code}",
        )
