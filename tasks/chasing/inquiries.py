"""Steps 0 to 2 of the ladder: one message per branch that asks after all its cases of the night."""

from datetime import date

from notifications.notices import ChaseRow, InsurerChase
from notifications.wording import day, money
from tasks.chasing.facts import Step
from tasks.chasing.ladder import PROGRESS, RECEIPT
from tasks.chasing.letters import TITLES, Ask, cover_name
from tasks.chasing.writing import Writing


def write(writing: Writing, bundle: list[Ask]) -> None:
    """Write the message of a branch."""
    desk = writing.desk
    notice = InsurerChase(
        notice_no=writing.number,
        date=day(desk.night.date),
        shop_name=desk.shop_name,
        shop_contact=desk.policy.phone,
        insurer=bundle[0].facts.insurer,
        case_count=str(len(bundle)),
        total=money(sum(ask.unpaid for ask in bundle)),
        rows=tuple([_row(ask, desk.night.date) for ask in bundle]),
    )
    writing.put(notice, bundle)


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
        legal_basis=clock.source if clock else "",
        amount=money(ask.unpaid),
        ask=_request(ask.step, today) + ask.level.text,
    )


def _request(step: Step, today: date) -> str:
    if step.step == RECEIPT:
        return "请确认赔案资料已收到、是否齐全；如需补充，请一次性告知。"
    if step.step == PROGRESS:
        return "请告知核定进度和预计核定日期。"
    if step.clock and not step.clock.estimate and today <= step.clock.due_on:
        return "请在到期日前作出核定，并告知结果。"
    return "请告知核定结果和预计支付日期。"
