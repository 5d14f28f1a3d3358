"""The containers keep the conventions that an unattended installation rests on."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from worker.settings import Settings

CHECKOUT = Path(__file__).parent.parent
COMPOSE = CHECKOUT / "docker-compose.yml"
TEXT = COMPOSE.read_text(encoding="utf-8")
HOUSE: dict[str, Any] = YAML(typ="safe").load(TEXT)
SERVICES: dict[str, dict[str, Any]] = HOUSE["services"]


def test_the_compose_file_keeps_to_its_schema() -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"

    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", COMPOSE],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_what_a_night_needs_is_there() -> None:
    usual = {name for name, service in SERVICES.items() if "profiles" not in service}

    assert usual == {"postgres", "redis", "migrate", "worker", "beat"}
    assert SERVICES["mail"]["profiles"] == ["dev"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_can_do_more_than_its_work(name: str) -> None:
    service = SERVICES[name]

    assert service["user"] not in ("root", "0", "0:0")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_says_whether_it_is_well(name: str) -> None:
    check = SERVICES[name]["healthcheck"]

    assert check == {"disable": True} if name == "migrate" else check["test"]


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_nobody_works_before_the_tables_are_there(name: str) -> None:
    conditions = {other: wait["condition"] for other, wait in SERVICES[name]["depends_on"].items()}

    assert conditions == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }


def test_a_worker_has_time_to_finish_what_it_began() -> None:
    longest = int(
        re.findall(r'"task_time_limit": (\d+)', (CHECKOUT / "worker" / "app.py").read_text("utf-8"))[0]
    )
    grace = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))

    assert grace > longest


def test_a_worker_listens_to_every_queue() -> None:
    from worker.app import app

    queues = next(word for word in SERVICES["worker"]["command"] if word.startswith("--queues="))

    assert set(queues.removeprefix("--queues=").split(",")) == {queue.name for queue in app.conf.task_queues}


def test_secrets_are_files_that_the_settings_know() -> None:
    known = {f"huikuan_{name}" for name in Settings.model_fields}

    given = {name for name in HOUSE["secrets"] if name.startswith("huikuan_")}
    assert given <= known
    assert set(HOUSE["secrets"]) == {*given, "postgres_password", "redis_password"}
    assert {f"huikuan_{way}_url" for way in ("smtp", "sms", "wecom", "ping")} <= given
    assert set(SERVICES["worker"]["secrets"]) == given
    page = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert all(f"> {name}" in page for name in HOUSE["secrets"])  # the page makes every file
    assert all(list(secret) == ["file"] for secret in HOUSE["secrets"].values())
    for service in SERVICES.values():
        variables = service.get("environment", {})
        assert not [name for name in variables if re.search("PASSWORD$|KEYS|_URL", name)]


def test_secrets_never_enter_the_repository_or_the_image() -> None:
    ignored = (CHECKOUT / ".gitignore").read_text(encoding="utf-8").splitlines()
    sent = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert {"secrets/", ".env"} <= set(ignored)
    assert sent[1] == "*"
    assert not {"!secrets", "!.env", "!var"} & set(sent)


def test_the_image_holds_every_package() -> None:
    dockerfile = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")

    for package in ("console", "scheduler", "tasks", "notifications", "worker", "models", "migrations"):
        assert f"COPY {package} {package}\n" in dockerfile
        assert f"!{package}\n" in (CHECKOUT / ".dockerignore").read_text(encoding="utf-8")
    assert "USER 10001:10001" in dockerfile


def test_the_example_settings_are_settings() -> None:
    lines = (CHECKOUT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {found[1].lower() for line in lines if (found := re.match(r"#? ?HUIKUAN_([A-Z_]+)=", line))}

    assert named == set(Settings.model_fields)
