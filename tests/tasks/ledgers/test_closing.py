"""A month that is closed: what stands in the way, what is kept of it, and what comes after."""

import resource
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.entry import Movement, post
from models.ledger import LedgerClose, LedgerReopening, LedgerSnapshotRow, require_open
from models.run import Seat, SetAside
from models.shop import Shop
from models.values import Period, Refusal
from models.words import EntryKind, Outcome, Role
from tasks.ledgers import making
from tasks.ledgers.closing_queries import newest_close
from tasks.ledgers.issued import faults
from tasks.ledgers.job import build_ledger, close_period, rebuild_ledger, reopen_period
from tests import factories
from worker.job import Night
from worker.settings import settings

OCTOBER = {"month": "2026-10"}
FIRST = OCTOBER | {"role": "manager", "is_first": True}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path))
    settings.cache_clear()
    return tmp_path


@pytest.fixture
def day(session: Session, shop: Shop) -> Callable[..., Night]:
    """Give the run of a person on a business date: day(3, by="王敏", month="2026-10"); November 2026."""

    def of(on: int | date, by: str = "王敏", **parameters: Any) -> Night:
        asked = on if isinstance(on, date) else date(2026, 11, on)
        at = datetime(asked.year, asked.month, asked.day, 9, tzinfo=UTC)
        return Night(asked, shop.id, shop.code, by, at, parameters={"role": "manager"} | parameters)

    return of


Day = Callable[..., Night]


@pytest.fixture
def line(session: Session, shop: Shop) -> ExpectedLine:
    """Give an expected line of 4,800.00 on which 1,000.00 came in October; all money was proved on 10-31."""
    order = factories.add_work_order(session, shop, work_order_no="WX1")
    case = factories.add_case(
        session, order, claim_no="LP2026-0001", plate_no="苏G12345", insured_name="林刚英"
    )
    found = factories.add_expected_line(session, case, 480_000)
    bill = Movement(order.id, EntryKind.BILL, 500_000, None, f"bill:{order.id}")
    at = datetime(2026, 9, 10, tzinfo=UTC)
    post(session, [bill], shop_id=shop.id, business_date=date(2026, 9, 10), by="李结算", at=at)
    factories.add_payout(session, found, 100_000, received_on=date(2026, 10, 15))
    proved(session, shop, date(2026, 10, 31))
    return found


def proved(session: Session, shop: Shop, on: date) -> None:
    session.execute(
        insert(Seat).values(
            job="prove_money", business_date=on, scope=shop.code, lease_token="t",
            taken_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
    )  # fmt: skip


def comes_late(session: Session, shop: Shop, line: ExpectedLine, amount: int) -> None:
    """A payment of October that is found in November."""
    comes(session, shop, line, amount, date(2026, 10, 28))


def comes(session: Session, shop: Shop, line: ExpectedLine, amount: int, on: date) -> None:
    """A payment that is recorded on November 10."""
    factories.add_payout(session, line, amount, received_on=on)
    movement = Movement(line.work_order_id, EntryKind.PAYOUT, amount, on, f"late:{amount}")
    at = datetime(2026, 11, 10, 18, tzinfo=UTC)
    post(session, [movement], shop_id=shop.id, business_date=date(2026, 11, 10), by="周会计", at=at)


def test_a_month_is_closed_frozen_and_issued_under_a_number(
    session: Session, shop: Shop, day: Day, line: ExpectedLine, home: Path
) -> None:
    assert close_period(session, day(3, **FIRST)) == 1

    close = session.scalars(select(LedgerClose)).one()
    kept = session.scalars(select(LedgerSnapshotRow)).one()
    assert (close.number, close.revision, close.previous_hash) == ("TZ-2026-0001", 1, None)
    assert close.path == f"ledgers/{shop.code}/保险理赔台账_{shop.name}_2026-10_第1版_20261103.xlsx"
    assert (home / close.path).exists()
    assert (kept.period, kept.position, kept.claim_no) == ("2026-10", 1, "LP2026-0001")
    assert list(faults(session, shop.id, home)) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"is_first": False}, "2026-09 is not closed. Close it first: huikuan ledger close 2026-09"),
        ({"month": "2026-11"}, "2026-11 is not over on 2026-11-03. Close it from 2026-12-01 on"),
        ({"role": "cashier"}, "王敏 is cashier and may not close a month"),
    ],
)
def test_who_may_not_close_what_is_told_why(
    session: Session, day: Day, line: ExpectedLine, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        close_period(session, day(3, **FIRST | asked))

    assert session.scalars(select(LedgerClose)).all() == []


def test_whoever_prepared_the_ledger_does_not_close_it(
    session: Session, day: Day, line: ExpectedLine
) -> None:
    build_ledger(session, day(2, **OCTOBER))
    build_ledger(session, day(2, by="system", **OCTOBER))

    with pytest.raises(Refusal, match="王敏 prepared the ledger of 2026-10"):
        close_period(session, day(3, **FIRST))
    close_period(session, day(3, by="赵经理", **FIRST))

    assert session.scalars(select(LedgerClose.prepared_by)).one() == "王敏"


def test_a_bank_line_nobody_has_classified_blocks_its_month_alone(
    session: Session, shop: Shop, day: Day, line: ExpectedLine
) -> None:
    account = factories.add_account(session, shop)
    factories.add_bank_line(session, account, 480_000, booked_on=date(2026, 11, 1), outcome=Outcome.UNMATCHED)
    open_line = factories.add_bank_line(
        session, account, 70_000, booked_on=date(2026, 10, 31), outcome=Outcome.UNMATCHED
    )

    with pytest.raises(Refusal) as refused:
        close_period(session, day(3, **FIRST))
    open_line.outcome = Outcome.IGNORED
    session.flush()

    assert "1 thing stands in the way" in str(refused.value)
    assert f"huikuan reconcile show {open_line.id}" in str(refused.value)
    assert close_period(session, day(3, **FIRST)) == 1


@pytest.mark.parametrize("step", ["prove_money", "compute_refunds"])
def test_what_was_set_aside_blocks_closing(
    session: Session, shop: Shop, day: Day, line: ExpectedLine, step: str
) -> None:
    facts = {"first_on": date(2026, 11, 1), "look_again_on": date(2026, 11, 2)}
    session.add(SetAside(shop_id=shop.id, step=step, subject="work_order:7", error="off by 0.01", **facts))
    session.flush()

    with pytest.raises(Refusal, match=f"{step} set work_order:7 aside: off by 0.01"):
        close_period(session, day(3, **FIRST))


def test_a_month_whose_money_was_not_proved_since_its_end_is_not_closed(
    session: Session, shop: Shop, day: Day
) -> None:
    proved(session, shop, date(2026, 10, 30))

    with pytest.raises(Refusal, match="The money was not proved since 2026-10-30"):
        close_period(session, day(3, **FIRST))


def test_a_closed_month_is_not_closed_again_and_the_next_only_in_turn(
    session: Session, shop: Shop, day: Day, line: ExpectedLine
) -> None:
    close_period(session, day(3, **FIRST))
    proved(session, shop, date(2026, 12, 31))

    with pytest.raises(Refusal, match="2026-10 was closed on 2026-11-03 by 王敏 as TZ-2026-0001, revision 1"):
        close_period(session, day(4, **FIRST))
    with pytest.raises(Refusal, match="2026-09 lies before 2026-10, with which the chain begins"):
        close_period(session, day(4, **FIRST | {"month": "2026-09"}))
    with pytest.raises(Refusal, match="2026-11 is not closed, and 2026-12 comes after it"):
        close_period(session, day(date(2027, 1, 3), **FIRST | {"month": "2026-12"}))

    close_period(session, day(date(2026, 12, 3), **FIRST | {"month": "2026-11"}))
    first, second = session.scalars(select(LedgerClose).order_by(LedgerClose.id))
    assert second.previous_hash == first.snapshot_hash


def test_nothing_is_dated_into_a_closed_month_by_hand(
    session: Session, shop: Shop, day: Day, line: ExpectedLine
) -> None:
    close_period(session, day(3, **FIRST))
    today = date(2026, 11, 5)

    with pytest.raises(Refusal) as refused:
        require_open(session, shop.id, date(2026, 10, 28), today=today)
    with pytest.raises(Refusal, match="and 2026-08 with it"):
        require_open(session, shop.id, date(2026, 8, 1), today=today)
    require_open(session, shop.id, date(2026, 11, 1), today=today)
    require_open(session, shop.id, None, today=today)

    assert str(refused.value) == (
        "2026-10 was closed on 2026-11-03 by 王敏. Post to the open month, or reopen it: "
        "huikuan ledger reopen 2026-10"
    )


def test_a_manager_opens_a_month_again_until_a_day_and_it_is_issued_anew(
    session: Session, shop: Shop, day: Day, line: ExpectedLine, home: Path
) -> None:
    close_period(session, day(3, **FIRST))
    again = OCTOBER | {"because": "10月28日到账漏记", "until": "2026-11-12"}
    with pytest.raises(Refusal, match="is accountant; a closed month is opened again by a manager"):
        reopen_period(session, day(10, **again | {"role": "accountant"}))

    reopen_period(session, day(10, by="赵经理", **again))
    require_open(session, shop.id, date(2026, 10, 28), today=date(2026, 11, 12))
    with pytest.raises(Refusal, match="it was open again until 2026-11-12"):
        require_open(session, shop.id, date(2026, 10, 28), today=date(2026, 11, 13))
    comes_late(session, shop, line, 30_000)
    close_period(session, day(12, **FIRST))

    first, second = session.scalars(select(LedgerClose).order_by(LedgerClose.id))
    assert session.scalars(select(LedgerReopening.because)).one() == "10月28日到账漏记"
    assert (second.revision, second.number) == (2, "TZ-2026-0002")
    assert (home / first.path).exists()
    assert "第2版" in second.path
    assert list(faults(session, shop.id, home)) == []


def test_a_late_payment_stands_in_the_open_month_as_a_correction_until_that_is_issued(
    session: Session, shop: Shop, day: Day, line: ExpectedLine, home: Path
) -> None:
    close_period(session, day(3, **FIRST))
    october = newest_close(session, shop.id, "2026-10")
    assert october is not None
    comes_late(session, shop, line, 30_000)

    found = {each.field: each for each in making.changed_since(session, october, [], whole=True)}
    build_ledger(session, day(21, by="system"))
    proved(session, shop, date(2026, 11, 30))
    close_period(session, day(date(2026, 12, 2), **FIRST | {"month": "2026-11"}))
    december = making.book_of_month(session, day(date(2026, 12, 3), by="system"), Period(2026, 12))

    paid = found["payout_received_amount"]
    assert (paid.was, paid.now, paid.position, paid.issue) == (100_000, 130_000, 1, "TZ-2026-0001 第1版")
    assert paid.because.startswith("赔款到账 300.00（entry:")
    assert (paid.by, paid.recorded_on) == ("周会计", date(2026, 11, 10))
    november = newest_close(session, shop.id, "2026-11")
    assert november is not None
    sheet = load_workbook(home / november.path)["更正"]
    shown = {row[4]: row for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert shown["实际收款金额"][:9] == (
        "2026-10", "TZ-2026-0001 第1版", "1", "LP2026-0001", "实际收款金额", "1,000.00", "1,300.00", 300,
        paid.because,
    )  # fmt: skip
    assert december.corrections == ()


def test_snapshot_late_payment_diff_correction_second_issue_and_proof_of_all_of_it(
    session: Session, shop: Shop, day: Day, line: ExpectedLine, home: Path
) -> None:
    close_period(session, day(3, **FIRST))
    comes_late(session, shop, line, 30_000)
    november = making.book_of_month(session, day(21, by="system"), Period(2026, 11))
    again = OCTOBER | {"because": "10月28日到账漏记", "until": "2026-11-24"}
    reopen_period(session, day(22, **again))
    close_period(session, day(23, **FIRST))
    after = making.book_of_month(session, day(24, by="system"), Period(2026, 11))
    first, second = session.scalars(select(LedgerClose).order_by(LedgerClose.id))
    sound = list(faults(session, shop.id, home))
    issued = bytearray((home / first.path).read_bytes())
    issued[len(issued) // 2] ^= 1
    (home / first.path).write_bytes(issued)

    amounts = [
        making.thawed_book(session, close).total("payout_received_amount") for close in (first, second)
    ]
    assert [each.field for each in november.corrections] == ["payout_received_date", "payout_received_amount"]
    assert after.corrections == ()
    assert amounts == [100_000, 130_000]
    assert sound == []
    assert [(each.number, first.path in each.sentence) for each in faults(session, shop.id, home)] == [
        ("TZ-2026-0001", True)
    ]


def test_a_late_payment_changes_what_was_due_back_and_one_of_the_next_month_does_not(
    session: Session, shop: Shop, day: Day, line: ExpectedLine
) -> None:
    close_period(session, day(3, **FIRST))
    october = newest_close(session, shop.id, "2026-10")
    assert october is not None
    comes(session, shop, line, 510_000, date(2026, 11, 5))
    before = making.changed_since(session, october, [], whole=True)

    comes_late(session, shop, line, 530_000)

    found = {each.field: each for each in making.changed_since(session, october, [], whole=True)}
    assert before == []
    assert (found["refund_due_amount"].was, found["refund_due_amount"].now) == (None, 30_000)
    assert found["refund_due_amount"].because.startswith("赔款到账 5,300.00（entry:")


def test_an_issued_workbook_comes_back_byte_for_byte_from_its_snapshot(
    session: Session, shop: Shop, day: Day, line: ExpectedLine, home: Path
) -> None:
    close_period(session, day(3, **FIRST))
    path = home / session.scalars(select(LedgerClose.path)).one()
    before = path.read_bytes()
    comes_late(session, shop, line, 30_000)
    path.write_bytes(before[:-1] + b"x")
    changed = [each.sentence for each in faults(session, shop.id, home)]

    assert rebuild_ledger(session, day(12, **OCTOBER)) == 1
    assert rebuild_ledger(session, day(12, **OCTOBER)) == 0

    assert path.read_bytes() == before
    assert len(list(path.parent.glob("*.changed-*.xlsx"))) == 1
    assert len(changed) == 1
    assert "was changed after it was issued" in changed[0]


def test_a_changed_snapshot_row_is_found_and_named(
    session: Session, shop: Shop, day: Day, line: ExpectedLine, home: Path
) -> None:
    close_period(session, day(3, **FIRST))
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER ledger_snapshot_row_no_update"))
    else:
        session.execute(text("DROP TRIGGER ledger_snapshot_row_append_only ON ledger_snapshot_row"))
    session.execute(text("UPDATE ledger_snapshot_row SET claim_no = 'LP2026-0009'"))

    said = [each.sentence for each in faults(session, shop.id, home)]

    assert len(said) == 1
    assert "2026-10 revision 1 (TZ-2026-0001): row 1 (LP2026-0009) of the snapshot was changed" in said[0]


def test_on_the_first_night_of_a_month_the_accountant_is_told_what_blocks_closing(
    session: Session, shop: Shop, day: Day, line: ExpectedLine
) -> None:
    factories.add_staff(session, name="周会计", role=Role.ACCOUNTANT)
    night = day(1, by="system")
    night.parameters = {}

    assert build_ledger(session, night) == 2

    told = session.execute(text("SELECT recipient, words FROM notice WHERE kind = 'month_to_close'")).one()
    assert told.recipient == "周会计"
    assert night.notes["month_to_close"] == "2026-10"
    assert night.notes["blocks_closing"] == 0


def test_a_closed_month_is_not_drafted_any_more(session: Session, day: Day, line: ExpectedLine) -> None:
    close_period(session, day(3, **FIRST))

    with pytest.raises(Refusal, match="huikuan ledger diff 2026-10"):
        build_ledger(session, day(4, **OCTOBER))


def test_what_happened_after_the_month_is_no_correction_to_it(
    session: Session, shop: Shop, day: Day, line: ExpectedLine
) -> None:
    close_period(session, day(3, **FIRST))
    october = newest_close(session, shop.id, "2026-10")
    assert october is not None
    factories.add_payout(session, line, 380_000, received_on=date(2026, 11, 5))
    session.get_one(Case, line.case_id).invoice_date = date(2026, 11, 6)
    session.flush()

    assert making.changed_since(session, october, [], whole=True) == []


@pytest.mark.parametrize("session", ["postgres"], indirect=True)  # SQLite would find no room for itself
def test_a_disk_that_fills_up_while_a_month_is_closed_leaves_it_open_and_closing_it_again_goes_through(
    session: Session, shop: Shop, day: Day, line: ExpectedLine, home: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))

    try:
        with pytest.raises(Refusal, match="The disk is full"), session.begin_nested():
            close_period(session, day(3, **FIRST))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    left = list((home / "ledgers" / shop.code).iterdir())
    is_open = newest_close(session, shop.id, "2026-10") is None
    close_period(session, day(4, **FIRST))

    close = newest_close(session, shop.id, "2026-10")
    assert (left, is_open) == ([], True)
    assert close is not None
    assert (close.number, close.revision, close.closed_on) == ("TZ-2026-0001", 1, date(2026, 11, 4))
    assert list(faults(session, shop.id, home)) == []


def test_a_close_that_was_interrupted_after_its_file_was_written_goes_on_where_it_was(
    session: Session, shop: Shop, day: Day, line: ExpectedLine, home: Path
) -> None:
    with session.begin_nested() as interrupted:
        close_period(session, day(3, **FIRST))
        interrupted.rollback()
    session.expire_all()
    (left,) = (home / "ledgers" / shop.code).iterdir()
    before = left.read_bytes()

    close_period(session, day(3, **FIRST))

    assert [path.name for path in left.parent.iterdir()] == [left.name]
    assert left.read_bytes() == before
    assert list(faults(session, shop.id, home)) == []


def test_whoever_holds_a_workbook_open_reads_on_what_it_was_while_it_is_written_anew(
    session: Session, shop: Shop, day: Day, line: ExpectedLine, home: Path
) -> None:
    close_period(session, day(3, **FIRST))
    path = home / session.scalars(select(LedgerClose.path)).one()
    issued = path.read_bytes()
    path.write_bytes(b"changed")

    with path.open("rb") as held:
        first = held.read(4)
        rebuild_ledger(session, day(12, **OCTOBER))
        rest = held.read()

    assert first + rest == b"changed"
    assert path.read_bytes() == issued
