"""`huikuan reconcile`: what bank lines pay; a person accepts or rejects what was proposed."""

from datetime import date
from typing import Annotated, Any

import typer

from console import (
    reconcile_do,
    reconcile_list,
    reconcile_plan,
    reconcile_reversal,
    reconcile_show,
    reconcile_statement,
    reconcile_try,
    reconcile_undo,
    reconcile_view,
)
from console.house import reading, shop_codes
from console.options import AsJson, DryRun, OnDate, ShopCode, day
from console.output import answer, say, table
from console.reconcile_do import Task
from models.words import Outcome
from worker import clock

app = typer.Typer(help="Bank lines and what they pay.")

LineId = Annotated[int, typer.Argument(metavar="LINE", help="The number of the bank line, as in the report.")]
Proposal = Annotated[
    int | None,
    typer.Option("--proposal", metavar="N", min=1, help="Which proposal; needed where there are several."),
]


@app.command()
def accept(
    line: LineId,
    proposal: Proposal = None,
    on: OnDate = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Accept a proposal: its bank lines pay the cases it names."""
    _decide("accept_match", line, on, as_json, proposal, dry_run)


@app.command()
def reject(
    line: LineId,
    proposal: Proposal = None,
    on: OnDate = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Reject one proposal or all of a line; a line without any is put aside for good."""
    _decide("reject_match", line, on, as_json, proposal, dry_run)


def _decide(job: str, line: int, on: date | None, as_json: bool, proposal: int | None, dry_run: bool) -> None:
    shop, who = reconcile_do.whose(line)
    if job == "accept_match" and not dry_run:
        reconcile_reversal.record_first(line, proposal, shop, on or clock.today(), who)
    task = Task(job, shop, on or clock.today(), f"bank_line:{line}:{proposal or 'all'}", who)
    done = reconcile_do.do(task, dry_run=dry_run, line_id=line, proposal=proposal)
    with reading() as session:
        lines = reconcile_view.report(session, reconcile_view.Asked([shop]))
    document = next(each for each in lines if each["line"] == line)
    if dry_run:
        answer(as_json, document | done, lambda: say(f"Line {line} can be decided so. Nothing was written."))
    else:
        answer(as_json, document, lambda: say(_sentence(document)))


def _sentence(line: dict[str, Any]) -> str:
    pays = ", ".join(f"{each['claim_no']} {each['amount']}" for each in line["pays"])
    return (
        f"Line {line['line']} of {line['amount']} yuan is now {line['outcome']}{f': {pays}' if pays else ''}."
    )


@app.command()
def report(
    shop: ShopCode = None,
    first: Annotated[
        date | None, typer.Option("--from", parser=day, metavar="DATE", help="The first bank date.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="DATE", help="The last bank date.")
    ] = None,
    outcome: Annotated[Outcome | None, typer.Option("--outcome", help="Only lines that ended so.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the bank lines: matched, proposed, unmatched or ignored, and why."""
    with reading() as session:
        lines = reconcile_view.report(
            session, reconcile_view.Asked(shop_codes(session, shop), first, last, outcome)
        )
    answer(as_json, lines, lambda: _tell(lines))


def _tell(lines: list[dict[str, Any]]) -> None:
    rows = [
        line
        | {
            "pays": " ".join(each["claim_no"] for each in line["pays"]),
            "offers": len(line["proposals"]) or None,
        }
        for line in lines
    ]
    columns = {
        "line": "line",
        "date": "date",
        "amount": "amount",
        "payer": "payer",
        "remark": "memo",
        "outcome": "outcome",
        "reason": "reason",
        "pays": "pays",
        "proposals": "offers",
    }
    table(rows, columns, "There are no such bank lines. Bring a bank file: huikuan intake statement FILE")


app.command()(reconcile_show.show)
app.command()(reconcile_show.runs)
app.command()(reconcile_undo.undo)
app.command()(reconcile_plan.plan)
app.command()(reconcile_plan.apply)
app.command()(reconcile_statement.statement)
app.command("try")(reconcile_try.try_)
app.command("list-import")(reconcile_list.list_import)
