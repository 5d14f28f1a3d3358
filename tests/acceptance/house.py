"""The whole product as its users have it: a process, a folder, a database that can be looked into."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select, type_coerce
from sqlalchemy.types import NullType

from models.everything import metadata

CHECKOUT = Path(__file__).parent.parent.parent
SAMPLE = CHECKOUT / "tests" / "samples" / "shop"
TRUTH: dict[str, Any] = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))

MACHINERY = {"recording", "run", "seat"}
"""Tables that say who did what when, and nothing of the business."""


def make_says(name: str) -> str:
    """Read a variable of the Makefile."""
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"(?ms)^{name} := (.*?)$|^define {name}\n(.*?)\nendef", makefile)
    assert found, f"the Makefile has no {name}"
    return re.sub(r"\$\((\w+)\)", lambda inner: make_says(inner[1]), found[1] or found[2])


def sample_commands() -> list[list[str]]:
    """Give the commands of `make run`, without the program."""
    lines = make_says("SAMPLE").replace(f"{make_says('BIN')}/huikuan", "huikuan").splitlines()
    return [line.strip().lstrip("@").split()[1:] for line in lines if line.strip()]


@dataclass(frozen=True)
class House:
    """One installation: where it keeps things, and its environment."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a machine whose locale is POSIX, as `make` sets it."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("HUIKUAN_")}
        own = {"HUIKUAN_HOME": str(self.home), "PYTHONUTF8": "1", "LC_ALL": "C", "NO_COLOR": "1"}
        return plain | own | self.settings

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Type `huikuan ...` and wait for it."""
        return subprocess.run(
            [sys.executable, "-m", "console", *words],
            cwd=CHECKOUT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def ask(self, *words: str) -> Any:
        """Type `huikuan ... --json` and read the answer."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def night(self) -> list[subprocess.CompletedProcess[str]]:
        """Do what `make run` does."""
        return [self.run(*words) for words in sample_commands()]

    @property
    def database(self) -> str:
        return self.settings.get("HUIKUAN_DATABASE_URL", f"sqlite:///{self.home / 'huikuan.db'}")

    def books(self) -> dict[str, list[str]]:
        """Every row of every business table, as it is stored."""
        engine = create_engine(self.database)
        with engine.connect() as connection:
            tables = [table for table in metadata.sorted_tables if table.name not in MACHINERY]
            found = {
                table.name: sorted(
                    str(tuple(row))
                    for row in connection.execute(
                        select(*(type_coerce(column, NullType()) for column in table.c))
                    )
                )
                for table in tables
            }
        engine.dispose()
        return found

    def papers(self) -> dict[str, str]:
        """Every workbook and every mail, by content."""
        kept = [
            path
            for place in ("ledgers", "outbox")
            for path in (self.home / place).rglob("*")
            if path.is_file()
        ]
        return {
            str(path.relative_to(self.home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept
        }
