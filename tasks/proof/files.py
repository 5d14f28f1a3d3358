"""Files as control totals: what a statement or a ledger brought, against the rows that came of it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case
from models.payout import Payout
from models.source_file import SourceFile
from models.values import UnreadableValue, fen, yuan
from models.words import FileKind, FileState
from models.work_order import CustomerLine, WorkOrder
from tasks.proof.fault import Fault
from tasks.proof.matches import orders_of_lines


def statements(session: Session, shop_id: int) -> Iterator[Fault]:
    """Bank lines against what their file brought; where it is off, each against its row of the file."""
    came = func.coalesce(func.sum(BankLine.amount).filter(BankLine.amount > 0), 0).label("came")
    went = func.coalesce(func.sum(BankLine.amount).filter(BankLine.amount < 0), 0).label("went")
    rows = session.execute(
        select(SourceFile.id, SourceFile.name, SourceFile.summary, came, went)
        .outerjoin(BankLine, BankLine.file_id == SourceFile.id)
        .where(
            SourceFile.shop_id == shop_id, SourceFile.kind == FileKind.STATEMENT,
            SourceFile.state == FileState.READ,
        )
        .group_by(SourceFile.id)
        .order_by(SourceFile.id)
    )  # fmt: skip
    for row in rows.all():
        control = _control(row.summary)
        if control and (control.get("in"), control.get("out")) != (int(row.came), int(row.went)):
            yield from _lines_of(session, row.id, row.name)


def _control(summary: object) -> dict[str, int]:
    taken = summary.get("taken_fen") if isinstance(summary, dict) else None
    return taken if isinstance(taken, dict) else {}


def _lines_of(session: Session, file_id: int, name: str) -> Iterator[Fault]:
    rows = session.execute(
        select(BankLine.id, BankLine.row, BankLine.amount, BankLine.raw)
        .where(BankLine.file_id == file_id)
        .order_by(BankLine.id)
    )
    wrong = [row for row in rows if not _stands_in(row.raw, row.amount)]
    orders = orders_of_lines(session, [row.id for row in wrong])
    for row in wrong:
        sentence = (
            f"bank line {row.id} is {yuan(row.amount)} yuan, which is not what row {row.row} of {name} says"
        )
        yield Fault(orders[row.id], f"bank_line:{row.id}", sentence)
    if not wrong:
        sentence = (
            f"the bank lines of {name} do not come to what the file brought: one is missing or turned round"
        )
        yield Fault((), f"source_file:{file_id}", sentence)


def _stands_in(raw: object, amount: int) -> bool:
    """Whether some cell of the row, as it stood in the file, is this amount."""
    return isinstance(raw, dict) and any(abs(amount) == _read(cell) for cell in raw.values())


def _read(cell: object) -> int | None:
    try:
        return abs(fen(cell))
    except UnreadableValue:
        return None


def ledgers(session: Session, shop_id: int) -> Iterator[Fault]:
    """Payouts and customer money against the totals that were kept when their ledger was read."""
    payouts = (
        select(Payout.origin, Payout.amount)
        .join(Case, Case.id == Payout.case_id)
        .where(Case.shop_id == shop_id, Payout.origin.startswith("file:"))
    )
    receipts = (
        select(CustomerLine.origin, CustomerLine.amount)
        .join(WorkOrder, WorkOrder.id == CustomerLine.work_order_id)
        .where(WorkOrder.shop_id == shop_id, CustomerLine.origin.startswith("file:"))
    )
    sums = {"payouts": _by_file(session, payouts), "customer": _by_file(session, receipts)}
    files = session.execute(
        select(SourceFile.id, SourceFile.name, SourceFile.summary)
        .where(SourceFile.shop_id == shop_id, SourceFile.kind == FileKind.LEDGER)
        .order_by(SourceFile.id)
    )
    for file in files:
        for name, total in _control(file.summary).items():
            found = sums.get(name, {}).get(file.id, 0)
            if found != total:
                sentence = f"{file.name} brought {yuan(total)} yuan of {name}; there are now {yuan(found)}"
                yield Fault((), f"source_file:{file.id}", sentence)


def _by_file(session: Session, query: Any) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for origin, amount in session.execute(query):
        found[int(origin.split(":")[1])] += amount
    return found
