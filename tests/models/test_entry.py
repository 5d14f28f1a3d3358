"""Entries: what the database and the jobs refuse, and what lies on the accounts of a repair."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.entry import LEGS, Entry, Movement, balances, held, post, reverse
from models.shop import Shop
from models.values import Refusal
from models.words import Account, EntryKind
from models.work_order import WorkOrder
from tests import factories
from worker.job import Night

BILL, DEPOSIT, PAYOUT = EntryKind.BILL, EntryKind.DEPOSIT, EntryKind.PAYOUT
HOLD, RESERVED = EntryKind.OVER_RECEIPT_HOLD, EntryKind.REFUND_RESERVED


@dataclass
class Books:
    """The entries of one repair, posted in short."""

    session: Session
    night: Night
    order: WorkOrder

    def post(self, *moved: tuple[EntryKind, int], name: str = "entry") -> None:
        movements = [
            Movement(self.order.id, kind, amount, None, f"{name}:{kind}:{number}")
            for number, (kind, amount) in enumerate(moved)
        ]
        post(self.session, movements, **self.night.trail)

    def write(self, **columns: Any) -> None:
        """Write an entry past `post`, as somebody with a database client would."""
        columns = {"kind": BILL, "amount": 1, "occasion": "by hand", "reverses_id": None, **columns}
        debit, credit = LEGS.get(columns["kind"], (Account.BANK, Account.SHOP_EARNED))
        legs = {"debit": debit, "credit": credit, "value_date": None, **columns}
        trail = {"shop_id": self.order.shop_id, "business_date": self.night.date, "recorded_by": "x"}
        row = {"work_order_id": self.order.id, **trail, "recorded_at": self.night.at, **legs}
        with self.session.begin_nested():
            self.session.execute(insert(Entry), [row])

    def first(self) -> Entry:
        return self.session.scalars(select(Entry).order_by(Entry.id)).all()[0]

    def lies(self) -> dict[Account, int]:
        return balances(self.session, [self.order.id])[self.order.id]

    def kinds(self) -> list[EntryKind]:
        return list(self.session.scalars(select(Entry.kind).order_by(Entry.id)))


@pytest.fixture
def books(session: Session, shop: Shop, night: Callable[..., Night]) -> Books:
    order = factories.add_work_order(session, shop)
    factories.add_case(session, order, claim_no="LP2026-0001")
    return Books(session, night(date(2026, 11, 21)), order)


def test_scenario_four_as_entries(books: Books) -> None:
    """Bill 12,400.00, deposit 5,000.00, payout 11,800.00: 4,400.00 are the customer's (domain 1.8)."""
    books.post((BILL, 1_240_000), (DEPOSIT, 500_000), (PAYOUT, 1_180_000))
    before = held(books.lies())

    books.post((RESERVED, 440_000), (EntryKind.REFUND_PAID, 440_000), name="refund")

    assert before == 440_000
    assert {account: amount for account, amount in books.lies().items() if amount} == {
        Account.BANK: -1_240_000,
        Account.SHOP_EARNED: 1_240_000,
        Account.DEPOSIT_HELD: 500_000,
        Account.CUSTOMER_OWES: -500_000,
    }


def test_the_legs_of_every_kind_are_two_accounts() -> None:
    assert set(LEGS) == set(EntryKind) - {EntryKind.REVERSAL}
    assert all(debit is not credit for debit, credit in LEGS.values())


ABOVE = [
    # what was posted, what is refused, what is said
    ([(DEPOSIT, 500)], (RESERVED, 501), "501|5.01 yuan is more than the 5.00 held for the customer"),
    ([(BILL, 500), (DEPOSIT, 700)], (RESERVED, 201), "2.01 yuan is more than the 2.00 held"),
    ([(BILL, 500)], (RESERVED, 1), "0.01 yuan is more than the -5.00 held"),
    ([(DEPOSIT, 500), (RESERVED, 300)], (RESERVED, 201), "2.01 yuan is more than the 2.00 held"),
    ([(DEPOSIT, 500)], (EntryKind.REFUND_PAID, 1), "more than the 0.00 on the account refund_reserved"),
    ([(DEPOSIT, 500), (RESERVED, 300)], (EntryKind.REFUND_PAID, 301), "more than the 3.00 on the account"),
    ([(DEPOSIT, 500), (RESERVED, 300)], (EntryKind.REFUND_OFFSET, 301), "more than the 3.00 on the account"),
    ([(DEPOSIT, 500), (RESERVED, 300)], (EntryKind.REFUND_RELEASED, 301), "more than the 3.00 on the account"),
    ([(HOLD, 300)], (RESERVED, 1), "more than the 0.00 held for the customer"),
    ([(HOLD, 300)], (EntryKind.OVER_RECEIPT_RETURNED, 301), "more than the 3.00 on the account over_receipt"),
    ([(HOLD, 300)], (EntryKind.OVER_RECEIPT_RELEASED, 301), "more than the 3.00 on the account over_receipt"),
    ([(HOLD, 300)], (EntryKind.OVER_RECEIPT_REASSIGNED, 301), "more than the 3.00 on the account over_receipt"),
    ([(EntryKind.PAYOUT_THIRD_PARTY, 300)], (RESERVED, 1), "more than the 0.00 held for the customer"),
    ([(EntryKind.PAYOUT_THIRD_PARTY, 300)], (EntryKind.THIRD_PARTY_PAID, 301), "on the account third_party"),
    ([(EntryKind.PAYOUT_THIRD_PARTY, 300)], (EntryKind.THIRD_PARTY_PROOF, 301), "on the account third_party"),
]  # fmt: skip


@pytest.mark.parametrize(("posted", "above", "said"), ABOVE, ids=lambda value: str(value)[:60])
def test_money_that_is_not_there_is_refused_in_a_sentence_that_names_the_case(
    books: Books, posted: list[tuple[EntryKind, int]], above: tuple[EntryKind, int], said: str
) -> None:
    books.post(*posted)

    with pytest.raises(
        Refusal, match=rf"^LP2026-0001: {above[0]} of .*({said}).*huikuan case explain LP2026-"
    ):
        books.post(above, name="above")

    assert books.kinds() == [kind for kind, _ in posted]


@pytest.mark.parametrize(("posted", "above", "said"), ABOVE, ids=lambda value: str(value)[:60])
def test_the_database_itself_refuses_money_that_is_not_there(
    books: Books, posted: list[tuple[EntryKind, int]], above: tuple[EntryKind, int], said: str
) -> None:
    books.post(*posted)

    with pytest.raises(IntegrityError, match="entry refused: more than"):
        books.write(kind=above[0], amount=above[1])


EXACT = [
    ([(DEPOSIT, 500)], (RESERVED, 500)),
    ([(BILL, 500), (DEPOSIT, 700)], (RESERVED, 200)),
    ([(DEPOSIT, 500), (RESERVED, 300)], (EntryKind.REFUND_PAID, 300)),
    ([(DEPOSIT, 500), (RESERVED, 300)], (EntryKind.REFUND_OFFSET, 300)),
    ([(HOLD, 300)], (EntryKind.OVER_RECEIPT_RETURNED, 300)),
    ([(HOLD, 300)], (EntryKind.OVER_RECEIPT_TO_THIRD_PARTY, 300)),
    ([(EntryKind.PAYOUT_THIRD_PARTY, 300)], (EntryKind.THIRD_PARTY_PAID, 300)),
]


@pytest.mark.parametrize(("posted", "taken"), EXACT, ids=lambda value: str(value)[:60])
def test_the_last_fen_may_be_taken(
    books: Books, posted: list[tuple[EntryKind, int]], taken: tuple[EntryKind, int]
) -> None:
    books.post(*posted)

    books.post(taken, name="taken")

    assert books.kinds()[-1] is taken[0]


def test_one_batch_may_bring_money_and_take_it(books: Books) -> None:
    books.post((DEPOSIT, 500), (RESERVED, 500), (EntryKind.REFUND_PAID, 500))

    with pytest.raises(Refusal, match="more than the 3.00 held"):
        books.post((DEPOSIT, 300), (RESERVED, 301), name="second")


def test_the_order_of_a_batch_counts(books: Books) -> None:
    with pytest.raises(Refusal, match="more than the 0.00 held"):
        books.post((RESERVED, 500), (DEPOSIT, 500))


def test_nothing_is_lent_from_another_repair(books: Books, session: Session, shop: Shop) -> None:
    books.post((DEPOSIT, 500))
    other = Books(session, books.night, factories.add_work_order(session, shop))

    with pytest.raises(Refusal, match=f"^work order {other.order.id}: .*more than the 0.00 held"):
        other.post((RESERVED, 1), name="other")


MISBOOKED = [
    ({"kind": DEPOSIT, "debit": Account.BANK, "credit": Account.SHOP_EARNED}, "accounts of its kind"),
    ({"kind": BILL, "debit": Account.SHOP_EARNED, "credit": Account.CUSTOMER_OWES}, "accounts of its kind"),
    ({"kind": EntryKind.REVERSAL}, "a reversal mirrors one entry"),
    ({"kind": DEPOSIT, "amount": 0}, "amount_positive"),
    ({"kind": DEPOSIT, "amount": -5}, "amount_positive"),
]


@pytest.mark.parametrize(("columns", "said"), MISBOOKED, ids=str)
def test_an_entry_on_wrong_accounts_is_refused(books: Books, columns: dict[str, Any], said: str) -> None:
    with pytest.raises(IntegrityError, match=said):
        books.write(**columns)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 499},
        {"debit": Account.DEPOSIT_HELD, "credit": Account.SHOP_EARNED},
        {"debit": Account.BANK, "credit": Account.DEPOSIT_HELD},
        {"kind": DEPOSIT},
    ],
    ids=str,
)
def test_a_reversal_that_is_no_mirror_is_refused(books: Books, wrong: dict[str, Any]) -> None:
    books.post((DEPOSIT, 500))
    mirror = {"kind": EntryKind.REVERSAL, "amount": 500, "reverses_id": books.first().id}
    legs = {"debit": Account.DEPOSIT_HELD, "credit": Account.BANK}

    with pytest.raises(IntegrityError, match="entry refused"):
        books.write(**{**mirror, **legs, **wrong})

    books.write(**mirror, **legs)
    assert books.lies()[Account.DEPOSIT_HELD] == 0


def test_a_mistake_is_reversed_once(books: Books) -> None:
    books.post((DEPOSIT, 500))
    reverse(books.session, books.first().id, **_who(books.night))

    with pytest.raises(Refusal, match="reverse:entry:deposit:0: posted before.*Nothing was written"):
        _in_savepoint(books, lambda: reverse(books.session, books.first().id, **_who(books.night)))

    assert books.kinds() == [DEPOSIT, EntryKind.REVERSAL]


def test_a_reversal_is_not_reversed(books: Books) -> None:
    books.post((DEPOSIT, 500))
    reverse(books.session, books.first().id, **_who(books.night))
    reversal = books.session.scalars(select(Entry.id).where(Entry.kind == EntryKind.REVERSAL)).one()

    with pytest.raises(Refusal, match="a reversal mirrors one entry"):
        _in_savepoint(books, lambda: reverse(books.session, reversal, **_who(books.night)))


def test_what_is_reserved_cannot_be_reversed_once_it_is_paid(books: Books) -> None:
    books.post((DEPOSIT, 500), (RESERVED, 300), (EntryKind.REFUND_PAID, 300))
    reserved = books.session.scalars(select(Entry.id).where(Entry.kind == RESERVED)).one()

    with pytest.raises(Refusal, match="more than lies on the account"):
        _in_savepoint(books, lambda: reverse(books.session, reserved, **_who(books.night)))


def test_a_payout_may_be_reversed_after_the_refund_was_paid(books: Books) -> None:
    """The customer owes it then, as a debt of its own (domain 1.7)."""
    books.post((BILL, 500), (DEPOSIT, 500), (PAYOUT, 500), (RESERVED, 500), (EntryKind.REFUND_PAID, 500))
    payout = books.session.scalars(select(Entry.id).where(Entry.kind == PAYOUT)).one()

    reverse(books.session, payout, **_who(books.night))

    assert held(books.lies()) == -500


def test_an_occasion_happens_once(books: Books) -> None:
    books.post((DEPOSIT, 500))

    with pytest.raises(Refusal, match="entry:deposit:0: posted before.*huikuan money check"):
        _in_savepoint(books, lambda: books.post((DEPOSIT, 500)))


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1])
def test_an_amount_that_cannot_be_is_refused(books: Books, amount: int) -> None:
    with pytest.raises(Refusal, match=f"an entry of {amount} fen is not possible"):
        books.post((DEPOSIT, amount))


def _who(night: Night) -> dict[str, Any]:
    return {name: value for name, value in night.trail.items() if name != "shop_id"}


def _in_savepoint(books: Books, act: Callable[[], None]) -> None:
    with books.session.begin_nested():
        act()
