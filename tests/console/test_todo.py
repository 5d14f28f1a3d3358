"""The worklist: everything that waits for a person, with a command that works when typed."""

import shlex
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.run import SetAside
from models.shop import Shop
from models.source_file import Finding
from models.words import FileKind, FileState, NoticeState, RefundState, Role, Severity
from tests import factories
from tests.console.conftest import NIGHT, Huikuan
from worker import db


@pytest.fixture
def waiting(huikuan: Huikuan, home: Path) -> None:
    """A shop with one thing of each kind that waits."""
    huikuan("db", "upgrade")
    with db.transaction() as session:
        shop = factories.add_shop(session, code="FUYUAN")
        order = factories.add_work_order(session, shop)
        case = factories.add_case(session, order, claim_no="LP2026-0007")
        factories.add_refund(session, order, 440_000, computed_on=date(2026, 11, 1))
        add_finding(session, shop, Severity.ROW_LEFT_OUT)
        add_finding(session, shop, Severity.FILE_REFUSED)
        held = {"state": NoticeState.HELD, "address": None, "case_id": case.id}
        factories.add_notice(session, shop, "refund_ready", {}, held_because="no_address", **held)
        factories.add_notice(session, shop, "refund_ready", {}, held_because="no_authorisation", **held)
        factories.add_notice(session, shop, "insurer_chase", {}, state=NoticeState.DEAD)
        factories.add_notice(session, shop, "insurer_chase", {}, state=NoticeState.UNCERTAIN)
        session.add(
            SetAside(
                shop_id=shop.id, step="compute_refunds", subject="work_order:1", error="KeyError: 'x'", attempts=1,
                first_on=date(2026, 11, 20), look_again_on=date(2026, 11, 21),
            )
        )  # fmt: skip


def add_finding(session: Session, shop: Shop, severity: Severity) -> None:
    file = factories.add_file(
        session, shop, kind=FileKind.LEDGER, state=FileState.READ, read_on=date(2026, 11, 11)
    )
    session.add(
        Finding(
            shop_id=shop.id, file_id=file.id, row=7, cell="R7", heading="实收费用", value="一万", code="bad_amount",
            sentence="cell R7 holds '一万'", severity=severity,
        )
    )  # fmt: skip


def test_every_kind_of_thing_that_waits_has_an_owner_an_age_and_a_command(
    huikuan: Huikuan, waiting: None
) -> None:
    said = huikuan("todo", "list", "--date", NIGHT, "--json")

    seen = [
        (item["kind"], item["owner"], item["age_days"], item["amount"], item["command"]) for item in said.json
    ]
    assert seen[0] == ("refund", "reviewer", 20, "4400.00", "huikuan refund approve 1")
    assert seen[1] == ("finding", "handler", 10, None, "huikuan finding resolve 1")
    assert seen[2] == ("refused_file", "handler", 10, None, "huikuan intake again 2")
    assert seen[3] == ("set_aside", "admin", 1, None, "huikuan night retry --failed --shop FUYUAN")
    commands = [each[4] for each in seen[4:]]
    assert commands[0] == "huikuan contact import FILE --shop FUYUAN"
    assert commands[1].startswith("huikuan case record LP2026-0007 authorisation 授权委托书 --on 20")
    assert commands[2:] == ["huikuan notice resend 3", "huikuan notice resolve 4 --sent"]


def test_what_waits_is_shown_to_whom_it_waits_for(huikuan: Huikuan, waiting: None) -> None:
    with db.transaction() as session:
        factories.add_staff(session, "孙颖", Role.REVIEWER)
        factories.add_staff(session, "周会计", Role.ACCOUNTANT)

    reviewer = huikuan("todo", "list", "--for", "孙颖", "--json")
    role = huikuan("todo", "list", "--for", "reviewer", "--json")
    accountant = huikuan("todo", "list", "--for", "周会计")

    assert {item["kind"] for item in reviewer.json} == {"refund"}
    assert role.json == reviewer.json
    assert accountant.out == "Nothing waits for 周会计.\n"


def test_what_is_done_waits_no_more(huikuan: Huikuan, waiting: None) -> None:
    for command in ("finding resolve 1", "notice resend 3", "notice resolve 4 --sent"):
        assert huikuan(*command.split()).status == 0

    said = huikuan("todo", "list", "--json")

    assert {item["subject"] for item in said.json}.isdisjoint({"finding:1", "notice:3", "notice:4"})


def test_every_command_of_the_samples_list_works_when_typed(huikuan: Huikuan, sample: Path) -> None:
    listed = huikuan("todo", "list", "--json").json
    # A file that somebody else publishes can't be typed here.
    first = {item["kind"]: item for item in listed if " FILE" not in item["command"]}
    assert set(first) >= {"refund", "proposal", "unmatched_line"}

    resolved = set()
    for item in first.values():
        noun, verb, *words = shlex.split(item["command"])[1:]
        # What a person must weigh first is shown; the page that opens names what decides it.
        dated = () if verb == "show" else ("--date", NIGHT)
        done = huikuan(noun, verb, *words, *dated)
        assert done.status == 0, (item["command"], done.err)
        resolved |= set() if verb == "show" else {item["subject"]}

    # What stands before closing is looked at again each night, or at once by this.
    assert huikuan("job", "run", "check_closing", "--date", NIGHT).status == 0
    left = {item["subject"] for item in huikuan("todo", "list", "--json").json}
    assert left.isdisjoint(resolved)


def test_ages_are_counted_to_the_newest_night_and_not_to_the_clock(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("todo", "list", "--json")

    refunds = [item for item in said.json if item["kind"] == "refund"]
    assert {item["age_days"] for item in refunds} == {0}


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        (RefundState.WAITING, ["refund"]),
        (RefundState.APPROVED, ["refund_to_pay"]),
        (RefundState.IN_FILE, ["payment_to_confirm"]),
        (RefundState.PAID, []),
    ],
)
def test_a_refund_waits_for_the_reviewer_then_for_the_cashier(
    state: RefundState, kinds: list[str], huikuan: Huikuan, home: Path
) -> None:
    huikuan("db", "upgrade")
    with db.transaction() as session:
        factories.add_refund(
            session, factories.add_work_order(session, factories.add_shop(session)), 1, state=state
        )

    said = huikuan("todo", "list", "--json")

    assert [item["kind"] for item in said.json] == kinds
