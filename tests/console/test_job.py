"""Jobs that people start: who, why and with what; cancelled, started again, and what failed taken home."""

import _thread
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models.run import Run
from models.shop import Setting
from models.upsert import add_new
from models.words import RunState
from scheduler import by_hand, started, tick
from scheduler.nightly import request_night
from scheduler.timetable import MOST_ATTEMPTS
from tests import factories
from tests.console.conftest import NIGHT, Huikuan
from worker import clock, db
from worker.job import REGISTRY, Job, JobFunction, Night
from worker.parameters import TAKES, Kind

START = ("job", "start", "count_up", "--date", NIGHT)


@pytest.fixture
def shop(home: Path, sqlite_template: Path) -> str:
    """Give a house with one shop, a repair and its claim."""
    home.mkdir(parents=True)
    shutil.copy2(sqlite_template, home / "huikuan.db")
    with db.transaction() as session:
        shop = factories.add_shop(session, code="FUYUAN")
        factories.add_case(session, factories.add_work_order(session, shop), claim_no="LP2026-0001")
    return shop.code


@contextmanager
def registered(function: JobFunction) -> Iterator[None]:
    """Have a job that may be started, and that takes a number and a month."""
    REGISTRY["count_up"] = Job("count_up", function, is_sender=False)
    TAKES["count_up"] = {"at_most": Kind.NUMBER, "month": Kind.MONTH}
    yield
    del REGISTRY["count_up"], TAKES["count_up"]


def count_up(session: Session, night: Night) -> int:
    """Leave one more row each time it really works."""
    number = len(session.scalars(select(Setting)).all())
    row = {
        "scope": "shop", "scope_id": night.shop_id, "key": f"work{number}", "value": number,
        "valid_from": night.date, "set_by": night.by, "set_at": night.at,
    }  # fmt: skip
    return add_new(session, Setting, [row])


@pytest.fixture
def counting(shop: str) -> Iterator[None]:
    with registered(count_up):
        yield


def effects() -> int:
    with db.reading() as session:
        return len(session.scalars(select(Setting)).all())


def row() -> Run:
    with db.reading() as session:
        return session.scalars(select(Run)).one()


def started_and_done(huikuan: Huikuan, *words: str) -> dict[str, Any]:
    """Start it (or start it again), have it done as a worker would, and show what came of it."""
    asked = huikuan("job", *(words or START[1:]), "--no-wait", "--json")
    assert asked.status == 0, asked.err
    by_hand.run_by_hand(asked.json["run"])
    shown: dict[str, Any] = huikuan("job", "show", asked.json["run"], "--json").json
    return shown


def wakes() -> list[int]:
    """What the sweep would wake a worker for, a while from now."""
    with db.reading() as session:
        return [wake.run_id for wake in tick.to_wake(session, clock.now() + timedelta(hours=1))]


def test_a_started_job_tells_who_why_with_what_and_how_it_went(huikuan: Huikuan, counting: None) -> None:
    said = huikuan(
        *START, "--set", "at_most=5", "--set", "month=2026-10", "--because", "asked by Mr Li", "--json"
    )

    shown = said.json
    assert said.status == 0, said.err
    assert (shown["state"], shown["count"], effects()) == ("succeeded", 1, 1)
    assert (shown["by"], shown["why"]) == ("operator", "asked by Mr Li")
    assert shown["inputs"] == {"at_most": 5, "month": "2026-10"}
    assert (shown["done"], shown["total"], shown["step"]) == (1, 1, "count_up")
    assert shown["waited"] >= 0
    assert shown["took"] >= 0
    assert [line.split()[3] for line in shown["lines"]] == ["run_started", "run_finished"]
    assert huikuan("job", "show", shown["run"], "--json").json == shown


def test_the_list_shows_what_people_started_and_all_runs_where_asked(
    huikuan: Huikuan, counting: None
) -> None:
    none = huikuan("job", "list")
    started_and_done(huikuan)
    huikuan("job", "run", "prove_money", "--date", NIGHT)

    started_ = huikuan("job", "list", "--json").json
    everything = huikuan("job", "list", "--all", "--json").json

    assert "What can be: huikuan job kinds" in none.out
    assert [each["job"] for each in started_] == ["count_up"]
    assert [each["job"] for each in everything] == ["prove_money", "count_up"]
    assert huikuan("job", "list", "--state", "failed", "--json").json == []


def test_a_step_acts_as_in_the_night_whoever_started_it(huikuan: Huikuan, shop: str) -> None:
    shown = started_and_done(huikuan, "start", "compute_deadlines", "--date", NIGHT, "--case", "LP2026-0001")

    assert (shown["by"], shown["state"]) == ("operator", "succeeded")
    assert by_hand.order_of(row()).by == "system"
    assert shown["inputs"]["only"][0].startswith("case:")


REFUSED = [
    (("prove_mony",), "There is no job prove_mony. Did you mean prove_money?"),
    (
        ("approve_refund",),
        "approve_refund has a command of its own, which asks for what it needs: huikuan refund appr",
    ),
    (("night",), "huikuan night run"),
    (("count_up", "--set", "at_mots=5"), "count_up takes no at_mots. Did you mean at_most?"),
    (
        ("count_up", "--set", "at_most=0"),
        '"0" can\'t be read as at_most, which is a whole number above zero.',
    ),
    (("count_up", "--set", "month=2026-13"), '"2026-13" can\'t be read as month, which is a month such as'),
    (("count_up", "--set", "month"), "Write --set month=VALUE"),
    (("count_up", "--set", "at_most=1", "--set", "at_most=2"), "at_most is set twice"),
    (
        ("prove_money", "--set", "role=admin"),
        "prove_money takes no role. It takes nothing but --shop and --date",
    ),
    (("prove_money", "--shop", "NOWHERE"), "There is no shop NOWHERE, only FUYUAN"),
    (("deliver", "--case", "LP2026-0001"), "deliver is not done case by case"),
]


@pytest.mark.parametrize(
    ("words", "sentence"), REFUSED, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_what_can_not_be_started_is_refused_in_a_sentence(
    words: tuple[str, ...], sentence: str, huikuan: Huikuan, counting: None
) -> None:
    said = huikuan("job", "start", *words)

    assert said.status == 1
    assert sentence in said.err
    with db.reading() as session:
        assert session.scalars(select(Run)).all() == []


def test_the_very_same_is_not_started_twice_while_it_waits(huikuan: Huikuan, counting: None) -> None:
    first = huikuan(*START, "--no-wait", "--json").json["run"]

    same = huikuan(*START, "--no-wait")
    other = huikuan(*START, "--set", "at_most=5", "--no-wait")

    assert (same.status, other.status) == (1, 0)
    assert f"huikuan job follow {first}" in same.err


def test_a_run_whose_message_was_lost_is_woken_until_it_is_done(huikuan: Huikuan, counting: None) -> None:
    asked = huikuan(*START, "--no-wait", "--json").json

    before = wakes()
    followed = huikuan("job", "follow", asked["run"], "--json").json

    assert (asked["state"], before) == ("pending", [asked["run"]])
    assert (followed["state"], effects(), wakes()) == ("succeeded", 1, [])


def test_a_run_whose_worker_died_is_woken_when_its_lease_is_over(huikuan: Huikuan, counting: None) -> None:
    run = huikuan(*START, "--no-wait", "--json").json["run"]
    with db.transaction() as session:
        dead = {"state": RunState.RUNNING, "lease_token": "dead", "attempts": 1}
        session.execute(update(Run).values(lease_until=factories.LONG_AGO, **dead))

    before = wakes()
    by_hand.run_by_hand(run)

    assert (before, row().state, row().attempts, effects()) == ([run], RunState.SUCCEEDED, 2, 1)


def test_what_waits_is_cancelled_at_once_and_a_late_message_does_not_do_it(
    huikuan: Huikuan, counting: None
) -> None:
    run = huikuan(*START, "--no-wait", "--json").json["run"]

    said = huikuan("job", "cancel", run)
    by_hand.run_by_hand(run)

    assert said.out == f"Run {run} is cancelled.\n"
    assert (row().state, effects(), wakes()) == (RunState.CANCELLED, 0, [])
    assert started_and_done(huikuan, "retry", str(run))["state"] == "succeeded"
    assert effects() == 1


def stopped_in_between(part: int, go_on: Callable[[Night], None]) -> JobFunction:
    """A job that somebody cancels while one of its parts is at work."""
    calls = list[int]()

    def work(session: Session, night: Night) -> int:
        calls.append(1)
        if len(calls) == part:
            started.cancel(session, session.scalars(select(Run.id)).one())
        go_on(night)
        return count_up(session, night)

    return work


def test_a_run_of_parts_stops_after_the_part_it_is_at_and_goes_on_when_retried(
    huikuan: Huikuan, shop: str
) -> None:
    def three_parts(night: Night) -> None:
        if effects() < 2:
            night.go_on(rest=2 - effects())

    with registered(stopped_in_between(2, three_parts)):
        stopped = started_and_done(huikuan)
        after = effects()
        again = started_and_done(huikuan, "retry", str(stopped["run"]))

    assert (stopped["state"], stopped["done"], stopped["total"], after) == ("cancelled", 2, 3, 2)
    assert f"To go on: huikuan job retry {stopped['run']}" in stopped["error"]
    assert (again["run"], again["state"], effects()) == (stopped["run"], "succeeded", 3)


def test_a_run_in_one_part_that_is_cancelled_before_it_is_committed_has_done_nothing(
    huikuan: Huikuan, shop: str
) -> None:
    with registered(stopped_in_between(1, lambda _: None)):
        stopped = started_and_done(huikuan)

    assert (stopped["state"], effects()) == ("cancelled", 0)
    assert "was stopped before it wrote anything." in stopped["error"]


def divide(session: Session, night: Night) -> int:
    """Decide two repairs, of which one can't be."""
    rows = ["work_order:1", "=cmd|'/c calc'!A1"]
    return len(list(night.decide(rows, lambda each: 1 // (each != rows[0]), subject=lambda each: each)))


def test_of_a_partial_run_only_what_was_set_aside_is_done_again(huikuan: Huikuan, shop: str) -> None:
    seen = list[list[str]]()

    def watched(session: Session, night: Night) -> int:
        seen.append(list(night.parameters.get("only", [])))
        return len(list(night.decide(["work_order:1", "work_order:2"], lambda _: 1, subject=str)))

    with registered(divide):
        first = huikuan(*START)
    with registered(watched):
        again = started_and_done(huikuan, "retry", "1")
        nothing = huikuan("job", "retry", 1)

    assert "1 done, 1 set aside" in first.out
    assert "huikuan job failed 1" in first.out
    assert (seen, again["count"], again["retry_of"]) == ([["work_order:1"]], 1, 1)
    assert "nothing is left to retry" in nothing.err


def test_what_failed_is_taken_home_with_the_reason(huikuan: Huikuan, shop: str, tmp_path: Path) -> None:
    def all_fail(session: Session, night: Night) -> int:
        rows = ["work_order:1", "=cmd|'/c calc'!A1"]
        return len(list(night.decide(rows, int, subject=str)))

    with registered(all_fail):
        run = started_and_done(huikuan)["run"]
    said = huikuan("job", "failed", run, "--to", tmp_path / "failed.xlsx")

    sheet = load_workbook(tmp_path / "failed.xlsx").active
    assert sheet is not None
    cells: list[list[Any]] = [[cell.value for cell in each] for each in sheet.iter_rows()]
    assert said.out.startswith("2 that failed: ")
    assert cells[0] == ["对象", "理赔编号", "步骤", "原因", "起始日", "次数", "下次"]
    assert cells[1][:3] == ["=cmd|'/c calc'!A1", None, "count_up"]
    assert cells[2][:3] == ["work_order:1", "LP2026-0001", "count_up"]
    assert cells[2][3].startswith("ValueError: invalid literal")
    assert cells[2][4].date() == date(2026, 11, 21)
    assert {cell.data_type for each in sheet.iter_rows() for cell in each} <= {"s", "n", "d"}


def test_a_file_is_not_written_where_nothing_failed(huikuan: Huikuan, counting: None, tmp_path: Path) -> None:
    run = started_and_done(huikuan)["run"]

    said = huikuan("job", "failed", run, "--to", tmp_path / "failed.xlsx")

    assert said.status == 1
    assert f"Nothing of run {run} is left that failed." in said.err
    assert not (tmp_path / "failed.xlsx").exists()


def test_a_failure_says_so_waits_for_a_person_and_goes_on_as_the_same_run(
    huikuan: Huikuan, shop: str
) -> None:
    def break_down(session: Session, night: Night) -> int:
        raise ZeroDivisionError("of 13800001234")

    with registered(break_down):
        failed = huikuan(*START)
    waiting, figures = wakes(), huikuan("metrics").out
    with registered(count_up):
        again = started_and_done(huikuan, "retry", "1")
        nothing = huikuan("job", "retry", 1)

    assert failed.status == 1
    assert "ZeroDivisionError: of 138****1234 Mend what it names, then: huikuan job retry 1" in failed.err
    assert waiting == []
    assert 'huikuan_runs{state="failed"} 0.0' in figures
    assert (again["run"], again["state"], again["attempts"], effects()) == (1, "succeeded", 1, 1)
    assert "run_failed" in again["lines"][1]
    assert "nothing of it failed" in nothing.err


def test_a_database_that_goes_away_ends_no_run_until_it_went_away_too_often(
    huikuan: Huikuan, shop: str
) -> None:
    def lose_the_database(session: Session, night: Night) -> int:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    with registered(lose_the_database):
        run = huikuan(*START, "--no-wait", "--json").json["run"]
        with pytest.raises(OperationalError):
            by_hand.run_by_hand(run)
    once = (row().state, wakes())
    with db.transaction() as session:
        session.execute(update(Run).values(attempts=MOST_ATTEMPTS, lease_until=None))
        tick.give_up(session, clock.now())

    assert once == (RunState.PENDING, [run])
    assert row().state is RunState.FAILED
    assert "gone" in (row().error or "")


def test_a_job_that_this_version_does_not_know_does_not_wait_for_ever(huikuan: Huikuan, shop: str) -> None:
    with registered(count_up):
        run = huikuan(*START, "--no-wait", "--json").json["run"]

    by_hand.run_by_hand(run)

    assert row().state is RunState.FAILED
    assert "There is no job count_up." in (row().error or "")


def test_ctrl_c_does_not_undo_what_is_under_way(huikuan: Huikuan, shop: str) -> None:
    def interrupted(session: Session, night: Night) -> int:
        _thread.interrupt_main()
        return count_up(session, night)

    with registered(interrupted):
        said = huikuan(*START, "--json")

    assert said.status in (0, 130)
    assert (row().state, effects()) == (RunState.SUCCEEDED, 1)


def test_what_this_process_was_at_is_free_at_once_when_it_leaves(huikuan: Huikuan, counting: None) -> None:
    run = huikuan(*START, "--no-wait", "--json").json["run"]
    with db.transaction() as session:
        session.execute(update(Run).values(state=RunState.RUNNING, lease_token="t", attempts=1))
        started.let_go(session, run)

    by_hand.run_by_hand(run)

    assert (row().state, row().attempts, effects()) == (RunState.SUCCEEDED, 1, 1)


def test_a_message_about_a_night_that_was_meant_for_a_job_ends_no_night(huikuan: Huikuan, shop: str) -> None:
    with db.transaction() as session:
        night, _ = request_night(session, date(2026, 11, 21), shop, by="system", why="schedule")

    by_hand.run_by_hand(night)

    assert row().state is RunState.PENDING
    assert huikuan("job", "cancel", night).status == 1
    assert row().state is RunState.PENDING


@pytest.mark.parametrize("command", ["show", "follow", "cancel", "retry", "failed"])
def test_a_run_that_is_not_there_is_said_so(command: str, huikuan: Huikuan, shop: str) -> None:
    said = huikuan("job", command, "99")

    assert said.status == 1
    assert "There is no run 99. See: huikuan job list --all" in said.err
