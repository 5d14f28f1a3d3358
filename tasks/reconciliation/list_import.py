"""Bringing a payment list for a bank line: kept with the line, then the line is looked at again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.event import Happening, record
from models.payment_list import PaymentList
from models.values import Refusal, yuan, yuan_grouped
from tasks.reconciliation.list_reading import read_list
from worker.job import Night
from worker.settings import settings
from worker.sheets import read_book


def bring(session: Session, night: Night, line: BankLine, stored_as: str, name: str) -> int:
    """Read and keep the list of a line; Refusal for one that was brought for another line, or posted."""
    book = read_book(settings().files / stored_as, name)
    read = read_list(name, {sheet.name: sheet.rows for sheet in book.sheets if not sheet.hidden})
    known = session.execute(
        select(PaymentList).where(PaymentList.shop_id == night.shop_id, PaymentList.sha256 == book.sha256)
    ).scalar_one_or_none()
    _refuse_other_line(session, night, line, known, name, read.number)
    if known is None:
        rows = [
            {"plate_no": row.plate_no, "report_no": row.report_no, "amount": row.amount, "row": row.row}
            for row in read.rows
        ]
        session.add(
            PaymentList(
                shop_id=night.shop_id, bank_line_id=line.id, name=name[:255], sha256=book.sha256,
                number=read.number, total=read.total, rows=rows, brought_by=night.by, brought_on=night.date,
            )
        )  # fmt: skip
        session.flush()
    inputs = {"line": line.id, "list": name, "rows": len(read.rows), "total": read.total}
    record(session, [Happening("payment_list_brought", inputs)], **night.trail)
    night.note(rows=len(read.rows), total=yuan(read.total), agrees=read.total == line.amount)
    return len(read.rows)


def _refuse_other_line(
    session: Session, night: Night, line: BankLine, known: PaymentList | None, name: str, number: str | None
) -> None:
    other = known
    if other is None and number is not None:
        other = session.scalars(
            select(PaymentList).where(
                PaymentList.shop_id == night.shop_id, PaymentList.number == number,
                PaymentList.bank_line_id != line.id,
            )
        ).first()  # fmt: skip
    if other is None or other.bank_line_id == line.id:
        return
    of = session.get_one(BankLine, other.bank_line_id)
    raise Refusal(
        f"{name}{f' (number {number})' if number else ''} was brought for bank line {of.id} of "
        f"{yuan_grouped(of.amount)} yuan on {of.booked_on}; a list pays one transfer. "
        f"See: huikuan reconcile show {of.id}"
    )
