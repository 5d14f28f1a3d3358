"""Notices held back because part of what they ask for was paid: written anew under the same number."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.chase import ChaseStep
from models.notice import Notice
from models.words import NoticeState
from notifications.withdrawal import CHANGED
from tasks.chasing import cases, queries, rules, telling
from tasks.chasing.letters import Ask
from tasks.chasing.policy import Policy
from worker.job import Night

REWRITTEN = "rewritten"


def write_anew(session: Session, night: Night, policy: Policy) -> int:
    """Write them for what is still owed; the steps stay taken. What is left alone waits. Returns how many."""
    groups = _steps_of_changed(session, night.shop_id)
    case_ids = {each.case_id for group in groups.values() for each in group}
    rows = {row.facts.id: row for row in queries.cases_named(session, night.shop_id, case_ids, night.date)}
    written = 0
    for occasion, group in groups.items():
        found = [(rows.get(each.case_id), each) for each in group]
        known = [(row, cases.open_case(row, night.date), each) for row, each in found if row is not None]
        ladder = policy.common
        if any(rules.is_paused(case, night.date) for _, case, _ in known):
            continue
        bundle = [
            ask
            for row, case, each in known
            if rules.may_be_told(case, ladder, night.date) and (ask := _ask(row, case, each, policy))
        ]
        if bundle:
            anew = telling.write_again(session, night, bundle, policy, occasion)
            _carry(session, [each.id for each in group], anew)
            written += 1
        _settle(session, occasion)
    return written


def _steps_of_changed(session: Session, shop_id: int) -> dict[str, list[Any]]:
    """The steps of every notice that was held back, by its occasion; a copy goes with its letter."""
    query = (
        select(ChaseStep.id, ChaseStep.case_id, ChaseStep.cover, ChaseStep.step, ChaseStep.notice_occasion)
        .join(Notice, Notice.occasion == ChaseStep.notice_occasion)
        .where(
            Notice.shop_id == shop_id, Notice.state == NoticeState.SUPPRESSED, Notice.held_because == CHANGED
        )
        .order_by(ChaseStep.id)
    )
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row.notice_occasion].append(row)
    return found


def _ask(row: queries.CaseRow, case: rules.OpenCase, taken: Any, policy: Policy) -> Ask | None:
    ladder = policy.of(row.facts.insurer_group_id)
    if case.open.get(taken.cover, 0) <= ladder.tolerance:
        return None
    step = rules.grounds(case, taken.cover, taken.step, ladder)
    return cases.ask(row, case, step, ladder) if step else None


def _carry(session: Session, step_ids: Sequence[int], occasion: str) -> None:
    session.execute(update(ChaseStep).where(ChaseStep.id.in_(step_ids)).values(notice_occasion=occasion))


def _settle(session: Session, occasion: str) -> None:
    session.execute(
        update(Notice)
        .where(Notice.occasion.startswith(occasion, autoescape=True), Notice.held_because == CHANGED)
        .values(held_because=REWRITTEN)
    )
