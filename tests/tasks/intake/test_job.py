"""The sample shop's ledgers, read as in the night."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine, SubmissionRound
from models.entry import Entry
from models.event import Event
from models.payout import Payout
from models.refund import Refund
from models.source_file import Finding, SourceFile
from models.staff import Staff
from models.words import EntryKind, FileState, LineKind, PayoutState, RefundState
from models.work_order import CustomerLine, WorkOrder
from tasks.intake.job import read_ledgers
from worker.job import Night

SAMPLES = Path(__file__).parents[2] / "samples" / "shop"
OCTOBER, NOVEMBER = SAMPLES / "ledger_2026-10.xlsx", SAMPLES / "ledger_2026-11.xlsx"
THE_NIGHT = date(2026, 11, 21)
TABLES = (
    WorkOrder, Case, ExpectedLine, CustomerLine, SubmissionRound, Payout, Refund, Entry, Event, Staff, Finding
)  # fmt: skip

Bring = Callable[..., SourceFile]
NightOf = Callable[[date], Night]


def contents(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every business row, to be compared."""
    session.flush()
    return {
        model.__tablename__: [tuple(row) for row in session.execute(select(model.__table__).order_by(*model.__table__.primary_key))]
        for model in TABLES
    }


def column_sum(path: Path, heading: str, occurrence: int = 0) -> int:
    """The sum of a column of the workbook in fen, its 合计 row left out."""
    rows = list(openpyxl.load_workbook(path).active.iter_rows(min_row=4, values_only=True))  # type: ignore[union-attr]
    at = [number for number, cell in enumerate(rows[0]) if cell == heading][occurrence]
    return sum(round(float(row[at]) * 100) for row in rows[1:-1] if row[at] is not None)


def total(session: Session, column: Any, *where: Any) -> int:
    return int(session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)


def test_the_october_ledger_goes_in_whole(session: Session, bring: Bring, night_of: NightOf) -> None:
    file = bring(OCTOBER, authorised_by="王敏")

    count = read_ledgers(session, night_of(THE_NIGHT))

    assert count == 165
    assert session.scalar(select(func.count()).select_from(Case)) == 165
    assert session.scalar(select(func.count()).select_from(WorkOrder)) == 160
    assert session.scalars(select(Finding.sentence)).all() == []
    assert (file.state, file.rows, file.read_on) == (FileState.READ, 165, THE_NIGHT)
    vouched = session.execute(select(Case.authorised_by, Case.authorised_on).distinct())
    assert [tuple(row) for row in vouched] == [("王敏", THE_NIGHT)]


@pytest.mark.parametrize(
    "heading, occurrence, column, where",
    [
        ("工时费", 0, WorkOrder.labour_fee, ()),
        ("零件费", 0, WorkOrder.parts_fee, ()),
        ("其它费用", 0, WorkOrder.other_fee, ()),
        ("应收费用", 0, WorkOrder.repair_gross_amount, ()),
        ("实收费用", 0, WorkOrder.repair_net_amount, ()),
        ("金额", 0, WorkOrder.customer_payable_amount, ()),
        ("实收金额", 0, CustomerLine.amount, ()),
        ("开票金额", 0, Case.invoice_amount, ()),
        ("本店维修赔款额", 0, ExpectedLine.amount, (ExpectedLine.kind == LineKind.OWN_REPAIR,)),
        ("非本店维修的其他代索赔费用", 0, ExpectedLine.amount, (ExpectedLine.kind == LineKind.OTHER_AGENCY,)),
        ("实际收款金额", 0, Payout.amount, (Payout.state == PayoutState.ASSERTED,)),
        ("领款金额", 0, Refund.amount, (Refund.state == RefundState.PAID,)),
    ],
)
@pytest.mark.parametrize("ledger", [OCTOBER, NOVEMBER])
def test_every_column_adds_up_to_the_workbook(
    session: Session, bring: Bring, night_of: NightOf, ledger: Path, heading: str, occurrence: int, column: Any, where: Any
) -> None:
    bring(ledger)

    read_ledgers(session, night_of(THE_NIGHT))

    assert total(session, column, *where) == column_sum(ledger, heading, occurrence) > 0


def test_the_entries_say_the_same_as_the_rows(session: Session, bring: Bring, night_of: NightOf) -> None:
    bring(NOVEMBER)

    read_ledgers(session, night_of(THE_NIGHT))

    def entries(*kinds: EntryKind) -> int:
        return total(session, Entry.amount, Entry.kind.in_(kinds))

    assert entries(EntryKind.BILL) == total(session, WorkOrder.repair_net_amount)
    assert entries(EntryKind.DEPOSIT, EntryKind.SELF_PAY) == total(session, CustomerLine.amount)
    assert entries(EntryKind.PAYOUT, EntryKind.PAYOUT_THIRD_PARTY) == total(session, Payout.amount)
    assert entries(EntryKind.REFUND_PAID) == entries(EntryKind.REFUND_RESERVED) == total(session, Refund.amount)
    assert entries(EntryKind.OVER_RECEIPT_HOLD) == 0


def test_november_after_october_adds_only_what_is_new(session: Session, bring: Bring, night_of: NightOf) -> None:
    bring(OCTOBER)
    read_ledgers(session, night_of(date(2026, 10, 31)))
    before = contents(session)
    bring(NOVEMBER)

    count = read_ledgers(session, night_of(THE_NIGHT))

    after = contents(session)
    unchanged = ("expected_line", "customer_line", "submission_round", "refund", "staff", "finding")
    assert {name for name in unchanged if before[name] != after[name]} == set()
    assert len(after["payout"]) - len(before["payout"]) == len(set(after["payout"]) - set(before["payout"]))
    assert total(session, Payout.amount) == column_sum(NOVEMBER, "实际收款金额")
    assert count == 44


def test_october_after_november_changes_nothing(session: Session, bring: Bring, night_of: NightOf) -> None:
    bring(NOVEMBER)
    read_ledgers(session, night_of(THE_NIGHT))
    before = contents(session)
    bring(OCTOBER)

    count = read_ledgers(session, night_of(THE_NIGHT))

    assert count == 0
    assert contents(session) == before


def test_a_copy_saved_anew_changes_nothing(
    session: Session, bring: Bring, night_of: NightOf, tmp_path: Path
) -> None:
    bring(OCTOBER)
    read_ledgers(session, night_of(THE_NIGHT))
    before = contents(session)
    copy = tmp_path / "again.xlsx"
    book = openpyxl.load_workbook(OCTOBER)
    book.save(copy)
    bring(copy)

    count = read_ledgers(session, night_of(THE_NIGHT))

    assert count == 0
    assert contents(session) == before


def test_a_ledger_is_read_once(session: Session, bring: Bring, night_of: NightOf) -> None:
    bring(OCTOBER)
    read_ledgers(session, night_of(THE_NIGHT))
    before = contents(session)

    count = read_ledgers(session, night_of(THE_NIGHT))

    assert count == 0
    assert contents(session) == before
