"""A shop floor for every test of the money."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from models.shop import Shop
from tests.money.floor import Floor
from worker.job import Night


@pytest.fixture
def floor(session: Session, shop: Shop, night: Callable[..., Night]) -> Floor:
    """Give the shop of the test with its jobs."""
    return Floor(session, shop, night)
