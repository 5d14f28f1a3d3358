"""The job of the ledgers room: the month's workbook of one shop."""

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.ledger import LedgerBuild
from models.values import Period, Refusal, UnreadableValue, yuan
from tasks.ledgers import queries
from tasks.ledgers.book import LedgerBook
from tasks.ledgers.month import ledger_book
from tasks.ledgers.workbook import file_name, workbook_bytes
from worker.files import sha256_of, write_whole
from worker.job import Night, job
from worker.settings import settings

_TOTALS = (
    "repair_net_amount", "insurer_due_own_repair", "insurer_due_other_agency", "customer_received_amount",
    "payout_received_amount", "refund_due_amount", "refund_paid_amount", "outstanding",
)  # fmt: skip


@job
def build_ledger(session: Session, night: Night) -> int:
    """Write the month's ledger as a workbook; content that was already written is not written again.

    Parameter `month` (YYYY-MM) builds another month than that of the business date. Returns how many
    workbooks were written, 0 or 1.
    """
    period = _period(night)
    cases = queries.cases_of_month(session, night.shop_id, period.first, period.last)
    shop = queries.shop_name(session, night.shop_id)
    book = ledger_book(cases, shop=shop, period=period, built_on=night.date)
    content = workbook_bytes(book)
    built = queries.builds(session, night.shop_id, book.month, night.date)
    same = next((build.path for build in built if build.sha256 == sha256_of(content)), None)
    path = same or f"ledgers/{night.shop_code}/{file_name(book, len(built) + 1)}"
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
    }
