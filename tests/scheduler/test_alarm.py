"""A night that did not run is told in the morning, once, and only when it had its time."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.notice import Notice
from models.run import Run
from models.shop import Shop
from models.words import Role, RunState
from scheduler.alarm import tell_of_missed_nights
from scheduler.nightly import request_night
from tests import factories
from tests.scheduler.nights import finish

# 06:00 in Shanghai, four hours after the night of 2026-11-21 should have begun.
SIX = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


@pytest.fixture
def owing(session: Session) -> Shop:
    """Give a shop whose night of 2026-11-21 was asked for at two and is not done."""
    shop = factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 20))
    factories.add_staff(session, "王敏", Role.MANAGER)
    finish(session, "FUYUAN", date(2026, 11, 20))
    request_night(session, date(2026, 11, 21), "FUYUAN", by="system", why="schedule")
    asked = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
    session.execute(
        update(Run).values(requested_at=asked, state=RunState.FAILED, error="OperationalError: x\nTraceback")
    )
    return shop


def words(session: Session) -> list[dict[str, str]]:
    return [row.words for row in session.scalars(select(Notice).order_by(Notice.id))]  # type: ignore[misc]


def test_who_leads_the_shop_is_told_once_a_morning(session: Session, owing: Shop) -> None:
    told = [tell_of_missed_nights(session, SIX) for _ in range(3)]

    assert told == [1, 0, 0]
    [said] = words(session)
    assert (said["night"], said["missed"], said["error"], said["command"]) == (
        "2026年11月21日", "1", "OperationalError: x", "huikuan night run --date 2026-11-21 --shop FUYUAN",
    )  # fmt: skip


def test_a_second_morning_is_told_with_the_count(session: Session, owing: Shop) -> None:
    tell_of_missed_nights(session, SIX)
    tell_of_missed_nights(session, datetime(2026, 11, 22, 22, 0, tzinfo=UTC))

    assert [said["missed"] for said in words(session)] == ["1", "2"]


def test_a_night_that_was_given_up_is_told_too(session: Session, owing: Shop) -> None:
    session.execute(update(Run).values(attempts=5))

    assert tell_of_missed_nights(session, SIX) == 1


def test_what_was_given_up_long_ago_is_not_told_every_morning(session: Session, owing: Shop) -> None:
    session.execute(update(Run).values(attempts=5))
    finish(session, "FUYUAN", date(2026, 11, 22))

    assert tell_of_missed_nights(session, datetime(2026, 11, 22, 22, 0, tzinfo=UTC)) == 0


def test_before_six_nobody_is_told(session: Session, owing: Shop) -> None:
    assert tell_of_missed_nights(session, datetime(2026, 11, 21, 21, 59, tzinfo=UTC)) == 0


def test_a_machine_that_was_off_over_night_has_half_an_hour_to_catch_up(
    session: Session, owing: Shop
) -> None:
    session.execute(update(Run).values(requested_at=datetime(2026, 11, 22, 1, 0, tzinfo=UTC)))

    assert tell_of_missed_nights(session, datetime(2026, 11, 22, 1, 29, tzinfo=UTC)) == 0
    assert tell_of_missed_nights(session, datetime(2026, 11, 22, 1, 30, tzinfo=UTC)) == 1


def test_a_night_that_is_done_alarms_nobody(session: Session, owing: Shop) -> None:
    finish(session, "FUYUAN", date(2026, 11, 21))

    assert tell_of_missed_nights(session, SIX) == 0
