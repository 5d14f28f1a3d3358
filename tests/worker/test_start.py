"""A worker starts on the database it was written for, and on no other."""

import ssl
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from worker import app, db, seat
from worker.settings import Settings


@pytest.fixture
def grown_up() -> dict[str, Any]:
    """Give Celery's settings where the broker is another process."""
    return app.celery_settings(Settings.model_validate({"broker_url": "rediss://app:x8Jq2vLw@redis:6379/0"}))


def test_a_child_is_replaced_before_it_is_too_large_or_too_old(grown_up: dict[str, Any]) -> None:
    assert grown_up["worker_max_memory_per_child"] <= 300_000  # kB
    assert grown_up["worker_max_tasks_per_child"] <= 500


def test_a_task_ends_before_its_lease_and_a_lease_before_its_message_comes_again(
    grown_up: dict[str, Any],
) -> None:
    limit = timedelta(seconds=grown_up["task_time_limit"])
    again = timedelta(seconds=grown_up["broker_transport_options"]["visibility_timeout"])

    assert grown_up["task_soft_time_limit"] is None
    assert limit < seat.LEASE <= again


def test_messages_are_json_and_nobody_commands_workers_over_the_broker(grown_up: dict[str, Any]) -> None:
    assert grown_up["accept_content"] == ["json"]
    assert (grown_up["task_serializer"], grown_up["event_serializer"]) == ("json", "json")
    assert not grown_up["worker_enable_remote_control"]
    assert (grown_up["worker_prefetch_multiplier"], grown_up["task_acks_late"]) == (1, True)


def test_name_password_and_tls_of_the_broker_come_with_its_url(grown_up: dict[str, Any]) -> None:
    secure = grown_up["broker_use_ssl"]
    with app.app.connection_for_write(grown_up["broker_url"], ssl=secure) as connection:
        assert (connection.userid, connection.password) == ("app", "x8Jq2vLw")
        assert connection.as_uri() == "rediss://app:**@redis:6379/0"
        assert connection.ssl == {"ssl_cert_reqs": ssl.CERT_REQUIRED}


def test_a_worker_starts_on_its_database(database: str) -> None:
    app._right_database()


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [("0001", "bring it up to date: huikuan db upgrade"), ("9999", "a newer version has upgraded it")],
    ids=["behind", "ahead"],
)
def test_a_worker_does_not_start_on_another(database: str, revision: str, sentence: str) -> None:
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})

    with pytest.raises(SystemExit) as refused:
        app._right_database()

    assert sentence in str(refused.value)
