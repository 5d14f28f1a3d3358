"""Deciding some cases by the ladder, and reckoning out how much a whole night would tell."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from tasks.chasing import cases, queries, rules
from tasks.chasing.facts import Decision, OpenCase
from tasks.chasing.letters import Ask
from tasks.chasing.plan import Told
from tasks.chasing.tonight import Tonight
from worker.job import Night

_AT_ONCE = 10_000


class Decided(NamedTuple):
    """A case, what was decided of it, and the step as its words want it."""

    row: queries.CaseRow
    case: OpenCase
    decision: Decision
    ask: Ask | None


def decide(session: Session, night: Night, tonight: Tonight, case_ids: Collection[int]) -> Iterator[Decided]:
    """What each takes tonight, by id; where nobody is told anything, the reason instead."""
    house, days = tonight.house, tonight.house.common.transfer_days
    ladders = {id(ladder): rules.Alike(ladder, night.date) for ladder in house.ladders}

    def rule(row: queries.CaseRow) -> tuple[OpenCase, Decision]:
        case = cases.open_case(row, night.date, tonight.transfers, days)
        return case, ladders[id(house.of(row.facts.insurer_group_id))].chase(case)

    rows = queries.cases_for_the_ladder(session, case_ids, night.date)
    for row, (case, decision) in night.decide(rows, rule, lambda row: f"case:{row.facts.id}"):
        step = decision.step
        ask = cases.ask(row, case, step, house.of(row.facts.insurer_group_id)) if step else None
        if ask and tonight.silent and ask.is_told:
            yield Decided(row, case, Decision(None, tonight.silent, None), None)
        else:
            yield Decided(row, case, decision, ask)


def planned(session: Session, night: Night, tonight: Tonight) -> Told:
    """How many steps of the whole night would leave the shop, and the fen they ask for; nothing is kept."""
    scratch = replace(night, notes={}, set_aside=[], decided=set())
    every = [case_id for branch in tonight.branches for case_id in branch.case_ids]
    count = amount = 0
    for start in range(0, len(every), _AT_ONCE):
        for each in decide(session, scratch, tonight, every[start : start + _AT_ONCE]):
            if each.ask and each.ask.is_told:
                count, amount = count + 1, amount + each.ask.unpaid
    return Told(count, amount)
