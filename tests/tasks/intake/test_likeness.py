"""Exact words decide what a heading means; likeness only proposes; what people said is remembered."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.heading_meaning import HeadingMeaning
from models.source_file import Finding, SourceFile
from models.values import Refusal
from models.words import FileState, FindingState
from models.work_order import WorkOrder
from tasks.intake import job
from tasks.intake.headings import Headings, How, find_headings
from tasks.intake.likeness import proposals
from tests.tasks.intake.conftest import Bring, NightOf
from worker.job import Night

NIGHT = date(2026, 11, 21)
BASIC = ["理赔编号", "车牌号", "保险公司"]


def headings(names: list[str | None], **said: str | None) -> Headings:
    found = find_headings([names], (), said)
    assert found is not None
    return found


def proposed(*names: str) -> dict[str, str]:
    return {each.text: each.column.field for each in proposals(headings([*BASIC, *names]))}


@pytest.mark.parametrize(
    "heading, field",
    [
        ("进店日期", "dispatch_date"), ("派工单编码", "work_order_no"), ("实收费用合计数", "repair_net_amount"),
        ("赔款到帐的日期", "payout_received_date"), ("被保险人名字", "insured_name"), ("保险公司接案时间", "insurer_accepted_date"),
    ],
)  # fmt: skip
def test_a_heading_that_is_like_a_column_is_proposed_and_not_read(heading: str, field: str) -> None:
    assert proposed(heading) == {heading: field}
    assert field not in headings([*BASIC, heading]).places


@pytest.mark.parametrize("heading", ["序号", "备注", "定损金额", "业务来源", "车牌号", "送修人电话"])
def test_what_is_like_no_column_or_stands_there_already_is_not_proposed(heading: str) -> None:
    assert proposed(heading) == {}


def test_each_column_says_how_it_was_decided() -> None:
    found = find_headings(
        [["基本信息", None, None, None, "代索赔案件回款信息", None, None],
         [*BASIC, "进店日期", "收款人", "赔款到账日期", "车型"]],
        (), {"进店日期": "dispatch_date", "车型": None},
    )  # fmt: skip

    assert found is not None
    assert found.how == {
        "claim_no": How.ALIAS, "plate_no": How.ALIAS, "insurer_name": How.ALIAS, "dispatch_date": How.REMEMBERED,
        "payout_recorded_by": How.BAND, "payout_received_date": How.ALIAS,
    }  # fmt: skip
    assert list(proposals(found)) == []


def test_what_was_said_counts_more_than_a_known_word() -> None:
    found = headings([*BASIC, "客户名称", "投保人"], 客户名称=None)

    assert found.places["insured_name"] == 4


def test_of_two_headings_of_one_name_what_was_said_is_meant_under_its_band() -> None:
    rows: list[list[str | None]] = [
        ["基本信息", None, None, "押金", None, "外部", None],
        [*BASIC, "押金额", "X", "押金额", "Y"],
    ]

    found = find_headings(rows, (), {"外部/押金额": "other_fee"})

    assert found is not None
    assert found.places["other_fee"] == 5
    assert (found.keys[3], found.keys[5]) == ("押金/押金额", "外部/押金额")


def ledger(folder: Path, *names: str, values: tuple[object, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["连云港福源汽车修理有限公司保险理赔台帐", None])
    sheet.append(names)
    sheet.append(["LP2026-0001", "苏G869LH", *values])
    path = folder / "台账.xlsx"
    book.save(path)
    return path


def asked(night_of: NightOf, role: str = "handler", **meanings: str | None) -> Night:
    night = night_of(NIGHT)
    night.parameters = {"meanings": meanings, "role": role}
    return night


@pytest.fixture
def brought(bring: Bring, tmp_path: Path) -> SourceFile:
    names = ("理赔编号", "车牌号", "派工单号", "保险公司", "实收费用合计数", "进店日期")
    return bring(ledger(tmp_path, *names, values=("WX1", "人保财险", 1000, date(2026, 11, 2))))


def test_a_proposal_is_never_applied_silently(
    session: Session, brought: SourceFile, night_of: NightOf
) -> None:
    job.read_ledgers(session, night_of(NIGHT))

    found = {
        row.heading: row.sentence
        for row in session.scalars(select(Finding))
        if row.code == "heading_unconfirmed"
    }
    assert set(found) == {"实收费用合计数", "进店日期"}
    assert "huikuan intake map 台账.xlsx --shop" in found["进店日期"]
    assert "--set 进店日期=2" in found["进店日期"]
    assert session.scalars(select(Case.dispatch_date)).one() is None
    assert session.scalars(select(WorkOrder.repair_net_amount)).one() is None


def test_once_somebody_has_said_so_the_same_file_is_read_again_and_the_finding_is_settled(
    session: Session, brought: SourceFile, night_of: NightOf
) -> None:
    job.read_ledgers(session, night_of(NIGHT))

    job.decide_headings(
        session, asked(night_of, 进店日期="dispatch_date", 实收费用合计数="repair_net_amount")
    )
    waiting = brought.state
    job.read_ledgers(session, night_of(date(2026, 11, 22)))

    assert waiting is FileState.WAITING
    assert session.scalars(select(Case.dispatch_date)).one() == date(2026, 11, 2)
    assert session.scalars(select(WorkOrder.repair_net_amount)).one() == 100000
    still = select(Finding.code).where(
        Finding.state == FindingState.OPEN, Finding.code == "heading_unconfirmed"
    )
    assert session.scalars(still).all() == []


def test_a_decision_is_kept_with_name_and_moment_and_is_not_written_over(
    session: Session, brought: SourceFile, night_of: NightOf
) -> None:
    job.decide_headings(session, asked(night_of, 进店日期="dispatch_date"))
    job.decide_headings(session, asked(night_of, 进店日期=None))
    again = job.decide_headings(session, asked(night_of, 进店日期=None))

    kept = session.scalars(select(HeadingMeaning).order_by(HeadingMeaning.id)).all()
    assert [(row.heading, row.field, row.decided_by) for row in kept] == [
        ("进店日期", "dispatch_date", "system"), ("进店日期", None, "system"),
    ]  # fmt: skip
    assert again == 0
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE heading_meaning SET field = NULL"))


def test_a_cashier_does_not_say_what_headings_mean(session: Session, night_of: NightOf) -> None:
    with pytest.raises(Refusal, match="may not say what headings mean"):
        job.decide_headings(session, asked(night_of, role="cashier", 进店日期="dispatch_date"))


def test_an_essential_heading_that_is_only_like_is_asked_for(
    session: Session, bring: Bring, night_of: NightOf, tmp_path: Path
) -> None:
    file = bring(ledger(tmp_path, "理陪编号", "车牌号", "派工单号", "保险公司", values=("WX1", "人保财险")))

    job.read_ledgers(session, night_of(NIGHT))

    assert file.state is FileState.REFUSED
    assert "「理陪编号」 looks like 「理赔编号」" in str(file.refusal)
    assert "huikuan intake map 台账.xlsx --shop" in str(file.refusal)


def test_an_amount_whose_heading_is_said_to_mean_another_column_is_read_there_from_then_on(
    session: Session, brought: SourceFile, bring: Bring, night_of: NightOf, tmp_path: Path
) -> None:
    job.decide_headings(session, asked(night_of, 实收费用合计数="repair_net_amount"))
    job.read_ledgers(session, night_of(NIGHT))
    before = session.scalars(select(WorkOrder.repair_net_amount)).one()

    job.decide_headings(session, asked(night_of, 实收费用合计数="insurer_due_own_repair"))
    names = ("理赔编号", "车牌号", "派工单号", "保险公司", "实收费用合计数", "实收费用")
    bring(ledger(tmp_path, *names, values=("WX1", "人保财险", 900, 950)))
    job.read_ledgers(session, night_of(date(2026, 11, 22)))

    assert before == 100000
    assert session.scalars(select(ExpectedLine.amount)).one() == 90000
    assert session.scalars(select(WorkOrder.repair_net_amount)).one() == 95000
