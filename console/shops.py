"""A shop that is new is made of its first ledger: the code given, the name in the sheet's title."""

import re

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.shop import Shop
from models.values import Refusal
from worker import clock, db

_CODE = re.compile(r"[\w-]{1,32}")


def shop_for(session: Session, code: str, title: str | None) -> tuple[Shop, bool]:
    """The shop of that code, and whether it is new. `title` is the name a ledger gives. Raises Refusal."""
    named = session.execute(select(Shop).where(Shop.name == title)).scalar_one_or_none() if title else None
    found = session.execute(select(Shop).where(Shop.code == code)).scalar_one_or_none()
    if named is not None and named.code != code:
        raise Refusal(
            f"The ledger's title names {named.name}, which is the shop {named.code}, not {code}. "
            f"Bring it for that shop: huikuan intake ledger FILE --shop {named.code}"
        )
    if found is not None:
        return found, False
    if not _CODE.fullmatch(code):
        raise Refusal(
            f"\"{code}\" can't be a shop's code: letters, digits, - and _ only, at most 32 of them."
        )
    if not title:
        raise Refusal(
            f"There is no shop {code} yet, and no sheet's title names it (such as "
            "某某汽车修理有限公司保险理赔台账). "
            f"Say its name: --name NAME"
        )
    made = Shop(code=code, name=title, nights_from=clock.today(), created_at=clock.now())
    session.add(made)
    session.flush()
    return made, True


def take_back(shop_id: int) -> None:
    """A shop whose first ledger was refused was never there."""
    with db.transaction() as session:
        session.execute(delete(Shop).where(Shop.id == shop_id))
