"""`huikuan reconcile show|runs`: everything known of one bank line, and what runs applied."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console import reconcile_view
from console.house import reading, shop_codes
from console.options import AsJson, ShopCode
from console.output import answer, pairs, say, table
from models.bank import BankLine
from models.case import Case
from models.match import Match, MatchPart
from models.payment_list import PaymentList
from models.run import Run
from models.shop import Shop
from models.values import Refusal, yuan, yuan_grouped
from models.words import MatchState
from tasks.reconciliation.sentences import CLASSES, why


def show(
    line: Annotated[
        int, typer.Argument(metavar="LINE", help="The number of the bank line, as in the report.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show what explains a bank line: candidates, proposals, its match with the evidence, its history."""
    with reading() as session:
        document = _document(session, line)
    answer(as_json, document, lambda: _tell(document))


def _document(session: Session, line_id: int) -> dict[str, Any]:
    line = session.get(BankLine, line_id)
    if line is None:
        raise Refusal(f"There is no bank line {line_id}. See: huikuan reconcile report")
    shop = session.get_one(Shop, line.shop_id)
    (row,) = [
        each
        for each in reconcile_view.report(
            session, reconcile_view.Asked([shop.code], line.booked_on, line.booked_on)
        )
        if each["line"] == line_id
    ]
    return {
        **row,
        "why": why(line.reason),
        "detail": line.detail,
        "matches": list(_matches(session, line_id)),
        "lists": [
            {"name": each.name, "number": each.number, "total": yuan(each.total), "rows": each.rows}
            for each in session.scalars(
                select(PaymentList).where(PaymentList.bank_line_id == line_id).order_by(PaymentList.id)
            )
        ],
        "raw": line.raw,
    }


def _matches(session: Session, line_id: int) -> Iterator[dict[str, Any]]:
    """Every match the line was ever part of, newest first; standing ones before those that are history."""
    parts = select(MatchPart.match_id).where(MatchPart.bank_line_id == line_id)
    found = session.scalars(select(Match).where(Match.id.in_(parts)).order_by(Match.id.desc())).all()
    order = [MatchState.APPLIED, MatchState.PROPOSED, MatchState.REJECTED, MatchState.UNDONE]
    for match in sorted(found, key=lambda match: (order.index(match.state), match.rank)):
        rows = session.execute(
            select(Case.claim_no, MatchPart.amount)
            .outerjoin(Case, Case.id == MatchPart.case_id)
            .where(MatchPart.match_id == match.id)
            .order_by(MatchPart.id)
        )
        yield {
            "match": match.id,
            "state": match.state.value,
            "reason": match.reason,
            "score": match.score,
            "rule": match.rule,
            "by": match.decided_by,
            "on": match.decided_on,
            "pays": [{"claim_no": row.claim_no, "amount": yuan(row.amount)} for row in rows],
            "evidence": match.evidence,
        }


def _tell(document: dict[str, Any]) -> None:
    facts = [(name, document[name]) for name in ("line", "date", "amount", "payer", "memo", "outcome")]
    pairs([*facts, ("why", document["why"])])
    _tell_classes(document["detail"])
    for each in document["matches"]:
        if each["state"] == MatchState.UNDONE and each["by"] == "system":
            continue
        pays = ", ".join(f"{part['claim_no']} {part['amount']}" for part in each["pays"])
        who = f"match {each['match']}, score {each['score']}, {each['on']}, {each['by']}"
        say("", f"{each['state']} ({who}): {why(each['reason'])}", f"  {pays}")
    for each in document["proposals"]:
        say("", f"huikuan reconcile accept {document['line']} --proposal {each['proposal']}  "
            f"({', '.join(part['claim_no'] for part in each['pays'])})")  # fmt: skip
    if document["outcome"] == "matched":
        applied = next(each for each in document["matches"] if each["state"] == MatchState.APPLIED)
        say("", f"huikuan reconcile undo {applied['match']}")


def _tell_classes(detail: object) -> None:
    """The count of explanations per class, for a transfer that names no claim."""
    if not isinstance(detail, dict) or "classes" not in detail:
        return
    say("", f"{detail['pool']} open claims could be meant ({'; '.join(detail['narrowed'])}). Explanations:")
    rows = [
        {
            "class": CLASSES[each["class"]],
            "count": f"{'' if each['exact'] else 'more than '}{each['count']}",
            "chance": f"{each['chance_per_million'] / 10_000:.4f} %",
            "stopped": each["stopped"],
        }
        for each in detail["classes"]
    ]
    table(rows, {"class": "class", "count": "count", "chance of coincidence": "chance", "": "stopped"}, "")
    if detail["common"]:
        say(f"In every one of them: {', '.join(detail['common'])}")


def _progress(shown: object) -> str | None:
    """How far a run is that goes part by part: done and total."""
    return f"{shown['done']}/{shown['total']}" if isinstance(shown, dict) else None


def runs(shop: ShopCode = None, as_json: AsJson = False) -> None:
    """List the runs that applied matches which still stand: each can be undone as one act."""
    with reading() as session:
        codes = shop_codes(session, shop)
        parts = (
            select(MatchPart.match_id, func.sum(MatchPart.amount).label("amount"))
            .group_by(MatchPart.match_id)
            .subquery()
        )
        found = session.execute(
            select(
                Run.id, Run.job, Run.business_date, Run.requested_by, Run.state, Run.progress, Shop.code,
                func.count(Match.id).label("matches"), func.sum(parts.c.amount).label("amount"),
            )
            .join(Match, Match.run_id == Run.id)
            .join(parts, parts.c.match_id == Match.id)
            .join(Shop, Shop.id == Match.shop_id)
            .where(Match.state == MatchState.APPLIED, Shop.code.in_(codes))
            .group_by(Run.id, Shop.code)
            .order_by(Run.id)
        ).all()  # fmt: skip
    rows = [
        {
            "run": row.id, "shop": row.code, "job": row.job, "date": row.business_date,
            "by": row.requested_by, "state": row.state.value, "progress": _progress(row.progress),
            "matches": row.matches, "amount": yuan_grouped(int(row.amount)),
        }
        for row in found
    ]  # fmt: skip
    columns = {"run": "run", "shop": "shop", "job": "job", "date": "date", "asked by": "by",
               "state": "state", "done": "progress",
               "matches": "matches", "amount": "amount"}  # fmt: skip
    answer(as_json, rows, lambda: table(rows, columns, "No run has applied anything that stands."))
