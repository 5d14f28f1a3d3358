"""The house rules of the design hold, and breaking one is noticed."""

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
PROGRAMS = Path(sys.executable).parent
PACKAGES = ("console", "scheduler", "tasks", "notifications", "worker", "models")

# Where a violation is planted, the line that is planted there, and the import that must be named.
PLANTS = [
    ("floors", "models/planted.py", "import worker.clock", "models.planted -> worker.clock"),
    ("floors", "worker/planted.py", "import notifications.planted", "worker.planted -> notifications.planted"),
    ("floors", "notifications/planted.py", "import tasks.planted.job", "notifications.planted -> tasks.planted.job"),
    ("floors", "tasks/planted/job.py", "import scheduler.planted", "tasks.planted.job -> scheduler.planted"),
    ("floors", "scheduler/planted.py", "import console.planted", "scheduler.planted -> console.planted"),
    ("rooms", "tasks/planted/job.py", "import tasks.dug.job", "tasks.planted.job -> tasks.dug.job"),
    ("inside-a-room", "tasks/planted/queries.py", "import tasks.planted.rules", "planted.queries -> tasks.planted.rules"),
    ("inside-a-room", "tasks/dug/rules.py", "import tasks.dug.queries", "tasks.dug.rules -> tasks.dug.queries"),
    ("inside-a-room", "tasks/dug/queries.py", "import tasks.dug.job", "tasks.dug.queries -> tasks.dug.job"),
    ("rules", "tasks/planted/rules.py", "import models.planted", "tasks.planted.rules -> models.planted"),
    ("rules", "tasks/planted/rules.py", "import sqlalchemy", "tasks.planted.rules -> sqlalchemy"),
    ("rules", "tasks/planted/rules.py", "import worker.clock", "tasks.planted.rules -> worker.clock"),
    ("rules", "tasks/planted/rules.py", "import notifications.planted", "tasks.planted.rules -> notifications.planted"),
    ("rules", "tasks/planted/rules.py", "import time", "tasks.planted.rules -> time"),
    ("ground", "models/words.py", "import sqlalchemy", "models.words -> sqlalchemy"),
    ("outside", "worker/planted.py", "import smtplib", "worker.planted -> smtplib"),
    ("outside", "notifications/planted.py", "import socket", "notifications.planted -> socket"),
]  # fmt: skip

CONTRACTS = {
    "floors": "Each floor looks down only",
    "rooms": "Rooms meet in rows, never in code",
    "inside-a-room": "In a room the job stands above queries and rules",
    "rules": "Rules reach nothing",
    "ground": "Values, words and calendar stand on the standard library",
    "outside": "Only the channels open connections to the outside",
}


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAMS / "lint-imports", "--no-cache"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "COLUMNS": "300", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def broken_house(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """Say what the linter says of a copy of the tree in which every rule is broken."""
    tree = tmp_path_factory.mktemp("house")
    shutil.copy2(CHECKOUT / "pyproject.toml", tree)
    for package in PACKAGES:
        shutil.copytree(CHECKOUT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (
        "console/planted.py",
        "scheduler/planted.py",
        "tasks/planted/__init__.py",
        "tasks/dug/__init__.py",
        "tasks/dug/job.py",
    ):
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).touch()
    for _, path, line, _ in PLANTS:
        with (tree / path).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    return lint_imports(tree)


def test_the_house_keeps_its_import_rules() -> None:
    done = lint_imports(CHECKOUT)

    assert done.returncode == 0, done.stdout + done.stderr
    for name in CONTRACTS.values():
        assert name in done.stdout


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_broken_rule_fails_the_check(contract: str, broken_house: subprocess.CompletedProcess[str]) -> None:
    verdicts = [line for line in broken_house.stdout.splitlines() if line.startswith(CONTRACTS[contract])]

    assert broken_house.returncode != 0
    assert " BROKEN" in verdicts[0]


@pytest.mark.parametrize(("contract", "path", "line", "named"), PLANTS)
def test_a_planted_violation_is_named(
    contract: str, path: str, line: str, named: str, broken_house: subprocess.CompletedProcess[str]
) -> None:
    _, _, explanations = broken_house.stdout.partition("Broken contracts")
    _, _, explanation = explanations.partition(CONTRACTS[contract])

    assert named in explanation, f"{line} in {path} was not noticed"


# ------------------------------------------------------------------ the ground everything stands on

PURE = [
    CHECKOUT / "models" / f"{name}.py"
    for name in ("values", "words", "calendar", "remark", "masks", "written_amount")
]
PURE_MODELS = {f"models.{path.stem}" for path in PURE}
RULES = sorted((CHECKOUT / "tasks").glob("*/rules.py"))


def imports_of(path: Path) -> set[str]:
    """Name the modules that a file imports, `from models import values` as models.values."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name for name in whole if file_of(name)} or {node.module}
    return found


def file_of(module: str) -> Path | None:
    """Find the file of a module of ours."""
    place = CHECKOUT / Path(*module.split("."))
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.exists()), None)


def foreign_to(path: Path, room: str) -> set[str]:
    """Name what a pure file rests on beyond the standard library and the pure models, directly or not."""
    found: set[str] = set()
    for name in imports_of(path) - PURE_MODELS:
        inside = file_of(name) if name.startswith(room) else None
        if inside:
            found |= foreign_to(inside, room)
        elif name.partition(".")[0] not in sys.stdlib_module_names:
            found.add(name)
    return found


@pytest.mark.parametrize("path", [*PURE, *RULES], ids=lambda path: "/".join(path.parts[-3:]))
def test_what_decides_stands_on_the_standard_library(path: Path) -> None:
    room = ".".join(path.relative_to(CHECKOUT).parts[:-1]) + "."

    assert foreign_to(path, room) == set()


def test_the_nouns_have_no_lobby() -> None:
    assert (CHECKOUT / "models" / "__init__.py").read_text(encoding="utf-8") == ""


ROOMS = [room for room in sorted((CHECKOUT / "tasks").glob("*/")) if room.name != "__pycache__"]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_what_it_does_at_its_door(room: Path) -> None:
    door = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))

    assert door
    assert (room / "job.py").exists()


def test_no_package_of_others_has_the_name_of_ours() -> None:
    ours = {*PACKAGES, "migrations", "tests", "benchmarks"}

    taken = {name: owners for name, owners in packages_distributions().items() if name in ours}

    assert {owner for owners in taken.values() for owner in owners} <= {"huikuan"}


# ------------------------------------------------------------------ the clock

READING_THE_CLOCK = [
    "from datetime import datetime\n\nx = datetime.now()\n",
    "from datetime import UTC, datetime\n\nx = datetime.now(UTC)\n",
    "import datetime\n\nx = datetime.datetime.utcnow()\n",
    "from datetime import date\n\nx = date.today()\n",
    "import time\n\nx = time.time()\n",
]


def lint(text: str, path: str) -> str:
    done = subprocess.run(
        [
            PROGRAMS / "ruff",
            "check",
            "--no-cache",
            "--output-format=concise",
            f"--stdin-filename={path}",
            "-",
        ],
        input=text,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("text", READING_THE_CLOCK)
@pytest.mark.parametrize(
    "path", ["tasks/refunds/job.py", "worker/job.py", "console/cli.py", "tests/planted.py"]
)
def test_only_the_clock_reads_the_clock(text: str, path: str) -> None:
    assert "TID251" in lint(text, path)


def test_the_clock_may_read_the_clock() -> None:
    assert "TID251" not in lint(
        "from datetime import UTC, datetime\n\nx = datetime.now(UTC)\n", "worker/clock.py"
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_nobody_pages_by_counting_rows_off(package: str) -> None:
    """OFFSET reads what it leaves out, and a page changes under whoever turns it: pages go by key."""
    counting = re.compile(r"\.offset\(|\bOFFSET\s+[:%?$\d{]")

    found = [path for path in (CHECKOUT / package).rglob("*.py") if counting.search(path.read_text("utf-8"))]

    assert found == []
    assert counting.search("SELECT id FROM event LIMIT 10 OFFSET :start")
