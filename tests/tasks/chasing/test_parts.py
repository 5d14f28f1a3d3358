"""A long night of chasing: in parts, whole branches each; the plan is seen whole, and what is not due is not read."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import reference
from models.case import Case
from models.chase import ChaseHold, ChasePlan, ChaseState, ChaseStep
from models.chase_look import ChaseLook
from models.event import Event
from models.notice import Notice, NoticeDemand
from models.run import Run, SetAside
from models.shop import Setting, Shop
from models.words import ChaseReason, ContactKind, HoldKind, HoldState, RunState, Stage
from tasks.chasing import looks
from tasks.chasing.job import chase_insurers
from tests import factories as make
from tests.chase_nights import add_claim, state
from tests.chase_nights import run as run_night
from worker import db
from worker.job import REGISTRY, Job, Night
from worker.run import run
from worker.seat import Order

TONIGHT = date(2026, 11, 21)
BRANCHES = ("人保财险甲支公司", "人保财险乙支公司", "人保财险丙支公司")
ORDER = Order("chase_insurers", TONIGHT, "FUYUAN", "FUYUAN", parameters={"at_most": 2})


@pytest.fixture
def six_claims(database: str) -> None:
    """Two claims of 5,000.00 yuan at each of three branches, all to be asked after tonight."""
    with db.transaction() as session:
        reference.load(session)
        shop = make.add_shop(session, code="FUYUAN")
        for name in BRANCHES * 2:
            branch = make.add_insurer(session, name)
            add_claim(session, shop, accepted=date(2026, 11, 18), insurer_id=branch.id)
        for name in BRANCHES:
            make.add_contact(session, shop, ContactKind.INSURER, name)
    run(Order("compute_deadlines", TONIGHT, "FUYUAN", "FUYUAN"))


@pytest.fixture
def dies() -> Iterator[list[int]]:
    """The worker dies in these parts, before they commit."""
    deaths, part = list[int](), iter(range(1, 20))

    def dying(session: Session, night: Night) -> int:
        count = chase_insurers(session, night)
        if next(part) in deaths:
            raise MemoryError("the worker died")
        return count

    own = REGISTRY["chase_insurers"]
    REGISTRY["chase_insurers"] = Job("chase_insurers", dying, is_sender=False)
    yield deaths
    REGISTRY["chase_insurers"] = own


def counted(model: type) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def plan() -> tuple[str, int, int]:
    with db.reading() as session:
        row = session.scalars(select(ChasePlan)).one()
        return row.state, row.steps, row.amount


def chased_once() -> bool:
    """Every claim has its step, grounds, demand and state once, every branch one message."""
    with db.reading() as session:
        told = session.scalars(select(Notice.recipient).order_by(Notice.recipient)).all()
        grounds = session.scalars(select(Event.case_id).where(Event.kind == "chase_step")).all()
        chased = select(func.count()).where(ChaseState.reason.is_(None), ChaseState.since == TONIGHT)
        return (
            sorted(filter(None, grounds))
            == sorted(session.scalars(select(ChaseStep.case_id)).all())
            == list(range(1, 7))
            and sorted(session.scalars(select(NoticeDemand.case_id)).all()) == list(range(1, 7))
            and list(told) == sorted(BRANCHES)
            and session.scalar(chased) == 6
        )


@pytest.mark.usefixtures("six_claims")
def test_a_night_in_parts_tells_each_branch_once_of_all_its_claims() -> None:
    done = run(ORDER)

    assert (done.state, done.count) == (RunState.SUCCEEDED, 6)
    assert chased_once()
    assert plan() == ("done", 6, 3_000_000)
    notes = done.notes or {}
    assert (notes["chase_steps"], notes["chase_notices"], notes["open_cases"]) == (6, 3, 6)
    assert (notes["chased"], notes["unexplained"]) == (6, 0)
    with db.reading() as session:
        assert session.scalars(select(Run.progress).where(Run.job == "chase_insurers")).one() == {
            "done": 6, "total": 6, "step": "chase_insurers",
        }  # fmt: skip


@pytest.mark.parametrize("part", [1, 2, 3])
@pytest.mark.usefixtures("six_claims")
def test_a_worker_that_dies_in_any_part_leaves_whole_parts_and_the_next_does_the_rest(
    part: int, dies: list[int]
) -> None:
    dies.append(part)
    with pytest.raises(MemoryError):
        run(ORDER)
    assert counted(ChaseStep) == 2 * (part - 1)

    run(ORDER)

    assert chased_once()
    assert plan() == ("done", 6, 3_000_000)


def allow(session: Session, most: int) -> None:
    """The nights before had a step each; `most` steps a night are allowed in any case."""
    shop = session.scalars(select(Shop)).one()
    session.add(
        Setting(
            scope="shop", scope_id=shop.id, key="chase_cap_least", value=most, valid_from=date(2020, 1, 1),
            set_by="x", set_at=make.LONG_AGO,
        )
    )  # fmt: skip
    for n in range(5):
        day = date(2026, 11, 10 + n)
        session.add(ChasePlan(shop_id=shop.id, night=day, state="done", steps=1, amount=1, usual=None))


@pytest.mark.parametrize("most, steps", [(5, 0), (6, 6)])
@pytest.mark.usefixtures("six_claims")
def test_the_whole_plan_is_seen_before_its_first_part_is_told(most: int, steps: int) -> None:
    with db.transaction() as session:
        allow(session, most)

    run(ORDER)

    assert (counted(ChaseStep), counted(Notice)) == (steps, steps // 2)
    with db.reading() as session:
        tonight = session.scalars(select(ChasePlan).where(ChasePlan.night == TONIGHT)).one()
        assert (tonight.state, tonight.steps) == (("done", 6) if steps else ("waiting", 6))


@pytest.mark.usefixtures("six_claims")
def test_an_approved_plan_whose_worker_died_is_approved_again_for_the_rest(dies: list[int]) -> None:
    with db.transaction() as session:
        allow(session, 1)
    run(ORDER)
    given = {"approved": "王敏", "at_most": 2}
    dies.append(5)  # three parts put the cases off, the second after the approval dies
    with pytest.raises(MemoryError):
        run(Order("chase_insurers", TONIGHT, "FUYUAN", "approve", "王敏", "by_hand", given))
    assert counted(ChaseStep) == 2

    run(Order("chase_insurers", TONIGHT, "FUYUAN", "approve again", "王敏", "by_hand", given))

    assert chased_once()
    with db.reading() as session:
        tonight = session.scalars(select(ChasePlan).where(ChasePlan.night == TONIGHT)).one()
        assert (tonight.state, tonight.steps, tonight.amount) == ("approved", 6, 3_000_000)


@pytest.mark.usefixtures("six_claims")
def test_what_an_early_part_cannot_decide_is_set_aside_and_looked_at_again() -> None:
    with db.transaction() as session:
        # There is no day after it; `huikuan` takes none so far away.
        session.add(
            ChaseHold(
                shop_id=1, case_id=1, kind=HoldKind.HOLD, until=date.max, because="", set_by="王敏",
                set_on=TONIGHT, state=HoldState.STANDING,
            )
        )  # fmt: skip

    done = run(ORDER)

    assert done.state is RunState.PARTIAL
    with db.reading() as session:
        assert session.scalars(select(SetAside.subject)).all() == ["case:1"]
        assert session.scalars(select(ChaseLook.case_id)).all() == [1]
        assert set(session.scalars(select(ChaseStep.case_id))) == {2, 3, 4, 5, 6}


# ------------------------------------------------------------------ what is looked at


def looked_at(session: Session, shop: Shop, on: date) -> set[int]:
    return {case_id for branch in looks.due(session, shop.id, on) for case_id in branch.case_ids}


@pytest.fixture
def waiting(session: Session, shop: Shop) -> Case:
    """A claim that took its step tonight and waits for a later day."""
    reference.load(session)
    case = add_claim(session, shop, accepted=date(2026, 11, 18))
    run_night(session, shop, TONIGHT)
    return case


def test_a_claim_is_not_read_before_its_day(session: Session, shop: Shop, waiting: Case) -> None:
    day = state(session, waiting).look_again_on
    assert day is not None

    assert looked_at(session, shop, date(2026, 11, 22)) == set()
    assert looked_at(session, shop, day) == {waiting.id}


def test_what_the_shop_does_not_chase_is_read_again_when_it_becomes_the_shops(
    session: Session, shop: Shop, waiting: Case
) -> None:
    other = add_claim(session, shop, accepted=date(2026, 11, 18), is_agency_claim=False)
    empty = make.add_case(session, make.add_work_order(session, shop))
    run_night(session, shop, TONIGHT)
    assert {state(session, other).reason, state(session, empty).reason} == {"not_agency", "nothing_expected"}
    assert looked_at(session, shop, date(2026, 11, 22)) == set()

    session.get_one(Case, other.id).is_agency_claim = True
    session.flush()
    make.add_expected_line(session, session.get_one(Case, empty.id))

    assert looked_at(session, shop, date(2026, 11, 22)) == {other.id, empty.id}


def test_a_closed_claim_is_forgotten_and_one_opened_again_is_looked_at(
    session: Session, shop: Shop, waiting: Case
) -> None:
    session.get_one(Case, waiting.id).stage = Stage.CLOSED
    session.flush()
    run_night(session, shop, date(2026, 11, 22))
    assert session.scalars(select(ChaseState)).all() == []
    assert session.scalars(select(ChaseLook)).all() == []

    session.get_one(Case, waiting.id).stage = Stage.PAYOUT
    session.flush()

    assert looked_at(session, shop, date(2026, 11, 23)) == {waiting.id}


def test_what_waits_for_a_fact_is_looked_at_every_night(session: Session, shop: Shop, waiting: Case) -> None:
    lacking = add_claim(session, shop, authorised_by=None)
    run_night(session, shop, TONIGHT)

    assert state(session, lacking).reason == ChaseReason.NO_AUTHORISATION
    assert looked_at(session, shop, date(2026, 11, 22)) == {lacking.id}
