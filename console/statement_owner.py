"""Whose a bank file is: said by hand, or found by reading it."""

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from console import house
from tasks.statements.job import shop_of as owner_in
from worker import clock


class Owner(NamedTuple):
    shop_id: int
    code: str


def shop_of(path: Path, shop: str | None, account: str | None, day: date, *, is_part: bool) -> Owner:
    """The shop named, the only one there is, or the one whose account the file is of. Raises Refusal."""
    with house.reading() as session:
        codes = house.shop_codes(session, shop)
        if len(codes) == 1:
            return Owner(house.shop_id(session, codes[0]), codes[0])
        latest = max(day, clock.today()) + timedelta(days=1)
        found = owner_in(session, path, account, latest, is_part=is_part)
        return Owner(found.shop_id, found.code)
