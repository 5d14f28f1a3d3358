"""Nights that are done, for tests of what is owed."""

from datetime import date

from sqlalchemy.orm import Session

from models.run import Seat
from tests import factories


def finish(session: Session, shop: str, *days: date) -> None:
    """Say that a shop's nights of these days are done."""
    for day in days:
        session.add(
            Seat(job="night", business_date=day, scope=shop, lease_token="t", taken_at=factories.LONG_AGO)
        )
    session.flush()
