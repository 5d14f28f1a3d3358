"""The command line, run in this process on a home of its own."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from console.cli import run
from tests.conftest import KEY
from worker import db

SAMPLES = Path(__file__).parent.parent / "samples"
SHOP = SAMPLES / "shop"
NIGHT = "2026-11-21"


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Huikuan = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give an empty HUIKUAN_HOME: the database is made by the first command."""
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HUIKUAN_KEYS", KEY.decode())
    db.forget()
    yield tmp_path / "home"
    db.forget()


@pytest.fixture
def huikuan(home: Path, capsys: pytest.CaptureFixture[str]) -> Huikuan:
    """Give the command line: huikuan("case", "list") says what came of it."""

    def command(*arguments: object) -> Said:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return command


@pytest.fixture(scope="module")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the home of the sample shop after its night, made once for all tests of a module."""
    home = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUIKUAN_HOME", str(home))
        patch.setenv("HUIKUAN_KEYS", KEY.decode())
        db.forget()
        brought = ["--skip", "ledger_2026-11.xlsx", "--shop", "FUYUAN", "--authorised-by", "王敏"]
        assert run(["intake", "folder", str(SHOP), *brought]) == 0
        assert run(["night", "run", "--date", NIGHT]) == 0
        db.forget()
    return home


@pytest.fixture
def sample(home: Path, sample_home: Path) -> Path:
    """Give a home of one's own in which the sample shop's night was run."""
    shutil.copytree(sample_home, home)
    return home
