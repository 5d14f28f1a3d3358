"""Payment lists (清单): read by the words of their headings, applied when they agree to the fen."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.case import Case
from models.payment_list import PaymentList
from models.shop import Shop
from models.values import Refusal
from models.words import Outcome
from tasks.reconciliation import queries
from tasks.reconciliation.job import match_lines, read_payment_list
from tasks.reconciliation.list_reading import read_list
from tests import factories
from worker.job import Night
from worker.settings import settings

Nights = Callable[..., Night]
Rows = Sequence[Sequence[Any]]
TONIGHT = date(2026, 11, 21)
PLATES = ("苏E11111", "苏E22222", "苏E33333")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def account(session: Session, shop: Shop) -> BankAccount:
    return factories.add_account(session, shop)


@pytest.fixture
def cases(session: Session, shop: Shop) -> list[Case]:
    """Three open claims of 1,000.00, 2,000.00 and 3,000.00."""
    made = []
    for number, plate in enumerate(PLATES, start=1):
        case = factories.add_case(session, factories.add_work_order(session, shop, plate_no=plate))
        factories.add_expected_line(session, case, number * 100_000)
        made.append(case)
    return made


def paid(session: Session, account: BankAccount, amount: int) -> BankLine:
    return factories.add_bank_line(session, account, amount, memo="集中支付")


def bring(night: Nights, line: BankLine, rows: Rows) -> Night:
    """Lay a workbook with these rows below a title; the night that reads it."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in [("赔款支付清单",), (), *rows]:
        sheet.append(list(row))
    path = settings().files / "list.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    name = f"{hashlib.sha256(path.read_bytes()).hexdigest()}.xlsx"
    path.rename(path.with_name(name))
    given = {"role": "accountant", "line_id": line.id, "stored_as": name, "name": "清单.xlsx"}
    return night(TONIGHT, by="周会计", parameters=given)


HEADINGS = ("序号", "车牌号码", "报案号", "赔款金额（元）")


def test_a_list_that_agrees_to_the_fen_is_applied_to_its_claims(
    session: Session, shop: Shop, account: BankAccount, cases: list[Case], night: Nights
) -> None:
    line = paid(session, account, 400_000)
    rows = [
        HEADINGS,
        (1, "苏E·11111", "", 1000),
        (2, "", cases[2].report_no, "3,000.00"),
        ("合计", "", "", 4000),
    ]

    count = read_payment_list(session, bring(night, line, rows))
    match_lines(session, night(TONIGHT))

    (row,) = queries.report(session, shop.id)
    assert count == 2
    assert row.reason == "payment_list"
    assert [tuple(part) for part in row.pays] == [(cases[0].claim_no, 100_000), (cases[2].claim_no, 300_000)]


def test_a_row_that_is_short_is_applied_as_the_list_says(
    session: Session, shop: Shop, account: BankAccount, cases: list[Case], night: Nights
) -> None:
    line = paid(session, account, 380_000)

    read_payment_list(
        session, bring(night, line, [HEADINGS, (1, PLATES[0], "", 1000), (2, PLATES[2], "", 2800)])
    )
    match_lines(session, night(TONIGHT))

    (row,) = queries.report(session, shop.id)
    assert [part.amount for part in row.pays] == [100_000, 280_000]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param([(1, PLATES[0], "", 1000), (2, PLATES[2], "", 2999)], "payment_list_unclear", id="another sum"),
        pytest.param([(1, PLATES[0], "", 1000), (2, "苏E99999", "", 3000)], "payment_list_unclear", id="a strange car"),
        pytest.param([(1, PLATES[0], "", 3500), (2, PLATES[2], "", 500)], "payment_list_differs", id="far from open"),
    ],
)  # fmt: skip
def test_a_list_that_does_not_agree_is_laid_out(
    session: Session,
    shop: Shop,
    account: BankAccount,
    cases: list[Case],
    night: Nights,
    rows: Rows,
    reason: str,
) -> None:
    line = paid(session, account, 400_000)

    read_payment_list(session, bring(night, line, [HEADINGS, *rows]))
    match_lines(session, night(TONIGHT))

    (row,) = queries.report(session, shop.id)
    assert row.reason == reason
    assert row.outcome is not Outcome.MATCHED


def test_a_list_pays_one_transfer(
    session: Session, account: BankAccount, cases: list[Case], night: Nights
) -> None:
    first, second = paid(session, account, 100_000), paid(session, account, 100_000)
    rows = [(*HEADINGS, "结算单号"), (1, PLATES[0], "", 1000, "JS2026110901")]
    read_payment_list(session, bring(night, first, rows))

    with pytest.raises(Refusal, match=f"was brought for bank line {first.id}"):
        read_payment_list(session, bring(night, second, rows))

    assert session.scalars(select(PaymentList.number)).all() == ["JS2026110901"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("车牌", "备注"), ("苏E11111", "x")], "no row with 车牌 or 报案号 and 金额"),
        ([("车牌", "金额"), ("苏E11111", "壹仟")], 'row 2: the amount "壹仟" can\'t be read'),
        ([("车牌", "金额"), ("", 100)], "row 2: neither 车牌 nor 报案号"),
        ([("车牌", "金额"), ("苏E11111", -100)], "row 2: -100.00 is no payment"),
        (
            [("车牌", "金额"), ("苏E11111", 100), ("合计", 101)],
            "the total says 101.00, its rows come to 100.00",
        ),
        ([("车牌", "金额")], "there is no row below the headings in row 1"),
    ],
)
def test_a_list_that_contradicts_itself_or_cannot_be_read_is_refused(rows: Rows, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        read_list("清单.xlsx", {"Sheet1": rows})


def test_headings_are_found_further_down_and_by_other_words() -> None:
    rows = [
        ("某保险公司",), (None,), ("付款批次号", "标的车牌照", "立案号", "税额", "实赔金额"),
        ("P-2026-0001", "苏e·11111", 4.0, 6, 100), (None, None, None, None, None), ("小计", None, None, None, 100),
    ]  # fmt: skip

    read = read_list("x.xlsx", {"说明": [("无",)], "明细": rows})

    (row,) = read.rows
    assert (row.plate_no, row.report_no, row.amount, row.row, read.number) == (
        "苏E11111",
        "4",
        10_000,
        4,
        "P-2026-0001",
    )
