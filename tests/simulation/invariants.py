"""What must be so after every night, looked up in the rows and held against what really happened."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case
from models.chase import ChaseState
from models.entry import Entry, balances
from models.notice import Notice
from models.run import Run, Seat
from models.words import Account, EntryKind, NoticeState, RunState, Stage
from scheduler.due import NIGHT, left_behind, newest_night, nights_from
from scheduler.timetable import STEPS
from tasks.ledgers import issued
from tasks.proof import whole
from tests.simulation.house import House
from tests.simulation.shop_days import ShopDays
from worker import db
from worker.settings import settings

Broken = Iterator[str]

CAME_IN = (
    EntryKind.DEPOSIT, EntryKind.SELF_PAY, EntryKind.TOP_UP, EntryKind.PAYOUT, EntryKind.PAYOUT_THIRD_PARTY,
    EntryKind.OVER_RECEIPT_HOLD, EntryKind.REASSIGNED_IN, EntryKind.REASSIGNED_IN_THIRD_PARTY,
    EntryKind.REFUND_TRANSFER_IN,
)  # fmt: skip


@dataclass
class Watch:
    """Checks a house after each night; remembers what may never change."""

    house: House
    shops: Sequence[ShopDays]
    checked: int = 0
    broken: list[str] = field(default_factory=list)
    _kept: dict[str, tuple[int, str]] = field(default_factory=dict)

    def after_night(self) -> None:
        """Check everything; what is broken is said with its night."""
        with db.reading() as session:
            self.look(session)

    def look(self, session: Session) -> None:
        for check in (self.notices_once, self.nights_whole, self.nothing_runs, self.nothing_rewritten):
            self._check(check(session))
        for days in self.shops:
            for of_shop in OF_A_SHOP:
                self._check(of_shop(session, days))

    def _check(self, found: Broken) -> None:
        self.checked += 1
        night = newest_night(self.house.now)
        self.broken += [f"night of {night}: {each}" for each in found]

    # ------------------------------------------------------------------ the whole house

    def notices_once(self, session: Session) -> Broken:
        """No occasion reached an address twice, nor two addresses; nothing that was sent waits again."""
        told: dict[str, str] = {}
        for (occasion, address), times in self.house.post.delivered.items():
            if times > 1:
                yield f"{occasion} was delivered {times} times"
            if told.setdefault(occasion, address) != address:
                yield f"{occasion} was delivered to two addresses"
        waiting = select(Notice.occasion, Notice.state).where(
            Notice.state.in_((NoticeState.WAITING, NoticeState.SENDING))
        )
        for row in session.execute(waiting):
            if row.occasion in told:
                yield f"{row.occasion} was delivered and is {row.state}"

    def nights_whole(self, session: Session) -> Broken:
        """Every night up to now is there, with every step once, and nobody gave one up."""
        for left in left_behind(session, self.house.now):
            yield f"{left.shop}: the night of {left.date} was left behind: {left.error}"
        last = newest_night(self.house.now)
        counted = {
            (row.scope, row.business_date): row.steps
            for row in session.execute(
                select(Seat.scope, Seat.business_date, func.count().label("steps"))
                .where(Seat.business_date > last - timedelta(days=10))
                .group_by(Seat.scope, Seat.business_date)
            )
        }
        begun = nights_from(session, [days.shop.code for days in self.shops])
        for days in self.shops:
            first = max(begun.get(days.shop.code, last), last - timedelta(days=9))
            for n in range((last - first).days + 1):
                day = first + timedelta(days=n)
                if counted.get((days.shop.code, day)) != len(STEPS) + 1:
                    yield f"{days.shop.code}: {day} has {counted.get((days.shop.code, day), 0)} seats"

    def nothing_runs(self, session: Session) -> Broken:
        """In the calm after a night nobody holds anything, and what has a seat says that it is done."""
        going = Run.state.in_((RunState.RUNNING, RunState.PENDING))
        for row in session.scalars(select(Run).where(going)):
            yield f"run {row.id} ({row.job} {row.business_date} {row.scope}) is {row.state}"
        seated = (Seat.job == Run.job) & (Seat.business_date == Run.business_date) & (Seat.scope == Run.scope)
        failed = select(Run.id, Run.job, Run.error).join(Seat, seated).where(Run.state == RunState.FAILED)
        for each in session.execute(failed):
            yield f"run {each.id} ({each.job}) has its seat and says that it failed: {each.error}"
        gone = select(Run.id, Run.error).where(Run.job == NIGHT, Run.state == RunState.FAILED)
        for night in session.execute(gone):
            yield f"night {night.id} failed for good: {night.error}"

    def nothing_rewritten(self, session: Session) -> Broken:
        """Entries and events are as they were, and only more."""
        for name, query in (
            ("entry", "SELECT id, kind, amount, debit, credit, occasion FROM entry ORDER BY id"),
            ("event", "SELECT id, kind, case_id, inputs, recorded_at FROM event ORDER BY id"),
        ):
            digest = hashlib.sha256()
            upto, before = self._kept.get(name, (0, digest.hexdigest()))
            last, seen = 0, False
            # As the database holds them: these are all rows there ever were, after every night.
            for row in session.connection().exec_driver_sql(query):
                if not seen and row[0] > upto:
                    seen = True
                    if digest.hexdigest() != before:
                        yield f"{name}: rows up to {upto} are others than they were"
                digest.update(repr(tuple(row)).encode())
                last = row[0]
            if not seen and digest.hexdigest() != before:
                yield f"{name}: rows up to {upto} are others than they were"
            self._kept[name] = last, digest.hexdigest()


# ------------------------------------------------------------------ one shop


def money_adds_up(session: Session, days: ShopDays) -> Broken:
    """All entries against every total that was made without them (tasks/proof)."""
    for subject, why in whole.prove(session, days.shop.id).off.items():
        yield f"{days.shop.code}: {subject}: {'; '.join(why)}"


def deposits_lie_there(session: Session, days: ShopDays) -> Broken:
    """What customers gave is what the books owe for, repair by repair; every repair sums to zero."""
    orders = session.scalars(select(Case.work_order_id).where(Case.shop_id == days.shop.id)).all()
    for order, lies in balances(session, orders).items():
        given = days.book.deposits.get(order, 0)
        if lies[Account.DEPOSIT_HELD] != given:
            yield f"{days.shop.code}: repair {order}: {given} given, {lies[Account.DEPOSIT_HELD]} in the books"
        if sum(lies.values()):
            yield f"{days.shop.code}: repair {order} is off by {sum(lies.values())}"
        for account in (Account.REFUND_RESERVED, Account.OVER_RECEIPT_HELD, Account.THIRD_PARTY_OWED):
            if lies[account] < 0:
                yield f"{days.shop.code}: repair {order}: {lies[account]} lie on {account}"


def refunds_covered(session: Session, days: ShopDays) -> Broken:
    """No customer got back more than ever came for his repair."""
    rows = session.execute(
        select(Entry.work_order_id, Entry.kind, func.sum(Entry.amount).label("amount"))
        .where(Entry.shop_id == days.shop.id)
        .group_by(Entry.work_order_id, Entry.kind)
    ).all()
    came, went = dict[int, int](), dict[int, int]()
    for row in rows:
        sign = {EntryKind.REFUND_PAID: 1, EntryKind.REFUND_OFFSET: 1, EntryKind.REFUND_BOUNCED: -1}
        if row.kind in CAME_IN:
            came[row.work_order_id] = came.get(row.work_order_id, 0) + int(row.amount)
        if row.kind in sign:
            went[row.work_order_id] = went.get(row.work_order_id, 0) + sign[row.kind] * int(row.amount)
    for order, amount in went.items():
        if amount > came.get(order, 0):
            yield f"{days.shop.code}: repair {order}: {amount} went back of {came.get(order, 0)}"


def cases_stand(session: Session, days: ShopDays) -> Broken:
    """Every open case is at a step or says why not."""
    rows = session.execute(
        select(Case.claim_no, ChaseState.step, ChaseState.reason)
        .outerjoin(ChaseState, ChaseState.case_id == Case.id)
        .where(Case.shop_id == days.shop.id, Case.stage != Stage.CLOSED)
    )
    for row in rows:
        if row.step is None and not row.reason:
            yield f"{days.shop.code}: {row.claim_no} has neither a step nor a reason"


def snapshots_stand(session: Session, days: ShopDays) -> Broken:
    """Every closed month is as it was issued, in the chain and on disk."""
    for fault in issued.faults(session, days.shop.id, settings().home):
        yield f"{days.shop.code}: {fault.number}: {fault.sentence}"


OF_A_SHOP: tuple[Callable[[Session, ShopDays], Broken], ...] = (
    money_adds_up, deposits_lie_there, refunds_covered, cases_stand, snapshots_stand,
)  # fmt: skip
