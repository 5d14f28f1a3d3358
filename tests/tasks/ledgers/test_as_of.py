"""A ledger as it was known on a day: what was recorded later is not in it, whatever day it is dated."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from models import past
from models.case import Case, ExpectedLine
from models.difference import Difference
from models.entry import Movement, post
from models.past import PastRow, Recording
from models.payout import Payout
from models.refund import Refund
from models.shop import Shop
from models.values import Period, Refusal
from models.words import (
    CustomerLineKind,
    DifferenceState,
    EntryKind,
    Liability,
    PayoutState,
    RefundState,
    Resolution,
    Stage,
)
from models.work_order import CustomerLine, WorkOrder
from tasks.ledgers import making
from tasks.ledgers.book import LedgerBook
from tasks.ledgers.job import export_ledger
from tests import factories
from worker import db
from worker.job import Night
from worker.run import run
from worker.seat import Order
from worker.settings import settings

OCTOBER = Period(2026, 10)
BEFORE, LATER = date(2026, 11, 2), date(2026, 11, 10)
AT = datetime(2026, 11, 10, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path))
    settings.cache_clear()
    return tmp_path


@pytest.fixture
def line(session: Session, shop: Shop) -> ExpectedLine:
    """Give a line of 4,800.00 of which 1,000.00 came in October; a refund waits. Recorded by November 2."""
    past.record_on(session, BEFORE)
    order = factories.add_work_order(session, shop, work_order_no="WX1", labour_fee=500_000)
    case = factories.add_case(session, order, claim_no="LP2026-0001", insured_name="林刚英")
    found = factories.add_expected_line(session, case, 480_000)
    factories.add_payout(session, found, 100_000, received_on=date(2026, 10, 15), origin="first")
    factories.add_customer_line(session, order, 50_000, origin="deposit")
    factories.add_round(session, case, returned_on=date(2026, 10, 5), resubmitted_on=None)
    factories.add_refund(session, order, 7_000, origin="refund")
    booked(session, order, BEFORE, EntryKind.BILL, 500_000, None)
    booked(session, order, BEFORE, EntryKind.PAYOUT, 100_000, date(2026, 10, 15))
    return found


def booked(
    session: Session, order: WorkOrder, recorded: date, kind: EntryKind, amount: int, on: date | None
) -> None:
    movement = Movement(order.id, kind, amount, on, f"test:{kind}:{amount}")
    post(session, [movement], shop_id=order.shop_id, business_date=recorded, by="周会计", at=AT)


def the_row(book: LedgerBook) -> dict[str, Any]:
    (row,) = book.rows
    return dict(row.cells)


def pays(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    factories.add_payout(session, line, 480_000, received_on=date(2026, 10, 28))
    booked(session, order, LATER, EntryKind.PAYOUT, 480_000, date(2026, 10, 28))


def takes_back(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    session.execute(update(Payout).values(state=PayoutState.REVERSED))


def returns(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    session.execute(text("UPDATE submission_round SET resubmitted_on = '2026-10-20', reason = '缺驾驶证'"))


def brings_money(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    factories.add_customer_line(
        session, order, 20_000, kind=CustomerLineKind.SELF_PAY, received_on=date(2026, 10, 9)
    )


def corrects_money(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    session.execute(update(CustomerLine).values(amount=60_000, cashier="钱会"))


def pays_back(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    session.execute(update(Refund).values(state=RefundState.PAID, paid_on=date(2026, 10, 30), payee="林刚英"))


def settles(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    session.execute(
        update(WorkOrder).values(labour_fee=400_000, repair_gross_amount=400_000, repair_net_amount=400_000)
    )


def invoices(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    session.execute(update(Case).values(invoice_amount=500_000, invoice_date=date(2026, 10, 8)))


def closes(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    closed = {"stage": Stage.CLOSED, "closed_date": date(2026, 10, 31), "closed_by": "赵经理"}
    session.execute(update(Case).values(**closed))


def agrees(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    session.execute(
        update(Case).values(
            accident_liability=Liability.FULL, is_agency_claim=False, difference_note="扣税",
            report_no="R2", insured_name="林刚", plate_no="苏G00001",
        )
    )  # fmt: skip


def changes_insurer(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    other = factories.add_insurer(session, "平安苏州", "平安产险")
    session.execute(update(Case).values(insurer_id=other.id))


def resolves(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    session.execute(update(ExpectedLine).values(resolution=Resolution.SHOP_ABSORB))


def expects_more(session: Session, line: ExpectedLine, order: WorkOrder) -> None:
    session.execute(update(ExpectedLine).values(amount=490_000))


CHANGES = [
    pays, takes_back, returns, brings_money, corrects_money, pays_back, settles, invoices, closes, agrees,
    changes_insurer, resolves, expects_more,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_was_recorded_later_is_absent_as_of_the_earlier_day(
    session: Session, shop: Shop, line: ExpectedLine, change: Callable[..., None]
) -> None:
    before = the_row(making.book_as_known(session, shop.id, OCTOBER, BEFORE))
    past.record_on(session, LATER)

    change(session, line, session.get_one(WorkOrder, line.work_order_id))
    session.expire_all()

    assert the_row(making.book_as_known(session, shop.id, OCTOBER, BEFORE)) == before
    assert the_row(making.book_as_known(session, shop.id, OCTOBER, date(2026, 11, 9))) == before
    assert the_row(making.book_as_known(session, shop.id, OCTOBER, LATER)) != before


def test_a_case_that_came_later_is_not_in_it(session: Session, shop: Shop, line: ExpectedLine) -> None:
    past.record_on(session, LATER)
    order = factories.add_work_order(session, shop)
    factories.add_case(session, order, claim_no="LP2026-0002", dispatch_date=date(2026, 10, 3))

    earlier, later = (making.book_as_known(session, shop.id, OCTOBER, day) for day in (BEFORE, LATER))

    assert [row.claim_no for row in earlier.rows] == ["LP2026-0001"]
    assert [row.claim_no for row in later.rows] == ["LP2026-0001", "LP2026-0002"]


def test_a_payout_that_was_moved_out_of_the_month_since_is_in_it_as_of_before(
    session: Session, shop: Shop, line: ExpectedLine
) -> None:
    session.execute(update(Case).values(stage=Stage.CLOSED, closed_date=date(2026, 9, 30)))
    session.execute(text("UPDATE submission_round SET returned_on = '2026-09-20'"))
    past.record_on(session, LATER)
    session.execute(update(Payout).values(received_on=date(2026, 9, 28)))

    earlier, later = (making.book_as_known(session, shop.id, OCTOBER, day) for day in (BEFORE, LATER))

    assert (len(earlier.rows), len(later.rows)) == (1, 0)


def test_of_several_changes_the_last_one_up_to_the_day_counts(
    session: Session, shop: Shop, line: ExpectedLine
) -> None:
    amounts = {date(2026, 11, 3): 481_000, date(2026, 11, 5): 482_000, date(2026, 11, 7): 483_000}
    for on, amount in amounts.items():
        past.record_on(session, on)
        session.execute(update(ExpectedLine).values(amount=amount))

    shown = [
        the_row(making.book_as_known(session, shop.id, OCTOBER, date(2026, 11, on)))["insurer_due_own_repair"]
        for on in range(2, 9)
    ]

    assert shown == [480_000, 481_000, 481_000, 482_000, 482_000, 483_000, 483_000]


def test_a_difference_resolved_later_was_open_then(session: Session, shop: Shop, line: ExpectedLine) -> None:
    found = {"case_id": line.case_id, "work_order_id": line.work_order_id, "expected_line_id": line.id}
    opened = {"shop_id": shop.id, "amount": 380_000, "opened_on": date(2026, 10, 16)}
    session.execute(insert(Difference), {**found, **opened, "state": DifferenceState.OPEN})
    past.record_on(session, LATER)
    absorbed = {"state": DifferenceState.RESOLVED, "resolution": Resolution.SHOP_ABSORB}
    session.execute(update(Difference).values(**absorbed, resolved_on=date(2026, 10, 30)))
    session.execute(update(ExpectedLine).values(resolution=Resolution.SHOP_ABSORB))

    rows = [the_row(making.book_as_known(session, shop.id, OCTOBER, day)) for day in (BEFORE, LATER)]

    assert [row["outstanding"] for row in rows] == [380_000, 0]
    assert [row["difference_resolution"] for row in rows] == ["", "本店承担 3,800.00"]


def test_the_workbook_says_as_of_when_it_is_and_is_the_same_bytes_each_time(
    session: Session, shop: Shop, line: ExpectedLine, home: Path
) -> None:
    def night(on: date) -> Night:
        given = {"month": "2026-10", "as_of": "2026-11-02"}
        return Night(on, shop.id, shop.code, "王敏", AT, parameters=given)

    export_ledger(session, first := night(LATER))
    path = home / first.notes["ledger"]
    before = path.read_bytes()
    past.record_on(session, LATER)
    pays(session, line, session.get_one(WorkOrder, line.work_order_id))
    export_ledger(session, night(date(2026, 11, 20)))

    assert path.name == f"保险理赔台账_{shop.name}_2026-10_当时所知_20261102.xlsx"
    assert path.read_bytes() == before
    book = load_workbook(path)
    said = [cell.value for row in book["台账"].iter_rows(min_row=2, max_row=2) for cell in row if cell.value]
    assert "期间：2026-10（截至2026-10-31，按2026-11-02已录入的内容）" in said
    notes = [cell.value for row in book["校验"].iter_rows(max_col=1) for cell in row]
    assert any("按2026-11-02已录入的内容编制" in str(note) for note in notes)


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2026-11-21", "2026-11-21 is yet to come on 2026-11-20"),
        ("2026-09-30", "2026-10 had not begun on 2026-09-30"),
        ("2026-11-01", "What was recorded up to 2026-11-02 is known only as it stood that day"),
    ],
)
def test_a_day_as_of_which_nothing_is_known_is_refused(
    session: Session, shop: Shop, as_of: str, said: str
) -> None:
    session.execute(update(Recording).values(begins_on=BEFORE))
    given = {"month": "2026-10", "as_of": as_of}
    night = Night(date(2026, 11, 20), shop.id, shop.code, "王敏", AT, parameters=given)

    with pytest.raises(Refusal, match=said) as refused:
        export_ledger(session, night)

    assert "huikuan ledger build 2026-10" in str(refused.value)


def test_nobody_changes_the_past(session: Session, shop: Shop, line: ExpectedLine) -> None:
    with pytest.raises(DatabaseError, match="past_row is append-only"), session.begin_nested():
        session.execute(delete(PastRow))


@pytest.mark.usefixtures("database")
def test_a_run_records_under_its_business_date() -> None:
    with db.transaction() as session:
        shop = factories.add_shop(session)
        order = factories.add_work_order(session, shop)
        case = factories.add_case(session, order, insurer_accepted_date=None)
    fact = {"case_id": case.id, "fact": "acceptance", "value": "", "on": "2026-10-20", "role": "manager"}
    run(Order("record_fact", LATER, shop.code, "fact:1", "王敏", parameters=fact))

    with db.reading() as session:
        kept = session.scalars(select(PastRow).where(PastRow.recorded_on == LATER)).all()
    assert [(each.kept_table, each.row_id) for each in kept] == [("claim_case", case.id)]
    assert past.as_it_was("claim_case", kept[0].was)["insurer_accepted_date"] is None
