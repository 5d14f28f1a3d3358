"""`huikuan rule`: the periods of law and of the house, the ladder, and the interest rate, all dated rows."""

from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import rule_ladder, rule_rate
from console.house import reading, writing
from console.options import AsJson, OnDate, day
from console.output import answer, say, table
from console.permits import Act
from console.who import person
from models.deadline import LegalRule
from models.values import Refusal
from models.words import PeriodUnit, RuleCover
from worker import clock

app = typer.Typer(help="Periods of law, the ladder, interest rates.")
app.add_typer(rule_ladder.app, name="ladder", no_args_is_help=True)
app.add_typer(rule_rate.app, name="rate", no_args_is_help=True)


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Those of the past and the future too.")] = False,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """List the periods valid on a day: how long, from what, for which cover, by which source."""
    today = on or clock.today()
    with reading() as session:
        rules = [
            rule
            for rule in _rules(session)
            if every
            or (rule["valid_from"] <= today and (rule["valid_to"] is None or today <= rule["valid_to"]))
        ]
    columns = {
        "code": "code",
        "cover": "cover",
        "length": "length",
        "unit": "unit",
        "from the day of": "trigger",
        "source": "source",
        "valid from": "valid_from",
        "to": "valid_to",
        "set by": "set_by",
    }
    answer(as_json, rules, lambda: table(rules, columns, "There are no rules."))


def _rules(session: Session) -> list[dict[str, Any]]:
    rows = session.scalars(select(LegalRule).order_by(LegalRule.code, LegalRule.valid_from))
    return [
        {
            "code": row.code,
            "cover": row.cover.value,
            "length": row.length,
            "unit": row.unit.value,
            "trigger": row.trigger,
            "source": row.source,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "set_by": row.set_by,
        }
        for row in rows
    ]


@app.command("set")
def set_(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The rule, as in the list.")],
    length: Annotated[
        int, typer.Argument(metavar="LENGTH", min=1, max=3650, help="How many days or months.")
    ],
    valid_from: Annotated[
        date, typer.Option("--from", parser=day, metavar="DATE", help="Valid from this day.")
    ],
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="The article it stands in.")],
    valid_to: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="DATE", help="To this day; open if not given.")
    ] = None,
    unit: Annotated[PeriodUnit | None, typer.Option("--unit", help="As before if not given.")] = None,
    cover: Annotated[RuleCover | None, typer.Option("--cover", help="As before if not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Set a period from a day on; the one before it ends the day before. Gaps and overlaps are refused."""
    from tasks.deadlines import law

    with writing() as session:
        who = person(session, Act.ADMINISTER)
        before = _before(session, code, valid_from)
        new = law.NewRule(
            code,
            cover or before.cover,
            length,
            unit or before.unit,
            before.trigger,
            source,
            valid_from,
            valid_to,
            who.name,
        )
        law.set_rule(session, new)
    document = {
        "code": code,
        "length": length,
        "unit": new.unit.value,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    to = f" to {valid_to}" if valid_to else ""
    said = f"{code} is {length} {new.unit} from {valid_from}{to}."
    again = "Every open clock is computed anew in the next night."
    answer(as_json, document, lambda: say(said, again))


def _before(session: Session, code: str, on: date) -> LegalRule:
    """The row whose unit, trigger and cover a new one takes over. Raises Refusal for an unknown code."""
    rows = session.scalars(
        select(LegalRule).where(LegalRule.code == code).order_by(LegalRule.valid_from)
    ).all()
    if not rows:
        raise Refusal(f"There is no rule {code}: clocks run by the codes of the list. See: huikuan rule list")
    return next((row for row in reversed(rows) if row.valid_from <= on), rows[0])
