"""Many rows at once: the server knows at once how many there are."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models import bulk
from models.run import Seat
from tests import factories


def seats(count: int) -> list[dict[str, object]]:
    return [
        {
            "job": "night", "business_date": factories.LONG_AGO.date(), "scope": f"S{number}",
            "lease_token": "t", "result": 0, "taken_at": factories.LONG_AGO,
        }
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "known"), [(bulk.MANY - 1, False), (bulk.MANY, True)])
def test_the_plans_of_the_same_night_are_for_what_has_just_come(
    session: Session, count: int, known: bool
) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return  # SQLite plans by its indexes alone

    bulk.add(session, Seat, seats(count))

    counted = session.execute(text("SELECT reltuples::int FROM pg_class WHERE relname = 'seat'")).scalar_one()
    # Autovacuum may have counted the table before, but it does not see rows that nobody has committed.
    assert (counted >= count) is known
