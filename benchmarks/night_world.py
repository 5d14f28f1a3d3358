"""A house for the benchmarks of a whole night: shops, cases that are long over, and cases that are due.

What is stored is what the program itself leaves behind: some repairs live their whole lives by its own jobs,
up to the closed case, and their rows are then multiplied (`night_copies`).
"""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from console import by_hand
from console.who import Person
from models import reference
from models.bank import BankAccount
from models.case import Case
from models.entry import Movement, post
from models.refund import Refund
from models.run import Run
from models.shop import Setting, Shop
from models.words import ContactKind, Cover, EntryKind, Liability, LineKind, RefundState, Role, RunState
from models.work_order import WorkOrder
from scheduler import nightly
from tests import factories
from worker import db

LIVED = date(2026, 7, 6)
"""The day on which the repairs that are copied are paid."""

NIGHT = date(2026, 11, 21)
PATTERNS = 10
BRANCH = "中国人民财产保险股份有限公司连云港市分公司"
_AT = datetime(2026, 7, 1, tzinfo=UTC)
BILL, DEPOSIT = 500_000, 200_000


def open_shops(number: int) -> None:
    """Open so many shops, each with an account and people to write to."""
    with db.transaction() as session:
        reference.load(session)
        factories.add_staff(session, "王敏", Role.MANAGER)
        factories.add_insurer(session, BRANCH)
        everybody = {"scope": "all", "scope_id": 0, "valid_from": LIVED, "set_by": "王敏", "set_at": _AT}
        session.add(Setting(key="customer_notices_per_day", value="0", **everybody))  # nobody waits
        for each in range(1, number + 1):
            shop = factories.add_shop(session, code=f"S{each:04}", nights_from=NIGHT)
            factories.add_account(session, shop)
            factories.add_contact(session, shop, ContactKind.STAFF, "王敏")
            factories.add_contact(session, shop, ContactKind.INSURER, BRANCH)


def run_night(code: str, day: date) -> None:
    """The whole night of a shop, as workers do it: a long one lets go between its steps and is taken up."""
    with db.transaction() as session:
        run_id, _ = nightly.request_night(session, day, code, by="system", why="schedule")
    state = RunState.PENDING
    while state is RunState.PENDING:
        nightly.run_night(run_id)
        with db.reading() as session:
            state = session.get_one(Run, run_id).state


def live_whole_lives() -> None:
    """Let some repairs of the first shop live from the bill to the closed case."""
    with db.transaction() as session:
        for _ in range(PATTERNS):
            paid_repair(session, session.get_one(Shop, 1), LIVED)
    code = "S0001"
    run_night(code, LIVED)
    with db.reading() as session:
        refunds = session.scalars(select(Refund.id).where(Refund.state == RefundState.WAITING)).all()
        cases = session.scalars(select(Case.id).order_by(Case.id)).all()
    after = LIVED + timedelta(days=1)
    reviewer, cashier = Person("李审核", Role.MANAGER), Person("钱会", Role.CASHIER)
    for ident in refunds:
        by_hand.do("approve_refund", code, after, f"approve:{ident}", reviewer, refund_id=ident)
        by_hand.do("pay_refund", code, after, f"pay:{ident}", cashier, refund_id=ident, on=str(after))
    with db.transaction() as session:  # what people write down at the counter
        session.execute(update(Refund).values(signed_by="王小明", signed_on=after))
    run_night(code, after)
    for ident in cases:
        by_hand.do("close_case", code, after, f"close:{ident}", reviewer, case_id=ident)
    run_night(code, after + timedelta(days=1))


def add_due(number: int) -> None:
    """So many repairs that the insurer pays on the night's date, and as many that wait for it too long."""
    with db.transaction() as session:
        shops = session.scalars(select(Shop).order_by(Shop.id)).all()
        for each in range(number):
            shop = shops[each % len(shops)]
            paid_repair(session, shop, NIGHT)
            claim(session, shop, NIGHT, accepted=NIGHT - timedelta(days=35))


def claim(session: Session, shop: Shop, day: date, accepted: date) -> Case:
    """A repair that was handed over, with its claim in the insurer's hands."""
    order = factories.add_work_order(
        session, shop, vehicle_release_date=accepted - timedelta(days=3), settle_on=day,
        repair_gross_amount=BILL, repair_net_amount=BILL, customer_payable_amount=0,
    )  # fmt: skip
    case = factories.add_case(
        session, order, insurer_id=factories.add_insurer(session, BRANCH).id,
        dispatch_date=accepted - timedelta(days=10), authorised_on=accepted - timedelta(days=10),
        file_handover_date=accepted - timedelta(days=1), insurer_accepted_date=accepted,
        insurance_receptionist="张接车", stage1_reviewer="李审核", file_receiver="赵收",
        stage1_review_date=accepted - timedelta(days=2), invoice_date=accepted - timedelta(days=2),
        invoice_amount=BILL, accident_liability=Liability.FULL,
    )  # fmt: skip
    factories.add_contact(session, shop, ContactKind.CUSTOMER, "王小明", plate_no=case.plate_no)
    factories.add_expected_line(session, case, BILL, cover=Cover.OWN_DAMAGE, kind=LineKind.OWN_REPAIR)
    _book(session, shop, order, EntryKind.BILL, BILL, f"bill:{order.work_order_no}", day)
    return case


def paid_repair(session: Session, shop: Shop, day: date) -> None:
    """The customer left a deposit, and the insurer pays all on a day: the deposit is to go back."""
    came = day - timedelta(days=10)
    case = claim(session, shop, day, accepted=came)
    order = session.get_one(WorkOrder, case.work_order_id)
    order.deposit_receipt_back_on = day
    origin = f"by_hand:{case.claim_no}"
    factories.add_customer_line(session, order, DEPOSIT, received_on=came, origin=origin)
    _book(session, shop, order, EntryKind.DEPOSIT, DEPOSIT, f"{origin}:{EntryKind.DEPOSIT}", day)
    account = session.scalars(select(BankAccount).where(BankAccount.shop_id == shop.id)).one()
    memo = f"赔款{case.plate_no} {case.report_no}"
    factories.add_bank_line(session, account, BILL, booked_on=day, memo=memo, search_text=memo)


def _book(
    session: Session, shop: Shop, order: WorkOrder, kind: EntryKind, amount: int, occasion: str, day: date
) -> None:
    movement = Movement(order.id, kind, amount, day, occasion)
    post(session, [movement], shop_id=shop.id, business_date=day, by="王敏", at=_AT)
