"""`huikuan ledger group`: one workbook over all shops."""

from typing import Annotated

import typer

from console import options
from console.house import reading, shop_codes, shop_id
from console.options import AsJson, OnDate
from console.output import answer, say
from console.permits import Act
from console.who import person
from models.values import Period
from tasks.ledgers import export, group_book
from worker import clock
from worker.files import sha256_of, write_whole
from worker.job import Night
from worker.settings import settings


def group(
    period: Annotated[Period, typer.Argument(parser=options.month, metavar="MONTH", help="Such as 2026-11.")],
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Write the month of every shop into one workbook: a summary and a sheet per shop."""
    on = day or clock.today()
    with reading() as session:
        who = person(session, Act.RUN)
        books = []
        for code in shop_codes(session):
            night = Night(on, shop_id(session, code), code, who.name, clock.now())
            books.append((code, export.current(session, night, period)))
    content = group_book.workbook_bytes(books, period, on)
    path = settings().home / "ledgers" / group_book.file_name(period, on)
    write_whole(path, content)
    document = {
        "month": str(period), "shops": [code for code, _ in books], "path": str(path),
        "rows": sum(len(book.rows) for _, book in books), "sha256": sha256_of(content),
    }  # fmt: skip
    answer(as_json, document, lambda: say(f"The group's ledger of {period} is written: {path}"))
