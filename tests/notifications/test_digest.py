"""The morning digest: one per reader and night, with what really happened."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.chase import ChaseLetter
from models.entry import Movement, post
from models.errand import NewErrand, give
from models.notice import Notice
from models.run import SetAside
from models.shop import Setting, Shop
from models.words import ContactKind, EntryKind, ErrandKind, FileKind, FileState, NoticeState, Outcome, Role
from notifications import job
from notifications.digest import digest
from tests import factories
from worker import db
from worker.job import Night

TONIGHT = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def night_of(shop: Shop) -> Night:
    return Night(date=TONIGHT, shop_id=shop.id, shop_code=shop.code, by="system", at=AT)


def told(session: Session) -> list[tuple[str, NoticeState]]:
    rows = session.scalars(select(Notice).order_by(Notice.recipient))
    return [(row.recipient, row.state) for row in rows]


def test_every_active_manager_and_admin_is_told_once_a_night(session: Session, shop: Shop) -> None:
    factories.add_staff(session, "王敏", Role.MANAGER)
    factories.add_staff(session, "赵凯", Role.ADMIN)
    factories.add_staff(session, "孙颖", Role.HANDLER)
    factories.add_staff(session, "钱会", Role.MANAGER, active=False)
    factories.add_contact(session, shop, ContactKind.STAFF, "王敏")

    first = job.tell_staff(session, night_of(shop))
    again = job.tell_staff(session, night_of(shop))

    assert (first, again) == (2, 0)
    assert told(session) == [("王敏", NoticeState.WAITING), ("赵凯", NoticeState.HELD)]


def test_a_shop_may_name_its_reader(session: Session, shop: Shop) -> None:
    factories.add_staff(session, "王敏", Role.MANAGER)
    session.add(
        Setting(
            scope="shop",
            scope_id=shop.id,
            key="digest_to",
            value="周会计",
            valid_from=date(2026, 1, 1),
            set_by="王敏",
            set_at=AT,
        )
    )
    session.flush()

    job.tell_staff(session, night_of(shop))

    assert [name for name, _ in told(session)] == ["周会计"]


def test_without_staff_nobody_is_told(session: Session, shop: Shop) -> None:
    assert job.tell_staff(session, night_of(shop)) == 0


def test_the_digest_counts_this_nights_files_and_lines_and_what_waits(session: Session, shop: Shop) -> None:
    account = factories.add_account(session, shop)
    factories.add_bank_line(session, account, 100_000, outcome=Outcome.PROPOSED)
    factories.add_bank_line(session, account, 50_000, outcome=Outcome.UNMATCHED)
    factories.add_file(session, shop, state=FileState.READ, read_on=date(2026, 11, 19), kind=FileKind.LEDGER)
    factories.add_file(session, shop, state=FileState.REFUSED, name="坏文件.xlsx", brought_by="孙颖")
    factories.add_refund(session, factories.add_work_order(session, shop), 440_000)
    factories.add_refund(session, factories.add_work_order(session, shop), 60_050)
    session.add(
        SetAside(
            shop_id=shop.id,
            step="compute_refunds",
            subject="work_order:7",
            error="ZeroDivisionError: x",
            first_on=TONIGHT,
            look_again_on=TONIGHT,
        )
    )
    session.flush()

    found = digest(session, shop.id, TONIGHT)

    assert [(each.what, each.amount) for each in found.came_in] == [
        ("银行流水", "2 份"),
        ("银行流水明细", "2 笔"),
    ]
    assert [(each.what, each.whose) for each in found.failed] == [
        ("work_order:7 未能处理：ZeroDivisionError: x", "管理员"),
        ("文件未能读取：坏文件.xlsx", "孙颖"),
    ]
    assert [(each.what, each.amount, each.command) for each in found.waiting] == [
        ("退款待审批", "2 笔 5,000.50 元", "huikuan refund list"),
        ("流水待确认", "1 笔", "huikuan reconcile report"),
        ("流水未对上", "1 笔", "huikuan reconcile report"),
    ]


def test_another_shops_night_is_not_in_the_digest(session: Session, shop: Shop) -> None:
    other = factories.add_shop(session)
    factories.add_bank_line(session, factories.add_account(session, other), 100, outcome=Outcome.UNMATCHED)
    factories.add_refund(session, factories.add_work_order(session, other), 440_000)

    found = digest(session, shop.id, TONIGHT)

    assert (found.came_in, found.money, found.decided, found.failed, found.waiting) == ((), (), (), (), ())


def test_the_digest_says_what_money_came_and_went(session: Session, shop: Shop) -> None:
    night, order = night_of(shop), factories.add_work_order(session, shop)
    moved = {
        EntryKind.BILL: 1_240_000, EntryKind.DEPOSIT: 500_000, EntryKind.PAYOUT: 1_180_000,
        EntryKind.OVER_RECEIPT_HOLD: 30_000, EntryKind.REFUND_RESERVED: 440_000, EntryKind.REFUND_PAID: 440_000,
    }  # fmt: skip
    post(
        session, [Movement(order.id, kind, fen, TONIGHT, kind) for kind, fen in moved.items()], **night.trail
    )
    yesterday = night.trail | {"business_date": date(2026, 11, 19)}
    post(session, [Movement(order.id, EntryKind.SELF_PAY, 100, None, "yesterday")], **yesterday)

    found = digest(session, shop.id, TONIGHT)

    assert [(each.what, each.amount) for each in found.money] == [
        ("收入：保险赔款", "2 笔 12,100.00 元"), ("收入：客户交款", "1 笔 5,000.00 元"),
        ("支出：退给客户", "1 笔 4,400.00 元"),
    ]  # fmt: skip


def test_the_digest_names_letters_differences_and_errands_by_owner(session: Session, shop: Shop) -> None:
    insurer = factories.add_insurer(session)
    session.add(
        ChaseLetter(
            shop_id=shop.id, letter_no="CK-2026-0001", occasion="x", insurer_id=insurer.id, level=3,
            written_on=TONIGHT, pay_by=date(2026, 11, 27), case_count=2, amount=1_630_000,
        )
    )  # fmt: skip
    for owner in ("孙颖", Role.MANAGER):
        errand = NewErrand(
            shop_id=shop.id, case_id=None, kind=ErrandKind.REPLY, occasion=owner, owner=owner, what="x",
            command="x", amount=None, opened_on=TONIGHT, pass_on=None,
        )  # fmt: skip
        give(session, [errand])
    session.flush()

    found = digest(session, shop.id, TONIGHT)

    assert [(each.what, each.amount) for each in found.decided] == [("寄出催款函", "1 封 16,300.00 元")]
    assert [(each.whose, each.amount, each.command) for each in found.waiting] == [
        ("经理", "1 项", "huikuan todo list --for manager"), ("孙颖", "1 项", "huikuan todo list --for 孙颖"),
    ]  # fmt: skip


def test_a_night_of_a_thousand_failures_is_still_read(session: Session, shop: Shop) -> None:
    session.add_all(
        SetAside(
            shop_id=shop.id, step="compute_refunds", subject=f"work_order:{number}", error="x",
            first_on=TONIGHT, look_again_on=TONIGHT,
        )
        for number in range(25)
    )  # fmt: skip
    session.flush()

    found = digest(session, shop.id, TONIGHT)

    assert len(found.failed) == 21
    assert (found.failed[-1].what, found.failed[-1].amount) == ("其余同类", "5 项")


@pytest.fixture
def _group(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HUIKUAN_WECOM_URL", "http://127.0.0.1:1/?key=k")
    db.forget()
    yield
    monkeypatch.undo()
    db.forget()


@pytest.mark.usefixtures("_group")
def test_a_group_that_several_share_is_told_once(session: Session, shop: Shop) -> None:
    for name in ("王敏", "赵凯", "钱多"):
        factories.add_staff(session, name, Role.MANAGER)
    factories.add_contact(session, shop, ContactKind.STAFF, "赵凯")

    assert job.tell_staff(session, night_of(shop)) == 2

    rows = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(row.recipient, row.channel) for row in rows] == [("王敏", "wecom"), ("赵凯", "file")]
