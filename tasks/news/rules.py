"""What of a repair is news to the customer tonight (domain 3.2). Pure; amounts are fen."""

from collections.abc import Iterator
from datetime import date, timedelta

from tasks.news import papers
from tasks.news.facts import Deposit, Missing, Money, News, Repair, Short, TopUp, Waiting


def news(repair: Repair, today: date, days: int) -> tuple[News, ...]:
    """All that is at most `days` old; of the same money nothing is said twice."""
    recent = _Recent(today, days)
    about_money = tuple(_about_money(repair, recent))
    return (
        *_deposits(repair, recent),
        *_claims(repair, recent),
        *(() if about_money else _payments(repair, recent)),
        *about_money,
        *(refund for refund in repair.refunds if refund.amount and recent(refund.paid_on)),
    )


class _Recent:
    """Whether a day is news: not unknown, not still to come, and not long ago."""

    def __init__(self, today: date, days: int) -> None:
        self.today, self.first = today, today - timedelta(days=days)

    def __call__(self, day: date | None) -> bool:
        return day is not None and self.first < day <= self.today


def _deposits(repair: Repair, recent: _Recent) -> Iterator[News]:
    if all(claim.is_closed for claim in repair.claims):
        return
    for day, fen in sorted(repair.deposits.items()):
        told = repair.told_deposits.get(day, ())
        if fen > sum(told) and recent(day):
            yield Deposit(day, fen - sum(told), len(told) + 1)


def _claims(repair: Repair, recent: _Recent) -> Iterator[News]:
    paid = {payment.case_id for payment in repair.payments}
    for claim in repair.claims:
        if claim.is_closed or not claim.goes_to_insurer:
            continue
        # Who has been paid need not hear that the file was accepted.
        if recent(claim.accepted_on) and claim.case_id not in paid and not claim.round_no:
            yield claim
        named = papers.of_the_customer(claim.reason) if claim.round_no else ()
        if named and recent(claim.returned_on):
            yield Missing(claim, named)


def _payments(repair: Repair, recent: _Recent) -> Iterator[News]:
    open_claims = {claim.case_id for claim in repair.claims if claim.is_agency and not claim.is_closed}
    for payment in repair.payments:
        is_told = repair.told_on is not None and payment.received_on <= repair.told_on
        if payment.case_id in open_claims and recent(payment.received_on) and not is_told:
            yield payment


def _about_money(repair: Repair, recent: _Recent) -> Iterator[News]:
    money = repair.money
    if money is None or all(claim.is_closed for claim in repair.claims):
        return
    short = next((each for each in repair.shorts if recent(each.since)), None)
    if short and _waits(money, short):
        yield Waiting(short, money)
    if is_short(money) and recent(money.last_on):
        yield TopUp(money)


def _waits(money: Money, short: Short) -> bool:
    """Whoever has paid something is waiting for it; whoever has not has nothing to wait for."""
    return money.is_held_back and short.amount > 0 and money.refund_open > 0


def is_short(money: Money) -> bool:
    """The insurer has done what it does and the bill is not covered: the customer makes it up."""
    return bool(money.topup_due and money.received and money.insurer_is_done and not money.over_receipt)
