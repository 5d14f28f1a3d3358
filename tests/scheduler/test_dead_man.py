"""The dead man's switch hears that nights start, that all went well, and that one failed; else it is silent."""

import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from models.run import Run
from models.words import RunState, Why
from notifications.channels.ping import Call, ping
from scheduler import nightly
from tests import factories
from worker import db
from worker.settings import settings


class Switch(ThreadingHTTPServer):
    """A switch that remembers its calls."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[tuple[str, str]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/ping/0a1b"


class _Handler(BaseHTTPRequestHandler):
    server: Switch

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.calls.append((self.path, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def switch(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Switch]:
    """Give a running switch that this house calls, at 09:00 on 2026-11-22."""
    with Switch() as server, freeze_time("2026-11-22 01:00:00", tick=True):
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        monkeypatch.setenv("HUIKUAN_PING_URL", server.url)
        settings.cache_clear()
        yield server
        server.shutdown()
        settings.cache_clear()


def run_night(shop: str, why: Why = Why.SCHEDULE) -> None:
    with db.transaction() as session:
        run_id, _ = nightly.request_night(session, date(2026, 11, 21), shop, by="system", why=why)
    nightly.run_night(run_id)


def test_the_switch_hears_the_start_and_that_every_shop_went_well(switch: Switch) -> None:
    with db.transaction() as session:
        for code in ("AN", "FUYUAN"):
            factories.add_shop(session, code=code, nights_from=date(2026, 11, 21))

    run_night("AN")
    half = list(switch.calls)
    run_night("FUYUAN")

    assert [path for path, _ in half] == ["/ping/0a1b/start"]
    assert switch.calls[1:] == [("/ping/0a1b", "2026-11-21: every shop's night is finished")]


def test_the_switch_hears_of_a_failure(switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a surprise")

    with db.transaction() as session:
        factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 21))
    monkeypatch.setattr(nightly, "run", break_down)

    run_night("FUYUAN")

    assert [path for path, _ in switch.calls] == ["/ping/0a1b/start", "/ping/0a1b/fail"]


def test_a_night_that_a_person_runs_is_no_sign_that_they_run_by_themselves(switch: Switch) -> None:
    with db.transaction() as session:
        factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 21))

    run_night("FUYUAN", Why.BY_HAND)

    assert switch.calls == []


def test_a_switch_that_is_away_or_refuses_stops_no_night(switch: Switch) -> None:
    switch.status = 503

    refused = ping(switch.url, Call.START)
    away = ping("http://127.0.0.1:9/ping", Call.WELL)

    assert refused == "it answered 503"
    assert away is not None
    assert "cannot be reached" in away


@pytest.mark.parametrize("url", ["http://hc-ping.com/0a1b", "not an address", "https://hc-ping.com/探"])
def test_an_address_that_is_none_stops_no_night(
    url: str, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIKUAN_PING_URL", url.replace("https://hc-ping.com", switch.url))
    settings.cache_clear()
    with db.transaction() as session:
        factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 21))

    run_night("FUYUAN")

    with db.reading() as session:
        states = session.scalars(select(Run.state).where(Run.job == "night")).all()
    assert states == [RunState.SUCCEEDED]
