"""What this room fetches: open lines, cases with what is still owed, a ledger's word, refunds paid, names."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import BigInteger, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from models import bulk
from models.bank import BankAccount, BankLine
from models.case import Case
from models.insurer import InsurerAlias
from models.insurer import ReportPattern as PatternRow
from models.match import Match, MatchPart
from models.payment import RefundPart
from models.payment_list import PaymentList
from models.payout import Payout
from models.refund import Refund
from models.refund_paying import cash
from models.remark import remark_of
from models.shop import Shop
from models.values import half_width
from models.words import OPEN_STAGES, MatchState, Outcome, PartKind, PayoutState, RefundState
from tasks.reconciliation import facts
from tasks.reconciliation.case_queries import known_cases, owed_by_case, received
from tasks.reconciliation.collecting import put_off
from tasks.reconciliation.shown import Paid, Proposal, ReportRow, Waiting, report, waiting

__all__ = [
    "LOOKED_AT",
    "Paid",
    "Proposal",
    "ReportRow",
    "Waiting",
    "aliases",
    "hold_shop",
    "known_cases",
    "open_lines",
    "owed_by_case",
    "own_names",
    "paid_refunds",
    "payment_lists",
    "receipts_only_asserted",
    "received",
    "rejected",
    "remittances",
    "report",
    "report_patterns",
    "taken_back",
    "waiting",
]  # fmt: skip

LOOKED_AT = (Outcome.OPEN, Outcome.UNMATCHED, Outcome.PROPOSED)


@put_off()
def open_lines(session: Session, shop_id: int, until: date) -> list[facts.Line]:
    """Bank lines that are not settled, booked up to a day, in bank-date order."""
    session.flush()
    found = session.connection().execute(
        select(
            BankLine.id, BankLine.booked_on, type_coerce(BankLine.amount, BigInteger), BankLine.payer,
            BankLine.memo, BankLine.search_text, BankLine.remark_key, BankLine.remark_words,
        )
        .where(BankLine.shop_id == shop_id, BankLine.outcome.in_(LOOKED_AT), BankLine.booked_on <= until)
        .order_by(BankLine.booked_on, BankLine.id)
    ).all()  # fmt: skip
    one = dict[str, str]()  # a bank writes the same names and words again and again
    return [
        facts.Line(
            id_, booked_on, amount, one.setdefault(payer, payer), remark_of(memo, text), key or "",
            one.setdefault(words, words) if words else "",
        )
        for id_, booked_on, amount, payer, memo, text, key, words in found
    ]  # fmt: skip


def receipts_only_asserted(session: Session, shop_id: int, since: date) -> list[facts.Receipt]:
    """Per case and day, what only a ledger says was received since a day, or on a day it does not say."""
    found = session.execute(
        select(Payout.case_id, Payout.received_on, Payout.amount, Payout.id)
        .join(Case, Case.id == Payout.case_id)
        .where(Case.shop_id == shop_id, Payout.state == PayoutState.ASSERTED)
        .where(
            or_(
                Payout.received_on >= since,
                and_(Payout.received_on.is_(None), Case.stage.in_(OPEN_STAGES)),
            )
        )
        .order_by(Payout.case_id, Payout.received_on, Payout.id)
    )
    together: dict[tuple[int, date | None], list[tuple[int, int]]] = {}
    for case_id, received_on, amount, payout_id in found:
        together.setdefault((case_id, received_on), []).append((payout_id, amount))
    return [
        facts.Receipt(case_id, sum(amount for _, amount in parts), day, tuple(id_ for id_, _ in parts))
        for (case_id, day), parts in together.items()
    ]


def paid_refunds(session: Session, shop_id: int, amounts: Collection[int]) -> list[facts.PaidRefund]:
    """Refunds paid of one of these amounts, with the names they may come back under."""
    # What a refund gave in cash is its amount, but for the few that were split.
    whole = select(Refund.id).where(Refund.shop_id == shop_id, bulk.among(session, Refund.amount, amounts))
    split = select(RefundPart.refund_id).where(RefundPart.kind != PartKind.CASH)
    found = session.execute(
        select(Refund.id, Case.claim_no, Refund.payee, Case.insured_name, cash(), Refund.paid_on)
        .join(Case, and_(Case.work_order_id == Refund.work_order_id, Case.is_lead))
        .where(
            Refund.id.in_(whole.union(split)),
            Refund.shop_id == shop_id,
            Refund.state == RefundState.PAID,
            bulk.among(session, cash(), amounts),
        )
        .order_by(Refund.id)
    )
    return [
        facts.PaidRefund(id_, claim_no, tuple(name for name in (payee, insured) if name), amount, paid_on)
        for id_, claim_no, payee, insured, amount, paid_on in found
    ]


def aliases(session: Session) -> list[facts.Alias]:
    """Every text that names an insurer group."""
    found = session.execute(select(InsurerAlias.alias, InsurerAlias.group_id).order_by(InsurerAlias.alias))
    return [facts.Alias(*row) for row in found]


def report_patterns(session: Session) -> list[facts.ReportPattern]:
    """What each group's report numbers look like."""
    found = session.execute(select(PatternRow.pattern, PatternRow.group_id).order_by(PatternRow.id))
    return [facts.ReportPattern(*row) for row in found]


def own_names(session: Session, shop_id: int) -> frozenset[str]:
    """The shop's name and the holders of its accounts, as they are compared."""
    names = list(session.scalars(select(Shop.name).where(Shop.id == shop_id)))
    names += session.scalars(
        select(BankAccount.holder).where(BankAccount.shop_id == shop_id, BankAccount.holder.is_not(None))
    )
    return frozenset("".join(half_width(name).split()).upper() for name in names if name)


Rejected = tuple[frozenset[tuple[int, str, int]], frozenset[str]]


def rejected(session: Session, shop_id: int) -> Rejected:
    """What persons rejected: (line, 'case' or 'refund', id) pairs, and occasions of several parts."""
    found = session.execute(
        select(
            Match.occasion, MatchPart.bank_line_id, MatchPart.case_id, MatchPart.refund_id,
            func.count().over(partition_by=Match.id),
        )
        .join(Match, Match.id == MatchPart.match_id)
        .join(BankLine, BankLine.id == MatchPart.bank_line_id)
        .where(Match.shop_id == shop_id, Match.state == MatchState.REJECTED, BankLine.outcome.in_(LOOKED_AT))
        .order_by(MatchPart.id)
    ).all()  # fmt: skip
    alone = [row for row in found if row[4] == 1]
    cases = [(row[1], "case", row[2]) for row in alone if row[3] is None and row[2] is not None]
    refunds = [(row[1], "refund", row[3]) for row in alone if row[3] is not None]
    return frozenset([*cases, *refunds]), frozenset(row[0] for row in found if row[4] > 1)


def taken_back(session: Session, shop_id: int) -> frozenset[str]:
    """Statements that a person took back and that nobody has accepted since, by their first occasion."""
    found = session.scalars(
        select(Match.occasion).where(
            Match.shop_id == shop_id, Match.state == MatchState.UNDONE, Match.occasion.contains("#held")
        )
    )
    return frozenset(occasion.partition("#")[0] for occasion in found)


def remittances(session: Session, shop_id: int) -> frozenset[str]:
    """Remittance numbers that are posted."""
    return frozenset(
        number
        for number in session.scalars(
            select(Match.remittance).where(
                Match.shop_id == shop_id, Match.state == MatchState.APPLIED, Match.remittance.is_not(None)
            )
        )
        if number
    )


def payment_lists(session: Session, shop_id: int) -> dict[int, tuple[facts.ListItem, ...]]:
    """The newest list of each line that waits."""
    found = session.execute(
        select(PaymentList.bank_line_id, PaymentList.rows)
        .join(BankLine, BankLine.id == PaymentList.bank_line_id)
        .where(PaymentList.shop_id == shop_id, BankLine.outcome.in_(LOOKED_AT))
        .order_by(PaymentList.id)
    )
    return {
        line_id: tuple(facts.ListItem(row["plate_no"], row["report_no"], row["amount"]) for row in rows)
        for line_id, rows in found
        if isinstance(rows, list)
    }


def hold_shop(session: Session, shop_id: int) -> None:
    """Wait until nobody else decides on this shop's bank lines: one at a time, until the transaction ends."""
    session.execute(select(Shop.id).where(Shop.id == shop_id).with_for_update(key_share=True))
