"""What the insurers are told tonight: one message per branch for steps 0 to 2, one letter per step beyond."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy.orm import Session

from models.shop import next_numbers
from tasks.chasing import demands, inquiries
from tasks.chasing.ladder import LETTER_1, REMINDER
from tasks.chasing.letters import Ask
from tasks.chasing.policy import Policy
from tasks.chasing.writing import Desk, Writing
from worker.job import Night


def tell(session: Session, night: Night, asks: list[Ask], policy: Policy) -> dict[int, str]:
    """Put the notices of tonight's steps in the outbox; returns the occasion that carries each case."""
    carried: dict[int, str] = {}
    bundles = list(_bundles(asks))
    if not bundles:
        return carried
    desk, year = Desk(session, night, policy), night.date.year
    kinds = [_kind(bundle) for bundle in bundles]
    numbers = {
        kind: iter(next_numbers(session, night.shop_id, kind, year, kinds.count((kind, name))))
        for kind, name in dict.fromkeys(kinds)
    }
    for bundle, (kind, name) in zip(bundles, kinds, strict=True):
        number = f"{kind}-{year}-{next(numbers[kind]):04d}"
        occasion = f"{name}:{night.shop_id}:{number}"
        _write(Writing(desk, number, occasion), bundle)
        carried |= dict.fromkeys((ask.facts.id for ask in bundle), occasion)
    desk.send()
    return carried


def write_again(session: Session, night: Night, bundle: list[Ask], policy: Policy, occasion: str) -> str:
    """Write a notice anew that has not left, under its number; returns the occasion it has now."""
    name, shop, number = occasion.split(":")[:3]
    anew = f"{name}:{shop}:{number}:{night.date}"
    desk = Desk(session, night, policy)
    _write(Writing(desk, number, anew), bundle)
    desk.send()
    return anew


def _bundles(asks: list[Ask]) -> Iterator[list[Ask]]:
    """The cases of each branch at each step; the steps before the first letter go together."""
    branches: defaultdict[tuple[str, int], list[Ask]] = defaultdict(list)
    for ask in sorted(asks, key=lambda ask: (ask.step.step, ask.facts.claim_no)):
        branches[ask.facts.insurer, max(ask.step.step, REMINDER)].append(ask)
    for _, bundle in sorted(branches.items()):
        yield bundle


def _kind(bundle: list[Ask]) -> tuple[str, str]:
    """The kind of number a notice bears, and what its occasion is called."""
    return ("CX", "insurer_chase") if bundle[0].step.step < LETTER_1 else ("CK", "demand_letter")


def _write(writing: Writing, bundle: list[Ask]) -> None:
    write = inquiries.write if bundle[0].step.step < LETTER_1 else demands.write
    write(writing, bundle)
