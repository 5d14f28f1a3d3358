"""Settings, insurers, accounts, contacts, ledgers, jobs, notices, and the doctor."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text, update

from migrations.schema import newest
from models.notice import Notice
from models.words import NoticeState
from tests import factories
from tests.conftest import KEY
from tests.console.conftest import NIGHT, SHOP, Huikuan
from worker import clock, db

CHECKOUT = Path(__file__).parent.parent.parent


def test_a_setting_counts_from_its_day_and_is_on_record(huikuan: Huikuan, sample: Path) -> None:
    made = huikuan(
        "setting", "set", "release_policy", "PROGRESSIVE", "--shop", "FUYUAN", "--from", "2026-12-01"
    )

    listed = huikuan("setting", "list", "--json").json["set"]
    assert made.status == 0, made.err
    assert listed == [
        {
            "key": "release_policy", "value": "PROGRESSIVE", "scope": "FUYUAN", "valid_from": "2026-12-01",
            "by": "operator",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("release_polcy", "FINAL"), "Did you mean release_policy?"),
        (("release_policy", "SOMETIMES"), "can be FINAL or PROGRESSIVE, not SOMETIMES"),
        (("rounding_tolerance_fen", "five"), "is a whole number"),
        (("shop_phone", "1", "--shop", "NOWHERE"), "There is no shop NOWHERE"),
        (("shop_phone", "1", "--insurer", "人保财产"), "Did you mean 人保财险?"),
        (("shop_phone", "1", "--insurer", "人保财险", "--shop", "FUYUAN"), "not for both"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(
    arguments: tuple[str, ...], sentence: str, huikuan: Huikuan, sample: Path
) -> None:
    said = huikuan("setting", "set", *arguments)

    assert said.status == 1
    assert sentence in said.err


def test_an_alias_gives_branches_without_a_group_their_group(huikuan: Huikuan, sample: Path) -> None:
    with db.transaction() as session:
        branch = factories.add_insurer(session, "某某财产保险连云港支公司")
        branch.group_id = None
    before = huikuan("insurer", "list", "--json").json["unknown"]

    said = huikuan("insurer", "alias", "某某财产保险", "PICC", "--json")

    assert before == ["某某财产保险连云港支公司"]
    assert said.json == {"alias": "某某财产保险", "group": "人保财险", "branches": 1}
    assert huikuan("insurer", "list", "--json").json["unknown"] == []


@pytest.mark.parametrize("number", ["123", "6.22E+18", "62220211x2345678"])
def test_what_is_no_account_number_is_refused(number: str, huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("account", "add", number, "--shop", "FUYUAN")

    assert said.status == 1
    assert "is not an account number" in said.err


def test_an_account_belongs_to_one_shop(huikuan: Huikuan, sample: Path) -> None:
    with db.transaction() as session:
        factories.add_shop(session, code="OTHER")

    said = huikuan("account", "add", "3207004012345678901", "--shop", "OTHER")

    assert said.status == 1
    assert "is registered for the shop FUYUAN" in said.err


def test_contacts_come_from_a_list_and_are_counted_not_shown(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("contact", "import", SHOP / "contacts.csv", "--shop", "FUYUAN", "--date", NIGHT)
    counted = huikuan("contact", "list")

    assert "nothing was changed" in said.out
    assert "客户" in counted.out
    assert "@" not in counted.out


def test_a_ledger_that_was_built_is_not_built_again(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("ledger", "build", "2026-11", "--shop", "FUYUAN", "--date", NIGHT, "--json")

    assert said.json["built"] is False
    assert Path(said.json["path"]).exists()


@pytest.mark.parametrize(
    ("month", "sentence"), [("2026-13", "Write it as 2026-11."), ("2027-05", "has not begun on 2026-11-21")]
)
def test_a_month_that_cannot_be_is_refused(month: str, sentence: str, huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("ledger", "build", month, "--shop", "FUYUAN", "--date", NIGHT)

    assert said.status == 1
    assert sentence in said.err


def test_a_step_can_be_done_again_by_hand(huikuan: Huikuan, sample: Path) -> None:
    first = huikuan("job", "run", "compute_refunds", "--date", NIGHT, "--json")
    second = huikuan("job", "run", "compute_refunds", "--date", NIGHT, "--json")

    assert (first.status, second.status) == (0, 0)
    assert second.json["count"] == 0


def test_a_job_with_a_command_of_its_own_is_not_run_as_a_step(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("job", "run", "approve_refund")

    assert said.status == 1
    assert "approve_refund is no step of the night" in said.err


def test_a_notice_is_shown_as_it_is_read(huikuan: Huikuan, sample: Path) -> None:
    listed = huikuan("notice", "list", "--json").json

    shown = huikuan("notice", "show", listed[0]["id"], "--json").json

    assert shown["subject"]
    assert "连云港福源汽车修理有限公司" in shown["text"]
    assert "***@" in shown["address"]


def test_a_notice_that_was_sent_is_not_sent_again_by_hand(huikuan: Huikuan, sample: Path) -> None:
    sent = next(
        each for each in huikuan("notice", "list", "--json").json if each["state"] == NoticeState.SENT
    )

    said = huikuan("notice", "resend", sent["id"])

    assert said.status == 1
    assert "is sent" in said.err


@pytest.mark.parametrize("command", [("notice", "show"), ("notice", "resend"), ("finding", "resolve")])
def test_what_does_not_exist_is_refused(command: tuple[str, str], huikuan: Huikuan, sample: Path) -> None:
    said = huikuan(*command, 9999)

    assert said.status == 1
    assert f"There is no {command[0]} 9999. See: huikuan {command[0]} list" in said.err


def test_the_doctor_makes_keys(huikuan: Huikuan) -> None:
    said = huikuan("doctor", "--new-key")

    Fernet(said.out.strip().encode())
    assert said.out.count("\n") == 1


def test_the_doctor_says_what_to_do_about_a_night_that_failed(huikuan: Huikuan, home: Path) -> None:
    huikuan("intake", "folder", SHOP / "ledger_2026-10.xlsx", "--shop", "FUYUAN")
    (home / "ledgers").write_text("in the way", encoding="utf-8")
    huikuan("night", "run", "--date", NIGHT)

    said = huikuan("doctor")

    assert said.status == 1
    assert "NOT WELL  last night: 2026-11-21 for FUYUAN: failed" in said.out
    assert "huikuan night run --date 2026-11-21 --shop FUYUAN" in said.out


def test_the_doctor_looks_at_everything_a_night_needs(huikuan: Huikuan, sample: Path) -> None:
    seen = [each["what"] for each in huikuan("doctor", "--json").json["checks"]]

    assert seen == [
        "version", "database", "migrations", "keys", "broker", "disk", "mail", "other ways", "calendar", "clock",
        "ticker and workers", "last night", "nights left behind", "set aside", "statements", "notices",
    ]  # fmt: skip


def test_the_doctor_says_which_migrations_are_pending(huikuan: Huikuan, sample: Path) -> None:
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0012'"))

    said = huikuan("doctor")

    assert said.status == 1
    pending = ", ".join(f"{number:04}" for number in range(13, int(newest()) + 1))
    assert f"NOT WELL  migrations: {int(newest()) - 12} pending: {pending}" in said.out
    assert "Make a backup, then: huikuan db upgrade" in said.out


def test_the_doctor_sees_a_full_disk_a_wrong_clock_and_a_notice_that_does_not_leave(
    huikuan: Huikuan, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.checks.shutil.disk_usage", lambda _home: DiskUsage(free=2**20))
    monkeypatch.setattr(clock, "db_now", lambda _session: clock.now() - timedelta(seconds=30))
    with db.transaction() as session:
        waits = {"state": NoticeState.WAITING, "written_at": datetime(2026, 1, 1, tzinfo=UTC)}
        session.execute(update(Notice).where(Notice.id == 1).values(**waits))

    said = huikuan("doctor").out

    assert "NOT WELL  disk: 1 MB free" in said
    assert "Free some room, or move HUIKUAN_HOME." in said
    assert "NOT WELL  clock: this machine and the database are 30.0 s apart" in said
    assert "Set the clocks by NTP on both machines." in said
    assert "NOT WELL  notices: the oldest unsent one is 1, waiting, written 2026-01-01" in said
    assert "See why: huikuan notice show 1" in said


class DiskUsage(NamedTuple):
    """What the operating system says of a disk, as far as it is asked."""

    free: int


def test_the_doctor_goes_on_where_one_thing_is_broken(
    huikuan: Huikuan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIKUAN_DATABASE_URL", "postgresql+psycopg://huikuan@127.0.0.1:1/huikuan")
    db.forget()

    said = huikuan("doctor", "--json")

    well = {each["what"]: each["well"] for each in said.json["checks"]}
    assert said.status == 1
    assert not well["database"]
    assert well["disk"]
    assert well["mail"]


def test_up_runs_until_it_is_stopped(home: Path) -> None:
    environment = os.environ | {
        "HUIKUAN_HOME": str(home),
        "HUIKUAN_KEYS": KEY.decode(),
        "PYTHONUNBUFFERED": "1",
    }
    up = subprocess.Popen(
        [sys.executable, "-m", "console", "up"],
        cwd=CHECKOUT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert up.stderr is not None
    said = next(line for line in up.stderr if line.startswith("Up:"))

    up.send_signal(signal.SIGTERM)
    _, rest = up.communicate(timeout=30)

    assert "Ctrl-C" in said
    assert rest.endswith("Stopped.\n")
    assert up.returncode == 0
