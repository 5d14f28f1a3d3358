"""What the insurers are told tonight: one message per branch for steps 0 to 2, one letter per step beyond."""

from collections import defaultdict
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.shop import Sequence
from models.upsert import add_new
from notifications import outbox
from notifications.notices import ChaseRow, InsurerChase
from notifications.wording import day, money
from tasks.chasing import letters, queries
from tasks.chasing.letters import TITLES, Ask, cover_name
from tasks.chasing.rules import LETTER_1, PROGRESS, RECEIPT, REMINDER, Ladder, Step
from worker.job import Night


def tell(session: Session, night: Night, asks: list[Ask], ladder: Ladder) -> dict[int, str]:
    """Put the notices of tonight's steps in the outbox; returns the occasion that carries each case."""
    branches: defaultdict[tuple[str, int], list[Ask]] = defaultdict(list)
    for ask in sorted(asks, key=lambda ask: (ask.step.step, ask.facts.claim_no)):
        branches[ask.facts.insurer, max(ask.step.step, REMINDER)].append(ask)
    occasions: dict[int, str] = {}
    for (_, step), bundle in sorted(branches.items()):
        write = _inquire if step < LETTER_1 else partial(_demand, ladder=ladder)
        occasions |= dict.fromkeys((ask.facts.id for ask in bundle), write(session, night, bundle))
    return occasions


def _inquire(session: Session, night: Night, bundle: list[Ask]) -> str:
    insurer, number = bundle[0].facts.insurer, _number(session, night, "CX")
    notice = InsurerChase(
        notice_no=number,
        date=day(night.date),
        shop_name=queries.shop_name(session, night.shop_id),
        shop_contact="",
        insurer=insurer,
        case_count=str(len(bundle)),
        total=money(sum(ask.unpaid for ask in bundle)),
        rows=tuple(_row(ask, night.date) for ask in bundle),
    )
    occasion = f"insurer_chase:{night.shop_id}:{number}"
    outbox.put(session, notice, occasion=occasion, recipient=insurer, night=night)
    return occasion


def _row(ask: Ask, today: date) -> ChaseRow:
    facts, clock = ask.facts, ask.step.clock
    return ChaseRow(
        step=TITLES[ask.step.step],
        claim_no=facts.claim_no,
        insured=facts.insured_name,
        plate_no=facts.plate_no,
        report_no=facts.report_no or "",
        policy_no=facts.policy_no or "",
        cover=cover_name(ask.step.cover),
        accepted_on=day(facts.insurer_accepted_date),
        due_on=day(clock.due_on) if clock else "",
        due_is_estimate=bool(clock and clock.estimate),
        amount=money(ask.unpaid),
        ask=_request(ask.step, today),
    )


def _request(step: Step, today: date) -> str:
    if step.step == RECEIPT:
        return "请确认赔案资料已收到、是否齐全；如需补充，请一次性告知。"
    if step.step == PROGRESS:
        return "请告知核定进度和预计核定日期。"
    if step.clock and not step.clock.estimate and today <= step.clock.due_on:
        return "请在到期日前作出核定，并告知结果。"
    return "请告知核定结果和预计支付日期。"


def _demand(session: Session, night: Night, bundle: list[Ask], ladder: Ladder) -> str:
    first, number = bundle[0], _number(session, night, "CK")
    sender = letters.Sender(
        letter_no=number,
        written_on=night.date,
        pay_by=night.date + timedelta(days=ladder.letter_after_letter),
        shop_name=queries.shop_name(session, night.shop_id),
        account=queries.own_account(session, night.shop_id),
    )
    occasion = f"demand_letter:{night.shop_id}:{number}"
    alone = len(bundle) == 1
    notice = letters.letter(first, sender) if alone else letters.letter_for_several(bundle, sender)
    outbox.put(
        session,
        notice,
        occasion=occasion,
        recipient=first.facts.insurer,
        night=night,
        case_id=first.facts.id if alone else None,
    )
    return occasion


def _number(session: Session, night: Night, kind: str) -> str:
    """The next number of its kind and year; the row stays locked until the work commits (design 5)."""
    year = night.date.year
    key = {"shop_id": night.shop_id, "kind": kind, "year": year}
    add_new(session, Sequence, [{**key, "last": 0}])
    session.execute(update(Sequence).filter_by(**key).values(last=Sequence.last + 1))
    last = session.execute(select(Sequence.last).filter_by(**key)).scalar_one()
    return f"{kind}-{year}-{last:04d}"
