"""The night where workers are other processes: asked for, and told in a sentence when nobody comes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KEY
from tests.console.conftest import NIGHT, SHOP

CHECKOUT = Path(__file__).parent.parent.parent

IMPATIENT = (
    "import sys; from console import cli, night_watch; "
    "night_watch.SWEEP_AFTER, night_watch.GIVE_UP_AFTER = 0.5, 1.5; sys.exit(cli.run(sys.argv[1:]))"
)


class House:
    """The command line in processes of their own, with a broker."""

    def __init__(self, home: Path, broker: str) -> None:
        # A command that is made from here must find this checkout first, wherever else the program is installed.
        self.environment = os.environ | {
            "HUIKUAN_HOME": str(home), "HUIKUAN_KEYS": KEY.decode(), "HUIKUAN_BROKER_URL": broker,
            "PYTHONPATH": str(CHECKOUT),
        }  # fmt: skip

    def huikuan(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", IMPATIENT, *map(str, arguments)],
            cwd=CHECKOUT, env=self.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def bring(self) -> None:
        done = self.huikuan("intake", "folder", SHOP / "ledger_2026-10.xlsx", "--shop", "FUYUAN")
        assert done.returncode == 0, done.stderr


def test_a_night_that_nobody_takes_up_stays_asked_for(tmp_path: Path, redis_url: str) -> None:
    house = House(tmp_path, redis_url)
    house.bring()

    said = house.huikuan("night", "run", "--date", NIGHT)
    status = house.huikuan("night", "status")

    assert said.returncode == 1, said.stderr
    assert "it is called once more" in said.stderr
    assert "The night stays asked for" in said.stderr
    assert "huikuan up" in said.stderr
    assert "waiting" in status.stdout


@pytest.mark.parametrize("command", [("night", "run", "--date", NIGHT), ("doctor",)], ids=" ".join)
def test_a_broker_that_is_away_is_named_without_its_password(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    house = House(tmp_path, "redis://:seesaw@127.0.0.1:1/0")
    house.bring()

    said = house.huikuan(*command)

    assert said.returncode == 1
    assert "can't be reached" in said.stdout + said.stderr
    assert "seesaw" not in said.stdout + said.stderr
    assert "Traceback" not in said.stderr
