"""The nightly proof on real rows: one row altered by hand, however old, is found and named."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.case import Case
from models.refund import Position, Refund
from models.shop import Shop
from models.values import Refusal
from models.words import RefundState
from models.work_order import WorkOrder
from tasks.proof import whole
from tasks.proof.job import prove_money
from tasks.refunds.job import approve_refund, compute_refunds
from tests.books import Books, add_books
from worker.aside import keep
from worker.job import Night, Surprise

NightOf = Callable[..., Night]


@pytest.fixture
def books(session: Session, shop: Shop, night: NightOf) -> Books:
    """A shop that adds up, as last night left it."""
    built = add_books(session, shop, night(date(2026, 11, 20)))
    compute_refunds(session, built.night)
    assert not built.night.set_aside
    return built


def without_guards(session: Session) -> None:
    """What somebody with the database in his hands can do."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))
    session.execute(text("PRAGMA defer_foreign_keys = ON"))


def altered(session: Session, table: str, set_: str, where: str) -> Iterator[Any]:
    """Every row of the table that fits, changed by hand one after the other; it is put back afterwards."""
    key = {"position": "work_order_id", "payment_item": "refund_id"}.get(table, "id")
    without_guards(session)
    of = f"FROM {table} WHERE {where}"
    idents = session.execute(text(f"SELECT {key} {of} ORDER BY 1")).scalars().all()
    assert idents
    # The sums are the same SQL on both: many rows on the quicker database, the newest on the other.
    several = idents if set_.startswith("amount") else idents[:: 1 + len(idents) // 8]
    every = several if session.get_bind().dialect.name == "sqlite" else idents[-1:]
    for ident in every:
        with session.begin_nested() as savepoint:
            change = f"{table} SET {set_} WHERE {key} = :ident"
            session.execute(text(f"UPDATE {change}"), {"ident": ident})
            session.expire_all()
            yield ident
            savepoint.rollback()


def test_what_adds_up_is_proved(session: Session, books: Books) -> None:
    tonight = replace(books.night, date=date(2026, 11, 21), set_aside=[], notes={})

    assert prove_money(session, tonight) == 4

    assert tonight.set_aside == []
    assert (tonight.notes["received_fen"], tonight.notes["off"]) == (1_821_997, 0)


def test_both_sides_of_every_figure_are_there_to_be_compared(session: Session, books: Books) -> None:
    proof = whole.prove(session, books.shop.id)

    assert proof.off == {}
    assert proof.said == proof.booked
    assert all(proof.said.values()), "a figure that is nothing anywhere proves nothing"


ALTERED = [
    # table, change, which rows, how the row is called in the sentence
    ("entry", "amount = amount + 1", "1 = 1", "entry {}"),
    ("entry", "debit = 'written_off'", "debit <> 'written_off'", "entry {}"),
    ("entry", "credit = 'shop_earned'", "credit <> 'shop_earned'", "entry {}"),
    ("entry", "kind = 'self_pay'", "kind = 'payout'", "entry {}"),
    ("entry", "kind = 'top_up'", "kind = 'self_pay'", "entry {}"),
    ("entry", "kind = 'no such kind'", "kind <> 'reversal'", "entry {}"),
    ("entry", "work_order_id = (SELECT max(id) FROM work_order)", "work_order_id < (SELECT max(id) FROM work_order)", ""),
    ("entry", "reverses_id = (SELECT min(id) FROM entry)", "kind = 'reversal'", "entry {}"),
    ("payout", "amount = amount - 1", "state <> 'reversed'", "payout {}"),
    ("payout", "state = 'reversed'", "state <> 'reversed'", "payout {}"),
    ("payout", "state = 'asserted'", "state = 'reversed'", "payout {}"),
    ("payout", "state = 'asserted'", "state = 'evidenced'", "payout {}"),
    ("payout", "state = 'evidenced'", "state = 'asserted'", "payout {}"),
    ("customer_line", "amount = amount + 1", "1 = 1", "customer line {}"),
    ("customer_line", "kind = '补交'", "kind <> '补交'", "customer line {}"),
    ("work_order", "repair_net_amount = repair_net_amount - 100", "1 = 1", "work order "),
    ("work_order", "repair_net_amount = NULL", "1 = 1", "work order "),
    ("expected_line", "amount = amount + 1", "1 = 1", "expected line {}"),
    ("bank_line", "amount = amount + 1", "1 = 1", "bank line {}"),
    ("bank_line", "amount = -amount", "1 = 1", ""),
    ("match_part", "amount = amount + 1", "1 = 1", "bank line "),
    ("difference", "amount = amount + 1", "1 = 1", "difference {}"),
    ("refund", "amount = amount + 1", "state <> 'bounced'", "refund"),
    ("refund", "state = 'failed'", "state IN ('paid', 'in_file')", "refund {}"),
    ("refund", "state = 'paid'", "state IN ('bounced', 'in_file')", "refund {}"),
    ("refund_part", "amount = amount + 1", "1 = 1", "refund"),
    ("payment_item", "amount = amount + 1", "1 = 1", "refund {}"),
    ("payment_file", "total = total + 1", "1 = 1", "FK-2026-0001"),
    ("payment_file", "count = count + 1", "1 = 1", "FK-2026-0001"),
    *(
        ("position", f"{name} = COALESCE({name}, 0) + 1", "1 = 1", name)
        for name in ("bill", "received", "over_receipt", "third_party", "customer_paid", "write_off",
                     "refunded", "surplus", "refund_due", "topup_due", "releasable")
    ),
    ("position", "expected = expected + 1", "1 = 1", "what is expected"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "change", "which", "called"), ALTERED, ids=lambda value: str(value)[:40])
def test_a_row_altered_by_hand_is_found_by_the_next_night_and_named(
    session: Session, books: Books, table: str, change: str, which: str, called: str
) -> None:
    for ident in altered(session, table, change, which):
        tonight = replace(books.night, date=date(2026, 11, 21), set_aside=[], notes={}, decided=set())

        prove_money(session, tonight)

        said = "\n".join(aside.error for aside in tonight.set_aside)
        assert called.format(ident) in said, said or f"{table} {ident} was not found"
        assert "LP2026-010" in said or "bank_line" in said or "icbc.xlsx" in said


def test_a_row_deleted_by_hand_is_found(session: Session, books: Books) -> None:
    without_guards(session)
    for table in ("entry", "payout", "customer_line", "bank_line", "payment_item", "match_part"):
        key = "refund_id" if table == "payment_item" else "id"
        standing = "state <> 'reversed'" if table == "payout" else "1 = 1"
        of = f"FROM {table} WHERE {standing}"
        last = session.execute(text(f"SELECT max({key}) {of}")).scalar_one()
        with session.begin_nested() as savepoint:
            if table == "entry":
                session.execute(
                    text("UPDATE entry SET reverses_id = NULL WHERE reverses_id = :id"), {"id": last}
                )
            of = f"FROM {table} WHERE {key} = :id"
            session.execute(text(f"DELETE {of}"), {"id": last})
            session.expire_all()

            assert whole.prove(session, books.shop.id).off, table

            savepoint.rollback()


def work_order_of(session: Session, claim_no: str) -> int:
    return session.scalars(select(Case.work_order_id).where(Case.claim_no == claim_no)).one()


def a_night(books: Books, day: int, jobs: Sequence[Callable[[Session, Night], int]]) -> Night:
    """The night's steps as the runner does them: what was set aside is written down after each."""
    night = replace(books.night, date=date(2026, 11, day), set_aside=[], notes={}, decided=set())
    aside: list[Surprise] = []
    for each in jobs:
        night.set_aside.clear()
        night.decided.clear()
        each(books.session, night)
        keep(books.session, each.__name__, night)
        aside += night.set_aside
    night.set_aside[:] = aside
    books.session.expire_all()
    return night


def test_the_refund_of_what_does_not_add_up_is_held_and_comes_back_when_it_does(
    session: Session, books: Books
) -> None:
    order_id = work_order_of(session, "LP2026-0101")
    waiting = session.query(Refund).filter_by(work_order_id=order_id, state=RefundState.WAITING).one()
    without_guards(session)
    session.execute(text("UPDATE payout SET amount = amount + 5 WHERE origin LIKE '%LP2026-0101%'"))

    first = a_night(books, 21, [prove_money, compute_refunds])

    assert f"work_order:{order_id}" in {aside.subject for aside in first.set_aside}
    position = session.get_one(Position, order_id)
    assert (position.releasable, position.hold_reason) == (0, "money_proof_failed")
    assert waiting.state is RefundState.WAITING
    with pytest.raises(Refusal, match=f"Refund {waiting.id} is held: .*LP2026-0101: the payouts: .*payout"):
        approve_refund(session, replace(
            first, by="李审核", parameters={"role": "reviewer", "refund_id": waiting.id}
        ))  # fmt: skip

    session.execute(text("UPDATE payout SET amount = amount - 5 WHERE origin LIKE '%LP2026-0101%'"))
    second = a_night(books, 22, [prove_money, compute_refunds])

    assert second.set_aside == []
    position = session.get_one(Position, order_id)
    assert (position.releasable, position.hold_reason) == (waiting.amount, None)


def test_it_stays_red_until_the_row_is_right_again(session: Session, books: Books) -> None:
    without_guards(session)
    session.execute(text("UPDATE expected_line SET amount = amount - 1 WHERE amount = 450000"))

    nights = [a_night(books, day, [prove_money, compute_refunds]) for day in (21, 22, 23)]

    assert [len(night.set_aside) for night in nights] == [1, 1, 1]


def test_a_stored_total_that_was_altered_is_named_and_computed_anew(session: Session, books: Books) -> None:
    order_id = work_order_of(session, "LP2026-0102")
    session.execute(text("UPDATE position SET surplus = 1 WHERE work_order_id = :id"), {"id": order_id})

    first = a_night(books, 21, [prove_money, compute_refunds])
    second = a_night(books, 22, [prove_money, compute_refunds])

    assert [aside.subject for aside in first.set_aside] == [f"position:{order_id}"]
    assert second.set_aside == []
    assert session.get_one(Position, order_id).surplus == 310_000


def test_the_rest_of_the_shop_goes_on(session: Session, books: Books) -> None:
    without_guards(session)
    session.execute(text("UPDATE customer_line SET amount = 1 WHERE origin LIKE '%LP2026-0101'"))
    session.query(WorkOrder).update({WorkOrder.settle_on: date(2026, 11, 21)})

    a_night(books, 21, [prove_money, compute_refunds])

    held = session.query(Position).filter_by(hold_reason="money_proof_failed").all()
    assert [row.work_order_id for row in held] == [work_order_of(session, "LP2026-0101")]


def test_other_shops_are_not_looked_at(session: Session, books: Books, night: NightOf) -> None:
    without_guards(session)
    session.execute(text("UPDATE payout SET amount = amount + 5"))

    assert whole.prove(session, books.shop.id + 1).off == {}
