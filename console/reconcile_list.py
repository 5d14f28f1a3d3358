"""`huikuan reconcile list-import`: the insurer's payment list (清单) for a transfer."""

from typing import Annotated, Any

import typer

from console import files, reconcile_do, reconcile_view
from console.house import reading
from console.options import AsJson, DryRun, OnDate, OneFile
from console.output import answer, say
from console.reconcile_do import Task
from console.who import SYSTEM, Person
from worker import clock


def list_import(
    path: OneFile,
    line: Annotated[int, typer.Option("--line", metavar="LINE", help="The bank line that it explains.")],
    day: OnDate = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring a payment list for a bank line; where its sum is that of the transfer, it is applied."""
    on = day or clock.today()
    shop, who = reconcile_do.whose(line)
    brought = files.bring(path)
    is_new = files.keep(brought)
    try:
        task = Task("read_payment_list", shop, on, f"list:{line}:{brought.sha256[:16]}", who)
        given = {"line_id": line, "stored_as": brought.stored_as, "name": brought.name}
        read = reconcile_do.do(task, dry_run=dry_run, **given)
    except BaseException:
        if is_new:
            files.take_back(brought)
        raise
    if not dry_run:
        system = Person(SYSTEM, SYSTEM)
        reconcile_do.do(Task("match_lines", shop, on, f"list:{line}", system), dry_run=False)
    elif is_new:
        files.take_back(brought)
    with reading() as session:
        lines = reconcile_view.report(session, reconcile_view.Asked([shop]))
    document = {"list": read, **next(each for each in lines if each["line"] == line)}
    answer(as_json, document, lambda: say(_sentence(document, read, brought.name)))


def _sentence(line: dict[str, Any], read: dict[str, Any], name: str) -> str:
    pays = ", ".join(f"{each['claim_no']} {each['amount']}" for each in line["pays"])
    agrees = "which is the transfer" if read["notes"]["agrees"] else f"the transfer is {line['amount']}"
    rest = "" if pays else f" See: huikuan reconcile show {line['line']}"
    return (
        f"{reconcile_do.would(read)}{name} has {read['count']} rows of {read['notes']['total']} yuan, "
        f"{agrees}. Line {line['line']} is {line['outcome']}{f': {pays}' if pays else ''}.{rest}"
    )
