"""Taking in a statement of account that an insurer sent back: answers, findings, promises and errands."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import errand, event
from models.case import Case
from models.chase import InsurerReply
from models.errand import NewErrand, owners
from models.source_file import Finding, SourceFile
from models.upsert import add_new
from models.values import Refusal
from models.words import (
    Cover,
    ErrandKind,
    FileState,
    FindingState,
    HoldKind,
    ReplyState,
    Role,
    Severity,
    Stage,
)
from notifications import errands
from tasks.chasing import pauses
from tasks.chasing.reply_cases import Known, Problem, plain
from tasks.chasing.reply_sheet import Answer, read_reply
from worker.job import Night
from worker.settings import settings
from worker.sheets import read_book

_TO_DO = {
    ReplyState.PAID: "保险公司称已付款，请核对银行流水；未到账的请索取付款凭证。",
    ReplyState.PAPERS_MISSING: "保险公司称资料不全，请登记退回并补交。",
    ReplyState.REFUSED: "保险公司称拒赔，请登记争议并索取书面理由。",
}
_COMMANDS = {
    ReplyState.PAID: "huikuan case show {claim_no} --shop {shop}",
    ReplyState.PAPERS_MISSING: "huikuan case record {claim_no} return REASON --on {day} --shop {shop}",
    ReplyState.REFUSED: (
        "huikuan dispute open {claim_no} --kind refused --on {day} --because REASON --shop {shop}"
    ),
}


def take_in(session: Session, night: Night) -> int:
    """Read the file of the run's parameters; returns how many answers were taken. Raises Refusal."""
    file = session.get_one(SourceFile, int(night.parameters["file_id"]))
    book = read_book(settings().files / file.stored_as)
    known = _known(session, night.shop_id)
    found = [(sheet.name, reply) for sheet in book.sheets if (reply := read_reply(sheet.rows, known))]
    if not found:
        raise Refusal(
            f"{file.name} has no sheet with the headings of a statement of account (本店编号 or 报案号, "
            "处理状态, 预计付款日期, 原因说明). Ask the insurer to fill in the workbook of the letter."
        )
    file.state, file.read_on = FileState.READ, night.date
    file.rows = sum(len(reply.answers) + len(reply.problems) for _, reply in found)
    answers = [each for _, reply in found for each in reply.answers]
    _keep_findings(session, file, [(name, each) for name, reply in found for each in reply.problems])
    taken = _keep_answers(session, night, file, answers)
    file.summary = {"answers": taken}
    session.flush()
    return taken


def _known(session: Session, shop_id: int) -> Known:
    rows = session.execute(
        select(Case.id, Case.claim_no, Case.report_no).where(Case.shop_id == shop_id)
    ).all()
    by_report: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.report_no:
            by_report[plain(row.report_no)].add(row.id)
    return Known(
        {plain(row.claim_no): row.id for row in rows},
        {number: frozenset(ids) for number, ids in by_report.items()},
    )


def _keep_findings(session: Session, file: SourceFile, problems: list[tuple[str, Problem]]) -> None:
    session.execute(delete(Finding).where(Finding.file_id == file.id))
    rows = [
        {
            "shop_id": file.shop_id,
            "file_id": file.id,
            "sheet": sheet[:64],
            "row": each.row,
            "cell": "",
            "heading": each.heading,
            "value": each.value,
            "code": each.code,
            "sentence": f"{file.name}, {each.sentence}",
            "severity": Severity.VALUE_LEFT_OUT if each.code == "unreadable_date" else Severity.ROW_LEFT_OUT,
            "state": FindingState.OPEN,
        }
        for sheet, each in problems
    ]
    add_new(session, Finding, rows)


def _keep_answers(session: Session, night: Night, file: SourceFile, answers: list[Answer]) -> int:
    """Keep what was answered; what a person must do about it becomes an errand, a day a promise."""
    last = {(each.case_id, each.cover): each for each in answers}.values()
    add_new(session, InsurerReply, [_row(night, file, each) for each in last])
    cases = {
        row.id: row
        for row in session.execute(
            select(Case.id, Case.claim_no, Case.stage).where(Case.id.in_({each.case_id for each in last}))
        )
    }
    told = [
        event.Happening(
            "insurer_replied",
            {"file": file.name, "row": each.row, "state": each.state.value, "reason": each.reason},
            each.case_id,
        )
        for each in last
    ]
    event.record(session, told, **night.trail)
    for each in last:
        _promise(session, night, file, each, cases[each.case_id])
    given = errand.give(
        session, [e for each in last if (e := _errand(session, night, file, each, cases[each.case_id]))]
    )
    errands.tell(session, night, given)
    return len(last)


def _row(night: Night, file: SourceFile, each: Answer) -> dict[str, Any]:
    return {
        "shop_id": night.shop_id,
        "case_id": each.case_id,
        "file_id": file.id,
        "row": each.row,
        "cover": Cover(each.cover) if each.cover in tuple(Cover) else None,
        "state": each.state,
        "expected_on": each.expected_on,
        "reason": each.reason,
        "received_on": night.date,
    }


def _promise(session: Session, night: Night, file: SourceFile, each: Answer, case: Any) -> None:
    is_promise = each.state in (ReplyState.IN_REVIEW, ReplyState.PAID, ReplyState.OTHER)
    if not (is_promise and each.expected_on and case.stage is not Stage.CLOSED):
        return
    furthest = night.date + timedelta(days=60)
    if night.date <= each.expected_on <= furthest:
        because = f"{file.name} 第 {each.row} 行：{each.state}，预计付款 {each.expected_on}"
        pauses.add(session, night, each.case_id, HoldKind.PROMISE, each.expected_on, because)


def _errand(session: Session, night: Night, file: SourceFile, each: Answer, case: Any) -> NewErrand | None:
    if each.state not in _TO_DO or case.stage is Stage.CLOSED:
        return None
    named = owners(session, night.shop_id, night.date)
    command = _COMMANDS[each.state].format(claim_no=case.claim_no, day=night.date, shop=night.shop_code)
    return NewErrand(
        shop_id=night.shop_id,
        case_id=each.case_id,
        kind=ErrandKind.REPLY,
        occasion=f"reply:{file.id}:{each.row}",
        owner=Role.HANDLER,
        what=f"{_TO_DO[each.state]}{each.reason}",
        command=command,
        amount=None,
        opened_on=night.date,
        pass_on=night.date + timedelta(days=named.days),
    )
