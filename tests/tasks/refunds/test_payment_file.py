"""Approved refunds leave as one file, each in one file only; who may make it; what is left out."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.event import Event
from models.notice import Notice
from models.payment import PayeeAccount, PaymentFile, PaymentItem
from models.refund import Refund
from models.secrecy import encrypt
from models.shop import Shop
from models.values import Refusal
from models.words import RefundState
from tasks.refunds.job import make_payment_file, record_payee, split_refund
from tests import factories
from tests.tasks.refunds.repairs import (
    ACCOUNT,
    BANK,
    approve,
    approved,
    by,
    give_account,
    in_file,
    newest,
    waiting,
)
from worker.job import Night
from worker.settings import settings

NightOf = Callable[..., Night]


@pytest.fixture
def tonight(night: NightOf) -> Night:
    return night(date(2026, 11, 21))


def cashier(night: Night, **parameters: object) -> Night:
    return by(night, "钱出纳", "cashier", **parameters)


def files(session: Session) -> list[PaymentFile]:
    return list(session.scalars(select(PaymentFile).order_by(PaymentFile.id)))


def test_the_approved_refunds_leave_as_one_file(session: Session, shop: Shop, tonight: Night) -> None:
    refunds = [approved(session, tonight, shop), approved(session, tonight, shop, deposit=500_001)]
    mine = cashier(tonight)

    gone = make_payment_file(session, mine)

    file = files(session)[0]
    path = settings().home / file.path
    assert gone == 2
    assert (file.number, file.count, file.total, file.made_by) == ("FK-2026-0001", 2, 880_001, "钱出纳")
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.stat().st_mode & 0o777 == 0o600
    assert mine.notes["left_out"] == []
    assert [newest(session, refund.work_order_id).state for refund in refunds] == [RefundState.IN_FILE] * 2
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert [(row[1], row[2], row[3], row[4]) for row in rows[1:3]] == [
        ("王小明", ACCOUNT, BANK, 4400), ("王小明", ACCOUNT, BANK, 4400.01),
    ]  # fmt: skip


def test_asked_twice_it_names_the_file_there_is(session: Session, shop: Shop, tonight: Night) -> None:
    approved(session, tonight, shop)
    make_payment_file(session, cashier(tonight))

    with pytest.raises(
        Refusal, match="newest is FK-2026-0001 of 2026-11-21 with 1 refunds .LP.* and 4400.00 yuan"
    ):
        make_payment_file(session, cashier(tonight))

    assert len(files(session)) == 1


def test_what_was_approved_since_goes_into_a_second_file(
    session: Session, shop: Shop, tonight: Night
) -> None:
    approved(session, tonight, shop)
    make_payment_file(session, cashier(tonight))
    later = approved(session, tonight, shop)

    make_payment_file(session, cashier(tonight))

    assert [(file.number, file.count) for file in files(session)] == [
        ("FK-2026-0001", 1),
        ("FK-2026-0002", 1),
    ]
    newer = session.scalars(select(PaymentItem).where(PaymentItem.refund_id == later.id)).one()
    assert newer.payment_file_id == files(session)[1].id


def test_the_database_keeps_a_refund_out_of_a_second_file(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = in_file(session, tonight, shop)
    session.execute(update(Refund).where(Refund.id == refund.id).values(state=RefundState.APPROVED))
    session.commit()

    with pytest.raises(IntegrityError):
        make_payment_file(session, cashier(tonight))


def test_without_an_account_a_refund_is_left_out_and_named(
    session: Session, shop: Shop, tonight: Night
) -> None:
    approved(session, tonight, shop)
    without = approved(session, tonight, shop, account=False, name="李四")
    mine = cashier(tonight)

    make_payment_file(session, mine)

    out = mine.notes["left_out"][0]
    assert f"refund {without.id} of 4400.00 yuan" in out["sentence"]
    assert "no account of 李四 is known" in out["sentence"]
    assert out["command"] == f"huikuan refund payee {without.id} --account NUMBER --bank NAME"
    assert newest(session, without.work_order_id).state is RefundState.APPROVED


def test_only_the_money_of_a_split_refund_leaves(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop)
    other = factories.add_work_order(session, shop)
    factories.add_case(session, other)
    asked = {"other_order": other.work_order_no, "other_amount": 40_000}
    split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, **asked))
    approve(session, tonight, refund)
    give_account(session, tonight, refund)

    make_payment_file(session, cashier(tonight))

    assert (files(session)[0].total, session.scalars(select(PaymentItem.amount)).one()) == (400_000, 400_000)


def test_a_bank_layout_names_the_account_that_pays(session: Session, shop: Shop, tonight: Night) -> None:
    account = factories.add_account(session, shop, number="32001234567890123456")
    approved(session, tonight, shop)

    make_payment_file(session, cashier(tonight, layout="icbc"))

    file = files(session)[0]
    row = list(openpyxl.load_workbook(settings().home / file.path).worksheets[0].iter_rows(values_only=True))[
        1
    ]
    assert (file.account_id, file.path) == (account.id, f"payments/{shop.code}/FK-2026-0001_icbc.xlsx")
    assert (row[5], row[6], row[13]) == ("32001234567890123456", shop.name, "4400.00")


def test_a_dry_run_leaves_no_file(session: Session, shop: Shop, tonight: Night) -> None:
    approved(session, tonight, shop)
    mine = cashier(tonight)
    mine.dry_run = True

    make_payment_file(session, mine)

    assert not (settings().home / files(session)[0].path).exists()


def test_a_full_disk_changes_nothing(
    session: Session, shop: Shop, tonight: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund = approved(session, tonight, shop)
    session.commit()
    blocked = tmp_path / "home"
    blocked.mkdir()
    (blocked / "payments").write_text("a file where the folder should be")
    monkeypatch.setenv("HUIKUAN_HOME", str(blocked))
    settings.cache_clear()

    with pytest.raises(OSError, match="payments"):
        make_payment_file(session, cashier(tonight))
    session.rollback()
    settings.cache_clear()

    assert files(session) == []
    assert newest(session, refund.work_order_id).state is RefundState.APPROVED


REFUSED = [
    ("李审核", "reviewer", {}, "is reviewer; a payment file is made by a cashier, manager or admin"),
    ("孙会计", "accountant", {}, "is accountant; a payment file is made by"),
    ("李审核", "manager", {}, "李审核 approved it, and who approves does not pay; ask the cashier"),
    ("赵接待", "manager", {}, "赵接待 recorded the account; somebody else makes the file"),
    (
        "钱出纳",
        "cashier",
        {"layout": "boc"},
        "There is no payment layout boc, only generic, generic-csv, icbc, ccb",
    ),
    ("钱出纳", "cashier", {"layout": "ccb"}, "this shop has none. Register it: huikuan account add NUMBER"),
    ("钱出纳", "cashier", {"account": "62"}, "The account 62 is none of this shop"),
]


@pytest.mark.parametrize(("person", "role", "asked", "sentence"), REFUSED, ids=str)
def test_a_file_that_must_not_be_is_refused(
    session: Session, shop: Shop, tonight: Night, person: str, role: str, asked: dict[str, str], sentence: str
) -> None:
    refund = approved(session, tonight, shop)

    with pytest.raises(Refusal, match=sentence):
        make_payment_file(session, by(tonight, person, role, **asked))

    assert files(session) == []
    assert newest(session, refund.work_order_id).state is RefundState.APPROVED


def test_with_nothing_approved_there_is_no_file(session: Session, shop: Shop, tonight: Night) -> None:
    waiting(session, tonight, shop)

    with pytest.raises(
        Refusal, match="No refund of .* is approved. See: huikuan refund list --state waiting"
    ):
        make_payment_file(session, cashier(tonight))


def test_with_several_accounts_one_must_be_named(session: Session, shop: Shop, tonight: Night) -> None:
    factories.add_account(session, shop, number="32001234567890123456")
    factories.add_account(session, shop, number="32009999999999999999")
    factories.add_account(session, shop, number="32008888888888888888", provisional=True)
    approved(session, tonight, shop)

    with pytest.raises(
        Refusal, match="several accounts: 32001234567890123456, 32009999999999999999. Say which"
    ):
        make_payment_file(session, cashier(tonight, layout="icbc"))

    assert make_payment_file(session, cashier(tonight, layout="icbc", account="32009999999999999999")) == 1


def test_the_operator_alone_does_everything(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop)
    given = {"account": encrypt(ACCOUNT), "bank": BANK}
    record_payee(session, by(tonight, "operator", "operator", refund_id=refund.id, **given))
    approve(session, tonight, refund)

    assert make_payment_file(session, by(tonight, "operator", "operator")) == 1


# ------------------------------------------------------------------ accounts of payees


def test_an_account_is_kept_encrypted_and_shown_masked(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop)

    give_account(session, tonight, refund, " 6222 0211 0700 1234 567 ")

    raw = session.connection().exec_driver_sql("SELECT number FROM payee_account").scalar_one()
    event = session.scalars(select(Event).where(Event.kind == "payee_account")).one()
    assert session.scalars(select(PayeeAccount)).one().number == ACCOUNT
    assert ACCOUNT not in str(raw)
    assert isinstance(event.inputs, dict)
    assert (event.inputs["account"], event.inputs["before"]) == ("****4567", None)


def test_a_second_account_takes_the_place_of_the_first(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop)
    give_account(session, tonight, refund)

    give_account(session, tonight, refund, "6217001234567890123")

    event = session.scalars(
        select(Event).where(Event.kind == "payee_account").order_by(Event.id.desc())
    ).first()
    assert event is not None
    assert isinstance(event.inputs, dict)
    assert event.inputs["before"] == "****4567"
    assert session.scalar(select(func.count()).select_from(PayeeAccount)) == 1


def test_a_customer_with_an_account_is_told_where_it_goes(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = waiting(session, tonight, shop)
    give_account(session, tonight, refund)

    approve(session, tonight, refund)

    notice = session.scalars(select(Notice).where(Notice.occasion == f"refund_ready:{refund.id}")).one()
    assert isinstance(notice.words, dict)
    assert notice.words["account_tail"] == "****4567"
    assert newest(session, refund.work_order_id).remind_on is None


BAD = [
    ("6.22E+18", BANK, "handler", "is not an account number"),
    ("1234567", BANK, "handler", "8 to 32 digits"),
    ("62220211O7001234567", BANK, "handler", "is not an account number"),
    (ACCOUNT, " ", "handler", "Name the bank and its branch"),
    (ACCOUNT, BANK, "cashier", "is cashier; a payee's account is recorded by a handler"),
]


@pytest.mark.parametrize(("number", "bank", "role", "sentence"), BAD, ids=str)
def test_an_account_that_cannot_be_is_refused(
    session: Session, shop: Shop, tonight: Night, number: str, bank: str, role: str, sentence: str
) -> None:
    refund = waiting(session, tonight, shop)
    given = {"account": encrypt(number), "bank": bank}

    with pytest.raises(Refusal, match=sentence.replace("+", r"\+")):
        record_payee(session, by(tonight, "某人", role, refund_id=refund.id, **given))


def test_an_account_comes_too_late_for_a_refund_in_a_file(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = in_file(session, tonight, shop)

    with pytest.raises(Refusal, match="is in_file in FK-2026-0001; another account comes too late for it"):
        give_account(session, tonight, refund)
