"""The command line: `huikuan noun verb`.

A foreseen problem is one sentence on standard error and exit status 1; a surprise is logged whole, status 2.
"""

import logging
import sys
from collections.abc import Sequence

import typer

from console import (
    account,
    backup,
    calendar,
    case,
    case_money,
    chase,
    chase_papers,
    contact,
    db,
    difference,
    dispute,
    doctor,
    finding,
    insurer,
    intake,
    job,
    ledger,
    money,
    night,
    notice,
    reconcile,
    refund,
    rule,
    setting,
    staff,
    statement,
    todo,
    up,
    watch,
)
from console.output import remark
from models.values import Refusal
from worker import log

app = typer.Typer(
    name="huikuan",
    help="回款: chases insurance payouts, computes refunds and keeps the ledger, every night.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
NOUNS = {
    "night": night,
    "intake": intake,
    "case": case,
    "refund": refund,
    "difference": difference,
    "chase": chase,
    "dispute": dispute,
    "statement": statement,
    "reconcile": reconcile,
    "notice": notice,
    "ledger": ledger,
    "money": money,
    "todo": todo,
    "finding": finding,
    "staff": staff,
    "setting": setting,
    "rule": rule,
    "calendar": calendar,
    "insurer": insurer,
    "account": account,
    "contact": contact,
    "job": job,
    "db": db,
}
for noun, module in NOUNS.items():
    app.add_typer(module.app, name=noun, no_args_is_help=True)
case_money.add_to(case.app)
chase_papers.add_to(chase.app)
app.command("login")(staff.login)
app.command("doctor")(doctor.doctor)
app.command("up")(up.up)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("metrics")(watch.metrics)
app.command("watch")(watch.watch)


def main() -> None:
    """Run the command that was typed."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit status."""
    try:
        log.set_up(logging.WARNING)
        app(list(arguments), prog_name="huikuan")
    except Refusal as refusal:
        remark(str(refusal))
        return 1
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 0
    except Exception as error:  # noqa: BLE001 - the last net: logged whole, and a sentence instead of a traceback
        log.bind(command=" ".join(arguments[:2])).exception("command_failed")
        remark(f"This was not foreseen ({type(error).__name__}); it stands whole in the log line above.")
        return 2
    return 0
