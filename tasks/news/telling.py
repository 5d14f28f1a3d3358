"""The words of each kind of news, masked for a customer (domain 3.2)."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.refund import Position
from models.shop import setting
from models.values import in_words, mask_account, mask_name
from models.words import Resolution
from notifications import notices
from notifications.heading import heading
from notifications.notices import Words
from notifications.reckoning import arrivals, reckoning, shown
from notifications.wording import day, money
from tasks.news.facts import Claim, Deposit, Missing, News, Payment, Returned, TopUp, Waiting
from tasks.news.queries import RepairRow
from worker.job import Night

OBJECT_DAYS, TOP_UP_DAYS, PAPERS_DAYS = 7, 7, 7


class Said(NamedTuple):
    """A notice, the name of its occasion, and the claim it stands with."""

    words: Words
    occasion: str
    case_id: int


def deposit_occasion(order: int, day: date, number: int) -> str:
    """The first notice about a day is named by the day, a further one by its number too."""
    return f"deposit_received:{order}:{day}" + (f":{number}" if number > 1 else "")


class Teller:
    """Words the news of one repair; `position` is there where its money can be told."""

    def __init__(self, session: Session, night: Night, row: RepairRow, position: Position | None) -> None:
        self.session, self.night, self.row, self.position = session, night, row, position
        self.order, self.lead, self.today = row.order.id, row.cases[0].id, f"{night.date:%Y%m%d}"

    def say(self, news: News) -> Said:
        """The notice of one piece of news."""
        match news:
            case Deposit():
                return self._deposit(news)
            case Claim():
                return self._accepted(news)
            case Payment():
                return self._paid(news)
            case Returned():
                return self._returned(news)
            case Waiting():
                return self._waiting(news)
            case TopUp():
                return self._top_up(news)
            case Missing():
                return self._missing(news)

    def _deposit(self, news: Deposit) -> Said:
        again = f"-{news.number}" if news.number > 1 else ""
        words = notices.DepositReceived(
            **self._heading(f"YJ{news.received_on:%Y%m%d}-{self.order}{again}"),
            **_amount(news.amount),
            received_on=day(news.received_on),
        )
        return Said(words, deposit_occasion(self.order, news.received_on, news.number), self.lead)

    def _accepted(self, news: Claim) -> Said:
        number = f"JD{self.today}-{news.case_id}"
        words = self._progress(news.case_id, number, accepted_on=day(news.accepted_on))
        return Said(words, f"progress:accepted:{news.case_id}", news.case_id)

    def _paid(self, news: Payment) -> Said:
        words = self._progress(
            news.case_id,
            f"JD{self.today}-{news.case_id}-{news.match_id}",
            paid_on=day(news.received_on),
            paid=money(news.amount),
            still_expected=shown(news.still_expected),
        )
        return Said(words, f"progress:paid:{news.case_id}:{news.match_id}", news.case_id)

    def _progress(self, case_id: int, notice_no: str, **facts: str) -> notices.Progress:
        insurer = self.row.case(case_id).insurer or "保险公司"
        unsaid = {"accepted_on": "", "paid_on": "", "paid": "", "still_expected": ""}
        return notices.Progress(**self._heading(notice_no), insurer=insurer, **(unsaid | facts))

    def _returned(self, news: Returned) -> Said:
        words = notices.RefundPaid(
            **self._heading(f"TF{news.paid_on:%Y%m%d}-{news.refund_id}"),
            **_amount(news.amount),
            paid_on=day(news.paid_on),
            account_tail=mask_account(news.account_no) if news.account_no else "",
            signed_by=mask_name(news.signed_by) if news.signed_by else "",
            still_due=self._still_due(),
        )
        return Said(words, f"refund_paid:{news.refund_id}", self.lead)

    def _still_due(self) -> str:
        position = self.position
        return shown(max(0, position.refund_due - position.refunded)) if position else ""

    def _waiting(self, news: Waiting) -> Said:
        short = news.short
        words = notices.RefundWaiting(
            **self._heading(f"ZH{self.today}-{short.difference_id}"),
            received=money(news.money.received),
            amount=shown(news.money.refund_open),
            short=money(short.amount),
            is_reclaimed=short.resolution is Resolution.RECLAIM,
            is_disputed=short.resolution is Resolution.DISPUTE,
            arrivals=arrivals(self.session, self.order),
        )
        return Said(words, f"refund_waiting:{short.difference_id}", self.lead)

    def _top_up(self, news: TopUp) -> Said:
        assert self.position is not None  # news of money is made of it
        words = notices.TopUpAsked(
            **self._heading(f"BJ{self.today}-{self.order}"),
            **reckoning(self.session, self.position, to_pay=True),
            **_amount(news.money.topup_due),
            pay_by=self._in_days("top_up_days", TOP_UP_DAYS),
            object_days=self._chosen("refund_object_days", OBJECT_DAYS),
        )
        return Said(words, f"top_up_asked:{self.order}:{news.money.topup_due}", self.lead)

    def _missing(self, news: Missing) -> Said:
        case_id = news.claim.case_id
        words = notices.MissingDocuments(
            **self._heading(f"BZ{self.today}-{case_id}"),
            papers=tuple(notices.Paper(name, remark) for name, remark in news.papers),
            bring_by=self._in_days("papers_days", PAPERS_DAYS),
            handler=self.row.case(case_id).insurance_receptionist or "",
        )
        return Said(words, f"missing_documents:{case_id}:{news.claim.round_no}", case_id)

    def _heading(self, notice_no: str) -> dict[str, Any]:
        return heading(self.session, self.night, self.row, notice_no)

    def _chosen(self, key: str, default: int) -> str:
        night = self.night
        return str(setting(self.session, key, on=night.date, default=default, shop_id=night.shop_id))

    def _in_days(self, key: str, default: int) -> str:
        return day(self.night.date + timedelta(days=int(self._chosen(key, default))))


def _amount(fen: int) -> dict[str, Any]:
    return {"amount": money(fen), "amount_in_words": in_words(fen)}
