"""Nights that are late: shown, caught up with, and done again where they failed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlalchemy import select, update

from models.case import Case
from models.run import Run, Seat, SetAside
from models.shop import Shop
from models.words import RunState
from models.work_order import WorkOrder
from tasks.refunds import rules
from tests.console.conftest import Huikuan
from worker import db


@pytest.fixture
def morning() -> Iterator[None]:
    """Give the morning of 2026-11-24: the nights of the 21st, run by hand, to the 23rd should have been."""
    with freeze_time("2026-11-24 01:00:00", tick=True):
        yield


@pytest.fixture
def shop(sample: Path, morning: None) -> str:
    """Give the sample shop after its night of the 21st; its nights run from the 21st on."""
    with db.transaction() as session:
        session.execute(update(Shop).values(nights_from=date(2026, 11, 21)))
    return "FUYUAN"


def states(huikuan: Huikuan, *words: str) -> list[tuple[str, str]]:
    said = huikuan("night", *words, "--json")
    assert said.status == 0, said.err
    return [(each["date"], each["night"]) for each in said.json]


def test_missed_nights_are_shown_and_caught_up_with_oldest_first(huikuan: Huikuan, shop: str) -> None:
    before = states(huikuan, "history")

    caught = huikuan("night", "catch-up", "--only", "missing", "--json")

    assert before == [("2026-11-23", "missed"), ("2026-11-22", "missed"), ("2026-11-21", "all ok")]
    assert caught.status == 0, caught.err
    assert [(each["date"], each["state"]) for each in caught.json["nights"]] == [
        ("2026-11-22", "succeeded"),
        ("2026-11-23", "succeeded"),
    ]
    assert {state for _, state in states(huikuan, "history")} == {"all ok"}
    with db.reading() as session:
        taken = session.scalars(select(Seat.business_date).where(Seat.job == "night").order_by(Seat.taken_at))
        assert list(taken) == [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)]


def test_the_status_names_what_was_missed_and_the_command(huikuan: Huikuan, shop: str) -> None:
    said = huikuan("night", "status")

    assert "missed" in said.out
    assert "huikuan night catch-up --from 2026-11-22 --to 2026-11-23 --only missing" in said.out


def test_a_night_to_come_is_not_caught_up_with(huikuan: Huikuan, shop: str) -> None:
    said = huikuan("night", "catch-up", "--to", "2026-11-24")

    assert said.status == 1
    assert "The night of 2026-11-24 has not come yet; the newest is that of 2026-11-23." in said.err


def test_a_failed_night_is_gone_on_with_and_nothing_else_is_run(
    huikuan: Huikuan, shop: str, home: Path
) -> None:
    (home / "ledgers").rename(home / "aside")
    (home / "ledgers").write_text("in the way", encoding="utf-8")
    failed = huikuan("night", "run", "--date", "2026-11-22")
    (home / "ledgers").unlink()
    (home / "aside").rename(home / "ledgers")

    shown = huikuan("night", "status")
    again = huikuan("night", "retry", "--failed", "--json")

    assert failed.status == 1
    assert "2026-11-22 FUYUAN left behind in ledger: the steps from here on" in shown.out
    assert [(each["date"], each["state"]) for each in again.json["nights"]] == [("2026-11-22", "succeeded")]
    assert states(huikuan, "history")[0] == ("2026-11-23", "missed")


def break_a_repair(monkeypatch: pytest.MonkeyPatch) -> int:
    """Have one repair be looked at by the next night, and its rule fail in it."""
    with db.transaction() as session:
        order = session.scalars(select(WorkOrder.id).order_by(WorkOrder.id)).first()
        assert order is not None
        session.execute(update(WorkOrder).where(WorkOrder.id == order).values(settle_on=date(2026, 11, 22)))
    decide = rules.refund

    def fail_for_one(repair: rules.Repair) -> rules.Figures:
        if repair.work_order_id == order:
            raise ZeroDivisionError("a surprise")
        return decide(repair)

    monkeypatch.setattr(rules, "refund", fail_for_one)
    return order


def test_only_what_was_set_aside_is_done_again(
    huikuan: Huikuan, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        order = break_a_repair(broken)
        huikuan("night", "run", "--date", "2026-11-22")
    partly = states(huikuan, "history", "--from", "2026-11-22", "--to", "2026-11-22")

    again = huikuan("night", "retry", "--failed", "--date", "2026-11-22", "--json")

    assert partly == [("2026-11-22", "some failed")]
    assert [(each["step"], each["count"], each["set_aside"]) for each in again.json["steps"]] == [
        ("compute_refunds", 1, [])
    ]
    with db.reading() as session:
        assert session.scalars(select(SetAside)).all() == []
        assert session.get_one(WorkOrder, order).settle_on is None
    assert states(huikuan, "history", "--from", "2026-11-22", "--to", "2026-11-22") == [
        ("2026-11-22", "all ok")
    ]


def test_a_step_can_be_done_for_one_case_and_rehearsed_before(huikuan: Huikuan, shop: str) -> None:
    with db.transaction() as session:
        session.execute(update(WorkOrder).values(settle_on=date(2026, 11, 21)))
        claim = session.scalars(select(Case).order_by(Case.id)).first()
        assert claim is not None
        claim_no, order = claim.claim_no, claim.work_order_id
    one = ("night", "run", "--date", "2026-11-21", "--step", "compute_refunds", "--case", claim_no, "--json")

    rehearsed = huikuan(*one[:-1], "--dry-run", "--json")
    done = huikuan(*one)

    assert rehearsed.json["steps"][0]["count"] == 1
    assert [(each["step"], each["count"]) for each in done.json["steps"]] == [("compute_refunds", 1)]
    with db.reading() as session:
        left = session.scalars(select(WorkOrder.id).where(WorkOrder.settle_on.is_(None))).all()
    assert list(left) == [order]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--step", "computerefunds"], "computerefunds is no step of the night"),
        (["--step", "deliver", "--case", "{claim}"], "deliver is not done case by case"),
        (["--case", "NOBODY"], "There is no case NOBODY"),
    ],
    ids=["unknown step", "not by case", "unknown case"],
)
def test_parts_that_do_not_exist_are_refused(
    huikuan: Huikuan, shop: str, words: list[str], sentence: str
) -> None:
    with db.reading() as session:
        claim_no = session.scalars(select(Case.claim_no).order_by(Case.id)).first()
    typed = [word.replace("{claim}", str(claim_no)) for word in words]

    said = huikuan("night", "run", *typed)

    assert said.status == 1
    assert sentence in said.err


def test_a_case_in_arrears_is_brought_up_to_date_before_a_person_changes_it(
    huikuan: Huikuan, shop: str
) -> None:
    with db.transaction() as session:
        claim = session.scalars(select(Case).order_by(Case.id)).first()
        assert claim is not None
        claim_no, order = claim.claim_no, claim.work_order_id
        session.execute(update(WorkOrder).values(settle_on=date(2026, 11, 22)))

    said = huikuan("case", "record", claim_no, "acceptance", "--on", "2026-11-20")

    assert (
        f"The night of 2026-11-23 has not run for FUYUAN: {claim_no} is brought up to date first." in said.err
    )
    with db.reading() as session:
        runs = session.execute(select(Run.job, Run.state).where(Run.scope.startswith("arrears:"))).all()
        waiting = session.scalars(select(WorkOrder.id).where(WorkOrder.settle_on.is_not(None))).all()
    assert {run.job for run in runs} >= {"compute_deadlines", "prove_money", "compute_refunds"}
    assert {run.job for run in runs}.isdisjoint({"remind_unclaimed", "tell_customers"}), "nobody is told"
    assert {run.state for run in runs} == {RunState.SUCCEEDED}
    assert order not in waiting
    assert len(waiting) > 100


def test_a_night_is_not_stopped_as_a_job_is(huikuan: Huikuan, shop: str) -> None:
    with db.transaction() as session:
        night = session.scalars(select(Run).where(Run.job == "night")).first()
        assert night is not None
        night.state = RunState.RUNNING

    said = huikuan("job", "stop", str(night.id))

    assert (said.status, "is a night" in said.err) == (1, True)
    with db.reading() as session:
        assert session.get_one(Run, night.id).state is RunState.RUNNING


def test_the_first_night_can_be_told(huikuan: Huikuan, shop: str) -> None:
    said = huikuan("night", "begin", "2026-11-23")

    assert said.status == 0, said.err
    assert states(huikuan, "history") == [("2026-11-23", "missed"), ("2026-11-21", "all ok")]


def test_a_night_that_was_taken_up_again_says_so(huikuan: Huikuan, shop: str) -> None:
    with db.transaction() as session:
        session.execute(update(Run).where(Run.job == "night").values(attempts=2))

    said = huikuan("night", "history")

    assert "2026-11-21 FUYUAN took 2 attempts; why: the worker's log" in said.out
    assert [each.get("attempts") for each in huikuan("night", "history", "--json").json] == [None, None, 2]
