"""The morning digest: one per reader and night, with what really happened."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notice import Notice
from models.run import SetAside
from models.shop import Setting, Shop
from models.words import ContactKind, FileKind, FileState, NoticeState, Outcome, Role
from notifications import job
from notifications.digest import digest
from tests import factories
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

    assert (found.came_in, found.decided, found.failed, found.waiting) == ((), (), (), ())
