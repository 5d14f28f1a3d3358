"""Writing what a ledger changes: insurers, work orders, cases, expected lines and rounds, in bulk."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.base import Base
from models.case import Case, ExpectedLine, SubmissionRound
from models.insurer import Insurer
from models.source_file import SourceFile
from models.upsert import add_new, changed_rows, put
from models.words import Cover
from models.work_order import WorkOrder
from tasks.intake.changes import CaseChange, RepairChange
from tasks.intake.insurers import InsurerBook
from tasks.intake.queries import chunks
from tasks.intake.repair import Repair
from worker.job import Night

Row = dict[str, Any]
Ids = Mapping[str, int]


def branches(session: Session, repairs: Sequence[Repair], book: InsurerBook) -> dict[str, int]:
    """The id of every insurer that is named; new branches are added."""
    named = [case.insurer for repair in repairs for case in repair.cases if case.insurer]
    new = {each.name: each.group_id for each in named if each.branch_id is None}
    add_new(session, Insurer, [{"name": name, "group_id": group} for name, group in new.items()])
    if not new:
        return {name: branch_id for name, (branch_id, _) in book.branches.items()}
    found = session.execute(select(Insurer.name, Insurer.id).order_by(Insurer.id))
    return {row.name: row.id for row in found}


def write_orders(session: Session, night: Night, changes: Sequence[RepairChange]) -> dict[str, int]:
    """Add and update work orders, to be settled where money moved; returns the id of each by number."""
    new = [
        {
            **dict.fromkeys(change.repair.facts), **change.facts, "shop_id": night.shop_id,
            "work_order_no": change.repair.work_order_no, "settle_on": night.date,
            "plate_no": change.facts.get("plate_no") or "",
        }
        for change in changes
        if change.known is None
    ]  # fmt: skip
    _insert(session, WorkOrder, new)
    known = [(change, change.known.id) for change in changes if change.known]
    _update(session, WorkOrder, [
        {"id": order_id, **change.facts, **({"settle_on": night.date} if change.moves_money else {})}
        for change, order_id in known
    ])  # fmt: skip
    numbers = [change.repair.work_order_no for change in changes]
    return _ids(session, WorkOrder.work_order_no, WorkOrder.id, WorkOrder.shop_id == night.shop_id, numbers)


def write_cases(
    session: Session, night: Night, file: SourceFile, changes: Sequence[RepairChange], orders: Ids
) -> dict[str, int]:
    """Add and update cases, with who vouches for them; returns the id of each by claim number."""
    vouched: Row = {"authorised_by": None, "authorised_on": None}
    if file.authorised_by:
        vouched = {"authorised_by": file.authorised_by, "authorised_on": night.date}
    _insert(session, Case, [
        {
            **each.facts, **vouched, "shop_id": night.shop_id, "claim_no": each.case.row.claim_no,
            "work_order_id": orders[change.repair.work_order_no],
            "is_lead": each.case.is_lead and change.known is None,
            "insured_name": each.facts.get("insured_name") or "",
            "plate_no": each.facts.get("plate_no") or "", "imported": dict(each.imported),
        }
        for change, each in of_cases(changes)
        if each.known is None
    ])  # fmt: skip
    _update(session, Case, [_changed(each, vouched) for _, each in of_cases(changes) if each.known])
    numbers = [each.case.row.claim_no for _, each in of_cases(changes)]
    return _ids(session, Case.claim_no, Case.id, Case.shop_id == night.shop_id, numbers)


def write_lines(session: Session, changes: Sequence[RepairChange], orders: Ids, cases: Ids) -> None:
    """Add and update expected lines (cover unsplit) and submission rounds."""
    lines = [
        {
            "case_id": cases[each.case.row.claim_no], "work_order_id": orders[change.repair.work_order_no],
            "cover": Cover.UNSPLIT, "kind": kind, "amount": amount,
        }
        for change, each in of_cases(changes)
        for kind, amount in each.expected.items()
    ]  # fmt: skip
    rounds = [
        {
            "case_id": cases[each.case.row.claim_no], "round_no": each.round.number,
            "reason": each.round.round.reason, "returned_on": each.round.round.returned_on,
            "resubmitted_on": each.round.round.resubmitted_on,
        }
        for _, each in of_cases(changes)
        if each.round
    ]  # fmt: skip
    put(session, ExpectedLine, lines, ["case_id", "work_order_id", "cover", "kind"])
    put(session, SubmissionRound, rounds, ["case_id", "round_no"])


def forget_refunds(session: Session, changes: Sequence[RepairChange], cases: Ids) -> None:
    """A refund that was left out was not imported: the next ledger that names it is asked again."""
    _update(session, Case, [
        {
            "id": cases[each.case.row.claim_no],
            "imported": {name: said for name, said in each.imported.items() if name != "refund_paid_amount"},
        }
        for _, each in of_cases(changes)
    ])  # fmt: skip


def vouch(session: Session, night: Night, name: str, claim_nos: Sequence[str]) -> int:
    """Record who vouches for cases for which nobody does yet; returns how many."""
    count = 0
    for chunk in chunks(claim_nos):
        unvouched = (Case.shop_id == night.shop_id, Case.authorised_by.is_(None), Case.claim_no.in_(chunk))
        done = session.execute(
            update(Case).where(*unvouched).values(authorised_by=name, authorised_on=night.date)
        )
        count += changed_rows(done)
    return count


def of_cases(changes: Sequence[RepairChange]) -> Iterator[tuple[RepairChange, CaseChange]]:
    """Every case with the repair it is of."""
    return ((change, each) for change in changes for each in change.cases)


def _changed(each: CaseChange, vouched: Row) -> Row:
    assert each.known is not None
    row = {"id": each.known.id, **each.facts}
    if each.imported != each.known.imported:
        row["imported"] = dict(each.imported)
    if vouched["authorised_by"] and each.known.facts.get("authorised_by") is None:
        row |= vouched
    return row


def _insert(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    names = {name: None for row in rows for name in row}
    table: Any = model.__table__  # without the ORM's bookkeeping for each row
    if rows:
        session.execute(insert(table), [{**names, **row} for row in rows])


def _update(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Update rows by `id`, those that change the same columns together; a row of an id alone is skipped."""
    shapes: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if len(row) > 1:
            shapes.setdefault(tuple(sorted(row)), []).append(row)
    for alike in shapes.values():
        session.execute(update(model), alike)


def _ids(session: Session, number: Any, ident: Any, of_shop: Any, numbers: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in chunks(numbers):
        rows = session.execute(select(number, ident).where(of_shop, number.in_(chunk)).order_by(ident))
        found |= {row[0]: row[1] for row in rows}
    return found
