"""Some generated months of two shops: nothing is applied wrongly, and no line is lost (`make year`: fifty)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models import reference
from models.values import Period
from models.words import Outcome
from tests import factories
from tests.generated.life import life
from tests.generated.score import score
from tests.generated.story import Story
from tests.generated.words import Fault, Tier
from worker.settings import settings

CASES = pytest.mark.parametrize("number, lumps", [(0, False), (1, True)], ids=["lumps off", "lumps on"])


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


def lived(session: Session, number: int, *, lumps: bool, months: int = 3, claims: int = 22) -> Story:
    """Live three months of a shop with sixty-six claims: one for each fate there is."""
    reference.load(session)
    shop = factories.add_shop(session, name=f"连云港第{number}汽车修理有限公司")
    story = Story(session, shop, life(f"short:{number}", shop.name, Period(2026, 7), months, claims), number)
    story.live(lumps=lumps)
    return story


@CASES
def test_generated_months_are_matched_rightly_and_wholly(session: Session, number: int, lumps: bool) -> None:
    found = score(lived(session, number, lumps=lumps))

    assert found.wrong == []
    assert found.lost == []
    assert found.misnamed == []
    recall = {tier: share for tier, _, _, share in found.recall()}
    assert recall[Tier.KEY] > 0.9
    assert min(recall[Tier.LISTED], recall[Tier.COVERS], recall[Tier.DIFFERENCE]) > 0.5
    assert found.applied[Tier.OTHER] == 0
    assert (found.applied[Tier.BLIND] > 0) == lumps


def test_a_wrong_match_would_be_seen(session: Session) -> None:
    story = lived(session, 0, lumps=False, months=2, claims=8)
    line, move = next(
        (line, move) for line, move in story.truth.items() if move.tier is Tier.KEY and move.pays
    )
    assert score(story).wrong == []

    story.truth[line] = next(
        other for other in story.truth.values() if other.pays and other.pays != move.pays
    )
    story.first[line] = (Outcome.OPEN, "")

    found = score(story)
    assert len(found.wrong) == len(found.lost) == 1


def test_every_fault_of_the_domain_is_planted_in_a_year() -> None:
    told = life("all", "店", Period(2025, 11), 12, 14)

    planted = {move.fault for move in told.moves if move.fault} | {
        Fault.TO_CUSTOMER for _ in told.paid_past_us
    }
    assert planted == set(Fault)


def test_the_same_seed_tells_the_same_story() -> None:
    stories = [life("once", "店", Period(2026, 1), 3) for _ in range(2)]

    assert stories[0] == stories[1]
    assert stories[0] != life("twice", "店", Period(2026, 1), 3)
