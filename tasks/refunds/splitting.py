"""How a refund is given: money, set off against what the customer owes, for another repair of his. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.values import Refusal, yuan
from models.words import PartKind


@dataclass(frozen=True)
class Debt:
    """What the customer still owes on a repair, in fen."""

    work_order_id: int
    work_order_no: str
    owed: int


@dataclass(frozen=True)
class Other:
    """So many fen for another repair of the customer; `owed` is what he owes there."""

    work_order_id: int
    work_order_no: str
    amount: int
    owed: int = 0


@dataclass(frozen=True)
class Ask:
    """What a person wants. No cash named means: the rest."""

    cash: int | None = None
    offset: int = 0
    other: Other | None = None

    @property
    def elsewhere(self) -> int:
        return self.offset + (self.other.amount if self.other else 0)


@dataclass(frozen=True)
class Share:
    """One part of a refund, in fen. `owed` is what the customer owes on that repair before."""

    kind: PartKind
    amount: int
    work_order_id: int | None = None
    work_order_no: str = ""
    owed: int = 0


def shares(refund_id: int, amount: int, ask: Ask, debts: Sequence[Debt]) -> tuple[Share, ...]:
    """The parts of a refund of `amount` fen. `debts` are what may be set off, oldest first.

    Raises Refusal where the parts do not add up to the fen, or more would be set off than is owed.
    """
    cash = amount - ask.elsewhere if ask.cash is None else ask.cash
    if min(ask.offset, ask.cash or 0) < 0 or (ask.other is not None and ask.other.amount <= 0):
        raise Refusal(
            f"Refund {refund_id}: every part is above zero: {_named(ask, cash)}. Correct the amounts: "
            f"huikuan refund split {refund_id} --offset B"
        )
    if cash < 0 or cash + ask.elsewhere != amount:
        raise Refusal(
            f"Refund {refund_id} is {yuan(amount)} yuan, but its parts come to "
            f"{yuan(ask.elsewhere + max(0, cash))}: {_named(ask, cash)}. Make them add up, or leave out "
            f"--cash for the rest: huikuan refund split {refund_id} --offset B"
        )
    owed = sum(debt.owed for debt in debts)
    if ask.offset > owed:
        raise Refusal(
            f"Refund {refund_id}: {yuan(ask.offset)} yuan are to be set off, but the customer owes "
            f"{yuan(owed)} on other repairs of this car. For another car of his name the repair: "
            f"huikuan refund split {refund_id} --other-order WORK_ORDER_NO AMOUNT"
        )
    given = [Share(PartKind.CASH, cash)] if cash else []
    return (*given, *_set_off(ask.offset, debts), *_passed_on(ask.other))


def _named(ask: Ask, cash: int) -> str:
    parts = [f"cash {yuan(cash)}"] if ask.cash is not None else []
    parts += [f"set off {yuan(ask.offset)}"] if ask.offset else []
    parts += [f"for {ask.other.work_order_no} {yuan(ask.other.amount)}"] if ask.other else []
    return ", ".join(parts)


def _set_off(offset: int, debts: Sequence[Debt]) -> Iterator[Share]:
    rest = offset
    for debt in debts:
        part = min(rest, debt.owed)
        if part:
            yield Share(PartKind.OFFSET, part, debt.work_order_id, debt.work_order_no, debt.owed)
        rest -= part


def _passed_on(other: Other | None) -> Iterator[Share]:
    if other is not None:
        yield Share(PartKind.OTHER_ORDER, other.amount, other.work_order_id, other.work_order_no, other.owed)
