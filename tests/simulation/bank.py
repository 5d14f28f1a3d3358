"""The bank of a simulated shop: its accounts move day by day, and its people fetch exports when they like."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from models.shop import Shop
from tests import factories
from tests.generated.dice import Dice
from tests.generated.export import Booked, Export
from tests.generated.facts import Life, Move
from tests.generated.files import KINDS, OPENING, Account
from worker.settings import settings

OVERLAP = timedelta(days=3)


@dataclass
class Bank:
    """Two accounts. What the shop itself sends (`order`) is booked the next day with all that came."""

    life: Life
    number: int
    holder: str
    accounts: list[Account] = field(default_factory=list)
    orders: list[Move] = field(default_factory=list)
    truth: dict[tuple[str, date, int, int], Move] = field(default_factory=dict)
    """What each line really is, by account, day, amount and balance."""
    fetched: list[date] = field(default_factory=list)
    """Until when each account's export was brought."""
    booked: date = field(init=False)
    """The next day to book."""

    def __post_init__(self) -> None:
        self._dice = Dice(f"bank of {self.number}")
        for at in range(2):
            layout, write, ending = KINDS[(2 * self.number + at) % len(KINDS)]
            self.accounts.append(Account(f"32070040{self.number:05}{at:06}", layout, write, ending, ()))
        self.booked = self.life.months[0].first
        self.fetched = [self.life.months[0].first] * 2

    def order(self, move: Move) -> None:
        self.orders.append(move)

    def book(self) -> int:
        """Book what moves on the next day; returns how many lines."""
        day, self.booked = self.booked, self.booked + timedelta(days=1)
        moves = [move for move in self.life.moves if move.on == day]
        moves += [move for move in self.orders if move.on == day]
        for at, account in enumerate(self.accounts):
            lines = list(account.lines)
            for move in sorted((m for m in moves if m.account == at), key=lambda m: m.at):
                balance = (lines[-1].balance if lines else OPENING) + move.amount
                lines.append(Booked(move, balance, self._dice.account_no()))
                self.truth[account.number, move.on, move.amount, balance] = move
            self.accounts[at] = account._replace(lines=tuple(lines))
        return len(moves)

    def fetch(self, session: Session, shop: Shop, at: int, day: date, times: int = 1) -> bool:
        """Bring an account's export since the last one and some days more; twice where somebody is unsure."""
        account, since = self.accounts[at], self.fetched[at] - OVERLAP
        lines = [line for line in account.lines if since <= line.move.on <= day]
        if not lines:
            return False
        name = f"{account.number}_{day}.{account.ending}"
        account.write(account.layout(Export(account.number, self.holder, lines)), _place(name))
        for _ in range(times):
            factories.add_file(session, shop, name=name, stored_as=name)
        self.fetched[at] = day
        return True


def _place(name: str) -> Path:
    settings().files.mkdir(parents=True, exist_ok=True)
    return settings().files / name
