"""`huikuan job failed`: what a run could not do, one row each with the reason, also as a workbook."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.house import reading
from console.options import AsJson
from console.output import answer, say, table
from models.case import Case, ExpectedLine
from models.refund import Refund
from models.run import Run
from models.values import Refusal
from models.words import RunState
from scheduler import started
from worker import clock
from worker.files import write_whole
from worker.log import mask
from worker.workbooks import book_bytes

_COLUMNS = {
    "subject": ("对象", 24), "case": ("理赔编号", 24), "step": ("步骤", 22), "reason": ("原因", 80),
    "since": ("起始日", 12), "attempts": ("次数", 8), "look_again_on": ("下次", 12),
}  # fmt: skip
_DAY = "yyyy-mm-dd"
_MOST = 32_767
"""Characters of a cell."""

Number = Annotated[int, typer.Argument(metavar="RUN", help="The number of the run, as in: huikuan job list")]


def failed(
    run: Number,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE.xlsx", help="Write them into this workbook.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what a run could not do and is still to be done, with the reasons; --to writes a workbook."""
    with reading() as session:
        rows = list(_rows(session, started.find(session, run)))
    if to is not None:
        if not rows:
            raise Refusal(f"Nothing of run {run} is left that failed. See: huikuan job show {run}")
        if to.suffix.lower() != ".xlsx":
            raise Refusal(f"{to} is no name of a workbook. Write --to {to.with_suffix('.xlsx')}")
        write_whole(to, _workbook(rows))
    document = {"run": run, "failed": rows, "path": str(to) if to else None}
    answer(as_json, document, lambda: _tell(rows, run, to))


def _tell(rows: list[dict[str, Any]], run: int, to: Path | None) -> None:
    if to is not None:
        say(f"{len(rows)} that failed: {to}")
    else:
        columns = {"what": "subject", "case": "case", "step": "step", "since": "since", "reason": "reason"}
        table(rows, columns, f"Nothing of run {run} is left that failed.")
    if rows:
        say(f"Again, only these: huikuan job retry {run}")


def _rows(session: Session, row: Run) -> Iterator[dict[str, Any]]:
    """What is still set aside of it; where all of it failed or was stopped, one row for the whole."""
    if row.state in (RunState.FAILED, RunState.CANCELLED):
        since = row.finished_at.astimezone(clock.SHANGHAI).date() if row.finished_at else row.business_date
        reason = mask(row.error or row.state.value)
        yield _row(f"run:{row.id}", "", row.job, reason, since) | {"attempts": row.attempts}
    elif row.state is RunState.PARTIAL:
        for each in started.left(session, row):
            cases = _cases(session, each.subject)
            yield _row(each.subject, cases, each.step, mask(each.error), each.first_on) | {
                "attempts": each.attempts, "look_again_on": each.look_again_on,
            }  # fmt: skip


def _row(subject: str, case: str, step: str, reason: str, since: object) -> dict[str, Any]:
    return {
        "subject": subject, "case": case, "step": step, "reason": reason, "since": since,
        "attempts": None, "look_again_on": None,
    }  # fmt: skip


def _cases(session: Session, subject: str) -> str:
    """The claim numbers that a subject stands for: all of its repair, or none for what is no case's."""
    kind, _, number = subject.partition(":")
    if not number.isdecimal():
        return ""
    of_kind = {
        "case": Case.id == int(number),
        "work_order": Case.work_order_id == int(number),
        "position": Case.work_order_id == int(number),
        "expected_line": Case.id.in_(select(ExpectedLine.case_id).where(ExpectedLine.id == int(number))),
        "refund": Case.work_order_id.in_(select(Refund.work_order_id).where(Refund.id == int(number))),
    }
    if kind not in of_kind:
        return ""
    return ", ".join(session.scalars(select(Case.claim_no).where(of_kind[kind]).order_by(Case.claim_no)))


def _workbook(rows: list[dict[str, Any]]) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "未完成"
    sheet.freeze_panes = "A2"
    for column, (name, (heading, width)) in enumerate(_COLUMNS.items(), 1):
        top = sheet.cell(1, column, heading)
        top.font = Font(bold=True)
        sheet.column_dimensions[top.column_letter].width = width
        for number, row in enumerate(rows, 2):
            _put(sheet.cell(number, column), row[name])
    sheet.auto_filter.ref = sheet.dimensions
    return book_bytes(workbook)


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, str) and value:
        # Text stays text, also where it begins like a formula.
        cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", value)[:_MOST], "s"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@")
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    elif value:
        cell.value = value
        cell.alignment = Alignment(vertical="top")
        if not isinstance(value, int):
            cell.number_format = _DAY
