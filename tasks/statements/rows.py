"""One row of a statement -> one line, or nothing for totals and footnotes; what can't be read says where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from models.values import Refusal, UnreadableValue
from tasks.statements import cells
from tasks.statements.headings import Cell, Table, cell_name, heading
from tasks.statements.layout import Direction, Meaning
from tasks.statements.remarks import memo
from tasks.statements.statement import StatementLine
from tasks.statements.totals import is_line

T = TypeVar("T")

_OUT = frozenset({"借", "支", "支出", "付", "付款", "往账", "转出", "d", "dr", "debit", "借方", "出账", "出"})
_IN = frozenset({"贷", "收", "收入", "收款", "来账", "转入", "c", "cr", "credit", "贷方", "入账", "入"})
_YUAN = frozenset({"", "人民币", "人民币元", "cny", "rmb", "元", "156", "01", "1", "001", "人民币(cny)"})


@dataclass(frozen=True)
class Reader:
    """Reads the rows of one table of one file for one account."""

    file_name: str
    table: Table
    own_account: str | None

    def line(self, at: int, row: Sequence[Cell]) -> StatementLine | None:
        """The line in the row with 0-based index `at`; None for totals, footnotes and repeated headings."""
        if not is_line(self.table, row):
            return None
        self._refuse_foreign_money(at, row)
        moment = self._read(at, row, Meaning.MOMENT, cells.moment)
        assert moment is not None
        day, clock = moment
        booked = self._read(at, row, Meaning.BOOKED_ON, cells.moment)
        amount, incoming = self._amount(at, row)
        name, account = self._party(row, incoming)
        remarks = {
            self._heading(column): cells.text(self._cell(row, column)) for column in self.table.remarks
        }
        return StatementLine(
            row=at + 1,
            booked_on=booked[0] if booked else day,
            booked_at=clock if clock is not None else self._read(at, row, Meaning.TIME, cells.clock_time),
            amount=amount,
            incoming=incoming,
            balance=self._read(at, row, Meaning.BALANCE, cells.money),
            counterparty_name=cells.text(name),
            counterparty_account=cells.account_number(account) or "",
            memo=memo(list(remarks.values())),
            remarks={key: said for key, said in remarks.items() if said} | self._kinds(row),
            serial=cells.serial(self._of(row, Meaning.SERIAL)),
            raw=self._raw(row),
        )

    def _amount(self, at: int, row: Sequence[Cell]) -> tuple[int, bool]:
        """Signed fen, and whether the line stands on the money-in side (a reversal is negative there)."""
        if self.table.layout.direction is Direction.TWO_COLUMNS:
            return self._two_columns(at, row)
        amount = self._read(at, row, Meaning.AMOUNT, cells.money)
        if amount is None:
            raise self._unreadable(at, Meaning.AMOUNT, None, "empty")
        if self.table.layout.direction is Direction.SIGN:
            return amount, amount >= 0
        incoming = (
            self._flag(at, row)
            if self.table.layout.direction is Direction.FLAG
            else self._we_are_paid(at, row)
        )
        # Some exports sign what goes out and some don't; a negative on the money-in side is a reversal.
        return (amount, True) if incoming else (-abs(amount), False)

    def _two_columns(self, at: int, row: Sequence[Cell]) -> tuple[int, bool]:
        going = self._read(at, row, Meaning.MONEY_OUT, cells.money)
        coming = self._read(at, row, Meaning.MONEY_IN, cells.money)
        if going is None and coming is None:
            raise self._unreadable(at, Meaning.MONEY_IN, None, "empty, and so is the column of money out")
        if going and coming:
            raise self._unreadable(
                at, Meaning.MONEY_IN, coming / 100, "filled, and so is the column of money out"
            )
        incoming = bool(coming) or not going
        if (
            cells.text(self._of(row, Meaning.FLAG))
            and (going or coming)
            and self._flag(at, row) is not incoming
        ):
            raise self._unreadable(
                at, Meaning.FLAG, self._of(row, Meaning.FLAG), "at odds with the filled column"
            )
        return (coming or 0) - (going or 0), incoming

    def _flag(self, at: int, row: Sequence[Cell]) -> bool:
        said = heading(self._of(row, Meaning.FLAG))
        if said not in _IN and said not in _OUT:
            raise self._unreadable(at, Meaning.FLAG, self._of(row, Meaning.FLAG), "neither 借 nor 贷")
        return said in _IN

    def _we_are_paid(self, at: int, row: Sequence[Cell]) -> bool:
        payer = cells.account_number(self._of(row, Meaning.PAYER_ACCOUNT))
        payee = cells.account_number(self._of(row, Meaning.PAYEE_ACCOUNT))
        if (payer == self.own_account) is (payee == self.own_account):
            raise self._unreadable(
                at,
                Meaning.PAYEE_ACCOUNT,
                self._of(row, Meaning.PAYEE_ACCOUNT),
                f"no sign of direction: the own account {self.own_account} must stand as payer or as payee "
                "(a spreadsheet rounds long numbers)",
            )
        return payee == self.own_account

    def _party(self, row: Sequence[Cell], incoming: bool) -> tuple[Cell, Cell]:
        if self.table.layout.direction is not Direction.PARTIES:
            return self._of(row, Meaning.PARTY_NAME), self._of(row, Meaning.PARTY_ACCOUNT)
        if incoming:
            return self._of(row, Meaning.PAYER_NAME), self._of(row, Meaning.PAYER_ACCOUNT)
        return self._of(row, Meaning.PAYEE_NAME), self._of(row, Meaning.PAYEE_ACCOUNT)

    def _refuse_foreign_money(self, at: int, row: Sequence[Cell]) -> None:
        said = self._of(row, Meaning.CURRENCY)
        if heading(cells.text(said)) not in _YUAN:
            raise self._unreadable(at, Meaning.CURRENCY, said, "not yuan; only yuan accounts are kept here")

    def _kinds(self, row: Sequence[Cell]) -> dict[str, str]:
        return {
            self._heading(at): text for at in self.table.kinds if (text := cells.text(self._cell(row, at)))
        }

    def _raw(self, row: Sequence[Cell]) -> dict[str, str]:
        raw: dict[str, str] = {}
        for column, cell in enumerate(row):
            name = self._heading(column)
            name = name if name not in raw else f"{name} ({cell_name(0, column)[:-1]})"
            if cell is not None:
                raw[name] = str(cell)
        return raw

    def _heading(self, column: int) -> str:
        said = self.table.headings[column] if column < len(self.table.headings) else ""
        return said or cell_name(0, column)[:-1]

    def _cell(self, row: Sequence[Cell], column: int) -> Cell:
        return row[column] if column < len(row) else None

    def _of(self, row: Sequence[Cell], meaning: Meaning) -> Cell:
        return self.table.cell(row, meaning)

    def _read(self, at: int, row: Sequence[Cell], meaning: Meaning, how: Callable[[Cell], T]) -> T | None:
        cell = self._of(row, meaning)
        if meaning is not Meaning.MOMENT and not cells.text(cell):
            return None
        try:
            return how(cell)
        except UnreadableValue as why:
            raise self._unreadable(at, meaning, cell, str(why)) from why

    def _unreadable(self, at: int, meaning: Meaning, value: object, why: str) -> Refusal:
        column = self.table.columns[meaning]
        said = "" if value is None else f" {str(value)!r}"
        return Refusal(
            f"{self.file_name}, row {at + 1}, cell {cell_name(at, column)} (「{self._heading(column)}」):"
            f"{said} is {why}. Nothing was taken from this file; export it from the bank again, or correct "
            f"the cell, and run: huikuan intake statement {self.file_name}"
        )
