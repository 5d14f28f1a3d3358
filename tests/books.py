"""A shop whose books hold every kind of money once, all of it adding up: what a proof has to hold together.

Four repairs: one refunded, one with a match, a third party, an over-receipt and a refund in a payment file, one
with a write-off and money set off from the second, one whose payout was reversed and whose refund bounced.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case, ExpectedLine
from models.difference import Difference
from models.entry import Movement, post, reverse
from models.match import Match, MatchPart
from models.payment import PaymentFile, PaymentItem, RefundPart
from models.shop import Shop
from models.words import (
    CustomerLineKind,
    DifferenceState,
    EntryKind,
    FileKind,
    FileState,
    LineKind,
    MatchKind,
    MatchState,
    Outcome,
    PartKind,
    PayoutState,
    RefundState,
    Resolution,
)
from models.work_order import WorkOrder
from tests import factories
from worker.job import Night

LINE_OF = {
    CustomerLineKind.DEPOSIT: EntryKind.DEPOSIT,
    CustomerLineKind.SELF_PAY: EntryKind.SELF_PAY,
    CustomerLineKind.SUPPLEMENT: EntryKind.TOP_UP,
}
LONG_PAST = date(2026, 3, 2)


@dataclass
class Books:
    """The shop while it is being built; every repair is to be settled by the next night."""

    session: Session
    shop: Shop
    night: Night

    def post(self, order: WorkOrder, kind: EntryKind, amount: int, occasion: str) -> None:
        post(self.session, [Movement(order.id, kind, amount, LONG_PAST, occasion)], **self.night.trail)

    def repair(self, bill: int, **case: object) -> WorkOrder:
        order = factories.add_work_order(
            self.session, self.shop, repair_gross_amount=bill, repair_net_amount=bill,
            settle_on=self.night.date,
        )  # fmt: skip
        factories.add_case(self.session, order, **case)
        self.post(order, EntryKind.BILL, bill, f"bill:{order.id}:file:1")
        return order

    def take(self, order: WorkOrder, kind: CustomerLineKind, amount: int, origin: str) -> None:
        factories.add_customer_line(self.session, order, amount, kind=kind, origin=origin)
        self.post(order, LINE_OF[kind], amount, f"{origin}:{LINE_OF[kind]}")

    def expect(self, order: WorkOrder, amount: int, **facts: object) -> int:
        case = self.session.execute(
            text("SELECT id FROM claim_case WHERE work_order_id = :order"), {"order": order.id}
        ).scalar_one()
        return factories.add_expected_line(self.session, self.session.get_one(Case, case), amount, **facts).id

    def receive(
        self, order: WorkOrder, line: int, amount: int, origin: str, over: int = 0, **facts: object
    ) -> None:
        found = self.session.get_one(ExpectedLine, line)
        factories.add_payout(self.session, found, amount, origin=origin, **facts)
        third = found.kind is LineKind.OTHER_AGENCY
        kind = EntryKind.PAYOUT_THIRD_PARTY if third else EntryKind.PAYOUT
        if amount > over:
            self.post(order, kind, amount - over, f"{origin}:{kind}")
        if over:
            self.post(order, EntryKind.OVER_RECEIPT_HOLD, over, f"{origin}:over_receipt_hold")


def add_books(session: Session, shop: Shop, night: Night) -> Books:
    """Add the shop's four repairs; `compute_refunds` is left to do."""
    books = Books(session, shop, night)
    ledger = factories.add_file(
        session, shop, kind=FileKind.LEDGER, name="ledger.xlsx", state=FileState.READ,
        summary={"taken_fen": {"customer": 500_000, "payouts": 1_180_000}},
    )  # fmt: skip
    _refunded(books, f"file:{ledger.id}:LP2026-0101")
    other = _written_off(books)
    _in_file(books, other)
    _bounced(books)
    session.flush()
    return books


def _refunded(books: Books, origin: str) -> None:
    """Scenario 4: 4,400.00 of 5,000.00 went back."""
    order = books.repair(1_240_000, claim_no="LP2026-0101")
    books.take(order, CustomerLineKind.DEPOSIT, 500_000, origin)
    line = books.expect(order, 1_180_000)
    books.receive(order, line, 1_180_000, f"{origin}:{line}")
    refund = factories.add_refund(books.session, order, 400_000, state=RefundState.PAID, paid_on=LONG_PAST)
    books.post(order, EntryKind.REFUND_RESERVED, 400_000, f"refund_reserved:{refund.id}:1")
    books.post(order, EntryKind.REFUND_PAID, 400_000, f"refund_paid:{refund.id}")


def _written_off(books: Books) -> WorkOrder:
    order = books.repair(100_000, claim_no="LP2026-0103")
    line = books.expect(order, 100_000, resolution=Resolution.ROUNDING)
    books.receive(order, line, 99_997, f"by_hand:{line}")
    found = books.session.get_one(ExpectedLine, line)
    row = Difference(
        shop_id=books.shop.id, case_id=found.case_id, work_order_id=order.id, expected_line_id=line, amount=3,
        state=DifferenceState.RESOLVED, resolution=Resolution.ROUNDING, opened_on=LONG_PAST,
    )  # fmt: skip
    books.session.add(row)
    books.session.flush()
    books.post(order, EntryKind.WRITE_OFF, 3, f"difference:{row.id}:write_off:1")
    return order


def _in_file(books: Books, other: WorkOrder) -> None:
    order = books.repair(500_000, claim_no="LP2026-0102")
    for kind, amount in (
        (CustomerLineKind.DEPOSIT, 300_000),
        (CustomerLineKind.SELF_PAY, 50_000),
        (CustomerLineKind.SUPPLEMENT, 10_000),
    ):
        books.take(order, kind, amount, f"by_hand:{order.id}:{kind.name}")
    own, third = books.expect(order, 450_000), books.expect(order, 90_000, kind=LineKind.OTHER_AGENCY)
    match, line = _match(books, order, 542_000)
    proven: dict[str, Any] = {"state": PayoutState.EVIDENCED, "match_id": match}
    books.receive(order, own, 452_000, f"match:{match}:{line}:{own}", 2_000, **proven)
    books.receive(order, third, 90_000, f"match:{match}:{line}:{third}", **proven)
    _paid_on(books, order, other)
    refund = factories.add_refund(books.session, order, 250_000, number=2, state=RefundState.IN_FILE)
    books.post(order, EntryKind.REFUND_RESERVED, 250_000, f"refund_reserved:{refund.id}:1")
    file = PaymentFile(
        shop_id=books.shop.id, number="FK-2026-0001", layout="generic", count=1, total=250_000, sha256="0" * 64,
        path="x", made_by="钱会", made_on=LONG_PAST, made_at=factories.LONG_AGO,
    )  # fmt: skip
    books.session.add(file)
    books.session.flush()
    item = PaymentItem(
        refund_id=refund.id, payment_file_id=file.id, position=1, amount=250_000, payee="王小明"
    )
    books.session.add(item)


def _paid_on(books: Books, order: WorkOrder, other: WorkOrder) -> None:
    """A refund of which a part went to another repair of the customer."""
    refund = factories.add_refund(books.session, order, 60_000, state=RefundState.PAID, paid_on=LONG_PAST)
    parts = [
        RefundPart(refund_id=refund.id, kind=PartKind.CASH, amount=10_000),
        RefundPart(refund_id=refund.id, kind=PartKind.OFFSET, amount=50_000, other_work_order_id=other.id),
    ]
    books.session.add_all(parts)
    books.session.flush()
    key = f"{refund.id}:{parts[1].id}"
    books.post(order, EntryKind.REFUND_RESERVED, 60_000, f"refund_reserved:{refund.id}:1")
    books.post(order, EntryKind.REFUND_PAID, 10_000, f"refund_paid:{refund.id}")
    books.post(order, EntryKind.REFUND_OFFSET, 50_000, f"refund_offset:{key}")
    books.post(other, EntryKind.REFUND_TRANSFER_IN, 50_000, f"refund_transfer_in:{key}")


def _match(books: Books, order: WorkOrder, amount: int) -> tuple[int, int]:
    """A bank line of this amount as its file says it, matched to the repair's case; returns their ids."""
    statement = factories.add_file(
        books.session, books.shop, name="icbc.xlsx", state=FileState.READ,
        summary={"taken_fen": {"in": amount, "out": -1_200}},
    )  # fmt: skip
    account = factories.add_account(books.session, books.shop)
    lines: list[BankLine] = [
        factories.add_bank_line(
            books.session, account, each, file_id=statement.id, row=row, outcome=outcome,
            raw={"日期": "2026-03-02", "贷方": f"{each / 100:,.2f}", "余额": "77,000.00"},
        )
        for row, each, outcome in ((2, amount, Outcome.MATCHED), (3, -1_200, Outcome.IGNORED))
    ]  # fmt: skip
    match = Match(
        shop_id=books.shop.id, kind=MatchKind.PAYOUT, state=MatchState.APPLIED, reason="plate", rule="match/1",
        evidence={}, occasion=f"books:{order.id}", decided_on=LONG_PAST, decided_by="system",
        decided_at=factories.LONG_AGO,
    )  # fmt: skip
    books.session.add(match)
    books.session.flush()
    case = books.session.execute(
        text("SELECT id FROM claim_case WHERE work_order_id = :order"), {"order": order.id}
    ).scalar_one()
    books.session.add(MatchPart(match_id=match.id, bank_line_id=lines[0].id, case_id=case, amount=amount))
    books.session.flush()
    return match.id, lines[0].id


def _bounced(books: Books) -> None:
    order = books.repair(50_000, claim_no="LP2026-0104")
    books.take(order, CustomerLineKind.DEPOSIT, 100_000, f"by_hand:{order.id}:deposit")
    line = books.expect(order, 0)
    origin = f"by_hand:{order.id}:payout"
    books.receive(order, line, 7_000, origin, over=7_000, state=PayoutState.REVERSED)
    entry = books.session.execute(
        text("SELECT id FROM entry WHERE occasion = :of"), {"of": f"{origin}:over_receipt_hold"}
    ).scalar_one()
    night = books.night
    reverse(books.session, entry, business_date=night.date, by=night.by, at=night.at)
    refund = factories.add_refund(
        books.session, order, 20_000, state=RefundState.BOUNCED, bounced_on=LONG_PAST
    )
    books.post(order, EntryKind.REFUND_RESERVED, 20_000, f"refund_reserved:{refund.id}:1")
    books.post(order, EntryKind.REFUND_PAID, 20_000, f"refund_paid:{refund.id}")
    books.post(order, EntryKind.REFUND_BOUNCED, 20_000, f"refund_bounced:{refund.id}")
