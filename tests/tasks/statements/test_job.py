"""The night reads what waits; by hand one file is read or refused."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.ledger import LedgerClose
from models.shop import Shop
from models.source_file import Finding, SourceFile
from models.statement import StatementPeriod
from models.values import Refusal
from models.words import FileKind, FileState, FindingState, Outcome, Severity
from tasks.statements import job, queries
from tests import factories
from worker.job import Night
from worker.settings import settings

SAMPLES = Path(__file__).parent.parent.parent / "samples" / "shop"
NAME = "连云港福源汽车修理有限公司"
FILES = ("icbc.xlsx", "icbc_gbk.csv", "ccb.xlsx", "abc.xlsx", "boc_utf8bom.csv", "cmb.xlsx")
HEAD = "交易时间,收入金额,支出金额,账户余额,对方账号,对方户名,交易用途\n"
FIRST = "2026-11-04 10:00:00,2000.00,,12000.00,8318955320492530,人保财险,苏G12345赔款\n"
SECOND = "2026-11-05 10:00:00,1.00,,12001.00,8318955320492530,人保财险,苏G12346赔款\n"

Nights = Callable[..., Night]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def shop(session: Session) -> Shop:
    return factories.add_shop(session, code="FY", name=NAME)


def bring(session: Session, shop: Shop, name: str, content: str | None = None, **facts: Any) -> SourceFile:
    """Store a file as intake does: a sample, or one with this content."""
    file = factories.add_file(session, shop, name=name, **facts)
    stored = settings().files / file.stored_as
    stored.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        shutil.copy(SAMPLES / name, stored)
    else:
        stored.write_text(content, "utf-8")
    return file


def lines(session: Session) -> list[BankLine]:
    return list(session.scalars(select(BankLine).order_by(BankLine.booked_on, BankLine.id)))


def findings(session: Session, file: SourceFile) -> list[Finding]:
    return list(session.scalars(select(Finding).where(Finding.file_id == file.id)))


def test_the_shops_six_files_become_its_bank_lines(session: Session, shop: Shop, night: Nights) -> None:
    bring(session, shop, "accounts.csv", kind=FileKind.ACCOUNTS)
    files = [bring(session, shop, name) for name in FILES]
    tonight = night(date(2026, 11, 21))

    registered, read = job.read_accounts(session, tonight), job.read_statements(session, tonight)

    assert (registered, read) == (6, 109)
    assert {file.state for file in files} == {FileState.READ}
    assert tonight.notes["files_read"] == 6
    one = next(line for line in lines(session) if line.memo == "苏G469ER赔款")
    assert (one.amount, one.booked_on, one.outcome) == (963_940, date(2026, 11, 20), Outcome.OPEN)
    assert one.search_text == "苏G469ER赔款 转账"
    assert isinstance(one.raw, dict)
    assert one.raw["转入金额"] == "9,639.40"


def test_a_second_night_reads_nothing_again(session: Session, shop: Shop, night: Nights) -> None:
    bring(session, shop, "abc.xlsx")
    job.read_statements(session, night(date(2026, 11, 21)))

    assert job.read_statements(session, night(date(2026, 11, 22))) == 0
    assert len(lines(session)) == 20


def test_a_new_account_of_a_known_shop_is_registered_provisionally(
    session: Session, shop: Shop, night: Nights
) -> None:
    bring(session, shop, "abc.xlsx")

    job.read_statements(session, night(date(2026, 11, 21)))

    (account,) = session.scalars(select(BankAccount))
    assert (account.number, account.holder, account.provisional) == ("3207004012345678903", NAME, True)


def test_the_account_list_confirms_a_provisional_account(session: Session, shop: Shop, night: Nights) -> None:
    account = factories.add_account(session, shop, number="3207004012345678903", provisional=True)
    bring(session, shop, "accounts.csv", kind=FileKind.ACCOUNTS)

    job.read_accounts(session, night(date(2026, 11, 21)))

    session.refresh(account)
    assert (account.provisional, account.export_name) == (False, "abc.xlsx")


def test_overlapping_exports_add_only_what_is_new(session: Session, shop: Shop, night: Nights) -> None:
    factories.add_account(session, shop, number="3207004012345678903")
    bring(session, shop, "day.csv", HEAD + FIRST, account_number="3207004012345678903")
    bring(session, shop, "month.csv", HEAD + FIRST + SECOND, account_number="3207004012345678903")

    assert job.read_statements(session, night(date(2026, 11, 21))) == 2
    assert [line.amount for line in lines(session)] == [200_000, 100]


def test_two_truly_identical_lines_are_both_kept(session: Session, shop: Shop, night: Nights) -> None:
    twin = "2026-11-04,2000.00,,,8318955320492530,人保财险,赔款\n"
    factories.add_account(session, shop, number="3207004012345678903")
    bring(session, shop, "day.csv", HEAD + twin + twin, account_number="3207004012345678903")

    assert job.read_statements(session, night(date(2026, 11, 21))) == 2


def test_a_file_is_known_by_the_name_its_exports_come_under(
    session: Session, shop: Shop, night: Nights
) -> None:
    account = factories.add_account(session, shop, number="3207004012345678903", export_name="农行.csv")
    bring(session, shop, "农行.csv", HEAD + FIRST)

    job.read_statements(session, night(date(2026, 11, 21)))

    assert [line.account_id for line in lines(session)] == [account.id]


def test_a_refused_file_stops_no_other_and_becomes_a_finding(
    session: Session, shop: Shop, night: Nights
) -> None:
    broken = bring(
        session, shop, "broken.csv", HEAD + FIRST.replace("2000.00", "二千"), account_number="12345678"
    )
    bring(session, shop, "abc.xlsx")

    assert job.read_statements(session, night(date(2026, 11, 21))) == 20

    assert broken.state is FileState.REFUSED
    (finding,) = findings(session, broken)
    assert finding.severity is Severity.FILE_REFUSED
    assert "broken.csv, row 2, cell B2 (「收入金额」): '二千' is not an amount" in finding.sentence
    assert finding.sentence == broken.refusal


def test_the_finding_is_resolved_when_the_file_is_read_after_all(
    session: Session, shop: Shop, night: Nights
) -> None:
    file = bring(session, shop, "农行.csv", HEAD + FIRST, account_number="3207004012345678903")
    job.read_statements(session, night(date(2026, 11, 20)))
    assert file.state is FileState.REFUSED
    factories.add_account(session, shop, number="3207004012345678903")
    file.state = FileState.WAITING

    job.read_statements(session, night(date(2026, 11, 21)))

    assert (file.state, file.refusal) == (FileState.READ, None)
    assert [finding.state for finding in findings(session, file)] == [FindingState.RESOLVED]


GAP = HEAD + FIRST + SECOND.replace("12001.00", "13001.00")


def test_a_file_whose_balances_leave_a_gap_is_refused_whole(
    session: Session, shop: Shop, night: Nights
) -> None:
    factories.add_account(session, shop, number="3207004012345678903")
    file = bring(session, shop, "day.csv", GAP, account_number="3207004012345678903")

    assert job.read_statements(session, night(date(2026, 11, 21))) == 0

    (finding,) = findings(session, file)
    assert (finding.severity, lines(session)) == (Severity.FILE_REFUSED, [])
    assert "after row 2 the balance is 12,000.00, row 3 moves 1.00" in finding.sentence


def test_a_filtered_file_comes_in_when_somebody_says_so_and_covers_nothing(
    session: Session, shop: Shop, night: Nights
) -> None:
    factories.add_account(session, shop, number="3207004012345678903")
    file = bring(session, shop, "day.csv", GAP, account_number="3207004012345678903")

    said = {"file_id": file.id, "part": True}
    assert job.read_statement(session, night(date(2026, 11, 21), parameters=said)) == 2

    (period,) = session.scalars(select(StatementPeriod))
    assert (period.is_part, period.opening, queries.covered(session, shop.id)) == (True, None, {})


@pytest.mark.parametrize(
    ("content", "facts", "words"),
    [
        (HEAD + FIRST, {}, ["doesn't say whose account", "--account NUMBER"]),
        (
            HEAD + FIRST,
            {"account_number": "3207004012345678903"},
            ["not registered", "huikuan account add 3207004012345678903 --shop FY"],
        ),
        (
            f"账号:,3207004012345678904\n{HEAD}{FIRST}",
            {"account_number": "3207004012345678903"},
            ["was brought for"],
        ),
        (f"账号:,3207004012345678904,户名:,别家公司\n{HEAD}{FIRST}", {}, ["not registered", "别家公司"]),
        (HEAD + FIRST.replace("2026-11-04", "2031-01-05"), {"account_number": "1234567"}, ["2031-01-05"]),
        ("a,b\n1,2\n", {}, ["no bank's layout"]),
    ],
)
def test_by_hand_a_file_is_refused_with_the_command_that_settles_it(
    session: Session, shop: Shop, night: Nights, content: str, facts: dict[str, Any], words: list[str]
) -> None:
    file = bring(session, shop, "bank.csv", content, **facts)

    with pytest.raises(Refusal) as refused:
        job.read_statement(session, night(date(2026, 11, 21), parameters={"file_id": file.id}))

    for word in ("bank.csv", *words):
        assert word in str(refused.value)


def test_a_line_may_be_dated_the_day_after_the_night_and_no_later(
    session: Session, shop: Shop, night: Nights
) -> None:
    factories.add_account(session, shop, number="3207004012345678903")
    file = bring(session, shop, "bank.csv", HEAD + FIRST, account_number="3207004012345678903")
    alone = {"parameters": {"file_id": file.id}}

    with pytest.raises(Refusal, match="dated 2026-11-04, which is after 2026-11-03"):
        job.read_statement(session, night(date(2026, 11, 2), **alone))
    assert job.read_statement(session, night(date(2026, 11, 3), **alone)) == 1


def test_a_file_finds_its_shop_by_itself(session: Session, shop: Shop) -> None:
    factories.add_shop(session, code="OTHER")

    found = job.shop_of(session, SAMPLES / "abc.xlsx", given=None, latest=date(2026, 11, 22), is_part=False)

    assert found.code == shop.code


def test_a_file_of_another_shop_is_not_taken_for_this_one(
    session: Session, shop: Shop, night: Nights
) -> None:
    other = factories.add_shop(session, code="OTHER")
    factories.add_account(session, other, number="3207004012345678903")
    file = bring(session, shop, "abc.xlsx")

    job.read_statements(session, night(date(2026, 11, 21)))

    assert file.state is FileState.REFUSED
    assert other.name in str(file.refusal)


def test_a_rounded_or_foreign_number_in_the_account_list_is_left_out(
    session: Session, shop: Shop, night: Nights
) -> None:
    other = factories.add_shop(session, code="OTHER")
    factories.add_account(session, other, number="3207004012345678905")
    listed = f"银行,账号,户名\n工行,6.22E+18,{NAME}\n招行,3207004012345678905,{NAME}\n农行,3207004012345678903,{NAME}\n"
    file = bring(session, shop, "accounts.csv", listed, kind=FileKind.ACCOUNTS)

    assert job.read_accounts(session, night(date(2026, 11, 21))) == 1

    rounded, foreign = sorted(findings(session, file), key=lambda finding: finding.row)
    assert (rounded.cell, rounded.value, rounded.severity) == ("B2", "6.22E+18", Severity.ROW_LEFT_OUT)
    assert "huikuan account add NUMBER --shop FY" in rounded.sentence
    assert "another shop's" in foreign.sentence


def test_a_list_without_account_numbers_is_refused(session: Session, shop: Shop, night: Nights) -> None:
    file = bring(session, shop, "accounts.csv", "姓名,电话\n王敏,13800000000\n", kind=FileKind.ACCOUNTS)

    with pytest.raises(Refusal, match="huikuan account import accounts.csv --shop FY"):
        job.read_account_list(session, night(date(2026, 11, 21), parameters={"file_id": file.id}))


def test_late_lines_of_a_closed_month_keep_their_day_and_are_told(
    session: Session, shop: Shop, night: Nights
) -> None:
    factories.add_account(session, shop, number="3207004012345678903")
    close(session, shop, month="2026-10")
    october = HEAD + FIRST.replace("2026-11-04", "2026-10-30")
    file = bring(session, shop, "day.csv", october, account_number="3207004012345678903")

    assert job.read_statements(session, night(date(2026, 11, 21))) == 1

    (finding,) = findings(session, file)
    assert lines(session)[0].booked_on == date(2026, 10, 30)
    assert (
        "1 lines of 2026-10, which was closed on 2026-11-03 by 王敏: 2,000.00 in, 0.00 out"
        in finding.sentence
    )


def close(session: Session, shop: Shop, month: str) -> None:
    facts = {"path": "x", "sha256": "", "head": {}, "rows": 0, "corrections": 0, "snapshot_hash": ""}
    at = datetime(2026, 11, 3, tzinfo=UTC)
    who = {"closed_by": "王敏", "prepared_by": "李会计", "closed_on": date(2026, 11, 3), "closed_at": at}
    session.add(LedgerClose(shop_id=shop.id, month=month, revision=1, number="TZ-1", **facts, **who))
    session.flush()


def test_a_file_in_the_middle_of_being_kept_is_not_what_was_brought(
    session: Session, shop: Shop, night: Nights
) -> None:
    file = bring(session, shop, "bank.csv", HEAD + FIRST, stored_as=f"{'0' * 64}.csv", sha256="0" * 64)

    with pytest.raises(Refusal, match="not what was brought: it was changed since"):
        job.read_statement(session, night(date(2026, 11, 21), parameters={"file_id": file.id}))


def test_only_who_may_bring_bank_files_says_how_they_are_read(
    session: Session, shop: Shop, night: Nights
) -> None:
    said: dict[str, Any] = {
        "role": "cashier",
        "headings": ["日期"],
        "mapping": {},
        "made_from": "x.csv",
        "account": None,
    }

    with pytest.raises(Refusal, match="is cashier and may not say"):
        job.map_statement(session, night(date(2026, 11, 21), parameters=said))
