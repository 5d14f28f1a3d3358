"""Who may do what: an operator until there is staff, then a login of eight hours and a role."""

from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from models.staff import Staff, StaffSession
from models.words import Role
from tests import factories
from tests.console.conftest import NIGHT, SHOP, Huikuan
from worker import db

LEDGER = ("intake", "ledger", SHOP / "ledger_2026-10.xlsx", "--shop", "FUYUAN", "--date", NIGHT)


@pytest.fixture
def password(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text("a long enough one\n", encoding="utf-8")
    return path


def add(huikuan: Huikuan, password: Path, name: str, role: str) -> None:
    said = huikuan("staff", "add", name, "--role", role, "--password-file", password)
    assert said.status == 0, said.err


def log_in(huikuan: Huikuan, password: Path, name: str) -> None:
    said = huikuan("login", name, "--password-file", password)
    assert said.status == 0, said.err


def test_without_staff_whoever_has_the_machine_is_the_operator(huikuan: Huikuan) -> None:
    said = huikuan(*LEDGER)

    assert said.status == 0


def test_the_first_staff_member_must_be_an_admin(huikuan: Huikuan, password: Path) -> None:
    said = huikuan("staff", "add", "李会计", "--role", "accountant", "--password-file", password)

    assert said.status == 1
    assert "The first staff member must be an admin" in said.err


def test_with_staff_every_writing_command_wants_a_login(huikuan: Huikuan, password: Path) -> None:
    add(huikuan, password, "王敏", "admin")

    without = huikuan(*LEDGER)
    log_in(huikuan, password, "王敏")
    with_login = huikuan(*LEDGER)

    assert without.status == 1
    assert "huikuan login NAME" in without.err
    assert with_login.status == 0


def test_looking_needs_no_login(huikuan: Huikuan, sample: Path, password: Path) -> None:
    add(huikuan, password, "系统管理员", "admin")

    assert huikuan("case", "list").status == 0
    assert huikuan("todo", "list").status == 0


WRITING = [
    ("night", "run", "--date", NIGHT),
    ("night", "run", "--date", NIGHT, "--dry-run"),
    ("intake", "folder", SHOP, "--shop", "FUYUAN"),
    ("intake", "statement", SHOP / "icbc.xlsx"),
    ("account", "add", "3207004012345678999", "--shop", "FUYUAN"),
    ("account", "import", SHOP / "accounts.csv", "--shop", "FUYUAN"),
    ("contact", "import", SHOP / "contacts.csv", "--shop", "FUYUAN"),
    ("insurer", "alias", "某某", "人保财险"),
    ("setting", "set", "release_policy", "FINAL"),
    ("case", "record", "LP2026-0001", "agreement", "100", "--on", NIGHT),
    ("reconcile", "accept", "1"),
    ("reconcile", "reject", "1"),
    ("refund", "approve", "11"),
    ("refund", "decline", "11", "--because", "no"),
    ("finding", "resolve", "1"),
    ("notice", "resend", "1"),
    ("notice", "resolve", "1", "--sent"),
    ("ledger", "build", "2026-11", "--shop", "FUYUAN"),
    ("job", "run", "deliver"),
    ("job", "start", "deliver"),
    ("job", "cancel", "1"),
    ("job", "retry", "1"),
    ("staff", "add", "新人", "--role", "viewer"),
]


@pytest.mark.parametrize("command", WRITING, ids=lambda command: " ".join(map(str, command[:2])))
def test_no_writing_command_works_without_a_login(
    command: tuple[object, ...], huikuan: Huikuan, sample: Path, password: Path
) -> None:
    add(huikuan, password, "系统管理员", "admin")

    said = huikuan(*command)

    assert said.status == 1
    assert "huikuan login NAME" in said.err


@pytest.mark.parametrize("command", WRITING, ids=lambda command: " ".join(map(str, command[:2])))
def test_a_viewer_writes_nothing(
    command: tuple[object, ...], huikuan: Huikuan, sample: Path, password: Path
) -> None:
    add(huikuan, password, "系统管理员", "admin")
    log_in(huikuan, password, "系统管理员")
    add(huikuan, password, "看客", "viewer")
    log_in(huikuan, password, "看客")

    said = huikuan(*command)

    assert said.status == 1
    assert "看客 is viewer and may not" in said.err


@pytest.mark.parametrize(
    ("role", "command", "who_may"),
    [
        ("cashier", ("refund", "approve", "11"), "reviewer, manager, admin"),
        ("accountant", ("refund", "approve", "11"), "reviewer, manager, admin"),
        ("cashier", ("reconcile", "reject", "3"), "accountant, manager, admin"),
        ("reviewer", ("reconcile", "accept", "3"), "accountant, manager, admin"),
        (
            "handler",
            ("case", "record", "LP2026-0001", "deposit", "1", "--on", NIGHT),
            "cashier, manager, admin",
        ),
        ("manager", ("setting", "set", "release_policy", "FINAL"), "admin"),
    ],
)
def test_each_does_his_own_work_only(
    role: str, command: tuple[str, ...], who_may: str, huikuan: Huikuan, sample: Path, password: Path
) -> None:
    add(huikuan, password, "系统管理员", "admin")
    log_in(huikuan, password, "系统管理员")
    add(huikuan, password, "某人", role)
    log_in(huikuan, password, "某人")

    said = huikuan(*command)

    assert said.status == 1
    assert f"某人 is {role} and may not" in said.err
    assert f"that is for {who_may}." in said.err


def test_a_login_lasts_eight_hours(huikuan: Huikuan, password: Path) -> None:
    with freeze_time("2026-11-21 00:00:00", tick=True):
        add(huikuan, password, "王敏", "admin")
        log_in(huikuan, password, "王敏")
        early = huikuan("setting", "set", "rounding_tolerance_fen", "3")
    with freeze_time("2026-11-21 08:02:00", tick=True):
        late = huikuan("setting", "set", "rounding_tolerance_fen", "4")

    assert early.status == 0, early.err
    assert late.status == 1
    assert "the eight hours are over" in late.err


def test_a_session_can_be_read_by_its_owner_alone_and_the_database_holds_no_token(
    huikuan: Huikuan, home: Path, password: Path
) -> None:
    add(huikuan, password, "王敏", "admin")
    log_in(huikuan, password, "王敏")

    file = next((home / "sessions").iterdir())
    with db.reading() as session:
        kept = session.scalars(select(StaffSession.token_hash)).one()
        hashed = session.scalars(select(Staff.password_hash)).one()

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text(encoding="ascii") not in kept
    assert hashed is not None
    assert hashed.startswith("$argon2")


@pytest.mark.parametrize("name", ["王敏", "无此人", "赵凯"])
def test_a_wrong_password_and_a_wrong_name_are_told_alike(
    name: str, huikuan: Huikuan, password: Path, tmp_path: Path
) -> None:
    add(huikuan, password, "王敏", "admin")
    with db.transaction() as session:
        factories.add_staff(session, "赵凯", Role.HANDLER, active=False)
    wrong = tmp_path / "wrong"
    wrong.write_text("something else", encoding="utf-8")

    said = huikuan("login", name, "--password-file", wrong)

    assert said.status == 1
    assert said.err.startswith(f"{name} can't log in with this password, or can't log in at all.")


def test_a_name_that_a_ledger_brought_becomes_active_by_being_added(
    huikuan: Huikuan, sample: Path, password: Path
) -> None:
    before = {each["name"]: each["active"] for each in huikuan("staff", "list", "--json").json}

    add(huikuan, password, "王敏", "admin")

    after = {each["name"]: (each["role"], each["active"]) for each in huikuan("staff", "list", "--json").json}
    assert before["王敏"] is False
    assert after["王敏"] == ("admin", True)


def test_a_person_is_added_once(huikuan: Huikuan, password: Path) -> None:
    add(huikuan, password, "王敏", "admin")
    log_in(huikuan, password, "王敏")

    said = huikuan("staff", "add", "王敏", "--role", "viewer", "--password-file", password)

    assert said.status == 1
    assert "王敏 is on the staff already, as admin" in said.err


def test_a_short_password_is_refused(huikuan: Huikuan, tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.write_text("1234567", encoding="utf-8")

    said = huikuan("staff", "add", "王敏", "--role", "admin", "--password-file", short)

    assert said.status == 1
    assert "at least 8 signs" in said.err


def test_without_staff_there_is_nothing_to_log_in_to(huikuan: Huikuan, password: Path) -> None:
    said = huikuan("login", "王敏", "--password-file", password)

    assert said.status == 1
    assert "no login is needed" in said.err


def test_what_a_person_does_is_recorded_under_the_name(
    huikuan: Huikuan, sample: Path, password: Path
) -> None:
    add(huikuan, password, "王敏", "admin")
    log_in(huikuan, password, "王敏")

    huikuan("case", "record", "LP2026-0026", "agreement", "1700", "--on", "2026-11-20", "--date", NIGHT)

    case = huikuan("case", "show", "LP2026-0026", "--json").json
    assert [(each["kind"], each["by"]) for each in case["events"]][-1] == ("recorded_agreement", "王敏")


def test_who_is_removed_can_not_go_on_and_not_log_in_again(huikuan: Huikuan, password: Path) -> None:
    add(huikuan, password, "王敏", "admin")
    log_in(huikuan, password, "王敏")
    add(huikuan, password, "李会计", "accountant")

    removed = huikuan("staff", "remove", "李会计")
    again = huikuan("login", "李会计", "--password-file", password)
    last = huikuan("staff", "remove", "王敏")

    assert removed.status == 0, removed.err
    assert again.status == 1
    assert "can't log in" in again.err
    assert last.status == 1
    assert "is the last admin" in last.err
    with db.reading() as session:
        staff = {row.name: row.active for row in session.scalars(select(Staff))}
    assert staff == {"王敏": True, "李会计": False}


def test_removing_someone_ends_what_they_are_logged_in_to(huikuan: Huikuan, password: Path) -> None:
    add(huikuan, password, "王敏", "admin")
    log_in(huikuan, password, "王敏")
    add(huikuan, password, "赵敏", "admin")
    log_in(huikuan, password, "赵敏")

    removed = huikuan("staff", "remove", "赵敏")
    after = huikuan(*LEDGER)

    assert removed.status == 0, removed.err
    assert after.status == 1
    assert "huikuan login NAME" in after.err
