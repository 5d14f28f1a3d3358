"""Many rows at once: the server knows at once how many there are."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import bulk
from models.run import Seat
from models.shop import Sequence
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

    # What another test had counted stays, although it took its rows back.
    session.execute(text("ANALYZE seat"))

    bulk.add(session, Seat, seats(count))

    counted = session.execute(text("SELECT reltuples::int FROM pg_class WHERE relname = 'seat'")).scalar_one()
    # Autovacuum may have counted the table before, but it does not see rows that nobody has committed.
    assert (counted >= count) is known


@pytest.mark.parametrize("count", [3, bulk.FEW + 3])
def test_rows_that_are_there_are_brought_up_to_date_and_the_others_come(session: Session, count: int) -> None:
    names = ("shop_id", "kind", "year", "last")
    shop_id = factories.add_shop(session).id
    kinds = [f'{number} "a\\b"\n，{{}}' for number in range(count)]
    bulk.put_tuples(session, Sequence, names, [(shop_id, kind, 2026, 1) for kind in kinds[:2]], names[:3])

    bulk.put_tuples(session, Sequence, names, [(shop_id, kind, 2026, 2) for kind in kinds], names[:3])

    rows = session.execute(select(Sequence.kind, Sequence.last).where(Sequence.shop_id == shop_id)).all()
    assert sorted(rows) == sorted((kind, 2) for kind in kinds)
