"""An upgrade while the former release is still at work: its own code, on its own data, as it was released."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from migrations import schema
from models.case import Case
from models.run import Run
from models.words import RunState, Why
from scheduler import nightly
from scheduler.timetable import STEPS
from tasks.proof import whole
from tests import servers
from tests.conftest import KEY
from worker import db

HERE = Path(__file__).parent
FORMER = next(HERE.glob("former_*.tar.xz"))
SAMPLES = HERE.parent / "samples" / "shop"
BROUGHT = (SAMPLES / "ledger_2026-10.xlsx", SAMPLES / "icbc.xlsx", SAMPLES / "ledger_2026-11.xlsx")


@pytest.fixture
def former(tmp_path: Path) -> Path:
    """Give the folder of the former release's code."""
    code = tmp_path / "former"
    # Python 3.11.2 knows no filter yet, and 3.12 wants one.
    safely: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(FORMER) as packed:
        packed.extractall(code, **safely)  # noqa: S202 - we packed it
    return code


LONG = pytest.mark.skipif(
    "HUIKUAN_TEST_LONG" not in os.environ, reason="make long: PostgreSQL shows it as well"
)


@pytest.fixture(params=["postgres", pytest.param("sqlite", marks=LONG)])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give a database without a table, on which both releases work."""
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HUIKUAN_KEYS", KEY.decode())
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'home' / 'huikuan.db'}"
        monkeypatch.setenv("HUIKUAN_DATABASE_URL", made)
        db.forget()
        yield made
        db.forget()
        return
    with servers.database(request.getfixturevalue("postgres_server")) as made:
        monkeypatch.setenv("HUIKUAN_DATABASE_URL", made)
        db.forget()
        yield made
        db.forget()


def test_the_former_release_goes_on_with_its_night_after_its_database_was_migrated(
    url: str, former: Path, tmp_path: Path
) -> None:
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(
        [sys.executable, HERE / "former_nights.py", *BROUGHT],
        cwd=former, env=os.environ | {"PYTHONPATH": str(former), "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stdin is not None
        said = iter(running.stdout.readline, "")
        assert any(line == "waits\n" for line in said), (tmp_path / "log").read_text("utf-8")[-2000:]
        assert revision() == FORMER.name.removeprefix("former_").removesuffix(".tar.xz")

        schema.upgrade(db.engine())
        running.stdin.write("go on\n")
        running.stdin.flush()

        assert any(line == "done\n" for line in said), (tmp_path / "log").read_text("utf-8")[-2000:]
    schema.check(db.engine())
    assert ended(date(2026, 11, 21)) == {RunState.SUCCEEDED}
    run_a_night(date(2026, 11, 22))
    assert ended(date(2026, 11, 22)) == {RunState.SUCCEEDED}
    with db.reading() as session:
        assert session.execute(select(func.count()).select_from(Case)).scalar_one() >= 165
        assert dict(whole.prove(session, 1).off) == {}
        steps = select(func.count()).select_from(Run).where(Run.business_date == date(2026, 11, 22))
        assert session.execute(steps).scalar_one() == len(STEPS) + 1


def revision() -> str:
    with db.reading() as session:
        return str(session.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def ended(day: date) -> set[RunState]:
    """How the night of a day and its steps ended."""
    with db.reading() as session:
        return set(session.scalars(select(Run.state).where(Run.business_date == day)))


def run_a_night(day: date) -> None:
    with db.transaction() as session:
        night, _ = nightly.request_night(session, day, "FUYUAN", by="system", why=Why.SCHEDULE)
    nightly.run_night(night)
