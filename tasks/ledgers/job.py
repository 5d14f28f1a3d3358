"""The jobs of the ledgers room: the month's workbook of one shop, and closing the month."""

from datetime import date

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.ledger import LedgerBuild
from models.values import Period, Refusal, UnreadableValue, yuan
from tasks.ledgers import closing, export, issued, making, month_end, queries
from tasks.ledgers.book import LedgerBook
from tasks.ledgers.workbook import file_name, workbook_bytes
from worker.files import sha256_of, write_whole
from worker.job import Night, job
from worker.parameters import Kind, takes
from worker.settings import settings

_TOTALS = (
    "repair_net_amount", "insurer_due_own_repair", "insurer_due_other_agency", "customer_received_amount",
    "payout_received_amount", "refund_due_amount", "refund_paid_amount", "outstanding",
)  # fmt: skip


@job
@takes(month=Kind.MONTH)
def build_ledger(session: Session, night: Night) -> int:
    """Write the month's ledger as a workbook; content that was already written is not written again.

    Parameter `month` (YYYY-MM) builds another month than that of the business date. On the first night of a
    month the month before is built too, and the accountant is told what stands in the way of closing it.
    Returns how many workbooks were written.
    """
    period = _period(night)
    asked = "month" in night.parameters
    if (closed_on := making.is_closed(session, night.shop_id, period)) is not None:
        if asked:
            raise Refusal(
                f"{period} was closed on {closed_on}: its ledger is issued and not drafted any more. What is "
                f"different now: huikuan ledger diff {period} --shop {night.shop_code}"
            )
        return 0
    written = _draft(session, night, period)
    if not asked and night.date.day == 1:
        written += _month_end(session, night, period.previous())
    return written


@job
def close_period(session: Session, night: Night) -> int:
    """Close a month: check, freeze, chain and issue its workbook (结账)."""
    return closing.close(session, night, _period(night))


@job
def reopen_period(session: Session, night: Night) -> int:
    """Open a closed month again until a day, for a reason (反结账)."""
    given = night.parameters
    return closing.reopen(
        session, night, _period(night), str(given["because"]), date.fromisoformat(given["until"])
    )


@job
@takes(month=Kind.MONTH, revision=Kind.NUMBER)
def rebuild_ledger(session: Session, night: Night) -> int:
    """Put an issued workbook back as it was, from its snapshot; 0 where it lies there untouched."""
    return issued.rebuild(session, night, _period(night), night.parameters.get("revision"))


@job
@takes(month=Kind.MONTH, masked=Kind.YES_NO, as_of=Kind.DAY)
def export_ledger(session: Session, night: Night) -> int:
    """Write a month's ledger for other readers: masked for outside, or as it was known on a day."""
    return export.write(session, night, _period(night))


def _month_end(session: Session, night: Night, month: Period) -> int:
    if making.is_closed(session, night.shop_id, month) is not None:
        return 0
    written = _draft(session, night, month)
    month_end.tell(session, night, month)
    return written


def _draft(session: Session, night: Night, period: Period) -> int:
    book = making.book_of_month(session, night, period)
    content = workbook_bytes(book)
    built = queries.builds(session, night.shop_id, book.month, night.date)
    same = next((build.path for build in built if build.sha256 == sha256_of(content)), None)
    path = same or f"ledgers/{night.shop_code}/{file_name(book, len(built) + 1)}"
    if "ledger" not in night.notes:
        night.note(ledger=path, ledger_rows=len(book.rows), ledger_unchanged=same is not None)
    target = settings().home / path
    if same is not None and target.exists():
        return 0
    if not night.dry_run:
        write_whole(target, content)
    if same is None:
        session.execute(insert(LedgerBuild).values(_row(book, night, path, content)))
    return 1


def _period(night: Night) -> Period:
    text = night.parameters.get("month")
    if text is None:
        return Period.of(night.date)
    try:
        period = Period.parse(str(text))
    except UnreadableValue as error:
        command = f"huikuan ledger build {Period.of(night.date)} --shop {night.shop_code}"
        raise Refusal(f"{text} is {error}. Name a month: {command}") from None
    if period.first > night.date:
        raise Refusal(
            f"{period} has not begun on {night.date}: there is nothing to put into its ledger. "
            f"Build a month that has: huikuan ledger build {Period.of(night.date)} --shop {night.shop_code}"
        )
    return period


def _row(book: LedgerBook, night: Night, path: str, content: bytes) -> dict[str, object]:
    return {
        "shop_id": night.shop_id,
        "month": book.month,
        "built_on": night.date,
        "path": path,
        "sha256": sha256_of(content),
        "rows": len(book.rows),
        "totals": {field: yuan(book.total(field)) for field in _TOTALS},
        "built_at": night.at,
        "built_by": night.by,
    }
