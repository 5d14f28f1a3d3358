"""`huikuan reconcile statement`: 银行存款余额调节表 of an account and month, as a workbook."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from console.house import reading
from console.options import AsJson, OnDate, month
from console.output import answer, say
from models.values import Period, Refusal, UnreadableValue, fen, yuan
from tasks.reconciliation.balance import Kind, Statement
from tasks.reconciliation.balance_queries import Asked
from tasks.reconciliation.balance_queries import statement as statement_of
from worker import clock
from worker.files import write_whole
from worker.settings import settings


def _balance(text: str) -> int:
    """A balance typed by a person, below zero too, as fen. Raises Refusal."""
    try:
        return fen(text)
    except UnreadableValue as why:
        raise Refusal(f'"{text}" can\'t be read as a balance ({why}). Write yuan such as 1234.56.') from None


def statement(
    account: Annotated[str, typer.Option("--account", metavar="NUMBER", help="The bank account.")],
    period: Annotated[
        Period, typer.Option("--month", parser=month, metavar="MONTH", help="Such as 2026-11.")
    ],
    book_balance: Annotated[
        int | None,
        typer.Option("--book-balance", parser=_balance, metavar="YUAN", help="What the books say."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write it.")] = None,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Write the balance statement of an account and month: four kinds of open items, ages, differences."""
    from tasks.reconciliation.balance_book import workbook_bytes

    with reading() as session:
        said = statement_of(session, Asked(account, period, day or clock.today(), book_balance))
    path = out or _path(said)
    write_whole(path, workbook_bytes(said))
    document = _document(said, path)
    answer(as_json, document, lambda: _tell(document))


def _path(said: Statement) -> Path:
    shop = re.sub(r'[\x00-\x1f/\\:*?"<>|\s]+', "", said.shop)[:60]
    name = f"银行存款余额调节表_{shop}_{said.account[-4:]}_{said.period}_{said.made_on:%Y%m%d}.xlsx"
    return settings().home / "statements" / name


def _document(said: Statement, path: Path) -> dict[str, Any]:
    def shown(amount: int | None) -> str | None:
        return None if amount is None else yuan(amount)

    return {
        "path": str(path),
        "account": said.account,
        "month": str(said.period),
        "bank_balance": shown(said.closing),
        "book_balance": shown(said.book),
        "adjusted_bank": shown(said.adjusted_bank),
        "adjusted_book": shown(said.adjusted_book),
        "open_items": {
            kind.name.lower(): {
                "count": sum(item.kind is kind and item.placed for item in said.items),
                "amount": yuan(said.total(kind)),
            }
            for kind in Kind
        },
        "without_account": sum(not item.placed for item in said.items),
        "differences": len(said.gaps),
    }


def _tell(document: dict[str, Any]) -> None:
    say(f"The statement of {document['account']} for {document['month']}: {document['path']}")
    for kind in Kind:
        found = document["open_items"][kind.name.lower()]
        say(f"  {kind}: {found['count']}, {found['amount']} yuan")
    if document["adjusted_book"] is None:
        bank, adjusted = document["bank_balance"], document["adjusted_bank"]
        say(f"The bank's balance is {bank}, adjusted {adjusted}. To compare the books: --book-balance YUAN")
    else:
        same = document["adjusted_bank"] == document["adjusted_book"]
        say(f"Adjusted: bank {document['adjusted_bank']}, books {document['adjusted_book']}: "
            f"{'they agree' if same else 'they differ'}.")  # fmt: skip
