"""The statement of account comes back: rows moved, renamed, added; what is unknown is a finding."""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import reference
from models.chase import ChaseHold, ChaseLetter, InsurerReply
from models.errand import Errand
from models.shop import Shop
from models.source_file import Finding, SourceFile
from models.values import Refusal
from models.words import ContactKind, FileKind, FileState, ReplyState
from tasks.chasing import job
from tasks.chasing.reply_cases import Known
from tasks.chasing.reply_sheet import read_reply
from tests import factories as make
from tests.chase_nights import PICC, add_claim, run_nights
from worker.files import keep_content
from worker.job import Night
from worker.settings import settings

KNOWN = Known(
    {"LP2026-0001": 1, "LP2026-0002": 2, "LP2026-0003": 3},
    {"RDAA1": frozenset({1}), "RDAA2": frozenset({2}), "RDAA3": frozenset({3, 4})},
)
HEAD = ("序号", "本店编号", "报案号", "处理状态", "预计付款日期", "原因说明")


def read(
    *rows: tuple[Any, ...], head: tuple[str, ...] = HEAD
) -> tuple[list[tuple[int, str, str]], list[str]]:
    found = read_reply([("理赔款对账单",), (), head, *rows], KNOWN)
    assert found is not None
    return [(each.case_id, each.state.name, str(each.expected_on)) for each in found.answers], [
        each.code for each in found.problems
    ]


@pytest.mark.parametrize(
    "row, answers, problems",
    [
        ((1, "LP2026-0001", "RDAA1", "审核中", "2026-12-01", ""), [(1, "IN_REVIEW", "2026-12-01")], []),
        ((1, "lp2026-0001 ", "", "已支付", None, ""), [(1, "PAID", "None")], []),
        # The row's own number was changed, the insurer's is intact; and the other way round.
        ((1, "2026-1", "RDAA 2", "拒赔", "", "酒驾"), [(2, "REFUSED", "None")], []),
        ((1, "LP2026-0003", "RDAA9", "资料不全", "", "缺发票"), [(3, "PAPERS_MISSING", "None")], []),
        ((1, "LP2026-0001", "RDAA2", "审核中", "", ""), [], ["reply_names_two_cases"]),
        ((1, "", "RDAA3", "审核中", "", ""), [], ["reply_is_ambiguous"]),
        ((1, "LP2026-0999", "", "审核中", "", ""), [], ["reply_of_unknown_case"]),
        (("", "", "", "审核中", "", ""), [], ["reply_without_case"]),
        ((1, "LP2026-0001", "", "研究研究", "", ""), [(1, "OTHER", "None")], ["unknown_reply_state"]),
        ((1, "LP2026-0001", "", "审核中", "下周", ""), [(1, "IN_REVIEW", "None")], ["unreadable_date"]),
        ((1, "LP2026-0001", "RDAA1", "", "", ""), [], []),
        (("合计", None, None, None, None, None), [], []),
    ],
)
def test_a_row_is_known_by_either_number(
    row: tuple[Any, ...], answers: list[tuple[int, str, str]], problems: list[str]
) -> None:
    assert read(row) == (answers, problems)


def test_columns_may_be_moved_and_renamed() -> None:
    head = ("状 态", "备注", "报案编号", "预计支付日期")

    assert read(("已付款", "", "RDAA1", date(2026, 12, 1)), head=head) == ([(1, "PAID", "2026-12-01")], [])
    assert read_reply([("a", "b"), (1, 2)], KNOWN) is None


def test_two_rows_of_one_case_are_told() -> None:
    twice = [(1, "LP2026-0001", "", "审核中", "", ""), (2, "", "RDAA1", "已付款", "", "")]

    assert read(*twice)[1] == ["reply_twice"]


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
def test_our_own_statement_comes_back_filled_in(session: Session, shop: Shop) -> None:
    reference.load(session)
    make.add_contact(session, shop, ContactKind.INSURER, PICC)
    promised, refused = (add_claim(session, shop, accepted=date(2026, 3, 2)) for _ in range(2))
    run_nights(session, shop, date(2026, 3, 2), date(2026, 4, 2))
    letter = session.scalars(select(ChaseLetter)).one()
    file = _bring(session, shop, _filled_in(letter.statement or "", promised.claim_no, refused.claim_no))
    night = Night(
        date(2026, 4, 3),
        shop.id,
        shop.code,
        "王敏",
        datetime(2026, 4, 3, tzinfo=UTC),
        parameters={"file_id": file.id},
    )

    taken = job.import_reply(session, night)

    assert taken == 2
    assert file.state is FileState.READ
    answers = {row.case_id: row.state for row in session.scalars(select(InsurerReply))}
    assert answers == {promised.id: ReplyState.IN_REVIEW, refused.id: ReplyState.REFUSED}
    hold = session.scalars(select(ChaseHold)).one()
    assert (hold.case_id, hold.until) == (promised.id, date(2026, 4, 20))
    errand = session.scalars(select(Errand)).one()
    assert (errand.case_id, errand.command.split()[1:3]) == (refused.id, ["dispute", "open"])
    assert [row.code for row in session.scalars(select(Finding))] == ["reply_of_unknown_case"]


def _filled_in(statement: str, promised: str, refused: str) -> bytes:
    """The workbook as an insurer sends it back: rows turned round, answers written, a row added."""
    book = load_workbook(settings().files / statement)
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=6)]
    for number, values in enumerate(reversed(rows), 5):
        for column, value in enumerate(values, 1):
            sheet.cell(number, column, value)
    for number in (5, 6):
        is_promised = sheet.cell(number, 2).value == promised
        assert sheet.cell(number, 2).value in (promised, refused)
        sheet.cell(number, 12, "审核中" if is_promised else "拒赔")
        sheet.cell(number, 13, date(2026, 4, 20) if is_promised else None)
    for column, value in ((2, "LP2026-X"), (12, "审核中")):
        sheet.cell(9, column, value)
    return _bytes(book)


def _bytes(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _bring(session: Session, shop: Shop, content: bytes) -> SourceFile:
    stored_as = keep_content(content, ".xlsx")
    return make.add_file(
        session, shop, kind=FileKind.REPLY, name="回复.xlsx", stored_as=stored_as, sha256=Path(stored_as).stem
    )


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
def test_a_workbook_that_is_no_statement_is_refused(session: Session, shop: Shop) -> None:
    book = Workbook()
    book.worksheets[0].append(["姓名", "电话"])
    file = _bring(session, shop, _bytes(book))
    night = Night(
        date(2026, 4, 3),
        shop.id,
        shop.code,
        "王敏",
        datetime(2026, 4, 3, tzinfo=UTC),
        parameters={"file_id": file.id},
    )

    with pytest.raises(Refusal, match="回复.xlsx has no sheet with the headings"):
        job.import_reply(session, night)
