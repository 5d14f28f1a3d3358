"""What every test may ask for: a database that is really migrated, a shop, a night.

`session` runs a test twice, on SQLite and on PostgreSQL, in a transaction that is rolled back afterwards.
`database` is for what must commit (the runner, the command line, workers): a migrated database of its own.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from migrations.schema import upgrade
from models import secrecy
from models.shop import Shop
from tests import factories, servers
from worker import clock, db
from worker.job import Night

KEY = Fernet.generate_key()

# A busy machine is no failure: no example is timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither the developer's environment nor his var/ takes part."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("HUIKUAN_") and "_TEST_" not in name]:
            patch.delenv(name)
        patch.setenv("HUIKUAN_HOME", str(tmp_path_factory.mktemp("home")))
        db.forget()
        yield
        db.forget()


@pytest.fixture(autouse=True)
def _one_key() -> None:
    """Personal data can be written and read in every test."""
    secrecy.use_keys([KEY])


# ------------------------------------------------------------------ servers, one of each per test process


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "huikuan.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    with servers.database(postgres_server) as url:
        _migrate(url)
        yield url


def _migrate(url: str) -> None:
    engine = db.make_engine(url)
    upgrade(engine)
    engine.dispose()


def name_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


# ------------------------------------------------------------------ a session that leaves nothing behind


@pytest.fixture(scope="session")
def sqlite_of_sessions(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    copy = shutil.copy2(sqlite_template, tmp_path_factory.mktemp("sessions") / "huikuan.db")
    return f"sqlite:///{copy}"


@pytest.fixture(scope="session")
def postgres_of_sessions(postgres_server: str, postgres_template: str) -> Iterator[str]:
    # A database of their own: a template cannot be copied while a session is connected to it.
    with servers.database(postgres_server, _name_of(postgres_template)) as url:
        yield url


def _name_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(scope="session")
def _engines() -> Iterator[dict[str, Engine]]:
    engines: dict[str, Engine] = {}
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture(scope="session")
def _sqlite_workshop(sqlite_template: Path) -> str:
    return f"sqlite:///{shutil.copy2(sqlite_template, sqlite_template.with_name('workshop.db'))}"


@pytest.fixture(scope="session")
def _postgres_workshop(postgres_server: str, postgres_template: str) -> Iterator[str]:
    # Not the template itself: PostgreSQL copies only what nobody is connected to.
    with servers.database(postgres_server, name_of(postgres_template)) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def session(request: pytest.FixtureRequest, _engines: dict[str, Engine]) -> Iterator[Session]:
    """Give a session whose commits are savepoints and whose work is rolled back."""
    kind = request.param
    if kind not in _engines:
        _engines[kind] = db.make_engine(request.getfixturevalue(f"{kind}_of_sessions"))
    with _engines[kind].connect() as connection:
        transaction = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as opened:
            yield opened
        transaction.rollback()


@pytest.fixture(params=["sqlite", "postgres"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Give the URL of a migrated, empty database that this process now works on (`worker.db`)."""
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path))
    monkeypatch.setenv("HUIKUAN_KEYS", KEY.decode())
    with _fresh_database(request, tmp_path) as url:
        monkeypatch.setenv("HUIKUAN_DATABASE_URL", url)
        db.forget()
        yield url
        db.forget()


def _fresh_database(request: pytest.FixtureRequest, tmp_path: Path) -> contextlib.AbstractContextManager[str]:
    if request.param == "sqlite":
        copy = shutil.copy2(request.getfixturevalue("sqlite_template"), tmp_path / "huikuan.db")
        return contextlib.nullcontext(f"sqlite:///{copy}")
    template = request.getfixturevalue("postgres_template")
    return servers.database(request.getfixturevalue("postgres_server"), _name_of(template))


# ------------------------------------------------------------------ the usual beginnings


@pytest.fixture
def shop(session: Session) -> Shop:
    return factories.add_shop(session)


@pytest.fixture
def night(shop: Shop) -> Callable[..., Night]:
    """Give the night of a business date for the shop, as the runner hands it to a job: night(date(2026, 11, 21))."""

    def of(business_date: date, **facts: Any) -> Night:
        at = datetime.combine(business_date + timedelta(days=1), time(2), clock.SHANGHAI).astimezone(UTC)
        given: dict[str, Any] = {"shop_id": shop.id, "shop_code": shop.code, "by": "system", "at": at}
        return Night(date=business_date, **given | facts)

    return of
