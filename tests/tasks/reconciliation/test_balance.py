"""银行存款余额调节表: the bank's balance and the books meet once the open items are counted."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from models.shop import Shop
from models.values import Period, Refusal
from models.words import Outcome
from tasks.reconciliation.balance import Booked, Item, Kind, Statement, aged, last_balance
from tasks.reconciliation.balance_book import workbook_bytes
from tasks.reconciliation.balance_queries import Asked, statement
from tests import factories
from worker.job import Night

NOVEMBER = Period(2026, 11)
ON = date(2026, 12, 1)


def item(kind: Kind, amount: int, *, placed: bool = True) -> Item:
    return Item(kind, date(2026, 11, 20), amount, "=人保财险", "赔款", "流水1", placed)


SAID = Statement(
    "福源汽修", "6222021100001", NOVEMBER, ON, opening=100_000, came=900_000, went=50_000, closing=950_000,
    book=901_000,
    items=(
        item(Kind.BANK_RECEIVED, 70_000), item(Kind.BANK_PAID, 1_000), item(Kind.BOOK_RECEIVED, 30_000),
        item(Kind.BOOK_PAID, 10_000), item(Kind.BOOK_RECEIVED, 999, placed=False),
    ),
)  # fmt: skip


def test_both_sides_meet_when_the_four_kinds_are_counted() -> None:
    assert (SAID.adjusted_bank, SAID.adjusted_book) == (970_000, 970_000)
    assert replace(SAID, book=None).expected_book == 901_000


def line(number: int, amount: int, balance: int | None, at: time | None = None, day: int = 30) -> Booked:
    return Booked(number, date(2026, 11, day), at, amount, balance)


@pytest.mark.parametrize(
    ("lines", "balance"),
    [
        ([line(1, 10, 110), line(2, 20, 130)], 130),
        ([line(1, 20, 130), line(2, 10, 110)], 130),
        ([line(1, 10, 110, day=29), line(2, 0, None)], 110),
        ([line(1, 10, 10, time(9)), line(2, -10, 0, time(8))], 10),
        ([line(1, 10, None)], None),
        ([], None),
    ],
    ids=["in order", "newest first", "the last has none", "a circle: by the time", "none says it", "no line"],
)
def test_the_balance_after_the_last_line_in_whatever_order_they_stand(
    lines: list[Booked], balance: int | None
) -> None:
    assert last_balance(lines) == balance


def test_items_are_counted_by_age() -> None:
    items = [
        replace(SAID.items[0], on=on) for on in (ON, date(2026, 11, 1), date(2026, 10, 31), date(2026, 1, 1))
    ]

    assert [(name, count) for name, count, _ in aged(items, ON)] == [
        ("0-30天", 2), ("31-60天", 1), ("61-90天", 0), ("91-180天", 0), ("180天以上", 1),
    ]  # fmt: skip


def test_the_workbook_says_it_in_chinese_and_to_the_fen() -> None:
    said = replace(SAID, closing=852_864 + 100, items=(item(Kind.BANK_RECEIVED, 852_864),))

    book = load_workbook(io.BytesIO(workbook_bytes(said)))

    assert book.sheetnames == ["余额调节表", "未达账项", "未核销账龄", "差额清单"]
    assert [cell.value for cell in book["未达账项"][5]][2:4] == [8528.64, "=人保财险"]
    assert book["未达账项"]["D5"].data_type == "s"
    assert book["余额调节表"]["B12"].value == "不符，差 -9009.00 元"


def test_open_lines_are_the_banks_items_and_settled_ones_are_not(
    session: Session, shop: Shop, night: Callable[..., Night]
) -> None:
    account = factories.add_account(session, shop)
    factories.add_bank_line(session, account, 50_000, balance=150_000, outcome=Outcome.MATCHED)
    factories.add_bank_line(session, account, 30_000, balance=180_000, outcome=Outcome.UNMATCHED, memo="赔款")
    factories.add_bank_line(session, account, -5_000, balance=175_000, outcome=Outcome.OPEN)
    factories.add_bank_line(session, account, 1_000, balance=176_000, booked_on=date(2026, 12, 1))
    case = factories.add_case(session, factories.add_work_order(session, shop))
    expected = factories.add_expected_line(session, case)
    factories.add_payout(session, expected, 20_000, received_on=date(2026, 11, 25))
    factories.add_payout(session, expected, 40_000, received_on=date(2026, 8, 1))

    said = statement(session, Asked(account.number, NOVEMBER, ON, None))

    assert (said.opening, said.came, said.went, said.closing) == (100_000, 80_000, 5_000, 175_000)
    assert {kind: said.total(kind) for kind in Kind} == {
        Kind.BANK_RECEIVED: 30_000, Kind.BANK_PAID: 5_000, Kind.BOOK_RECEIVED: 20_000, Kind.BOOK_PAID: 0,
    }  # fmt: skip


def test_an_account_that_is_not_ours_is_refused(session: Session) -> None:
    with pytest.raises(Refusal, match="There is no account 4711, only: none"):
        statement(session, Asked("4711", NOVEMBER, ON, None))
