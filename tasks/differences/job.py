"""The jobs of the differences room."""

from datetime import date

from sqlalchemy.orm import Session

from tasks.differences import queries, resolving, reversal, reviewing, third_party
from tasks.differences.results import Asked
from worker.job import Night, job


@job
def find_differences(session: Session, night: Night) -> int:
    """Say of every line on which money came whether it is what was expected; differences open and close."""
    lines = queries.lines_to_review(session, night.shop_id, night.date)
    return reviewing.review_each(session, night, lines)


@job
def resolve_difference(session: Session, night: Night) -> int:
    """Give a difference its result: 1 where it has taken effect, 0 where somebody else must approve it."""
    given = night.parameters
    asked = Asked(
        result=str(given["result"]),
        by=night.by,
        role=str(given.get("role", "")),
        today=night.date,
        consent=given.get("consent"),
        consent_on=date.fromisoformat(given["consent_on"]) if given.get("consent_on") else None,
        to_claim_no=given.get("to"),
        note=given.get("note"),
    )
    return resolving.resolve(session, night, int(given["difference_id"]), asked)


@job
def approve_difference(session: Session, night: Night) -> int:
    """Approve the result that another person has prepared: it takes effect."""
    given = night.parameters
    return resolving.approve(session, night, int(given["difference_id"]), str(given.get("role", "")))


@job
def decline_difference(session: Session, night: Night) -> int:
    """Send a prepared result back, with the reason."""
    given = night.parameters
    role, because = str(given.get("role", "")), str(given["because"])
    return resolving.decline(session, night, int(given["difference_id"]), role, because)


@job
def undo_difference(session: Session, night: Night) -> int:
    """Take a result back by counter-entries: the difference is open again."""
    given = night.parameters
    role, because = str(given.get("role", "")), str(given["because"])
    return resolving.undo(session, night, int(given["difference_id"]), role, because)


@job
def reverse_payout(session: Session, night: Night) -> int:
    """Record that an insurer took money back: case_id, amount in fen, on, and payout_id where it is asked."""
    given = night.parameters
    on, because = _day(night), str(given.get("because") or "")
    return reversal.reverse(session, night, int(given["case_id"]), int(given["amount"]), on, because)


@job
def pay_third_party(session: Session, night: Night) -> int:
    """Record that the shop passed a third party's money on: case_id, amount in fen, on, payee."""
    given = night.parameters
    on, payee = _day(night), str(given.get("payee") or "")
    return third_party.pay(session, night, int(given["case_id"]), int(given["amount"]), on, payee)


@job
def unpay_third_party(session: Session, night: Night) -> int:
    """Take a payment to a third party back: it never went out, or it came back."""
    given = night.parameters
    because = str(given.get("because") or "")
    return third_party.take_back(session, night, int(given["case_id"]), int(given["amount"]), because)


def _day(night: Night) -> date:
    """When it happened; the business date where nobody says."""
    on = night.parameters.get("on")
    return date.fromisoformat(str(on)) if on else night.date
