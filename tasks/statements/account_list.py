"""The list of bank accounts a shop brings: which account, whose, and how its exports are named."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.values import Refusal, mask_account
from tasks.statements import cells
from tasks.statements.accounts import KnownShop, Registry
from tasks.statements.headings import SEARCHED_ROWS, Cell, Rows, cell_name, heading

NUMBER = ("账号", "银行账号", "账户号", "本方账号", "卡号", "账户")
HOLDER = ("户名", "账户名称", "单位名称", "公司名称", "账号名称", "持有人")
BANK = ("开户行", "开户银行", "开户网点", "银行")
EXPORT = ("文件", "文件名", "导出文件", "对账单", "流水文件")


@dataclass(frozen=True)
class ListedAccount:
    """One row of a list; `row` as the spreadsheet counts, `number` None where the cell holds none."""

    row: int
    cell: str
    said: str
    number: str | None
    holder: str | None
    export_name: str | None
    bank_name: str | None = None


def listed_accounts(file_name: str, rows: Rows, shop: KnownShop) -> list[ListedAccount]:
    """Every account in a list with the headings 账号 and 户名 or 文件; an empty row is skipped."""
    for first, row in enumerate(rows[:SEARCHED_ROWS]):
        number, holder, export = (_find(row, names) for names in (NUMBER, HOLDER, EXPORT))
        if number is None or (holder is None and export is None):
            continue
        return [
            ListedAccount(
                row=at + 1,
                cell=cell_name(at, number),
                said=cells.text(_at(line, number)),
                number=cells.own_account_number(_at(line, number)),
                holder=cells.text(_at(line, holder)) or None,
                export_name=cells.text(_at(line, export)) or None,
                bank_name=cells.text(_at(line, _find(row, BANK))) or None,
            )
            for at, line in enumerate(rows)
            if at > first and any(map(cells.text, line))
        ]
    raise Refusal(
        f"{file_name} is no list of accounts: none of its first rows has the headings 「账号」 and 「户名」 "
        f"or 「文件」. Add them and run: huikuan account import {file_name} --shop {shop.code}"
    )


def problem(listed: ListedAccount, shop: KnownShop, registry: Registry) -> str | None:
    """Why this row can't be taken, and what to do; None if it can."""
    if listed.number is None:
        return (
            f"row {listed.row}, cell {listed.cell} (「账号」): {listed.said!r} is not an account number; a "
            "spreadsheet may have rounded it. Format the column as text and type it again, or: "
            f"huikuan account add NUMBER --shop {shop.code}"
        )
    known, named = registry.accounts.get(listed.number), registry.holding(listed.holder)
    if (known and known.shop_id != shop.shop_id) or (named and named != shop):
        return (
            f"row {listed.row}, cell {listed.cell} (「账号」): the account {mask_account(listed.number)} is "
            "another shop's. If it is this one's, correct the row and run: "
            f"huikuan account import FILE --shop {shop.code}"
        )
    return None


def _find(row: Sequence[Cell], names: Sequence[str]) -> int | None:
    said = [heading(cell) for cell in row]
    return next((said.index(name) for name in names if name in said), None)


def _at(row: Sequence[Cell], column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else None
