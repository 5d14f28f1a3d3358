"""A statement shows our refunds: they are posted as paid, and as bounced where they come back."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.entry import Entry
from models.event import Event
from models.match import MatchPart
from models.payment import PaymentFile, PaymentItem
from models.refund import Refund
from models.shop import Shop
from models.values import Refusal
from models.words import EntryKind, Outcome, RefundState
from models.work_order import WorkOrder
from tasks.reconciliation import queries
from tasks.reconciliation.job import accept_match, match_lines, reject_match
from tests import factories
from worker.job import Night

Nights = Callable[..., Night]
TONIGHT = date(2026, 11, 24)


@pytest.fixture
def account(session: Session, shop: Shop) -> BankAccount:
    return factories.add_account(session, shop)


def add_file(session: Session, shop: Shop, *wanted: tuple[str, int]) -> list[Refund]:
    """Add a payment file of 2026-11-21 with a refund for each name and amount, the money laid aside."""
    file = PaymentFile(
        shop_id=shop.id, number="FK-2026-0001", layout="generic", account_id=None, count=len(wanted),
        total=sum(amount for _, amount in wanted), sha256="0" * 64, path="payments/x.xlsx", made_by="钱出纳",
        made_on=date(2026, 11, 21), made_at=factories.LONG_AGO,
    )  # fmt: skip
    session.add(file)
    session.flush()
    return [_in_file(session, shop, file, place, *each) for place, each in enumerate(wanted, 1)]


def _in_file(session: Session, shop: Shop, file: PaymentFile, place: int, name: str, amount: int) -> Refund:
    order = factories.add_work_order(session, shop)
    factories.add_case(session, order, insured_name=name)
    refund = factories.add_refund(session, order, amount, state=RefundState.IN_FILE, payee=name)
    session.add(
        PaymentItem(refund_id=refund.id, payment_file_id=file.id, position=place, amount=amount, payee=name)
    )
    given = {
        "shop_id": shop.id,
        "work_order_id": order.id,
        "amount": amount,
        "business_date": date(2026, 11, 21),
    }
    given |= {
        "recorded_by": "system",
        "recorded_at": factories.LONG_AGO,
        "value_date": None,
        "reverses_id": None,
    }
    for kind, debit, credit in (
        (EntryKind.DEPOSIT, "bank", "deposit_held"),
        (EntryKind.REFUND_RESERVED, "customer_owes", "refund_reserved"),
    ):
        occasion = f"{kind}:{refund.id}"
        session.add(Entry(**given, kind=kind, debit=debit, credit=credit, occasion=occasion))
        session.flush()
    return refund


def paid_out(session: Session, account: BankAccount, amount: int, payer: str, **facts: object) -> BankLine:
    given = {"payer": payer, "memo": "理赔退款", "booked_on": date(2026, 11, 23)}
    return factories.add_bank_line(session, account, -amount, **given | facts)


def now(session: Session, row: Refund) -> Refund:
    session.expire_all()
    return session.get_one(Refund, row.id)


def of_refunds(session: Session) -> list[tuple[EntryKind, int, date | None]]:
    kinds = (EntryKind.REFUND_PAID, EntryKind.REFUND_BOUNCED)
    rows = session.scalars(select(Entry).where(Entry.kind.in_(kinds)).order_by(Entry.id))
    return [(row.kind, row.amount, row.value_date) for row in rows]


def asked(night: Nights, line: BankLine, number: int | None = None) -> Night:
    given = {"line_id": line.id, "proposal": number, "role": "accountant"}
    return night(TONIGHT, parameters=given, by="周会计")


def test_a_transfer_to_the_payee_pays_his_refund(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    first, second = add_file(session, shop, ("王小明", 440_000), ("李四", 200_000))
    line = paid_out(session, account, 440_000, "王小明")

    match_lines(session, night(TONIGHT))

    assert (now(session, first).state, now(session, first).paid_on) == (RefundState.PAID, date(2026, 11, 23))
    assert now(session, second).state is RefundState.IN_FILE
    assert of_refunds(session) == [(EntryKind.REFUND_PAID, 440_000, date(2026, 11, 23))]
    session.refresh(line)
    assert (line.outcome, line.reason) == (Outcome.MATCHED, "refund_paid")
    assert session.get_one(WorkOrder, first.work_order_id).settle_on == TONIGHT
    assert session.scalars(select(Event.kind)).one() == "refund_paid"


def test_the_report_says_which_claim_it_pays(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_file(session, shop, ("王小明", 440_000))
    line = paid_out(session, account, 440_000, "王小明")

    match_lines(session, night(TONIGHT))

    row = next(row for row in queries.report(session, shop.id) if row.line_id == line.id)
    part = session.scalars(select(MatchPart)).one()
    assert [(paid.amount, row.outcome) for paid in row.pays] == [(440_000, Outcome.MATCHED)]
    assert (part.refund_id is not None, part.case_id is not None) == (True, True)


def test_a_whole_file_as_one_debit_pays_all_of_it(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    refunds = add_file(session, shop, ("王小明", 440_000), ("李四", 200_000))
    paid_out(session, account, 640_000, "", memo="批量代付 2笔")

    match_lines(session, night(TONIGHT))

    assert [now(session, refund).state for refund in refunds] == [RefundState.PAID] * 2
    assert [amount for _, amount, _ in of_refunds(session)] == [440_000, 200_000]


def test_a_second_night_pays_nothing_again(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_file(session, shop, ("王小明", 440_000))
    paid_out(session, account, 440_000, "王小明")
    match_lines(session, night(TONIGHT))

    paid_out(session, account, 440_000, "王小明")
    match_lines(session, night(date(2026, 11, 25)))

    assert len(of_refunds(session)) == 1


def test_paid_and_returned_on_one_statement_it_has_bounced(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    refund = add_file(session, shop, ("王小明", 440_000))[0]
    paid_out(session, account, 440_000, "王小明")
    back = factories.add_bank_line(
        session, account, 440_000, payer="王小明", memo="退汇 户名不符", booked_on=date(2026, 11, 24)
    )

    match_lines(session, night(TONIGHT))

    bounced = now(session, refund)
    assert (bounced.state, bounced.paid_on, bounced.bounced_on, bounced.bank_line_id) == (
        RefundState.BOUNCED, date(2026, 11, 23), date(2026, 11, 24), back.id,
    )  # fmt: skip
    assert [kind for kind, _, _ in of_refunds(session)] == [EntryKind.REFUND_PAID, EntryKind.REFUND_BOUNCED]


def test_of_two_equal_refunds_a_person_says_which(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    refunds = add_file(session, shop, ("王小明", 440_000), ("王小明", 440_000))
    line = paid_out(session, account, 440_000, "王小明")
    match_lines(session, night(TONIGHT))
    session.refresh(line)
    assert (line.outcome, line.reason) == (Outcome.PROPOSED, "refund_paid_unclear")

    accept_match(session, asked(night, line, 2))

    assert [now(session, refund).state for refund in refunds] == [RefundState.IN_FILE, RefundState.PAID]


def test_a_proposal_for_a_refund_settled_otherwise_is_refused(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    first, _ = add_file(session, shop, ("王小明", 440_000), ("王小明", 440_000))
    line = paid_out(session, account, 440_000, "王小明")
    match_lines(session, night(TONIGHT))
    session.get_one(Refund, first.id).state = RefundState.PAID
    session.flush()

    with pytest.raises(Refusal, match=f"since then refund {first.id} became paid"):
        accept_match(session, asked(night, line, 1))

    assert of_refunds(session) == []


def test_what_a_person_rejected_is_just_an_outgoing_line(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    refunds = add_file(session, shop, ("王小明", 440_000), ("王小明", 440_000))
    line = paid_out(session, account, 440_000, "王小明")
    match_lines(session, night(TONIGHT))

    reject_match(session, asked(night, line))
    match_lines(session, night(date(2026, 11, 25)))

    session.refresh(line)
    assert line.outcome is not Outcome.MATCHED
    assert [now(session, refund).state for refund in refunds] == [RefundState.IN_FILE] * 2
