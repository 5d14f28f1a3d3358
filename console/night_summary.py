"""What a person reads in the morning: what came in, what was decided, what waits, what lies where."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from console import night_view, todo, worklist
from console.output import say, table
from models.bank import BankLine
from models.chase import ChaseState, ChaseStep
from models.deadline import Deadline
from models.ledger import LedgerBuild
from models.match import Match, MatchPart
from models.notice import Notice
from models.refund import Refund
from models.run import Run
from models.shop import Shop
from models.source_file import SourceFile
from models.values import yuan_grouped
from models.words import DeadlineState, MatchKind, MatchState
from worker.settings import settings


def summary(session: Session, day: date, codes: Sequence[str]) -> dict[str, Any]:
    """The night of these shops, from the rows it wrote; amounts in yuan."""
    ids = list(session.scalars(select(Shop.id).where(Shop.code.in_(codes)).order_by(Shop.code)))
    nights = night_view.of(session, day, codes)
    found = worklist.items(session, list(codes), todo.SOURCES)
    return {
        "date": day,
        "nights": nights,
        "came_in": _came_in(session, day, ids),
        "decided": _decided(session, day, ids),
        "told": _told(session, nights, ids),
        "waiting": todo.counts(found),
        "lies": _lies(session, day, ids),
    }


def _came_in(session: Session, day: date, ids: list[int]) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(SourceFile)
        .where(SourceFile.shop_id.in_(ids), SourceFile.read_on == day)
        .order_by(SourceFile.id)
    )
    return [
        {
            "file": row.name,
            "kind": row.kind.value,
            "state": row.state.value,
            "rows": row.rows,
            "refusal": row.refusal,
        }
        for row in rows
    ]


def _decided(session: Session, day: date, ids: list[int]) -> dict[str, Any]:
    matched = session.execute(
        select(
            func.count(func.distinct(MatchPart.bank_line_id)), func.coalesce(func.sum(MatchPart.amount), 0)
        )
        .join(Match, Match.id == MatchPart.match_id)
        .where(
            Match.shop_id.in_(ids),
            Match.decided_on == day,
            Match.state == MatchState.APPLIED,
            Match.kind.not_in((MatchKind.BOUNCED_REFUND, MatchKind.REFUND_PAYMENT)),
        )
    ).one()
    refunds = session.execute(
        select(func.count(), func.coalesce(func.sum(Refund.amount), 0)).where(
            Refund.shop_id.in_(ids), Refund.computed_on == day
        )
    ).one()
    return {
        "lines_matched": matched[0],
        "matched_amount": yuan_grouped(int(matched[1])),
        "lines_by_outcome": _counts(
            session,
            select(BankLine.outcome, func.count())
            .where(BankLine.shop_id.in_(ids))
            .group_by(BankLine.outcome),
        ),
        "refunds_computed": refunds[0],
        "refund_amount": yuan_grouped(int(refunds[1])),
        "steps_taken": _counts(
            session,
            select(ChaseStep.step, func.count())
            .where(ChaseStep.shop_id.in_(ids), ChaseStep.taken_on == day)
            .group_by(ChaseStep.step),
        ),
        "not_chased": _counts(
            session,
            select(ChaseState.reason, func.count())
            .where(ChaseState.shop_id.in_(ids), ChaseState.reason.is_not(None))
            .group_by(ChaseState.reason),
        ),
        "deadlines_missed": session.execute(
            select(func.count()).where(Deadline.shop_id.in_(ids), Deadline.state == DeadlineState.MISSED)
        ).scalar_one(),
    }


def _counts(session: Session, query: Select[Any, int]) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in sorted(session.execute(query), key=lambda row: str(row[0]))}


def _told(session: Session, nights: list[dict[str, Any]], ids: list[int]) -> dict[str, int]:
    """The notices that these nights wrote, by state."""
    runs = session.execute(
        select(Run.started_at, Run.finished_at).where(Run.id.in_([each["run"] for each in nights]))
    )
    spans = [(row.started_at, row.finished_at) for row in runs if row.started_at and row.finished_at]
    written = session.execute(select(Notice.state, Notice.written_at).where(Notice.shop_id.in_(ids)))
    told: dict[str, int] = {}
    for row in written:
        if any(first <= row.written_at <= last for first, last in spans):
            told[row.state.value] = told.get(row.state.value, 0) + 1
    return told


def _lies(session: Session, day: date, ids: list[int]) -> dict[str, Any]:
    paths = session.scalars(
        select(LedgerBuild.path)
        .where(LedgerBuild.shop_id.in_(ids), LedgerBuild.built_on == day)
        .order_by(LedgerBuild.id)
    )
    return {"ledgers": [str(settings().home / path) for path in paths], "outbox": str(settings().outbox)}


def tell(document: dict[str, Any]) -> None:
    """The same for a person."""
    for night in document["nights"]:
        say(f"The night of {night['date']} for {night['shop']}: {night['state']}, {night['steps']} steps.")
    if not document["anything_done"]:
        say(
            "It was run before, and no new fact has come since: there was nothing to do and nothing "
            "was changed."
        )
    say("", "Came in")
    table(
        document["came_in"], {"  file": "file", "kind": "kind", "rows": "rows", "state": "state"}, "  nothing"
    )
    _tell_decided(document["decided"])
    say("", "Told", f"  {_listed(document['told'])}")
    say("", "Waits for people")
    table(
        document["waiting"],
        {"  what": "kind", "for": "owner", "how many": "count", "yuan amount": "amount"},
        "  nothing",
    )
    say("  Each with the command that resolves it: huikuan todo list")
    say(
        "",
        "Lies in",
        *(f"  {path}" for path in document["lies"]["ledgers"]),
        f"  {document['lies']['outbox']}",
    )


def _tell_decided(decided: dict[str, Any]) -> None:
    steps = {f"step {step}": count for step, count in decided["steps_taken"].items()}
    say(
        "",
        "Decided",
        f"  {decided['lines_matched']} bank lines matched, {decided['matched_amount']} yuan; "
        f"all lines: {_listed(decided['lines_by_outcome'])}",
        f"  {decided['refunds_computed']} refunds computed, {decided['refund_amount']} yuan; each waits for "
        "approval before it goes out",
        f"  steps of the ladder: {_listed(steps)}",
        f"  not chased: {_listed(decided['not_chased'])}",
        f"  {decided['deadlines_missed']} deadlines missed by insurers so far",
    )


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"
