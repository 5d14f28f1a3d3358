"""The chasing step of the night."""

from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models import event
from models.case import Case
from models.chase import ChaseState, ChaseStep
from models.shop import setting
from models.upsert import put
from models.words import Cover, Resolution, Stage
from tasks.chasing import letters, queries, rules, telling
from worker.job import Night, job

_SETTLED = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING)
_COMPARED = ("step", "reason", "open_amount", "since", "look_again_on")

_Decided = list[tuple[queries.CaseRow, rules.Decision]]


@job
def chase_insurers(session: Session, night: Night) -> int:
    """Take every open case one step up the ladder where one is due, and say of each other why not."""
    ladder = _ladder(session, night)
    decided = list(
        night.decide(
            queries.cases_to_look_at(session, night.shop_id, night.date),
            lambda row: rules.chase(_open_case(row, night.date), ladder, night.date),
            lambda row: f"case:{row.facts.id}",
        )
    )
    asks = [_ask(row, decision.step, night.date) for row, decision in decided if decision.step]
    _take(session, night, asks, telling.tell(session, night, asks, ladder))
    states = [_state(row, decision, night) for row, decision in decided]
    changed = [state for (row, _), state in zip(decided, states, strict=True) if _differs(row, state)]
    put(session, ChaseState, changed, ["case_id"])
    _forget_closed(session, night.shop_id)
    return len(changed)


def _ladder(session: Session, night: Night) -> rules.Ladder:
    """The ladder of this shop: every figure of it is a setting, `chasing.<name>`."""

    def value(key: str, default: int) -> int:
        return int(str(setting(session, key, on=night.date, default=default, shop_id=night.shop_id)))

    defaults = rules.Ladder()
    names = [name for name in vars(defaults) if name != "tolerance"]
    figures = {name: value(f"chasing.{name}", getattr(defaults, name)) for name in names}
    return rules.Ladder(**figures, tolerance=value("rounding_tolerance_fen", defaults.tolerance))


def _open_case(row: queries.CaseRow, today: date) -> rules.OpenCase:
    facts = row.facts
    rounds = [each for each in row.rounds if (each.returned_on or today) <= today]
    handed_in = [each for each in rounds if each.resubmitted_on and each.resubmitted_on <= today]
    return rules.OpenCase(
        is_agency_claim=facts.is_agency_claim,
        has_insurer=facts.insurer is not None,
        authorised=facts.authorised_by is not None,
        authorisation_valid_to=facts.authorisation_valid_to,
        file_handover_date=facts.file_handover_date,
        insurer_accepted_date=facts.insurer_accepted_date,
        expected=sum(line.expected for line in row.lines),
        open=_open_by_cover(row),
        disputed=any(line.resolution is Resolution.DISPUTE for line in row.lines),
        is_returned=len(handed_in) < len(rounds),
        round_no=max((each.round_no for each in handed_in), default=0),
        resubmitted_on=max((each.resubmitted_on for each in handed_in), default=None),
        clocks=tuple(_clock(each) for each in row.clocks),
        taken=tuple(rules.Taken(each.cover, each.step, each.round_no, each.taken_on) for each in row.steps),
    )


def _open_by_cover(row: queries.CaseRow) -> dict[Cover, int]:
    owed: dict[Cover, int] = {}
    for line in row.lines:
        missing = 0 if line.resolution in _SETTLED else max(0, line.expected - int(line.received))
        owed[line.cover] = owed.get(line.cover, 0) + missing
    return owed


def _clock(row: Any) -> rules.Clock:
    # A day that next year's notice may still move is no ground to accuse anybody either.
    estimate = row.estimate or row.provisional
    return rules.Clock(
        row.cover, row.rule_code.removeprefix("compulsory_"), row.due_on, row.state, estimate, row.source
    )


def _ask(row: queries.CaseRow, step: rules.Step, today: date) -> letters.Ask:
    case = _open_case(row, today)
    lines = [line for line in row.lines if line.cover is step.cover]
    return letters.Ask(
        facts=row.facts,
        step=step,
        round_no=case.round_no,
        resubmitted_on=case.resubmitted_on,
        expected=sum(line.expected for line in lines),
        received=sum(int(line.received) for line in lines),
        unpaid=case.open[step.cover],
        earlier=tuple(each for each in row.steps if each.cover is step.cover),
    )


def _take(session: Session, night: Night, asks: list[letters.Ask], occasions: dict[int, str]) -> None:
    """Write the steps down, with the notice that carries each and the grounds."""
    taken = [_taken(ask, occasions[ask.facts.id]) for ask in asks]
    if taken:
        common = {"shop_id": night.shop_id, "taken_on": night.date}
        session.execute(insert(ChaseStep), [values | common for values in taken])
    happenings = [
        event.Happening("chase_step", values | _grounds(ask.step), values["case_id"], rule=rules.VERSION)
        for ask, values in zip(asks, taken, strict=True)
    ]
    event.record(session, happenings, **night.trail)
    night.note(chase_steps=len(asks), chase_notices=len(set(occasions.values())))


def _taken(ask: letters.Ask, occasion: str) -> dict[str, Any]:
    return {
        "case_id": ask.facts.id,
        "cover": ask.step.cover,
        "step": ask.step.step,
        "round_no": ask.round_no,
        "open_amount": ask.unpaid,
        "notice_occasion": occasion,
    }


def _grounds(step: rules.Step) -> dict[str, Any]:
    clock = step.clock
    known = (
        {"clock": clock.duty, "clock_due_on": str(clock.due_on), "estimate": clock.estimate} if clock else {}
    )
    return {"due_on": str(step.due_on)} | known


def _state(row: queries.CaseRow, decision: rules.Decision, night: Night) -> dict[str, Any]:
    before = row.facts
    step = decision.step.step if decision.step else before.step
    reason = decision.reason.value if decision.reason else None
    is_same = decision.step is None and before.since and (before.step, before.reason) == (step, reason)
    return {
        "case_id": before.id,
        "shop_id": night.shop_id,
        "step": step,
        "reason": reason,
        "open_amount": sum(_open_by_cover(row).values()),
        "since": before.since if is_same else night.date,
        "look_again_on": decision.look_again_on,
    }


def _differs(row: queries.CaseRow, state: dict[str, Any]) -> bool:
    return any(getattr(row.facts, name) != state[name] for name in _COMPARED)


def _forget_closed(session: Session, shop_id: int) -> None:
    """A closed case is neither chased nor passed over: the steps it took remain."""
    closed = select(Case.id).where(Case.shop_id == shop_id, Case.stage == Stage.CLOSED)
    session.execute(delete(ChaseState).where(ChaseState.shop_id == shop_id, ChaseState.case_id.in_(closed)))
