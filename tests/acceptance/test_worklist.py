"""The worklist after the night: what waits, and commands that work as they are typed."""

import json
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.house import CHECKOUT, House

TYPED = "import json, sys; from console.cli import run; print([run(words) for words in json.load(sys.stdin)])"
"""Types many commands in one process; each opens and closes what it needs."""


@pytest.fixture
def house(embedded: House, tmp_path: Path) -> House:
    """Give a copy of the house after its night."""
    shutil.copytree(embedded.home, tmp_path, dirs_exist_ok=True)
    return House(tmp_path)


def type_all(house: House, commands: list[str]) -> str:
    """Type the commands one after another; give all that was said."""
    words = [shlex.split(command)[1:] for command in commands]
    done = subprocess.run(
        [sys.executable, "-c", TYPED],
        input=json.dumps(words),
        cwd=CHECKOUT,
        env=house.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == str([0] * len(commands)), said
    return said


def waiting(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.ask("todo", "list")
    return found


def ids(house: House, select: str) -> set[int]:
    with sqlite3.connect(house.home / "huikuan.db") as connection:
        return {row[0] for row in connection.execute(select)}


def subjects(worklist: list[dict[str, Any]], kind: str) -> set[int]:
    return {int(item["subject"].rpartition(":")[2]) for item in worklist if item["kind"] == kind}


def test_all_that_waits_is_on_the_worklist(house: House) -> None:
    worklist = waiting(house)

    assert subjects(worklist, "refund") == ids(house, "SELECT id FROM refund WHERE state = 'waiting'")
    assert subjects(worklist, "unmatched_line") == ids(
        house, "SELECT id FROM bank_line WHERE outcome = 'unmatched'"
    )
    assert subjects(worklist, "proposal") == ids(house, "SELECT id FROM bank_line WHERE outcome = 'proposed'")
    assert subjects(worklist, "finding") == ids(house, "SELECT id FROM finding WHERE state = 'open'")
    assert subjects(worklist, "notice") >= ids(house, "SELECT id FROM notice WHERE state = 'held'")


def test_every_waiting_refund_can_be_approved_as_it_says(house: House) -> None:
    commands = [item["command"] for item in waiting(house) if item["kind"] == "refund"]

    type_all(house, commands)

    assert ids(house, "SELECT count(*) FROM refund WHERE state = 'approved'") == {len(commands)}
    assert subjects(waiting(house), "refund") == set()
