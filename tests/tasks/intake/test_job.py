"""The sample shop's ledgers, read as in the night."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine, SubmissionRound
from models.entry import Entry
from models.event import Event
from models.insurer import Insurer, InsurerGroup
from models.payout import Payout
from models.refund import Refund
from models.source_file import Finding, SourceFile
from models.staff import Staff
from models.values import Refusal
from models.words import (
    Account,
    EntryKind,
    FileState,
    FindingState,
    LineKind,
    PayoutState,
    RefundState,
    Severity,
)
from models.work_order import CustomerLine, WorkOrder
from tasks.intake.job import read_ledger, read_ledgers, vouch_for_ledger
from tests import factories
from worker.job import Night

SAMPLES = Path(__file__).parents[2] / "samples" / "shop"
OCTOBER, NOVEMBER = SAMPLES / "ledger_2026-10.xlsx", SAMPLES / "ledger_2026-11.xlsx"
THE_NIGHT = date(2026, 11, 21)
TABLES = (
    WorkOrder, Case, ExpectedLine, CustomerLine, SubmissionRound, Payout, Refund, Entry, Event, Staff, Finding
)  # fmt: skip

Bring = Callable[..., SourceFile]
NightOf = Callable[[date], Night]


def contents(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every business row, to be compared."""
    session.flush()
    return {
        model.__tablename__: [
            tuple(row)
            for row in session.execute(select(model.__table__).order_by(*model.__table__.primary_key))
        ]
        for model in TABLES
    }


def column_sum(path: Path, heading: str, occurrence: int = 0) -> int:
    """The sum of a column of the workbook in fen, its 合计 row left out."""
    rows = list(openpyxl.load_workbook(path).active.iter_rows(min_row=4, values_only=True))  # type: ignore[union-attr]
    at = [number for number, cell in enumerate(rows[0]) if cell == heading][occurrence]
    return sum(round(float(row[at]) * 100) for row in rows[1:-1] if row[at] is not None)


def total(session: Session, column: Any, *where: Any) -> int:
    return int(session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)


def test_the_october_ledger_goes_in_whole(session: Session, bring: Bring, night_of: NightOf) -> None:
    file = bring(OCTOBER, authorised_by="王敏")

    count = read_ledgers(session, night_of(THE_NIGHT))

    assert count == 165
    assert session.scalar(select(func.count()).select_from(Case)) == 165
    assert session.scalar(select(func.count()).select_from(WorkOrder)) == 160
    assert session.scalars(select(Finding.sentence)).all() == []
    assert (file.state, file.rows, file.read_on) == (FileState.READ, 165, THE_NIGHT)
    vouched = session.execute(select(Case.authorised_by, Case.authorised_on).distinct())
    assert [tuple(row) for row in vouched] == [("王敏", THE_NIGHT)]


@pytest.mark.parametrize(
    "heading, occurrence, column, where",
    [
        ("工时费", 0, WorkOrder.labour_fee, ()),
        ("零件费", 0, WorkOrder.parts_fee, ()),
        ("其它费用", 0, WorkOrder.other_fee, ()),
        ("应收费用", 0, WorkOrder.repair_gross_amount, ()),
        ("实收费用", 0, WorkOrder.repair_net_amount, ()),
        ("金额", 0, WorkOrder.customer_payable_amount, ()),
        ("实收金额", 0, CustomerLine.amount, ()),
        ("开票金额", 0, Case.invoice_amount, ()),
        ("本店维修赔款额", 0, ExpectedLine.amount, (ExpectedLine.kind == LineKind.OWN_REPAIR,)),
        ("非本店维修的其他代索赔费用", 0, ExpectedLine.amount, (ExpectedLine.kind == LineKind.OTHER_AGENCY,)),
        ("实际收款金额", 0, Payout.amount, (Payout.state == PayoutState.ASSERTED,)),
        ("领款金额", 0, Refund.amount, (Refund.state == RefundState.PAID,)),
    ],
)
@pytest.mark.parametrize("ledger", [OCTOBER, NOVEMBER])
def test_every_column_adds_up_to_the_workbook(
    session: Session,
    bring: Bring,
    night_of: NightOf,
    ledger: Path,
    heading: str,
    occurrence: int,
    column: Any,
    where: Any,
) -> None:
    bring(ledger)

    read_ledgers(session, night_of(THE_NIGHT))

    assert total(session, column, *where) == column_sum(ledger, heading, occurrence) > 0


def test_the_entries_say_the_same_as_the_rows(session: Session, bring: Bring, night_of: NightOf) -> None:
    bring(NOVEMBER)

    read_ledgers(session, night_of(THE_NIGHT))

    def entries(*kinds: EntryKind) -> int:
        return total(session, Entry.amount, Entry.kind.in_(kinds))

    assert entries(EntryKind.BILL) == total(session, WorkOrder.repair_net_amount)
    assert entries(EntryKind.DEPOSIT, EntryKind.SELF_PAY) == total(session, CustomerLine.amount)
    assert entries(EntryKind.PAYOUT, EntryKind.PAYOUT_THIRD_PARTY) == total(session, Payout.amount)
    assert (
        entries(EntryKind.REFUND_PAID) == entries(EntryKind.REFUND_RESERVED) == total(session, Refund.amount)
    )
    assert entries(EntryKind.OVER_RECEIPT_HOLD) == 0


def test_november_after_october_adds_only_what_is_new(
    session: Session, bring: Bring, night_of: NightOf
) -> None:
    bring(OCTOBER)
    read_ledgers(session, night_of(date(2026, 10, 31)))
    before = contents(session)
    bring(NOVEMBER)

    count = read_ledgers(session, night_of(THE_NIGHT))

    after = contents(session)
    unchanged = ("expected_line", "customer_line", "submission_round", "refund", "staff", "finding")
    assert {name for name in unchanged if before[name] != after[name]} == set()
    assert len(after["payout"]) - len(before["payout"]) == len(set(after["payout"]) - set(before["payout"]))
    assert total(session, Payout.amount) == column_sum(NOVEMBER, "实际收款金额")
    assert count == 44


def test_october_after_november_changes_nothing(session: Session, bring: Bring, night_of: NightOf) -> None:
    bring(NOVEMBER)
    read_ledgers(session, night_of(THE_NIGHT))
    before = contents(session)
    bring(OCTOBER)

    count = read_ledgers(session, night_of(THE_NIGHT))

    assert count == 0
    assert contents(session) == before


def test_a_copy_saved_anew_changes_nothing(
    session: Session, bring: Bring, night_of: NightOf, tmp_path: Path
) -> None:
    bring(OCTOBER)
    read_ledgers(session, night_of(THE_NIGHT))
    before = contents(session)
    copy = tmp_path / "again.xlsx"
    book = openpyxl.load_workbook(OCTOBER)
    book.save(copy)
    bring(copy)

    count = read_ledgers(session, night_of(THE_NIGHT))

    assert count == 0
    assert contents(session) == before


def test_a_ledger_is_read_once(session: Session, bring: Bring, night_of: NightOf) -> None:
    bring(OCTOBER)
    read_ledgers(session, night_of(THE_NIGHT))
    before = contents(session)

    count = read_ledgers(session, night_of(THE_NIGHT))

    assert count == 0
    assert contents(session) == before


# ------------------------------------------------------------------ ledgers with one case, made for the test

HEADINGS = [
    "理赔编号", "车牌号", "派工单号", "保险公司", "是否代索赔", "被保险人", "应收费用", "实收费用", "本店维修赔款额",
    "非本店维修的其他代索赔费用", "客户实付金额", "保险公司接案日期", "赔款到账日期", "实际收款金额", "应退客户金额", "领款日期",
    "实退金额", "报案号", "接车员",
]  # fmt: skip
CASE: dict[str, Any] = {
    "理赔编号": "LP1", "车牌号": "苏G12345", "派工单号": "WX1", "保险公司": "人保财险海州支公司", "是否代索赔": "是",
    "被保险人": "罗秀", "应收费用": 7600, "实收费用": 7600, "本店维修赔款额": 7100, "客户实付金额": 500,
    "保险公司接案日期": "2026-09-12", "报案号": "RDAA202632070057919460", "接车员": "孙颖",
}  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path, bring: Bring) -> Callable[..., SourceFile]:
    """Bring a ledger of the cases given, each told by what differs from CASE."""

    def of(*cases: dict[str, Any], name: str = "台账.xlsx") -> SourceFile:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(HEADINGS)
        for each in cases:
            sheet.append([(CASE | each).get(heading) for heading in HEADINGS])
        book.save(tmp_path / name)
        return bring(tmp_path / name)

    return of


def test_a_row_that_cannot_be_read_is_a_finding_and_the_rest_goes_in(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    file = ledger(
        {"实收费用": "七千六"}, {"理赔编号": "LP2", "车牌号": "苏G99999", "派工单号": "WX2", "报案号": None}
    )

    read_ledgers(session, night_of(THE_NIGHT))

    finding = session.scalars(select(Finding)).one()
    assert session.scalars(select(Case.claim_no)).all() == ["LP2"]
    assert (finding.file_id, finding.row, finding.cell, finding.heading) == (file.id, 2, "H2", "实收费用")
    assert (finding.value, finding.severity) == ("七千六", Severity.ROW_LEFT_OUT)
    assert finding.sentence.startswith(
        "台账.xlsx, sheet Sheet, cell H2 (「实收费用」) holds '七千六': not an amount. "
    )
    assert f"run: huikuan intake ledger 台账.xlsx --shop {night_of(THE_NIGHT).shop_code}" in finding.sentence
    assert isinstance(finding.row_values, dict)
    assert finding.row_values["claim_no"] == "LP1"


def test_a_corrected_ledger_brings_the_row_that_was_left_out(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({"实收费用": "七千六"})
    read_ledgers(session, night_of(THE_NIGHT))
    ledger({})

    count = read_ledgers(session, night_of(THE_NIGHT))

    assert count == 1
    assert session.scalars(select(Case.claim_no)).all() == ["LP1"]
    assert session.scalars(select(Finding.state)).all() == [FindingState.RESOLVED]


def test_a_row_that_is_still_wrong_is_one_finding_and_not_two(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({"实收费用": "七千六"})
    read_ledgers(session, night_of(THE_NIGHT))
    ledger({"实收费用": "七千六百"})

    read_ledgers(session, night_of(THE_NIGHT))

    found = session.execute(select(Finding.value, Finding.state).order_by(Finding.id))
    assert [tuple(row) for row in found] == [
        ("七千六", FindingState.RESOLVED),
        ("七千六百", FindingState.OPEN),
    ]


def test_a_file_that_is_no_ledger_is_refused_and_stops_nobody(
    session: Session, bring: Bring, ledger: Callable[..., SourceFile], night_of: NightOf, tmp_path: Path
) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    refused, good = bring(path), ledger({})

    count = read_ledgers(session, night_of(THE_NIGHT))

    assert count == 1
    assert (refused.state, good.state) == (FileState.REFUSED, FileState.READ)
    assert refused.refusal is not None
    assert "notes.csv has no sheet with a ledger's headings" in refused.refusal
    assert session.scalars(select(Finding.severity)).all() == [Severity.FILE_REFUSED]


def test_by_hand_a_refused_file_is_a_sentence(
    session: Session, bring: Bring, night_of: NightOf, tmp_path: Path
) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    night = night_of(THE_NIGHT)
    night.parameters = {"file_id": bring(path).id}

    with pytest.raises(Refusal, match=r"notes\.csv has no sheet"):
        read_ledger(session, night)


def test_an_unknown_branch_of_a_known_group_is_added(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({})

    read_ledgers(session, night_of(THE_NIGHT))

    group = session.scalar(
        select(InsurerGroup.code)
        .join(Insurer, Insurer.group_id == InsurerGroup.id)
        .where(Insurer.name == "人保财险海州支公司")
    )
    assert group == "PICC"


def test_an_unknown_insurer_goes_in_with_the_command_that_names_it(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({"保险公司": "东海互助"})

    read_ledgers(session, night_of(THE_NIGHT))

    case = session.scalars(select(Case)).one()
    assert session.get_one(Insurer, case.insurer_id).group_id is None
    assert 'huikuan insurer alias "东海互助" GROUP' in session.scalars(select(Finding.sentence)).one()


def test_people_named_in_a_ledger_can_do_nothing(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({})

    read_ledgers(session, night_of(THE_NIGHT))

    staff = session.scalars(select(Staff)).one()
    assert (staff.name, staff.active, staff.password_hash) == ("孙颖", False, None)


def test_money_over_what_is_expected_is_held(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({"非本店维修的其他代索赔费用": 2000, "实际收款金额": 9400, "赔款到账日期": "2026-10-12"})

    read_ledgers(session, night_of(THE_NIGHT))

    posted = session.execute(
        select(Entry.kind, Entry.debit, Entry.amount)
        .where(Entry.value_date == date(2026, 10, 12))
        .order_by(Entry.amount)
    )
    assert [tuple(row) for row in posted] == [
        (EntryKind.OVER_RECEIPT_HOLD, Account.BANK, 30000),
        (EntryKind.PAYOUT_THIRD_PARTY, Account.BANK, 200000),
        (EntryKind.PAYOUT, Account.BANK, 710000),
    ]


def test_two_payouts_of_one_claim_are_two(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    second = dict.fromkeys(HEADINGS) | {"赔款到账日期": "2026-10-15", "实际收款金额": 5100}
    ledger({"赔款到账日期": "2026-10-12", "实际收款金额": 2000}, second)
    read_ledgers(session, night_of(date(2026, 10, 31)))
    third = second | {"赔款到账日期": "2026-11-02", "实际收款金额": 100}
    ledger({"赔款到账日期": "2026-10-12", "实际收款金额": 2000}, second, third, name="november.xlsx")

    read_ledgers(session, night_of(THE_NIGHT))

    payouts = session.execute(select(Payout.amount, Payout.received_on).order_by(Payout.id))
    assert [tuple(row) for row in payouts] == [
        (200000, date(2026, 10, 12)), (510000, date(2026, 10, 15)), (10000, date(2026, 11, 2)),
    ]  # fmt: skip
    assert total(session, Entry.amount, Entry.kind == EntryKind.OVER_RECEIPT_HOLD) == 10000


def test_a_payout_that_the_bank_has_shown_is_not_asserted_again(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({})
    read_ledgers(session, night_of(date(2026, 10, 31)))
    line = session.scalars(select(ExpectedLine)).one()
    factories.add_payout(session, line, 200000, state=PayoutState.EVIDENCED, received_on=date(2026, 11, 5))
    ledger({"实际收款金额": 7100, "赔款到账日期": "2026-11-06"}, name="november.xlsx")

    read_ledgers(session, night_of(THE_NIGHT))

    payouts = session.execute(select(Payout.amount, Payout.state).order_by(Payout.id))
    assert [tuple(row) for row in payouts] == [
        (200000, PayoutState.EVIDENCED),
        (510000, PayoutState.ASSERTED),
    ]


def test_a_bill_that_the_ledger_corrects_is_posted_by_a_counter_entry(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({})
    read_ledgers(session, night_of(date(2026, 10, 31)))
    ledger({"应收费用": 7700, "实收费用": 7700}, name="november.xlsx")

    read_ledgers(session, night_of(THE_NIGHT))

    posted = session.execute(
        select(Entry.kind, Entry.amount)
        .where(Entry.kind.in_((EntryKind.BILL, EntryKind.REVERSAL)))
        .order_by(Entry.id)
    )
    assert [tuple(row) for row in posted] == [
        (EntryKind.BILL, 760000), (EntryKind.REVERSAL, 760000), (EntryKind.BILL, 770000),
    ]  # fmt: skip
    assert session.scalars(select(WorkOrder.repair_net_amount)).all() == [770000]


def test_what_a_person_changed_is_not_overwritten(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({})
    read_ledgers(session, night_of(date(2026, 10, 31)))
    session.execute(update(Case).values(insurer_accepted_date=date(2026, 9, 14)))
    ledger({"保险公司接案日期": "2026-09-13"}, name="november.xlsx")

    read_ledgers(session, night_of(THE_NIGHT))

    finding = session.scalars(select(Finding)).one()
    assert session.scalars(select(Case.insurer_accepted_date)).all() == [date(2026, 9, 14)]
    assert "2026-09-14" in finding.sentence
    assert "huikuan case show LP1" in finding.sentence


def test_a_refund_that_waited_here_is_the_one_that_was_paid(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    paid = {"客户实付金额": 600, "实际收款金额": 7100}
    ledger(paid)
    read_ledgers(session, night_of(date(2026, 10, 31)))
    order = session.scalars(select(WorkOrder)).one()
    factories.add_refund(session, order, 9000, state=RefundState.WAITING)
    ledger(paid | {"领款日期": "2026-11-02", "实退金额": 100}, name="november.xlsx")

    read_ledgers(session, night_of(THE_NIGHT))

    refund = session.scalars(select(Refund)).one()
    session.refresh(refund)
    assert (refund.amount, refund.state, refund.paid_on) == (10000, RefundState.PAID, date(2026, 11, 2))
    assert total(session, Entry.amount, Entry.kind == EntryKind.REFUND_PAID) == 10000


def test_a_refund_above_what_is_held_stays_out_until_it_is_explained(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({"领款日期": "2026-10-20", "实退金额": 100})
    read_ledgers(session, night_of(date(2026, 10, 31)))
    finding = session.scalars(select(Finding)).one()
    refunds = session.scalars(select(Refund)).all()
    paid = {"领款日期": "2026-10-20", "实退金额": 100, "实际收款金额": 7200}
    ledger(paid, name="november.xlsx")
    session.execute(update(ExpectedLine).values(amount=720000))
    session.execute(update(WorkOrder).values(settle_on=None))

    read_ledgers(session, night_of(THE_NIGHT))

    assert (finding.code, finding.cell) == ("refund_above_held", "Q2")
    assert "more than the 0.00 held for the customer" in finding.sentence
    assert refunds == []
    assert session.scalars(select(Refund.amount)).all() == [10000]


def test_money_that_moves_is_settled_in_the_same_night(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({})
    read_ledgers(session, night_of(date(2026, 10, 31)))
    session.execute(update(WorkOrder).values(settle_on=None))
    ledger({"被保险人": "罗秀英"}, name="a.xlsx")
    read_ledgers(session, night_of(date(2026, 11, 20)))
    unmoved = session.scalars(select(WorkOrder.settle_on)).one()
    ledger({"被保险人": "罗秀英", "实际收款金额": 7100}, name="b.xlsx")

    read_ledgers(session, night_of(THE_NIGHT))

    assert unmoved is None
    assert session.scalars(select(WorkOrder.settle_on)).all() == [THE_NIGHT]


def test_whoever_vouches_later_vouches_for_cases_without_a_voucher(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    file = ledger({}, {"理赔编号": "LP2", "车牌号": "苏G99999", "派工单号": "WX2", "报案号": None})
    read_ledgers(session, night_of(THE_NIGHT))
    session.execute(update(Case).where(Case.claim_no == "LP2").values(authorised_by="赵凯"))
    night = night_of(THE_NIGHT)
    night.parameters = {"file_id": file.id, "authorised_by": "王敏"}

    count = vouch_for_ledger(session, night)

    assert count == 1
    vouched = session.execute(select(Case.claim_no, Case.authorised_by).order_by(Case.claim_no))
    assert [tuple(row) for row in vouched] == [("LP1", "王敏"), ("LP2", "赵凯")]


def test_the_trail_says_where_a_case_came_from_and_what_changed(
    session: Session, ledger: Callable[..., SourceFile], night_of: NightOf
) -> None:
    ledger({})
    read_ledgers(session, night_of(date(2026, 10, 31)))
    ledger({"被保险人": "罗秀英"}, name="november.xlsx")

    read_ledgers(session, night_of(THE_NIGHT))

    trail = session.execute(select(Event.kind, Event.inputs).order_by(Event.id))
    assert [tuple(row) for row in trail] == [
        ("case_imported", {"file": "台账.xlsx", "sheet": "Sheet", "row": 2}),
        (
            "case_updated_by_import",
            {"file": "november.xlsx", "sheet": "Sheet", "row": 2, "insured_name": "罗秀英"},
        ),
    ]
