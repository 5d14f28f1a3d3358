"""What is installed is what is in the checkout: code, templates, reference data and migrations."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
PACKAGES = ("console", "scheduler", "tasks", "notifications", "worker", "models", "migrations")
BUILD = "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    tree = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(CHECKOUT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(CHECKOUT / "pyproject.toml", tree)
    (tree / "README.md").touch()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, tree], cwd=tree, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return zipfile.ZipFile(tree / done.stdout.splitlines()[-1])


def test_every_file_of_every_package_is_installed(wheel: zipfile.ZipFile) -> None:
    here = {
        path.relative_to(CHECKOUT).as_posix()
        for package in PACKAGES
        for path in (CHECKOUT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert here - set(wheel.namelist()) == set()


def test_nothing_else_is_installed(wheel: zipfile.ZipFile) -> None:
    foreign = {
        name
        for name in wheel.namelist()
        if name.partition("/")[0] not in PACKAGES and ".dist-info/" not in name
    }

    assert foreign == set()


def test_the_command_is_installed(wheel: zipfile.ZipFile) -> None:
    entry_points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))

    assert "huikuan = console.cli:main" in wheel.read(entry_points).decode()
