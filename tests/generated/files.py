"""The statements of a generated shop as real files: which account, which layout, which kind of file."""

import csv
import html
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

from models.values import Period
from tests.generated import icbc, other_banks
from tests.generated.dice import Dice
from tests.generated.export import Booked, Cells, Export, Layout
from tests.generated.facts import Claim, Life, Move

OPENING = 50_000_000
OVERLAP_DAYS = 3
"""Days that a month's export has in common with the one before: people ask for a few days too many."""


def write_xlsx(rows: Sequence[Cells], path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet")
    for row in rows:
        sheet.append(list(row))
    book.save(path)


def write_gb18030(rows: Sequence[Cells], path: Path) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([*row, ""] for row in rows)


def write_utf8_with_bom(rows: Sequence[Cells], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def write_tabs(rows: Sequence[Cells], path: Path) -> None:
    path.write_text("\n".join("\t".join(map(_text, row)) for row in rows), encoding="gb18030")


def write_html(rows: Sequence[Cells], path: Path) -> None:
    """A page with a table, under the name of a workbook."""
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_text(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    path.write_text(
        f'<html><head><meta charset="utf-8"></head><body><table>{body}</table></body></html>',
        encoding="utf-8",
    )


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


Writer = Callable[[Sequence[Cells], Path], None]

KINDS: tuple[tuple[Layout, Writer, str], ...] = (
    (icbc.transfers, write_xlsx, "xlsx"), (icbc.vouchers, write_gb18030, "csv"),
    (other_banks.ccb_newer, write_xlsx, "xlsx"), (other_banks.abc_details, write_xlsx, "xlsx"),
    (other_banks.boc_transactions, write_utf8_with_bom, "csv"), (other_banks.cmb_transactions, write_xlsx, "xlsx"),
    (icbc.plain, write_html, "xls"), (other_banks.ccb_older, write_tabs, "txt"),
)  # fmt: skip


class Account(NamedTuple):
    """One of a shop's accounts: its number, its bank's way of writing, its lines."""

    number: str
    layout: Layout
    write: Writer
    ending: str
    lines: tuple[Booked, ...]


def accounts_of(life: Life, shop: int) -> list[Account]:
    """The two accounts of the shop with this number; neighbours bank elsewhere."""
    found = []
    for at in range(2):
        layout, write, ending = KINDS[(2 * shop + at) % len(KINDS)]
        moves = [move for move in life.moves if move.account == at]
        found.append(Account(f"32070040{shop:05}{at:06}", layout, write, ending, _booked(moves, shop)))
    return found


def _booked(moves: Sequence[Move], shop: int) -> tuple[Booked, ...]:
    dice = Dice(f"accounts of {shop}")
    balances = list(accumulate((move.amount for move in moves), initial=OPENING))[1:]
    return tuple(
        Booked(move, balance, dice.account_no()) for move, balance in zip(moves, balances, strict=True)
    )


def write_month(account: Account, holder: str, month: Period, folder: Path) -> Path | None:
    """The export of a month and some days before; None where nothing moved."""
    lines = [
        b for b in account.lines if (month.first - b.move.on).days <= OVERLAP_DAYS and b.move.on <= month.last
    ]
    if not lines:
        return None
    path = folder / f"{account.number}_{month}.{account.ending}"
    account.write(account.layout(Export(account.number, holder, lines)), path)
    return path


def write_list(move: Move, claims: dict[str, Claim], path: Path) -> Path:
    """The payment list (清单) of a transfer."""
    rows: list[Cells] = [["赔款支付清单"], ["序号", "车牌号码", "报案号", "赔款金额"]]
    for number, pays in enumerate(move.pays, start=1):
        claim = claims[pays.claim_no]
        rows.append([number, claim.plate_no, claim.report_no, pays.amount / 100])
    rows.append(["合计", None, None, move.amount / 100])
    write_xlsx(rows, path)
    return path


def all_lines(life: Life, shop: int) -> Iterator[tuple[str, Booked]]:
    """Every line of the shop, with the number of its account."""
    for account in accounts_of(life, shop):
        for booked in account.lines:
            yield account.number, booked
