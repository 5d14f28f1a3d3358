"""What the shops of the fault tests live: every day repairs are paid by the bank, and old claims are chased.

Told the same to every database that hears it: the numbers depend on the day alone.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import reference
from models.bank import BankAccount
from models.case import Case
from models.entry import Movement, post
from models.shop import Shop
from models.words import ContactKind, Cover, EntryKind, LineKind, Role
from models.work_order import WorkOrder
from tests import factories

FIRST = date(2026, 3, 2)
"""A Monday; the story goes on from here, a day for each fault."""

SHOPS = ("AN", "BEI")
_BRANCH = "中国人民财产保险股份有限公司连云港市分公司"
_AT = datetime(2026, 3, 1, tzinfo=UTC)
BILL, DEPOSIT = 500_000, 200_000


def tell(session: Session, day: date) -> None:
    """What happened on a day; on the first one the shops open."""
    factories._numbers = count(1000 * ((day - FIRST).days + 1))
    if day == FIRST:
        _open(session)
    for shop in session.scalars(select(Shop).order_by(Shop.code)).all():
        _paid_repair(session, shop, day)
        _claim(session, shop, day, accepted=day - timedelta(days=35))
    session.flush()


def _open(session: Session) -> None:
    reference.load(session)
    factories.add_staff(session, "王敏", Role.MANAGER)
    factories.add_insurer(session, _BRANCH)
    for code in SHOPS:
        shop = factories.add_shop(session, code=code, nights_from=FIRST)
        factories.add_account(session, shop)
        factories.add_contact(session, shop, ContactKind.STAFF, "王敏")
        factories.add_contact(session, shop, ContactKind.INSURER, _BRANCH)


def _claim(session: Session, shop: Shop, day: date, accepted: date) -> Case:
    order = factories.add_work_order(
        session, shop, vehicle_release_date=accepted - timedelta(days=3), settle_on=day,
        repair_gross_amount=BILL, repair_net_amount=BILL,
    )  # fmt: skip
    case = factories.add_case(
        session, order, insurer_id=factories.add_insurer(session, _BRANCH).id,
        dispatch_date=accepted - timedelta(days=10), authorised_on=accepted - timedelta(days=10),
        file_handover_date=accepted - timedelta(days=1), insurer_accepted_date=accepted,
    )  # fmt: skip
    factories.add_contact(session, shop, ContactKind.CUSTOMER, "王小明", plate_no=case.plate_no)
    factories.add_expected_line(session, case, BILL, cover=Cover.OWN_DAMAGE, kind=LineKind.OWN_REPAIR)
    _book(session, shop, order, EntryKind.BILL, BILL, f"bill:{order.work_order_no}")
    return case


def _paid_repair(session: Session, shop: Shop, day: date) -> None:
    """The customer left a deposit, and today the insurer pays all: the deposit is to go back."""
    came = day - timedelta(days=10)
    case = _claim(session, shop, day, accepted=came)
    order = session.get_one(WorkOrder, case.work_order_id)
    origin = f"by_hand:{case.claim_no}"
    factories.add_customer_line(session, order, DEPOSIT, received_on=came, origin=origin)
    _book(session, shop, order, EntryKind.DEPOSIT, DEPOSIT, f"{origin}:{EntryKind.DEPOSIT}")
    account = session.scalars(select(BankAccount).where(BankAccount.shop_id == shop.id)).one()
    memo = f"赔款{case.plate_no} {case.report_no}"
    factories.add_bank_line(session, account, BILL, booked_on=day, memo=memo, search_text=memo)


def _book(
    session: Session, shop: Shop, order: WorkOrder, kind: EntryKind, amount: int, occasion: str
) -> None:
    movement = Movement(order.id, kind, amount, FIRST, occasion)
    post(session, [movement], shop_id=shop.id, business_date=FIRST, by="王敏", at=_AT)
