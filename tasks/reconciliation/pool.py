"""Which open claims a transfer without references may pay: what facts say, before anything is counted.

Insurer group, acceptance before the bank date, the month and the number of claims in the remark are facts and
leave claims out. The branch of the payer only ranks: central accounts pay for every branch (domain 6.3).
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from tasks.reconciliation.facts import Case, Facts
from tasks.reconciliation.payer import plain_name
from tasks.reconciliation.reading import Reading, fits

_COMPANY = re.compile(r".*(?:有限责任公司|有限公司|股份公司|财险|产险|保险|人保|PICC)")
_WEIGHTLESS = re.compile(r"中心|理赔账户|理赔中心|[省市区县()]")


@dataclass(frozen=True)
class Pool:
    """Open claims in settlement order, and the facts that narrowed them down, in words."""

    cases: tuple[Case, ...]
    narrowed: tuple[str, ...]
    same_branch: frozenset[int] = frozenset()
    """Claims with the very branch that paid."""


def pool_of(reading: Reading, facts: Facts) -> Pool:
    """The claims that a transfer of this insurer group may pay on its day."""
    day, hints = reading.line.booked_on, reading.hints
    oldest = day - timedelta(days=facts.policy_of(reading.group_id).look_back_days)
    narrowed = ["insurer group", f"accepted by {day}"]
    if hints.until:
        narrowed.append(f"settled by {hints.until}, as the remark says")
    if hints.count:
        narrowed.append(f"{hints.count} claims, as the remark says")
    # What is open by a rounding alone waits for nothing: differences settle it.
    least = facts.policy_of(reading.group_id).rounding_fen
    open_cases = (case for case in facts.cases_of(reading.group_id) if case.open_amount > least)
    cases = [case for case in open_cases if fits(reading, case, facts)]
    kept = [
        case
        for case in cases
        if case.settled_on is None
        or (case.settled_on >= oldest and (hints.until is None or case.settled_on <= hints.until))
    ]
    ordered = sorted(kept, key=lambda c: (c.settled_on is None, c.settled_on or day, c.claim_no, c.case_id))
    branch = place(reading.line.payer)
    same = frozenset(case.case_id for case in ordered if branch and place(case.insurer) == branch)
    return Pool(tuple(ordered), tuple(narrowed), same)


def place(company: str) -> str:
    """What of a company's name says where it is, without words that some leave out."""
    return _WEIGHTLESS.sub("", _COMPANY.sub("", plain_name(company)))
