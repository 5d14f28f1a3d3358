"""The month's workbook from the tables to the disk."""

import resource
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.entry import Movement, post
from models.ledger import LedgerBuild
from models.shop import Shop
from models.values import Refusal
from models.words import CustomerLineKind, EntryKind, LineKind, PayoutState, RefundState, Resolution, Stage
from models.work_order import WorkOrder
from tasks.ledgers import queries
from tasks.ledgers.job import build_ledger
from tasks.ledgers.spans import Span
from tests import factories
from worker.job import Night
from worker.settings import settings

AT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path))
    settings.cache_clear()
    return tmp_path


def the_night(shop: Shop, **facts: Any) -> Night:
    asked: dict[str, Any] = {"date": date(2026, 11, 21), "shop_id": shop.id, "shop_code": shop.code}
    return Night(**asked | {"by": "system", "at": AT} | facts)


def booked(session: Session, night: Night, work_order_id: int, **amounts: int) -> None:
    """Post an entry of each kind that is named, undated."""
    movements = [
        Movement(work_order_id, EntryKind(kind), amount, None, f"test:{work_order_id}:{kind}")
        for kind, amount in amounts.items()
    ]
    post(session, movements, **night.trail)


def the_rows(home: Path, build: LedgerBuild) -> dict[str, tuple[Any, ...]]:
    sheet = load_workbook(home / build.path, data_only=True)["台账"]
    return {str(row[0]): row for row in sheet.iter_rows(min_row=6, values_only=True) if row[0]}


def test_the_night_writes_the_months_ledger_into_the_shops_folder(
    session: Session, shop: Shop, home: Path
) -> None:
    order = factories.add_work_order(session, shop, work_order_no="WX1", labour_fee=500_000)
    case = factories.add_case(
        session, order, claim_no="LP2026-0001", invoice_amount=500_000, invoice_date=date(2026, 9, 14)
    )
    line = factories.add_expected_line(session, case, 480_000)
    factories.add_payout(session, line, 480_000, received_on=date(2026, 11, 8), recorded_by="周会计")
    factories.add_customer_line(session, order, 20_000, kind=CustomerLineKind.SELF_PAY, cashier="钱会")
    factories.add_customer_line(session, order, 100_000, received_on=date(2026, 9, 12), cashier="钱会")
    factories.add_round(session, case)
    night = the_night(shop)
    booked(session, night, order.id, bill=500_000, payout=480_000, self_pay=20_000, deposit=100_000)

    written = build_ledger(session, night)

    build = session.scalars(select(LedgerBuild)).one()
    row = the_rows(home, build)["LP2026-0001"]
    assert written == 1
    assert build.path == f"ledgers/{shop.code}/保险理赔台账_{shop.name}_2026-11_草稿_20261121.xlsx"
    assert night.notes == {"ledger": build.path, "ledger_rows": 1, "ledger_unchanged": False}
    assert (build.rows, build.built_on, build.built_at) == (1, date(2026, 11, 21), AT)
    assert row[12] == "WX1"
    assert row[21:24][0] == 1200
    assert row[22].date() == date(2026, 9, 12)
    assert row[31:33][0] == "09-20 缺维修发票"
    assert row[34:37] == (4800, "周会计", 1000)
    assert row[42] == "结转"


def test_the_same_content_is_not_written_again(session: Session, shop: Shop, home: Path) -> None:
    factories.add_case(session, factories.add_work_order(session, shop))
    build_ledger(session, the_night(shop))
    path = home / session.scalars(select(LedgerBuild.path)).one()
    before = path.stat().st_mtime_ns
    again = the_night(shop)

    written = build_ledger(session, again)

    assert written == 0
    assert again.notes["ledger_unchanged"] is True
    assert path.stat().st_mtime_ns == before
    assert len(session.scalars(select(LedgerBuild)).all()) == 1


def test_a_workbook_that_someone_removed_is_written_again(session: Session, shop: Shop, home: Path) -> None:
    factories.add_case(session, factories.add_work_order(session, shop))
    build_ledger(session, the_night(shop))
    path = home / session.scalars(select(LedgerBuild.path)).one()
    path.unlink()

    written = build_ledger(session, the_night(shop))

    assert written == 1
    assert path.exists()
    assert len(session.scalars(select(LedgerBuild)).all()) == 1


def test_a_change_on_the_same_day_makes_a_second_draft_and_keeps_the_first(
    session: Session, shop: Shop, home: Path
) -> None:
    factories.add_case(session, factories.add_work_order(session, shop))
    build_ledger(session, the_night(shop))
    factories.add_case(session, factories.add_work_order(session, shop))

    build_ledger(session, the_night(shop))

    paths = [home / path for path in session.scalars(select(LedgerBuild.path).order_by(LedgerBuild.id))]
    assert [path.name.split("_")[3] for path in paths] == ["草稿", "草稿2"]
    assert all(path.exists() for path in paths)


def test_a_given_month_is_built_as_it_was(session: Session, shop: Shop, home: Path) -> None:
    order = factories.add_work_order(session, shop)
    case = factories.add_case(session, order, claim_no="LP1")
    line = factories.add_expected_line(session, case, 50_000)
    factories.add_payout(session, line, 20_000, received_on=date(2026, 10, 15))
    factories.add_payout(session, line, 30_000, received_on=date(2026, 11, 2))

    build_ledger(session, the_night(shop, parameters={"month": "2026-10"}))

    build = session.scalars(select(LedgerBuild)).one()
    assert build.month == "2026-10"
    assert the_rows(home, build)["LP1"][34] == 200


@pytest.mark.parametrize(
    ("month", "sentence"),
    [("2026-13", "not a month such as 2026-11"), ("2026-12", "has not begun on 2026-11-21")],
)
def test_a_month_that_cannot_be_built_is_refused_with_the_command(
    session: Session, shop: Shop, month: str, sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence) as refused:
        build_ledger(session, the_night(shop, parameters={"month": month}))

    assert f"huikuan ledger build 2026-11 --shop {shop.code}" in str(refused.value)


def test_a_dry_run_writes_no_file(session: Session, shop: Shop, home: Path) -> None:
    factories.add_case(session, factories.add_work_order(session, shop))

    assert build_ledger(session, the_night(shop, dry_run=True)) == 1

    assert not (home / "ledgers").exists()


def test_a_full_disk_is_refused_with_a_sentence_and_leaves_nothing(
    session: Session, shop: Shop, home: Path
) -> None:
    factories.add_case(session, factories.add_work_order(session, shop))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))

    try:
        with pytest.raises(Refusal, match="The disk is full"):
            build_ledger(session, the_night(shop))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list((home / "ledgers" / shop.code).iterdir()) == []


def test_only_cases_of_the_shop_and_of_the_month_are_read(session: Session, shop: Shop) -> None:
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    closed: dict[str, Any] = {"stage": Stage.CLOSED, "dispatch_date": date(2026, 8, 1), "insurer_accepted_date": date(2026, 8, 9),
              "file_handover_date": date(2026, 8, 8)}  # fmt: skip

    def add(claim_no: str, **facts: Any) -> Any:
        return factories.add_case(
            session, factories.add_work_order(session, shop), claim_no=claim_no, **facts
        )

    add("OPEN")
    add("OVER", **closed)
    add("CLOSED-NOW", **closed | {"closed_date": first})
    add("INVOICED", **closed | {"invoice_date": last})
    factories.add_payout(
        session, factories.add_expected_line(session, add("PAID", **closed)), received_on=first
    )
    factories.add_round(session, add("RETURNED", **closed), returned_on=last, resubmitted_on=None)
    refunded = session.get_one(WorkOrder, add("REFUNDED", **closed).work_order_id)
    factories.add_refund(session, refunded, 5, state=RefundState.PAID, paid_on=last)
    other = factories.add_shop(session)
    factories.add_case(session, factories.add_work_order(session, other), claim_no="ELSEWHERE")

    found = [case.claim_no for case in queries.cases_of_month(session, shop.id, Span(first, last))]

    assert found == ["CLOSED-NOW", "INVOICED", "OPEN", "PAID", "REFUNDED", "RETURNED"]


def test_a_case_is_read_with_its_siblings_lines_and_refunds(session: Session, shop: Shop) -> None:
    order = factories.add_work_order(session, shop)
    case = factories.add_case(session, order, claim_no="A", report_no=None, policy_no="P1")
    factories.add_case(session, order, claim_no="B", is_lead=False, stage=Stage.CLOSED)
    line = factories.add_expected_line(session, case, 900, resolution=Resolution.RECLAIM)
    factories.add_payout(session, line, 500, received_on=None)
    factories.add_payout(session, line, 70, state=PayoutState.REVERSED)
    factories.add_expected_line(session, case, 40, kind=LineKind.OTHER_AGENCY)
    bounced: dict[str, Any] = {
        "state": RefundState.BOUNCED,
        "paid_on": date(2026, 10, 30),
        "bounced_on": date(2026, 11, 2),
        "payee": "郭",
    }
    factories.add_refund(session, order, 7, **bounced)
    factories.add_refund(session, order, 7, number=2, state=RefundState.APPROVED)

    november = Span(date(2026, 11, 1), date(2026, 11, 30))
    first, second = queries.cases_of_month(session, shop.id, november)

    assert (first.claim_no, first.report_no, second.claim_no, second.closed) == ("A", "P1", "B", True)
    assert first.work_order is second.work_order
    assert [(each.kind, each.expected, each.resolution) for each in first.lines] == [
        (LineKind.OWN_REPAIR, 900, Resolution.RECLAIM), (LineKind.OTHER_AGENCY, 40, None)
    ]  # fmt: skip
    assert [(each.on, each.amount) for each in first.lines[0].receipts] == [(None, 500)]
    assert [(each.on, each.amount) for each in first.work_order.refunds] == [
        (date(2026, 10, 30), 7), (date(2026, 11, 2), -7)
    ]  # fmt: skip
    assert (first.work_order.approved, first.insurer_group) == (7, "人保财险")
