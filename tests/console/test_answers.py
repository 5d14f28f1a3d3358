"""Every command answers a program with one JSON document, and a person with something to read."""

from pathlib import Path

import pytest

from console.cli import app
from tests.console.conftest import Huikuan

LOOKING = [
    ("night", "status"),
    ("case", "list"),
    ("case", "show", "LP2026-0001"),
    ("refund", "list"),
    ("reconcile", "report"),
    ("notice", "list"),
    ("notice", "show", "1"),
    ("todo", "list"),
    ("finding", "list"),
    ("staff", "list"),
    ("setting", "list"),
    ("insurer", "list"),
    ("account", "list"),
    ("contact", "list"),
    ("job", "list"),
    ("job", "kinds"),
    ("job", "show", "1"),
    ("job", "failed", "1"),
    ("doctor",),
    ("db", "upgrade"),
    ("ledger", "build", "2026-11", "--shop", "FUYUAN", "--date", "2026-11-21"),
]


@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
def test_a_program_gets_one_document_and_nothing_else(
    command: tuple[str, ...], huikuan: Huikuan, sample: Path
) -> None:
    said = huikuan(*command, "--json")

    assert said.status == 0, said.err
    assert isinstance(said.json, list | dict)


@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
def test_a_person_gets_something_to_read(command: tuple[str, ...], huikuan: Huikuan, sample: Path) -> None:
    said = huikuan(*command)

    assert said.status == 0, said.err
    assert said.out.strip()
    assert not said.out.lstrip().startswith(("{", "["))


def test_the_commands_are_the_ones_people_know(huikuan: Huikuan) -> None:
    nouns = {group.name for group in app.registered_groups} | {each.name for each in app.registered_commands}

    assert nouns == {
        "night", "intake", "case", "refund", "reconcile", "notice", "ledger", "todo", "finding", "staff", "setting",
        "insurer", "account", "contact", "job", "db", "login", "doctor", "up", "money", "difference",
        "chase", "dispute", "rule", "calendar", "metrics", "watch", "backup", "restore", "statement",
    }  # fmt: skip


def test_a_command_that_does_not_exist_is_misuse(huikuan: Huikuan) -> None:
    said = huikuan("nigth", "run")

    assert said.status == 2
    assert said.out == ""


def test_a_new_embedded_database_is_made_by_the_first_command(huikuan: Huikuan, home: Path) -> None:
    said = huikuan("insurer", "list", "--json")

    assert said.status == 0
    assert "人保财险" in {group["name"] for group in said.json["groups"]}
    assert (home / "huikuan.db").exists()


def test_a_surprise_is_logged_whole_and_told_in_a_sentence(huikuan: Huikuan, sample: Path) -> None:
    (sample / "huikuan.db").write_bytes(b"no database at all, but long enough to be looked at" * 100)
    for left in sample.glob("huikuan.db-*"):
        left.unlink()

    said = huikuan("case", "list")

    assert said.status == 2
    assert said.out == ""
    assert "This was not foreseen (DatabaseError)" in said.err
    assert "Traceback" in said.err
