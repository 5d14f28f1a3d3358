"""The words of the letters to insurers (domain 3.1): one case alone, or several of a branch at one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from models.values import in_words
from models.words import ChaseForm, Cover
from notifications.notices import DemandBundle, DemandLetter, DemandRow, EarlierContact
from notifications.wording import day, money
from tasks.chasing.facts import Clock, Step
from tasks.chasing.interest import Interest, Rate, estimate
from tasks.chasing.ladder import (
    ADVANCE,
    COMPLAINT,
    FINAL,
    LAWYER,
    LETTER_1,
    LETTER_2,
    PROGRESS,
    RECEIPT,
    REMINDER,
    Level,
)

TITLES = {
    RECEIPT: "收件确认",
    PROGRESS: "进度查询",
    REMINDER: "核定提醒",
    LETTER_1: "第一次催款函",
    ADVANCE: "先予支付请求函",
    LETTER_2: "第二次催款函",
    FINAL: "最后催告函",
    COMPLAINT: "12378 投诉",
    LAWYER: "移交律师",
}
_NTH = {LETTER_1: "第一次", LETTER_2: "第二次", FINAL: "第三次"}


class Ask(NamedTuple):
    """A step of one case, with what its words need: `facts` are the case's columns, money is in fen."""

    facts: Any
    step: Step
    level: Level
    round_no: int
    resubmitted_on: date | None
    expected: int
    received: int
    unpaid: int
    earlier: tuple[Any, ...]

    @property
    def is_told(self) -> bool:
        """Whether the step leaves the shop; else it is given to a person of it."""
        return self.level.form is not ChaseForm.ERRAND


@dataclass(frozen=True)
class Sender:
    """Who writes, when and under which number, where the money is to go, and what lateness costs."""

    letter_no: str
    written_on: date
    pay_by: date
    shop_name: str
    phone: str
    account: Any | None
    rates: Sequence[Rate]
    attachments: tuple[str, ...] = ()
    registrations: Mapping[tuple[int, Cover], str] = field(default_factory=dict)
    """立案号 by claim and cover."""

    def registration_no(self, ask: Ask) -> str:
        """The 立案号 of the cover, else the one of the whole claim; '' where none is known."""
        covers = (ask.step.cover, Cover.UNSPLIT)
        known = (self.registrations.get((ask.facts.id, cover), "") for cover in covers)
        return next(filter(None, known), "")


def letter(ask: Ask, sender: Sender) -> DemandLetter:
    """A letter about one case."""
    facts, step, clock = ask.facts, ask.step, clock_of(ask)
    loss = _loss(ask, sender)
    return DemandLetter(
        **_head(ask, sender),
        insured=facts.insured_name,
        plate_no=facts.plate_no,
        report_no=facts.report_no or "",
        policy_no=facts.policy_no or "",
        registration_no=sender.registration_no(ask),
        cover=cover_name(step.cover),
        accident_on=day(facts.accident_date),
        submitted_on=day(facts.file_handover_date),
        accepted_on=day(facts.insurer_accepted_date),
        accepted_proof=facts.accepted_proof or "",
        supplemented_on=day(ask.resubmitted_on),
        assessed=money(facts.assessed_amount),
        agreed_on=day(facts.settlement_agreed_on),
        payable=money(ask.expected),
        paid=money(ask.received),
        unpaid=money(ask.unpaid),
        unpaid_in_words=in_words(ask.unpaid),
        due_on=day(clock.due_on),
        overdue_days=_overdue(clock, sender),
        legal_basis=clock.source,
        earlier=_earlier([ask]),
        interest_rate=loss.rate if loss else "",
        interest_days=str(loss.days) if loss else "",
        interest_amount=money(loss.amount) if loss else "",
        contact_person=facts.insurance_receptionist or "",
    )


def letter_for_several(bundle: list[Ask], sender: Sender) -> DemandBundle:
    """A letter about several cases of one branch, all at the same step."""
    unpaid = sum(ask.unpaid for ask in bundle)
    losses = [loss for ask in bundle if (loss := _loss(ask, sender))]
    return DemandBundle(
        **_head(bundle[0], sender),
        case_count=str(len(bundle)),
        unpaid=money(unpaid),
        unpaid_in_words=in_words(unpaid),
        rows=tuple(_row(ask, sender) for ask in bundle),
        earlier=_earlier(bundle),
        interest_amount=money(sum(loss.amount for loss in losses)) if losses else "",
    )


def _head(ask: Ask, sender: Sender) -> dict[str, Any]:
    """What every letter bears. A letter stands on a certain clock: the ladder gives none on an estimate."""
    facts, step, account = ask.facts, ask.step.step, sender.account
    return {
        "step": step,
        "letter_no": sender.letter_no,
        "nth": _NTH.get(step, ""),
        "date": day(sender.written_on),
        "insurer": facts.insurer,
        "insurer_parent": (facts.insurer_group or "") if step == FINAL else "",
        "shop_name": sender.shop_name,
        "capacity": "被保险人的受托人",
        "due_is_estimate": False,
        "pay_by": day(sender.pay_by),
        "remark": ask.level.text,
        "account_name": (account.holder or "") if account else "",
        "account_bank": (account.bank_name or "") if account else "",
        "account_no": account.number if account else "",
        "attachments": sender.attachments,
        "shop_contact": sender.phone,
    }


def _row(ask: Ask, sender: Sender) -> DemandRow:
    facts, clock, loss = ask.facts, clock_of(ask), _loss(ask, sender)
    return DemandRow(
        claim_no=facts.claim_no,
        insured=facts.insured_name,
        plate_no=facts.plate_no,
        report_no=facts.report_no or "",
        policy_no=facts.policy_no or "",
        registration_no=sender.registration_no(ask),
        cover=cover_name(ask.step.cover),
        accident_on=day(facts.accident_date),
        submitted_on=day(facts.file_handover_date),
        accepted_on=day(facts.insurer_accepted_date),
        accepted_proof=facts.accepted_proof or "",
        supplemented_on=day(ask.resubmitted_on),
        agreed_on=day(facts.settlement_agreed_on),
        due_on=day(clock.due_on),
        overdue_days=_overdue(clock, sender),
        legal_basis=clock.source,
        assessed=money(facts.assessed_amount),
        payable=money(ask.expected),
        paid=money(ask.received),
        unpaid=money(ask.unpaid),
        interest=f"{money(loss.amount)} 元（{loss.rate}，{loss.days} 日）" if loss else "",
    )


def clock_of(ask: Ask) -> Clock:
    """The clock a letter stands on."""
    assert ask.step.clock is not None  # the ladder gives no letter without one
    return ask.step.clock


def _loss(ask: Ask, sender: Sender) -> Interest | None:
    """From the second letter on (domain 3.1), where the due day is certain: the ladder writes on no other."""
    if ask.step.step < LETTER_2:
        return None
    return estimate(ask.unpaid, clock_of(ask).due_on, sender.written_on, sender.rates)


def _overdue(clock: Clock, sender: Sender) -> str:
    return str((sender.written_on - clock.due_on).days)


def _earlier(bundle: list[Ask]) -> tuple[EarlierContact, ...]:
    """What went before, from the second letter on (domain 3.1); what went to all of them stands once."""
    if bundle[0].step.step == LETTER_1:
        return ()
    contacts = sorted({(each.taken_on, each.step) for ask in bundle for each in ask.earlier})
    return tuple(
        EarlierContact(day(on), _channel(step), "理赔部门", TITLES[step])
        for on, step in contacts
        if step < COMPLAINT
    )


def _channel(step: int) -> str:
    return "函件" if step >= LETTER_1 else "邮件"


def cover_name(cover: Cover) -> str:
    """险别 as it is written; '' for a sum that is not split."""
    return "" if cover is Cover.UNSPLIT else cover.value
