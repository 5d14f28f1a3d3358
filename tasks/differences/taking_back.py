"""Which receipts of a claim an insurer has taken back (冲正, domain 6.4 no. 8). Pure; amounts are fen."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.values import Refusal, yuan


@dataclass(frozen=True)
class Receipt:
    """One receipt that stands; `together` names the transfer or the row that brought it."""

    payout_id: int
    line_id: int
    amount: int
    received_on: date | None
    together: str


@dataclass(frozen=True)
class Taken:
    """Receipts that are reversed whole, or a part of what came on one line."""

    payouts: tuple[int, ...] = ()
    line_id: int | None = None


def chosen(
    claim_no: str, amount: int, receipts: Sequence[Receipt], lies: Mapping[int, int], payout_id: int | None
) -> Taken:
    """The receipts meant; `lies` is what is left on each line. Raises Refusal where nobody can tell."""
    left = sum(lies.values())
    if amount > left:
        raise Refusal(
            f"{claim_no} has received {yuan(left)} yuan, so {yuan(amount)} can't be taken back. "
            f"See: huikuan case show {claim_no}"
        )
    if payout_id is not None:
        return _named(claim_no, amount, receipts, lies, payout_id)
    whole = [r for r in receipts if r.amount == amount and lies[r.line_id] >= amount]
    if len({r.line_id for r in whole}) == 1:
        return Taken((whole[-1].payout_id,))
    if not whole and (group := _transfer(amount, receipts, lies)):
        return Taken(group)
    lines = [line for line, lying in lies.items() if lying >= amount]
    if not whole and len(lines) == 1 and sum(1 for lying in lies.values() if lying > 0) == 1:
        return Taken(line_id=lines[0])
    raise Refusal(
        f"{claim_no} received money on several lines; say which receipt the {yuan(amount)} yuan are of: "
        + ", ".join(_shown(r) for r in receipts)
        + f". Add --payout NUMBER: huikuan case reverse-payout {claim_no} {yuan(amount)} --payout NUMBER"
    )


def _named(
    claim_no: str, amount: int, receipts: Sequence[Receipt], lies: Mapping[int, int], payout_id: int
) -> Taken:
    found = next((r for r in receipts if r.payout_id == payout_id), None)
    if found is None:
        raise Refusal(
            f"{claim_no} has no receipt {payout_id} that stands. It has: {', '.join(map(_shown, receipts))}. "
            f"See: huikuan case show {claim_no}"
        )
    if amount > min(found.amount, lies[found.line_id]):
        raise Refusal(
            f"{claim_no}: receipt {_shown(found)} has no {yuan(amount)} yuan left to take back. "
            f"See: huikuan case show {claim_no}"
        )
    return Taken((payout_id,)) if amount == found.amount else Taken(line_id=found.line_id)


def _transfer(amount: int, receipts: Sequence[Receipt], lies: Mapping[int, int]) -> tuple[int, ...]:
    """All receipts of the newest transfer of that sum, if every line still has its part."""
    of: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        of[receipt.together].append(receipt)
    for group in reversed(list(of.values())):
        there = all(lies[r.line_id] >= r.amount for r in group)
        if sum(r.amount for r in group) == amount and there:
            return tuple(r.payout_id for r in group)
    return ()


def _shown(receipt: Receipt) -> str:
    return f"{receipt.payout_id} ({yuan(receipt.amount)} of {receipt.received_on or 'an unknown day'})"
