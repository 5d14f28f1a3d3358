"""Lines are taken in bank-date order and decided as if each day had been a night.

Whatever has come up to a day is looked at together: what a ledger has already, what agrees to the fen, what
lists its claims, then what a key names and the amount nearly fits. When something is applied, the looking
starts again at the first day. So a month brought in one file is decided as thirty nights would have decided
it, in whatever order it is read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from models.words import MatchKind
from tasks.reconciliation.batches import listed_matches
from tasks.reconciliation.facts import Case, Facts
from tasks.reconciliation.near import near_matches, ripe_days
from tasks.reconciliation.reading import Reading
from tasks.reconciliation.strong import evidence, payouts
from tasks.reconciliation.verdict import Pairing


def neighbours(readings: Sequence[Reading]) -> list[list[Reading]]:
    """The lines in groups that share no case and no remittance: each group can be decided by itself."""
    home: dict[int | str, int] = {}
    groups: dict[int, list[Reading]] = {}
    for number, reading in enumerate(sorted(readings, key=lambda r: r.line.line_id)):
        joined = {home[tie] for tie in ties(reading) if tie in home}
        members = [member for group in sorted(joined) for member in groups.pop(group)]
        groups[number] = [*members, reading]
        home |= dict.fromkeys((tie for member in groups[number] for tie in ties(member)), number)
    return list(groups.values())


def named(reading: Reading) -> frozenset[int]:
    """Every case that a line names by a key or lists."""
    return reading.naming.cases.union(*reading.naming.listed)


def ties(reading: Reading) -> frozenset[int | str]:
    """What a line may have in common with another one: a case, or the number of a remittance."""
    number = reading.hints.number
    return named(reading) | {number} if number else named(reading)


def as_nights(readings: Sequence[Reading], facts: Facts) -> list[Pairing]:
    """What can be applied of a group of neighbours, in the order of the nights that would have done it."""
    ids = {case for reading in readings for case in named(reading)}
    own = replace(
        facts,
        cases={case: facts.cases[case] for case in ids},
        receipts=tuple(receipt for receipt in facts.receipts if receipt.case_id in ids),
    )
    waiting, applied = list(readings), list[Pairing]()
    while found := _first_night(waiting, own, facts):
        applied += found
        used = {line for pairing in found for line in pairing.line_ids}
        waiting = [reading for reading in waiting if reading.line.line_id not in used]
        own = after(own, found)
    return applied


def _first_night(waiting: Sequence[Reading], facts: Facts, whole: Facts) -> list[Pairing]:
    for day in _days(waiting, facts):
        come = [reading for reading in waiting if reading.line.booked_on <= day]
        for found in _steps(come, facts, day, whole):
            if allowed := _posted_once([pairing for pairing in found if may_be_made(pairing, facts)]):
                return allowed
    return []


def _posted_once(found: Sequence[Pairing]) -> list[Pairing]:
    """Of several with one remittance number the first."""
    first = {pairing.remittance: pairing for pairing in reversed(found) if pairing.remittance}
    return [pairing for pairing in found if not pairing.remittance or first[pairing.remittance] is pairing]


def _steps(come: Sequence[Reading], facts: Facts, day: date, whole: Facts) -> Iterator[list[Pairing]]:
    yield evidence(come, facts)
    yield payouts(come, facts)
    yield listed_matches(come, facts)
    yield near_matches(come, facts, day, whole)


def may_be_made(pairing: Pairing, facts: Facts) -> bool:
    """By itself: not what a person rejected or took back, and no remittance a second time."""
    said_no = facts.rejected_occasions | facts.undone_occasions
    return pairing.occasion not in said_no and pairing.remittance not in facts.remittances


def _days(waiting: Sequence[Reading], facts: Facts) -> list[date]:
    booked = {reading.line.booked_on for reading in waiting}
    today = facts.today or max(booked, default=None)
    ripe = ripe_days(waiting, facts) | ({today} if today else set())
    return sorted(booked | {day for day in ripe if today is None or day <= today})


def after(facts: Facts, applied: Iterable[Pairing]) -> Facts:
    """The facts as applied pairings leave them."""
    cases, seen, posted = dict(facts.cases), set[int](), set[str]()
    for pairing in applied:
        seen |= set(pairing.payout_ids)
        posted |= {pairing.remittance} if pairing.remittance else set()
        if pairing.kind is MatchKind.PAYOUT:
            for _, case_id, amount in pairing.parts:
                cases[case_id] = _with(cases[case_id], amount)
    return replace(
        facts,
        cases=cases,
        receipts=tuple(r for r in facts.receipts if not seen.intersection(r.payout_ids)),
        remittances=facts.remittances | posted,
    )


def _with(case: Case, amount: int) -> Case:
    return case._replace(
        open_amount=max(0, case.open_amount - amount), taken=(*case.taken, amount), covers=()
    )
