"""Whose account a statement is of, as far as the file itself says."""

from collections.abc import Sequence

from models.values import Refusal
from tasks.statements import cells
from tasks.statements.headings import Cell, Rows, Table
from tasks.statements.layout import Direction, Meaning

OWN_ACCOUNT_LABELS = ("查询账号", "账号", "本方账号", "账户账号", "账户号", "账号/卡号", "卡号", "账户")
HOLDER_LABELS = (
    "公司名称",
    "户名",
    "账号名称",
    "账户名称",
    "账户名",
    "单位名称",
    "客户名称",
    "本方户名",
    "本方账户名称",
)


def own_account(file_name: str, table: Table, rows: Rows, above: Sequence[Rows]) -> str | None:
    """The number in its column, else in a label above the table; a masked or damaged one says nothing."""
    column = _column(table, rows, Meaning.OWN_ACCOUNT)
    numbers = sorted({number for cell in column if (number := cells.own_account_number(cell))})
    if len(numbers) > 1:
        raise Refusal(
            f"{file_name} mixes the accounts {', '.join(numbers)}. Export one account at a time and bring "
            "each: huikuan intake statement FILE..."
        )
    labels = (text for part in above for text in cells.labelled(part, OWN_ACCOUNT_LABELS))
    for number in (*numbers, *map(cells.own_account_number, labels)):
        if number:
            return number
    return None


def holder(table: Table, rows: Rows, above: Sequence[Rows]) -> str | None:
    """The account's name, from its column or a label above."""
    names = (cells.text(cell) for cell in _column(table, rows, Meaning.OWN_NAME))
    labels = (text for part in above for text in cells.labelled(part, HOLDER_LABELS))
    return next((name for name in (*names, *labels) if name), None)


def common_account(file_name: str, table: Table, rows: Rows) -> str | None:
    """Where direction hangs on it and nothing says it: the only account at one end of every line."""
    if table.layout.direction is not Direction.PARTIES:
        return None
    payers = _column(table, rows, Meaning.PAYER_ACCOUNT)
    payees = _column(table, rows, Meaning.PAYEE_ACCOUNT)
    ends = [set(map(cells.own_account_number, pair)) - {None} for pair in zip(payers, payees, strict=True)]
    filled = [pair for pair in ends if pair]
    shared = set.intersection(*filled) if len(filled) > 1 else set()
    if len(shared) != 1:
        raise Refusal(
            f"{file_name} doesn't say whose account it is, so money in can't be told from money out. Say it: "
            f"huikuan intake statement {file_name} --account NUMBER"
        )
    return shared.pop()


def _column(table: Table, rows: Rows, meaning: Meaning) -> list[Cell]:
    at = table.columns.get(meaning)
    if at is None:
        return []
    return [row[at] if at < len(row) else None for row in rows[table.first :]]
