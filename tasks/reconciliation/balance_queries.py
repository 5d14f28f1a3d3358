"""What the balance statement of an account is made of."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.case import Case, ExpectedLine
from models.difference import Difference
from models.insurer import Insurer
from models.match import Match, MatchPart
from models.payment import PaymentFile, PaymentItem
from models.payout import Payout
from models.refund import Refund
from models.shop import Shop
from models.values import Period, Refusal
from models.words import DifferenceState, MatchKind, MatchState, Outcome, PayoutState, RefundState
from tasks.reconciliation.balance import Booked, Gap, Item, Kind, Statement, last_balance

_STANDS = {Outcome.OPEN: "未核对", Outcome.UNMATCHED: "待查", Outcome.PROPOSED: "待确认"}
_UNSETTLED = tuple(_STANDS)


class Asked(NamedTuple):
    """Which statement: the account's number, the month, the day it is made, the books' balance if known."""

    number: str
    period: Period
    on: date
    book: int | None


def statement(session: Session, asked: Asked) -> Statement:
    """The statement of an account and month. Raises Refusal for an account that is not registered."""
    account = session.scalars(select(BankAccount).where(BankAccount.number == asked.number)).one_or_none()
    if account is None:
        known = ", ".join(session.scalars(select(BankAccount.number).order_by(BankAccount.number)))
        raise Refusal(
            f"There is no account {asked.number}, only: {known or 'none'}. See: huikuan account list"
        )
    shop = session.get_one(Shop, account.shop_id)
    last = asked.period.last
    of = (BankLine.account_id == account.id, BankLine.booked_on <= last)
    rows = session.execute(
        select(BankLine.id, BankLine.booked_on, BankLine.booked_at, BankLine.amount, BankLine.balance)
        .where(*of)
        .order_by(BankLine.booked_on, BankLine.id)
    )
    lines = [Booked(*row) for row in rows]
    in_month = [line for line in lines if line.on >= asked.period.first]
    closing, moved = last_balance(lines), sum(line.amount for line in in_month)
    items = (*_of_bank(session, account, last), *_of_books(session, account, last))
    return Statement(
        shop.name, account.number, asked.period, asked.on,
        opening=None if closing is None else closing - moved,
        came=sum(line.amount for line in in_month if line.amount > 0),
        went=-sum(line.amount for line in in_month if line.amount < 0),
        closing=closing, book=asked.book, items=items, gaps=tuple(_gaps(session, shop.id)),
    )  # fmt: skip


def _of_bank(session: Session, account: BankAccount, last: date) -> Iterator[Item]:
    """Bank lines that nobody has explained."""
    found = session.scalars(
        select(BankLine)
        .where(
            BankLine.account_id == account.id, BankLine.booked_on <= last, BankLine.outcome.in_(_UNSETTLED)
        )
        .order_by(BankLine.booked_on, BankLine.id)
    )
    for line in found:
        kind = Kind.BANK_RECEIVED if line.amount > 0 else Kind.BANK_PAID
        what = f"{line.memo.strip()}（{_STANDS[line.outcome]}）"
        yield Item(kind, line.booked_on, abs(line.amount), line.payer, what, f"流水{line.id}")


def _of_books(session: Session, account: BankAccount, last: date) -> Iterator[Item]:
    """Receipts that only a ledger speaks of, and refunds that went by a file and stand on no statement.

    Of days before the account's first line nothing is said: nobody brought a statement of them.
    """
    since = session.scalar(select(func.min(BankLine.booked_on)).where(BankLine.account_id == account.id))
    if since is None:
        return
    accounts = session.scalar(select(func.count()).where(BankAccount.shop_id == account.shop_id))
    rows = session.execute(
        select(Payout.received_on, Payout.amount, Case.claim_no, Case.insured_name, Payout.origin)
        .join(Case, Case.id == Payout.case_id)
        .where(
            Case.shop_id == account.shop_id, Payout.state == PayoutState.ASSERTED, Payout.amount != 0,
            Payout.received_on >= since, Payout.received_on <= last,
        )
        .order_by(Payout.received_on, Payout.id)
    ).all()  # fmt: skip
    for on, amount, claim_no, who, origin in rows:
        kind = Kind.BOOK_RECEIVED if amount > 0 else Kind.BOOK_PAID
        yield Item(kind, on or last, abs(amount), who, claim_no, origin, placed=accounts == 1)
    yield from _refunds(session, account, since, last, only_one=accounts == 1)


def _refunds(
    session: Session, account: BankAccount, since: date, last: date, *, only_one: bool
) -> Iterator[Item]:
    seen = (
        select(MatchPart.refund_id)
        .join(Match, Match.id == MatchPart.match_id)
        .where(
            Match.kind == MatchKind.REFUND_PAYMENT, Match.state == MatchState.APPLIED,
            MatchPart.refund_id.is_not(None),
        )
    )  # fmt: skip
    rows = session.execute(
        select(Refund.id, Refund.paid_on, PaymentItem.amount, PaymentItem.payee, PaymentFile.number,
               PaymentFile.account_id)
        .join(PaymentItem, PaymentItem.refund_id == Refund.id)
        .join(PaymentFile, PaymentFile.id == PaymentItem.payment_file_id)
        .where(
            Refund.shop_id == account.shop_id, Refund.state == RefundState.PAID,
            Refund.paid_on >= since, Refund.paid_on <= last,
            Refund.id.not_in(seen),
        )
        .order_by(Refund.paid_on, Refund.id)
    ).all()  # fmt: skip
    for ident, on, amount, payee, number, account_id in rows:
        if account_id in (None, account.id):
            placed = account_id == account.id or only_one
            yield Item(Kind.BOOK_PAID, on or last, amount, payee, number, f"退款{ident}", placed)


def _gaps(session: Session, shop_id: int) -> Iterator[Gap]:
    """The open differences of the shop, oldest first."""
    come = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    rows = session.execute(
        select(
            Case.claim_no, Case.plate_no, Insurer.name.label("insurer"),
            ExpectedLine.amount.label("expected"),
            func.coalesce(func.sum(Payout.amount), 0).label("received"), Difference.amount,
            Difference.opened_on, Difference.resolution, Difference.over_result,
        )
        .join(Difference, Difference.case_id == Case.id)
        .join(ExpectedLine, ExpectedLine.id == Difference.expected_line_id)
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .outerjoin(Payout, come)
        .where(Difference.shop_id == shop_id, Difference.state == DifferenceState.OPEN)
        .group_by(Difference.id, Case.id, Insurer.name, ExpectedLine.id)
        .order_by(Difference.opened_on, Difference.id)
    )  # fmt: skip
    for row in rows:
        result = str(row.resolution or row.over_result or "")
        yield Gap(
            row.claim_no, row.plate_no, row.insurer or "", row.expected, int(row.received), row.amount,
            row.opened_on, result,
        )  # fmt: skip
