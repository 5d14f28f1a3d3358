"""Some weeks of a simulated shop, with faults: what must always be so, is so (`make simulate`: years)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from models.case import Case
from models.chase import ChaseState
from models.entry import Movement, post
from models.run import Run, Seat
from models.words import EntryKind, RunState
from tests.generated.life import life
from tests.simulation.hands import Hands
from tests.simulation.house import house
from tests.simulation.invariants import Watch
from tests.simulation.machine import Machine
from tests.simulation.shop_days import add_shop
from tests.simulation.year import FIRST, Asked, live
from worker import db

DAY = FIRST.first + timedelta(days=6)


def test_weeks_of_faults_break_nothing(sqlite_template: Path) -> None:
    found = live(Asked(seed=3, nights=8, shops=1, faults=0.6), sqlite_template)

    assert found.broken == []
    assert found.nights == 8
    assert found.faults.total() > 10
    assert found.events["claim"] > 3


def test_the_same_seed_lives_the_same_life(sqlite_template: Path) -> None:
    first, second = (live(Asked(seed=5, nights=2, shops=2, faults=1.0), sqlite_template) for _ in range(2))

    assert first == second
    assert first.faults.total() > 0


@pytest.fixture(scope="module")
def calm(sqlite_template: Path) -> Iterator[Watch]:
    """Give a house whose shop has had a first night, with nothing broken."""
    with house("calm", DAY, sqlite_template) as here:
        days = add_shop(0, DAY, lambda name: life("calm", name, FIRST, 1), lambda code: Hands(here, code, 0))
        days.open_up(DAY)
        here.turn_to(DAY + timedelta(days=1), 2, 1)
        assert Machine(here, 0).until_calm()
        watch = Watch(here, [days])
        watch.after_night()
        assert watch.broken == []
        yield watch


def _twice(watch: Watch, _session: Session) -> None:
    watch.house.post.delivered["refund_ready:1", "wang@example.com"] += 2


def _no_seat(watch: Watch, session: Session) -> None:
    session.execute(delete(Seat).where(Seat.job == "prove_money"))


def _runs_for_ever(watch: Watch, session: Session) -> None:
    session.execute(update(Run).where(Run.job == "deliver").values(state=RunState.RUNNING))


def _deposit_from_nowhere(watch: Watch, session: Session) -> None:
    order = session.query(Case.work_order_id).order_by(Case.id).limit(1).scalar()
    night = watch.shops[0].night(DAY)
    post(session, [Movement(order, EntryKind.DEPOSIT, 100, DAY, "nowhere")], **night.trail)


def _no_reason(watch: Watch, session: Session) -> None:
    session.execute(delete(ChaseState))


def _rewritten(watch: Watch, session: Session) -> None:
    for name in session.scalars(
        text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='entry'")
    ).all():
        session.execute(text(f"DROP TRIGGER {name}"))
    session.execute(text("UPDATE entry SET amount = amount + 1 WHERE id = 1"))


@pytest.mark.parametrize(
    "damage, said",
    [
        (_twice, "delivered 2 times"), (_no_seat, "seats"), (_runs_for_ever, "is running"),
        (_deposit_from_nowhere, "given"), (_no_reason, "neither a step nor a reason"),
        (_rewritten, "others than they were"),
    ],
)  # fmt: skip
def test_what_is_broken_is_seen(calm: Watch, damage: object, said: str) -> None:
    assert callable(damage)
    calm.broken.clear()
    delivered = calm.house.post.delivered.copy()

    with db.rehearsal() as session:
        damage(calm, session)
        session.flush()
        calm.look(session)

    calm.house.post.delivered = delivered
    assert any(said in each for each in calm.broken)
