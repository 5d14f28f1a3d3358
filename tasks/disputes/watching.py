"""Keeping the clocks of disputes, and giving people what they ask for."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models import errand
from models.business_day import load_calendar
from models.dispute import Dispute, DisputeClock
from models.errand import NewErrand, owners
from models.upsert import put
from models.words import DisputeKind, ErrandKind
from notifications import errands
from tasks.disputes import queries, rules
from worker.job import Night

_COMPARED = ("started_on", "due_on", "state", "provisional", "source")
_WHAT = {
    "refusal_reasons": "拒赔后未按期收到书面理由，请索取。",
    "objection_answer": "异议未按期得到答复。",
    "complaint_extended": "投诉期满未得到处理结果，可申请核查或移交律师。",
    "review_decision": "核查期满未得到决定，可移交律师。",
    rules.REVIEW_REQUEST: "对处理决定不服的，可在期限内向上一级机构申请核查。",
}


def keep_clocks(session: Session, night: Night, rows: Sequence[Any]) -> int:
    """Write the clocks of these disputes as they stand, and an errand for each that asks for one."""
    law = [_rule(row) for row in queries.legal_rules(session)]
    calendar = load_calendar(session)
    known = queries.clocks_of(session, [row.Dispute.id for row in rows])
    changed: list[dict[str, Any]] = []
    given: list[NewErrand] = []
    for row, found in night.decide(
        rows,
        lambda row: rules.clocks(_matter(row.Dispute), law, calendar, night.date),
        lambda row: f"dispute:{row.Dispute.id}",
    ):
        changed += [
            values for clock in found if (values := _values(row.Dispute, clock)) and _differs(known, values)
        ]
        given += [_errand(session, night, row, clock) for clock in rules.to_see_to(found)]
    put(session, DisputeClock, changed, ["dispute_id", "rule_code"])
    errands.tell(session, night, errand.give(session, given))
    return len(changed)


def _rule(row: Any) -> rules.Rule:
    return rules.Rule(row.code, row.length, row.unit, row.source, row.valid_from, row.valid_to)


def _matter(row: Dispute) -> rules.Matter:
    answered_on = row.reasons_on if row.kind is DisputeKind.REFUSED else row.answered_on
    return rules.Matter(row.kind, row.state, row.happened_on, row.institution, answered_on)


def _values(row: Dispute, clock: rules.Clock) -> dict[str, Any]:
    return {
        "shop_id": row.shop_id,
        "dispute_id": row.id,
        "rule_code": clock.rule_code,
        "started_on": clock.started_on,
        "due_on": clock.due_on,
        "state": clock.state,
        "provisional": clock.provisional,
        "source": clock.source,
    }


def _differs(known: dict[tuple[int, str], DisputeClock], values: dict[str, Any]) -> bool:
    was = known.get((values["dispute_id"], values["rule_code"]))
    return was is None or any(getattr(was, name) != values[name] for name in _COMPARED)


def _errand(session: Session, night: Night, row: Any, clock: rules.Clock) -> NewErrand:
    named = owners(session, night.shop_id, night.date)
    dispute = row.Dispute
    due = f"期限 {clock.due_on}（{clock.source}）。"
    return NewErrand(
        shop_id=night.shop_id,
        case_id=dispute.case_id,
        kind=ErrandKind.DISPUTE,
        occasion=f"dispute:{dispute.id}:{clock.rule_code}:{clock.started_on}",
        owner=named.first,
        what=f"{dispute.number}：{_WHAT[clock.rule_code]}{due}",
        command=f"huikuan dispute list --claim {row.claim_no} --shop {night.shop_code}",
        amount=dispute.amount,
        opened_on=night.date,
        pass_on=night.date + timedelta(days=named.days) if named.second else None,
    )
