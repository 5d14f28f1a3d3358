"""The most telling faults, in one world that lives on (`make faults`: every fault)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.work_order import WorkOrder
from tests import factories
from tests.faults.effects import effects
from tests.faults.faults import FAULTS, Fault
from tests.faults.play import Play, dice_of, play
from worker import db

SHORT = [each for each in FAULTS if each.short]
SEED = 1


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Play]:
    with play(tmp_path_factory.mktemp("faults"), postgres_server) as found:
        yield found


@pytest.mark.xdist_group("faults")
@pytest.mark.parametrize("fault", SHORT, ids=lambda fault: fault.name)
def test_every_effect_is_there_once_whatever_breaks(lived: Play, fault: Fault) -> None:
    outcome = lived.of(fault, dice_of(SEED, fault))

    assert outcome.injected, "nothing was broken"
    assert (outcome.lost, outcome.doubled, outcome.complaints) == ([], [], [])
    assert outcome.nights == outcome.due


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_an_effect_that_is_lost_or_doubled_would_be_seen(database: str, tmp_path: Path) -> None:
    with db.transaction() as session:
        order = factories.add_work_order(session, factories.add_shop(session, code="AN"), work_order_no="PG1")
        factories.add_customer_line(session, order, 200_000, origin="by_hand:1")
    before = effects(db.engine(), tmp_path)
    with db.transaction() as session:
        factories.add_customer_line(
            session, session.get_one(WorkOrder, order.id), 200_000, origin="by_hand:2"
        )

    after = effects(db.engine(), tmp_path)

    assert {each.partition(" ")[0] for each in (after - before).elements()} == {"customer_line", "past_row"}
    assert after != before == after & before
