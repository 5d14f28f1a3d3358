"""The locks name exact packages by their content and nothing of where they were found."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parent.parent / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))


def pinned(lock: Path) -> dict[str, str]:
    """Map each locked name (with its marker) to its version and hashes."""
    text = re.sub(r"\\\n", " ", lock.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {name: rest for name, _, rest in (line.partition("==") for line in lines)}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(r"(?m)^\s*(-e|-r|-f|--index|--extra|--find|--trusted|/|\.)|@\s*(http|file|/)", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_known_by_its_content(lock: Path) -> None:
    without = [name for name, rest in pinned(lock).items() if "--hash=sha256:" not in rest]

    assert len(pinned(lock)) > 30
    assert without == []


def test_what_runs_is_what_was_tested() -> None:
    run, test = pinned(REQUIREMENTS / "run.txt"), pinned(REQUIREMENTS / "test.txt")

    assert run.items() <= test.items()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = (REQUIREMENTS.parent / "pyproject.toml").read_text(encoding="utf-8")
    block = project.partition("dependencies = [")[2].partition("\n]")[0]
    asked = {name.lower().replace("_", "-") for name in re.findall(r'"([A-Za-z0-9_.-]+)', block)}

    assert asked <= {name.strip() for name in pinned(REQUIREMENTS / "run.txt")}
