"""What a monitoring system sees: figures, health, and that a silent ticker is silent."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from console import watch
from models.bank import BankLine
from models.run import Run, SetAside
from models.shop import Shop
from models.sign_of_life import SignOfLife
from models.words import Outcome, RunState
from scheduler import signs, tick
from tests.console.conftest import Huikuan
from worker import clock, db


@pytest.fixture
def morning(sample: Path) -> Iterator[None]:
    """Give the sample shop on the morning of 2026-11-24, a tick ago."""
    with freeze_time("2026-11-24 01:00:00", tick=True):
        with db.transaction() as session:
            session.execute(update(Shop).values(nights_from=date(2026, 11, 25)))
        tick.tick_on()
        yield


def figures(huikuan: Huikuan) -> dict[tuple[str, ...], float]:
    said = huikuan("metrics")
    assert said.status == 0, said.err
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(said.out)
        for sample in family.samples
    }


def page(path: str) -> tuple[str, bytes]:
    status: list[str] = []

    def start(line: str, _headers: object) -> Any:
        status.append(line)

    body = b"".join(watch.application()({"PATH_INFO": path, "REQUEST_METHOD": "GET"}, start))
    return status[0], body


def test_the_figures_are_those_of_the_rows(huikuan: Huikuan, morning: None) -> None:
    with db.transaction() as session:
        lines = [
            line.amount
            for line in session.query(BankLine)
            if line.outcome not in (Outcome.MATCHED, Outcome.IGNORED)
        ]
        session.add(
            SetAside(
                shop_id=1, step="compute_refunds", subject="work_order:1", error="x", attempts=1,
                first_on=date(2026, 11, 21), look_again_on=date(2026, 11, 22),
            )
        )  # fmt: skip
        session.execute(
            update(Run).where(Run.job == "night").values(finished_at=clock.now() - timedelta(hours=2))
        )

    seen = figures(huikuan)

    assert seen["huikuan_job_last_success_age_seconds", "night", "FUYUAN"] == pytest.approx(7200, abs=60)
    assert seen["huikuan_unmatched_fen", "FUYUAN"] == sum(map(abs, lines)) > 0
    assert seen["huikuan_set_aside", "FUYUAN", "compute_refunds"] == 1
    assert seen["huikuan_nights_left_behind", "FUYUAN"] == 0
    assert seen["huikuan_notices_unsent", "uncertain"] == 0
    assert seen["huikuan_runs", RunState.PENDING.value] == 0


def test_the_figures_name_nobody(huikuan: Huikuan, morning: None) -> None:
    said = huikuan("metrics")

    assert not any("一" <= sign <= "鿿" for sign in said.out)


def test_a_house_that_is_alive_is_ready(morning: None) -> None:
    with db.transaction() as session:
        for number in (row.id for row in session.query(SignOfLife)):
            session.execute(update(SignOfLife).where(SignOfLife.id == number).values(seen_at=clock.now()))

    assert page("/health/live")[0] == "200 OK"
    assert page("/health/ready")[0] == "200 OK"
    assert page("/metrics")[1].startswith(b"# HELP huikuan_")
    assert page("/else")[0] == "404 Not Found"


def test_a_ticker_that_stopped_is_seen(huikuan: Huikuan, morning: None) -> None:
    with db.transaction() as session:
        session.execute(update(SignOfLife).values(seen_at=clock.now() - timedelta(minutes=30)))

    status, body = page("/health/ready")
    said = huikuan("doctor")

    assert status == "503 Service Unavailable"
    wrong = {each["what"] for each in json.loads(body)["checks"] if not each["well"]}
    assert wrong == {"ticker and workers"}
    assert said.status == 1
    assert "queue:night gave no sign since 2026-11-24 08:30" in said.out
    assert "ticker gave no sign since" in said.out
    assert "huikuan up" in said.out


def test_a_worker_that_hears_a_question_answers_it(morning: None) -> None:
    with db.reading() as session:
        before = {row.name: row.seen_at for row in session.query(SignOfLife)}
        number = session.query(SignOfLife.id).filter_by(name="queue:night").scalar()

    signs.answer(number)

    with db.reading() as session:
        after = {row.name: row.seen_at for row in session.query(SignOfLife)}
    assert before["queue:night"] is None
    assert after["queue:night"] is not None
    assert after["queue:by_hand"] is None


def test_each_queue_is_asked_once_a_minute(morning: None) -> None:
    with db.transaction() as session:
        moment = clock.db_now(session)
        soon = signs.ask(session, moment + timedelta(seconds=30))
        later = signs.ask(session, moment + timedelta(seconds=61))

    assert soon == []
    assert [queue for _, queue in later] == ["night", "notices", "by_hand"]


def test_nights_left_behind_are_named_with_the_command(huikuan: Huikuan, morning: None) -> None:
    with db.transaction() as session:
        session.execute(update(Shop).values(nights_from=date(2026, 10, 20)))

    said = huikuan("doctor")

    assert "huikuan night catch-up --from 2026-10-20 --to 2026-10-23" in said.out
