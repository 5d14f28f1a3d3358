"""What people make of a difference: prepare a result, approve it, send it back, take it back."""

from sqlalchemy.orm import Session

from models.case import Case
from models.difference import Difference
from models.shop import whole_number
from models.values import Refusal, yuan
from models.words import DifferenceState, Resolution, Stage
from tasks.differences import effects, queries, results, steps
from tasks.differences.queries import LineRow
from tasks.differences.results import Asked, Limits, Open, Result
from worker.job import Night


def limits_of(session: Session, night: Night) -> Limits:
    """The tolerance of roundings, and the fen up to which a reviewer may let the shop bear a difference."""

    def number(key: str, default: int) -> int:
        return whole_number(session, key, default, on=night.date, shop_id=night.shop_id)

    return Limits(number("rounding_tolerance_fen", 5), number("write_off_limit_fen", 0))


def resolve(session: Session, night: Night, difference_id: int, asked: Asked) -> int:
    """Prepare a result, or approve what another prepared. Returns 1 where it has taken effect, else 0."""
    row, line = found(session, night, difference_id, {DifferenceState.OPEN})
    about, limits = open_of(row, line), limits_of(session, night)
    result = results.result_of(asked, about)
    if results.is_approval(asked, about, result, limits):
        return _approve(session, night, row, line, result)
    results.check(asked, about, result, limits)
    effects.check(session, night, row, line, result, asked.to_claim_no)
    _prepare(session, night, row, result, asked)
    if results.needs_second(result, asked.role):
        steps.tell(
            session, night, line, "prepared", difference=row.id, result=result, amount=row.amount,
            consent=row.consent, note=row.note, to=asked.to_claim_no,
        )  # fmt: skip
        return 0
    row.approved_by = night.by if result not in results.ALONE else None
    return effects.apply(session, night, row, line, result)


def _prepare(session: Session, night: Night, row: Difference, result: Result, asked: Asked) -> None:
    short = isinstance(result, Resolution)
    row.resolution, row.over_result = (result, None) if short else (None, result)  # type: ignore[assignment] # told apart
    row.consent = (asked.consent or "").strip() or None
    row.consent_on, row.note, row.prepared_by, row.approved_by = asked.consent_on, asked.note, night.by, None
    to = queries.case_by_number(session, night.shop_id, asked.to_claim_no) if asked.to_claim_no else None
    row.to_case_id = to.id if to else None
    session.flush()


def approve(session: Session, night: Night, difference_id: int, role: str) -> int:
    """Let the prepared result take effect. Raises Refusal for the wrong role, or for one's own entry."""
    row, line = found(session, night, difference_id, {DifferenceState.OPEN})
    result = results.check_approval(night.by, role, open_of(row, line), limits_of(session, night))
    return _approve(session, night, row, line, result)


def _approve(session: Session, night: Night, row: Difference, line: LineRow, result: Result) -> int:
    to = session.get(Case, row.to_case_id) if row.to_case_id else None
    effects.check(session, night, row, line, result, to.claim_no if to else None)
    row.approved_by = night.by
    return effects.apply(session, night, row, line, result)


def decline(session: Session, night: Night, difference_id: int, role: str, because: str) -> int:
    """Send a prepared result back to who prepared it, with the reason."""
    row, line = found(session, night, difference_id, {DifferenceState.OPEN})
    result = row.resolution or row.over_result
    if role not in results.MAY_APPROVE:
        raise Refusal(
            f"{night.by} is {role}; a result is declined by a reviewer, manager or admin. Ask one of them: "
            f"huikuan difference decline {row.id}"
        )
    if result is None or result in results.ALONE:
        raise Refusal(
            f"Difference {row.id} of {line.claim_no} has no result that waits for approval. "
            "See: huikuan difference list"
        )
    _say_why(because, f"huikuan difference decline {row.id}")
    prepared_by = row.prepared_by
    steps.drop_prepared(row)
    steps.tell(
        session, night, line, "declined",
        difference=row.id, result=result, prepared_by=prepared_by, because=because.strip(),
    )  # fmt: skip
    return 1


def undo(session: Session, night: Night, difference_id: int, role: str, because: str) -> int:
    """Take a result back by counter-entries: the difference is open again."""
    row, line = found(session, night, difference_id, {DifferenceState.RESOLVED, DifferenceState.OPEN})
    retry = f"huikuan difference undo {row.id}"
    if role not in results.MAY_APPROVE:
        raise Refusal(
            f"{night.by} is {role}; a result is taken back by a reviewer, manager or admin. Ask one of them: "
            f"{retry}"
        )
    _say_why(because, retry)
    in_effect = row.state is DifferenceState.RESOLVED or row.resolution in results.ALONE
    if not in_effect:
        raise Refusal(
            f"Difference {row.id} of {line.claim_no} has no result to take back. See: huikuan difference list"
        )
    if line.open is not None and line.open.id != row.id:
        raise Refusal(
            f"{line.claim_no}: difference {line.open.id} of the same line is open; it comes first. "
            f"Resolve it: huikuan difference resolve {line.open.id} RESULT"
        )
    for case_id in {each.case_id for each in queries.payouts_of(session, f"difference:{row.id}")}:
        refuse_closed(session, case_id)
    return effects.take_back(session, night, row, line, because.strip())


def _say_why(because: str, retry: str) -> None:
    if not because.strip():
        raise Refusal(f'Say why; it stays on record: {retry} --because "..."')


def found(
    session: Session, night: Night, difference_id: int, states: set[DifferenceState]
) -> tuple[Difference, LineRow]:
    """The difference, locked, and its line. Raises Refusal if unknown, not open, or of a closed case."""
    row = queries.difference_for_change(session, night.shop_id, difference_id)
    if row is None:
        raise Refusal(
            f"There is no difference {difference_id} in shop {night.shop_code}. See: huikuan difference list"
        )
    line = queries.lines(session, [row.expected_line_id])[0]
    if row.state not in states:
        result = row.resolution or row.over_result or "by itself, because other money came"
        raise Refusal(
            f"Difference {row.id} of {line.claim_no} was closed on {row.resolved_on}: {result}. "
            "See: huikuan difference list --all"
        )
    refuse_closed(session, line.case_id)
    queries.hold_orders(session, [line.work_order_id])
    if row.state is DifferenceState.OPEN and row.amount != steps.difference_of(line):
        raise Refusal(
            f"Difference {row.id} of {line.claim_no} was {yuan(row.amount)} yuan; since then money moved and "
            f"it is {yuan(steps.difference_of(line))}. Bring it up to date, then decide: "
            f"huikuan job run find_differences --shop {night.shop_code}"
        )
    return row, line


def refuse_closed(session: Session, case_id: int) -> None:
    """Raise Refusal for a closed case: its money does not move any more."""
    case = session.get_one(Case, case_id)
    if case.stage is Stage.CLOSED:
        raise Refusal(
            f"{case.claim_no} was closed on {case.closed_date} by {case.closed_by}. Open it again first: "
            f'huikuan case reopen {case.claim_no} --because "..."'
        )


def open_of(row: Difference, line: LineRow) -> Open:
    """What the rules are told of a difference."""
    prepared: Result | None = row.resolution or row.over_result
    return Open(row.id, line.claim_no, row.amount, line.kind, line.proven, prepared, row.prepared_by)
