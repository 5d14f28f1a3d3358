"""The sample shop's autumn: ledger and bank files brought in, and every bank line held against the truth."""

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.base import Base
from models.case import Case, ExpectedLine
from models.difference import Difference
from models.entry import Entry, balances
from models.match import Match, MatchPart
from models.payout import Payout
from models.refund import Refund
from models.shop import Setting, Shop
from models.values import fen, yuan
from models.words import (
    DifferenceState,
    EntryKind,
    FileKind,
    MatchKind,
    MatchState,
    Outcome,
    PayoutState,
    RefundState,
    Resolution,
)
from models.work_order import WorkOrder
from tasks.differences.job import find_differences
from tasks.intake.job import read_ledgers
from tasks.reconciliation import queries
from tasks.reconciliation.job import match_lines, undo_match
from tasks.statements.job import read_accounts, read_statements
from tests import factories
from worker.job import Night
from worker.settings import settings

SAMPLES = Path(__file__).parent.parent.parent / "samples" / "shop"
TRUTH: dict[str, Any] = json.loads((SAMPLES / "truth.json").read_text("utf-8"))
BANK_FILES = ("icbc.xlsx", "icbc_gbk.csv", "ccb.xlsx", "abc.xlsx", "boc_utf8bom.csv", "cmb.xlsx")

Nights = Callable[..., Night]
Key = tuple[str, str, str, str, str]
SURE = {"exact", "cover", "batch_listed", "rounding", "short", "over", "returned"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def shop(session: Session) -> Shop:
    return factories.add_shop(session, code="FY", name=TRUTH["shop"])


def bring(session: Session, shop: Shop, kind: FileKind, *names: str) -> None:
    for name in names:
        file = factories.add_file(session, shop, name=name, kind=kind)
        (settings().files / file.stored_as).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLES / name, settings().files / file.stored_as)


def read(session: Session, night: Night) -> None:
    for job in (read_accounts, read_ledgers, read_statements):
        job(session, night)


def brought(session: Session, shop: Shop, night: Night, ledger: str = "ledger_2026-10.xlsx") -> None:
    bring(session, shop, FileKind.ACCOUNTS, "accounts.csv")
    bring(session, shop, FileKind.LEDGER, ledger)
    bring(session, shop, FileKind.STATEMENT, *BANK_FILES)
    read(session, night)


def kinds() -> dict[Key, list[str]]:
    """Lines of the truth by file, date, payer, amount and remark: their kinds and claims."""
    found: dict[Key, list[str]] = defaultdict(list)
    for line in TRUTH["lines"]:
        key = (line["file"], line["date"], line["payer"], line["amount"], line["memo"])
        found[key].append(" ".join([line["kind"], *sorted(line["pays"])]))
    return found


def key(row: queries.ReportRow) -> Key:
    return (row.file, str(row.date), row.payer, yuan(row.amount), row.memo)


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
    }


def test_every_sure_line_is_matched_to_its_claim_and_no_other_line_is(
    session: Session, shop: Shop, night: Nights
) -> None:
    tonight = night(date(2026, 11, 21))
    brought(session, shop, tonight)

    match_lines(session, tonight)

    report = queries.report(session, shop.id)
    assert len(report) == len(TRUTH["lines"])
    for row in report:
        kind, *claims = kinds()[key(row)][0].split()
        assert (row.outcome is Outcome.MATCHED) == (kind in SURE), row
        if row.outcome is Outcome.MATCHED:
            assert sorted(paid.claim_no for paid in row.pays) == claims
            assert sum(paid.amount for paid in row.pays) == row.amount
    assert tonight.set_aside == []


def test_what_is_not_sure_waits_with_the_true_claims_as_first_proposal(
    session: Session, shop: Shop, night: Nights
) -> None:
    tonight = night(date(2026, 11, 21))
    brought(session, shop, tonight)

    match_lines(session, tonight)

    expected = {"batch_blind": "any_set", "unknown_payer": "unknown_payer"}
    for row in queries.report(session, shop.id):
        kind, *claims = kinds()[key(row)][0].split()
        if kind == "noise":
            assert row.outcome is Outcome.IGNORED
        elif kind not in SURE:
            assert row.reason == expected[kind]
        if row.outcome is Outcome.PROPOSED:
            assert sorted({paid.claim_no for paid in row.proposals[0].pays}) == claims
            assert sum(paid.amount for paid in row.proposals[0].pays) == row.amount


def blind(session: Session, shop: Shop) -> dict[int, list[str]]:
    """Lines that name nothing, with the claims that they really pay."""
    report = queries.report(session, shop.id)
    found = {row.line_id: kinds()[key(row)][0].split() for row in report if key(row) in kinds()}
    return {line: claims for line, (kind, *claims) in found.items() if kind == "batch_blind"}


def test_what_names_nothing_is_left_to_a_person_with_its_explanations_counted(
    session: Session, shop: Shop, night: Nights
) -> None:
    tonight = night(date(2026, 11, 21))
    brought(session, shop, tonight)

    match_lines(session, tonight)

    truth = blind(session, shop)
    for row in queries.report(session, shop.id):
        if row.line_id in truth:
            assert isinstance(row.detail, dict)
            classes = {each["class"]: each for each in row.detail["classes"]}
            assert list(classes) == ["one_line", "covers", "run", "run_but_one", "any_set"]
            assert all(each["count"] <= 20 and each["exact"] for each in classes.values())
            assert truth[row.line_id] in [sorted(paid.claim_no for paid in p.pays) for p in row.proposals]
            assert set(row.detail["common"]) <= set(truth[row.line_id])


def test_with_the_switch_on_nothing_is_applied_wrongly(session: Session, shop: Shop, night: Nights) -> None:
    tonight = night(date(2026, 11, 21))
    brought(session, shop, tonight)
    session.add(
        Setting(
            scope="all", scope_id=0, key="reconcile.auto_batch", value="on", valid_from=date(2026, 1, 1),
            set_by="王敏", set_at=factories.LONG_AGO,
        )
    )  # fmt: skip
    session.flush()

    for day in range(1, 22):
        match_lines(session, night(date(2026, 11, day)))

    for row in queries.report(session, shop.id):
        if row.outcome is Outcome.MATCHED:
            assert sorted({paid.claim_no for paid in row.pays}) == kinds()[key(row)][0].split()[1:]


def test_short_and_over_are_differences_of_the_right_claim(
    session: Session, shop: Shop, night: Nights
) -> None:
    tonight = night(date(2026, 11, 21))
    brought(session, shop, tonight)
    match_lines(session, tonight)

    find_differences(session, night(date(2026, 11, 30)))

    opened = session.execute(
        select(Case.claim_no, Difference.amount)
        .join(Difference, Difference.case_id == Case.id)
        .where(Difference.state == DifferenceState.OPEN)
    ).all()
    owed = select(Case.claim_no, ExpectedLine.amount).join(ExpectedLine, ExpectedLine.case_id == Case.id)
    expected = dict(session.execute(owed).all())
    lines = [line for line in TRUTH["lines"] if line["kind"] in {"short", "over"}]
    assert dict(opened) == {
        line["pays"][0]: expected[line["pays"][0]] - fen(line["amount"]) for line in lines
    }
    rounded = session.scalars(
        select(Case.claim_no)
        .join(Difference, Difference.case_id == Case.id)
        .where(Difference.resolution == Resolution.ROUNDING)
    )
    assert set(rounded) == {line["pays"][0] for line in TRUTH["lines"] if line["kind"] == "rounding"}


def test_a_night_taken_back_leaves_all_money_where_it_was(
    session: Session, shop: Shop, night: Nights
) -> None:
    tonight = night(date(2026, 11, 21), lease_token="t-1")
    brought(session, shop, tonight)
    before = {name: rows for name, rows in everything(session).items() if name in {"claim_case", "refund"}}
    lies = lying(session)
    match_lines(session, tonight)
    given = {"role": "accountant"}

    for match in session.scalars(
        select(Match).where(Match.state == MatchState.APPLIED).order_by(Match.id)
    ).all():
        undo_match(
            session, night(date(2026, 11, 21), by="周会计", parameters={**given, "match_id": match.id})
        )

    session.expire_all()
    after = everything(session)
    assert {name: after[name] for name in before} == before
    assert lying(session) == lies
    looked_at = {Outcome.OPEN, Outcome.IGNORED, Outcome.PROPOSED, Outcome.UNMATCHED}
    assert {line.outcome for line in session.scalars(select(BankLine))} <= looked_at


def lying(session: Session) -> dict[int, dict[str, int]]:
    """Where the money of every repair lies."""
    orders = session.scalars(select(WorkOrder.id)).all()
    return {
        order: {account.value: fen for account, fen in lies.items() if fen}
        for order, lies in balances(session, orders).items()
    }


def test_two_claims_on_one_car_each_get_their_two_transfers(
    session: Session, shop: Shop, night: Nights
) -> None:
    tonight = night(date(2026, 11, 21))
    brought(session, shop, tonight)

    match_lines(session, tonight)

    paid = {
        (str(row.date), yuan(row.amount)): row.pays[0].claim_no
        for row in queries.report(session, shop.id)
        if "苏G25145" in row.memo
    }
    assert paid == {
        ("2026-11-08", "2000.00"): "LP2026-0142B",
        ("2026-11-09", "602.16"): "LP2026-0142B",
        ("2026-11-20", "2000.00"): "LP2026-0142",
        ("2026-11-20", "2070.07"): "LP2026-0142",
    }


def test_the_refund_that_bounced_is_due_again(session: Session, shop: Shop, night: Nights) -> None:
    tonight = night(date(2026, 11, 21))
    brought(session, shop, tonight)

    match_lines(session, tonight)

    refund = session.scalars(select(Refund).where(Refund.state == RefundState.BOUNCED)).one()
    entry = session.scalars(select(Entry).where(Entry.kind == EntryKind.REFUND_BOUNCED)).one()
    assert (refund.amount, refund.bounced_on) == (169_019, date(2026, 11, 2))
    assert (entry.amount, entry.work_order_id) == (169_019, refund.work_order_id)


def test_looking_again_writes_nothing(session: Session, shop: Shop, night: Nights) -> None:
    brought(session, shop, night(date(2026, 11, 21)))
    match_lines(session, night(date(2026, 11, 21)))
    before = everything(session)

    moved = match_lines(session, night(date(2026, 11, 21)))

    assert moved == 0
    assert everything(session) == before


def test_one_night_for_all_decides_as_twenty_nights_one_by_one(
    session: Session, shop: Shop, night: Nights
) -> None:
    brought(session, shop, night(date(2026, 11, 21)))
    with session.begin_nested() as at_once:
        match_lines(session, night(date(2026, 11, 21)))
        together = _decided(queries.report(session, shop.id))
        at_once.rollback()
    session.expire_all()

    for day in range(1, 22):
        match_lines(session, night(date(2026, 11, day)))

    assert _decided(queries.report(session, shop.id)) == together


def _decided(report: Sequence[queries.ReportRow]) -> list[Any]:
    return [(row.line_id, row.outcome, row.reason, row.pays) for row in report]


def test_lines_the_later_ledger_has_already_become_its_evidence_and_no_second_receipt(
    session: Session, shop: Shop, night: Nights
) -> None:
    tonight = night(date(2026, 11, 21))
    brought(session, shop, tonight, "ledger_2026-11.xlsx")
    before = {payout.id for payout in session.scalars(select(Payout))}

    match_lines(session, tonight)

    for row in queries.report(session, shop.id):
        kind, *claims = kinds()[key(row)][0].split()
        assert (row.outcome is Outcome.MATCHED) == (kind in SURE), row
        if kind in {"exact", "cover", "batch_listed"}:
            assert sorted({paid.claim_no for paid in row.pays}) == claims
            assert evidence_of(session, row.line_id) is MatchKind.EVIDENCE
    fresh = [payout for payout in session.scalars(select(Payout)) if payout.id not in before]
    not_typed = {
        claim
        for line in TRUTH["lines"]
        if line["kind"] in {"short", "over", "rounding"}
        for claim in line["pays"]
    }
    claims_paid = session.scalars(select(Case.claim_no).where(Case.id.in_([each.case_id for each in fresh])))
    assert set(claims_paid) == not_typed


def evidence_of(session: Session, line_id: int) -> MatchKind:
    return session.scalars(
        select(Match.kind)
        .join(MatchPart, MatchPart.match_id == Match.id)
        .where(MatchPart.bank_line_id == line_id, Match.state == MatchState.APPLIED)
        .distinct()
    ).one()


def test_a_later_ledger_after_the_bank_adds_no_second_receipt(
    session: Session, shop: Shop, night: Nights
) -> None:
    brought(session, shop, night(date(2026, 11, 20)))
    match_lines(session, night(date(2026, 11, 21)))
    bring(session, shop, FileKind.LEDGER, "ledger_2026-11.xlsx")

    read_ledgers(session, night(date(2026, 11, 21)))
    match_lines(session, night(date(2026, 11, 21)))

    for row in queries.report(session, shop.id):
        kind, *claims = kinds()[key(row)][0].split()
        if kind in {"exact", "cover"}:
            assert [paid.claim_no for paid in row.pays] == claims
    batched = session.scalars(select(Payout).where(Payout.state == PayoutState.ASSERTED)).all()
    assert [payout for payout in batched if payout.received_on and payout.received_on.month == 11] == []


def test_a_later_ledger_before_the_bank_files_and_after_them_ends_in_the_same_state(
    session: Session, shop: Shop, night: Nights
) -> None:
    tonight = night(date(2026, 11, 21))
    brought(session, shop, tonight)
    bring(session, shop, FileKind.LEDGER, "ledger_2026-11.xlsx")
    with session.begin_nested() as before:
        read_ledgers(session, tonight)
        match_lines(session, tonight)
        ledger_first = _standing(session, shop)
        before.rollback()
    session.expire_all()

    match_lines(session, tonight)
    read_ledgers(session, tonight)
    match_lines(session, tonight)

    assert _standing(session, shop) == ledger_first


def _standing(session: Session, shop: Shop) -> dict[str, Any]:
    """What came on every case, what each repair has on its accounts, and what became of each bank line.

    Not the days: a ledger has one for several transfers, and keeps what was typed where the bank says another.
    """
    came = session.execute(
        select(Case.claim_no, func.sum(Payout.amount))
        .join(Case, Case.id == Payout.case_id)
        .where(Payout.state != PayoutState.REVERSED)
        .group_by(Case.claim_no)
    )
    orders = {order.id: order.work_order_no for order in session.scalars(select(WorkOrder))}
    return {
        "came": sorted((claim, int(amount)) for claim, amount in came),
        "accounts": {orders[ident]: dict(lies) for ident, lies in balances(session, orders).items()},
        "lines": [(row.line_id, row.outcome) for row in queries.report(session, shop.id)],
    }


def test_every_line_that_waits_says_what_it_is_and_how_to_resolve_it(
    session: Session, shop: Shop, night: Nights
) -> None:
    tonight = night(date(2026, 11, 21))
    brought(session, shop, tonight)
    match_lines(session, tonight)

    waiting = queries.waiting(session, shop.id)

    assert len(waiting) == session.scalar(
        select(func.count()).where(BankLine.outcome.in_((Outcome.PROPOSED, Outcome.UNMATCHED)))
    )
    for line in waiting:
        assert line.commands[-1] == f"huikuan reconcile reject {line.line_id}"
        assert line.commands[0] == f"huikuan reconcile show {line.line_id}"
        assert (len(line.commands) > 2) == (line.outcome is Outcome.PROPOSED)
        assert line.reason not in line.sentence
