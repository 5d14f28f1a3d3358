"""What the insurers are told: one message per branch for steps 0 to 2, a letter per case from step 3 on."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.shop import Sequence
from models.upsert import add_new
from models.values import in_words
from models.words import Cover
from notifications import outbox
from notifications.notices import ChaseRow, DemandLetter, EarlierContact, InsurerChase
from notifications.wording import day, money
from tasks.chasing import queries
from tasks.chasing.rules import ADVANCE, FINAL, LETTER_1, LETTER_2, PROGRESS, RECEIPT, REMINDER, Ladder, Step
from worker.job import Night

_TITLES = {
    RECEIPT: "收件确认",
    PROGRESS: "进度查询",
    REMINDER: "核定提醒",
    LETTER_1: "第一次催款函",
    ADVANCE: "先予支付请求函",
    LETTER_2: "第二次催款函",
    FINAL: "最后催告函",
}
_NTH = {LETTER_1: "第一次", LETTER_2: "第二次", FINAL: "第三次"}


@dataclass(frozen=True)
class Ask:
    """A step of one case, with what its words need: `facts` are the case's columns, money is in fen."""

    facts: Any
    step: Step
    round_no: int
    resubmitted_on: date | None
    expected: int
    received: int
    unpaid: int
    earlier: tuple[Any, ...]


def tell(session: Session, night: Night, asks: list[Ask], ladder: Ladder) -> dict[int, str]:
    """Put the notices of tonight's steps in the outbox; returns the occasion that carries each case."""
    occasions: dict[int, str] = {}
    branches: defaultdict[str, list[Ask]] = defaultdict(list)
    for ask in asks:
        if ask.step.step < LETTER_1:
            branches[ask.facts.insurer].append(ask)
        else:
            occasions[ask.facts.id] = _demand(session, night, ask, ladder)
    for insurer, bundle in sorted(branches.items()):
        occasions |= dict.fromkeys(
            (ask.facts.id for ask in bundle), _inquire(session, night, insurer, bundle)
        )
    return occasions


def _inquire(session: Session, night: Night, insurer: str, bundle: list[Ask]) -> str:
    number = _number(session, night, "CX")
    notice = InsurerChase(
        notice_no=number,
        date=day(night.date),
        shop_name=queries.shop_name(session, night.shop_id),
        shop_contact="",
        insurer=insurer,
        case_count=str(len(bundle)),
        total=money(sum(ask.unpaid for ask in bundle)),
        rows=tuple(
            _row(ask, night.date)
            for ask in sorted(bundle, key=lambda ask: (ask.step.step, ask.facts.claim_no))
        ),
    )
    occasion = f"insurer_chase:{night.shop_id}:{number}"
    outbox.put(session, notice, occasion=occasion, recipient=insurer, night=night)
    return occasion


def _row(ask: Ask, today: date) -> ChaseRow:
    facts, clock = ask.facts, ask.step.clock
    return ChaseRow(
        step=_TITLES[ask.step.step],
        claim_no=facts.claim_no,
        insured=facts.insured_name,
        plate_no=facts.plate_no,
        report_no=facts.report_no or "",
        policy_no=facts.policy_no or "",
        cover=_cover(ask.step.cover),
        accepted_on=day(facts.insurer_accepted_date),
        due_on=day(clock.due_on) if clock else "",
        due_is_estimate=bool(clock and clock.estimate),
        amount=money(ask.unpaid),
        ask=_request(ask.step, today),
    )


def _cover(cover: Cover) -> str:
    return "" if cover is Cover.UNSPLIT else cover.value


def _request(step: Step, today: date) -> str:
    if step.step == RECEIPT:
        return "请确认赔案资料已收到、是否齐全；如需补充，请一次性告知。"
    if step.step == PROGRESS:
        return "请告知核定进度和预计核定日期。"
    if step.clock and not step.clock.estimate and today <= step.clock.due_on:
        return "请在到期日前作出核定，并告知结果。"
    return "请告知核定结果和预计支付日期。"


def _demand(session: Session, night: Night, ask: Ask, ladder: Ladder) -> str:
    number = _number(session, night, "CK")
    occasion = f"demand_letter:{night.shop_id}:{number}"
    letter = _letter(session, night, ask, ladder, number)
    outbox.put(
        session, letter, occasion=occasion, recipient=ask.facts.insurer, night=night, case_id=ask.facts.id
    )
    return occasion


def _letter(session: Session, night: Night, ask: Ask, ladder: Ladder, number: str) -> DemandLetter:
    facts, step, clock = ask.facts, ask.step, ask.step.clock
    assert clock is not None  # the ladder gives no letter without one
    account = queries.own_account(session, night.shop_id)
    return DemandLetter(
        step=step.step,
        letter_no=number,
        nth=_NTH.get(step.step, ""),
        date=day(night.date),
        insurer=facts.insurer,
        insurer_parent=(facts.insurer_group or "") if step.step == FINAL else "",
        shop_name=queries.shop_name(session, night.shop_id),
        capacity="被保险人的受托人",
        insured=facts.insured_name,
        plate_no=facts.plate_no,
        report_no=facts.report_no or "",
        policy_no=facts.policy_no or "",
        registration_no="",
        cover=_cover(step.cover),
        accident_on=day(facts.accident_date),
        submitted_on=day(facts.file_handover_date),
        accepted_on=day(facts.insurer_accepted_date),
        accepted_proof="",
        supplemented_on=day(ask.resubmitted_on),
        assessed=money(facts.assessed_amount),
        agreed_on=day(facts.settlement_agreed_on),
        payable=money(ask.expected),
        paid=money(ask.received),
        unpaid=money(ask.unpaid),
        unpaid_in_words=in_words(ask.unpaid),
        due_on=day(clock.due_on),
        due_is_estimate=clock.estimate,
        overdue_days=str((night.date - clock.due_on).days),
        legal_basis=clock.source,
        earlier=_earlier(ask),
        interest_rate="",
        interest_days="",
        interest_amount="",
        pay_by=day(night.date + timedelta(days=ladder.letter_after_letter)),
        account_name=(account.holder or "") if account else "",
        account_bank="",
        account_no=account.number if account else "",
        attachments=(),
        contact_person=facts.insurance_receptionist or "",
        shop_contact="",
    )


def _earlier(ask: Ask) -> tuple[EarlierContact, ...]:
    """What went before, from the second letter on (domain 3.1)."""
    if ask.step.step == LETTER_1:
        return ()
    return tuple(
        EarlierContact(day(each.taken_on), _channel(each.step), "理赔部门", _TITLES[each.step])
        for each in ask.earlier
    )


def _channel(step: int) -> str:
    return "函件" if step >= LETTER_1 else "邮件"


def _number(session: Session, night: Night, kind: str) -> str:
    """The next number of its kind and year; the row stays locked until the work commits (design 5)."""
    year = night.date.year
    key = {"shop_id": night.shop_id, "kind": kind, "year": year}
    add_new(session, Sequence, [{**key, "last": 0}])
    session.execute(update(Sequence).filter_by(**key).values(last=Sequence.last + 1))
    last = session.execute(select(Sequence.last).filter_by(**key)).scalar_one()
    return f"{kind}-{year}-{last:04d}"
