"""A simulated stretch of nights, told in a line per seed: `make simulate [SEED=n] [NIGHTS=n] [SHOPS=n]`.

    python -m tests.simulation.year [--seed N] [--seeds N] [--nights 365] [--shops 2] [--minutes M]

The same seed and the same number of shops live the same lives and meet the same faults. Ends with status 1
where an invariant was broken, and says which command replays it.
"""

import argparse
import hashlib
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from time import monotonic

from sqlalchemy import func, select

from models.entry import Entry
from models.ledger import LedgerClose
from models.values import Period
from tests.generated.life import life
from tests.simulation.hands import Hands
from tests.simulation.house import House, house
from tests.simulation.invariants import Watch
from tests.simulation.machine import Machine
from tests.simulation.shop_days import ShopDays, add_shop
from worker import db

FIRST = Period(2025, 11)
OPENING = FIRST.last
"""When the house is set up: a month of claims and transfers is waiting for it."""
CLAIMS = 12
"""Taken in by each shop in a month."""


@dataclass(frozen=True)
class Asked:
    """What to simulate; `faults` is how likely a night meets one, and a tenth of that each act of a person."""

    seed: int = 1
    nights: int = 365
    shops: int = 2
    faults: float = 0.35


@dataclass
class Lived:
    """What came of it."""

    seed: int
    nights: int = 0
    events: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    checked: int = 0
    broken: list[str] = field(default_factory=list)
    trail: str = ""
    """A hash of every entry that was posted: two replays have the same."""


def live(asked: Asked, template: Path | None = None, until: float | None = None) -> Lived:
    """Live some nights of a seed; stops at the first night that breaks something, or at a monotonic moment."""
    with house(asked.seed, OPENING, template) as here:
        machine = Machine(here, asked.faults)
        shops = [_shop(asked, number, here) for number in range(asked.shops)]
        watch, found = Watch(here, shops), Lived(asked.seed)
        for day, is_on in _days(asked):
            _day(here, machine, shops, day, is_on=is_on)
            found.nights += 1
            if not is_on:
                machine.mishaps["night with the machine off"] += 1
                continue
            if not machine.until_calm():
                found.broken.append(f"night of {day}: it never came to an end")
            watch.after_night()
            found.broken += (
                watch.broken + machine.surprises + [s for each in shops for s in each.hands.surprises]
            )
            if found.broken or (until is not None and monotonic() > until):
                break
        _count(found, here, machine, shops, watch)
    return found


def _shop(asked: Asked, number: int, here: House) -> ShopDays:
    months = asked.nights // 28 + 3
    return add_shop(
        number,
        OPENING,
        lambda name: life(f"{asked.seed}:{number}", name, FIRST, months, CLAIMS),
        lambda code: Hands(here, code, asked.faults / 10),
    )


def _days(asked: Asked) -> Iterator[tuple[date, bool]]:
    """The days, and whether the machine is on; now and then it is off for up to four, never at the end."""
    chance, off = random.Random(f"days:{asked.seed}"), 0  # noqa: S311 - the same every time
    for n in range(asked.nights):
        if not off and chance.random() < 0.03:
            off = chance.randint(1, 4)
        is_on = off == 0 or n == asked.nights - 1
        off = max(0, off - 1)
        yield OPENING + timedelta(days=n), is_on


def _day(here: House, machine: Machine, shops: Sequence[ShopDays], day: date, *, is_on: bool) -> None:
    """A day and its night, up to two in the morning after."""
    here.turn_to(day, 9, 30)
    for days in shops:
        days.outside(day)
    if is_on:
        machine.until_calm()
        for days in shops:
            days.open_up(day)
            days.work(day)
        here.turn_to(day, 18)
        machine.until_calm()
    here.turn_to(day + timedelta(days=1), 2, 1)


def _count(found: Lived, here: House, machine: Machine, shops: Sequence[ShopDays], watch: Watch) -> None:
    for days in shops:
        found.events.update(days.happened)
        found.events.update(days.hands.done)
        found.events.update({f"{job}, refused": times for job, times in days.hands.refused.items()})
    found.events["letter"] = sum(here.post.delivered.values())
    found.faults.update({str(fault): times for fault, times in here.trouble.struck.items()})
    found.faults.update(machine.mishaps)
    found.checked = watch.checked
    with db.reading() as session:
        rows = session.execute(
            select(Entry.occasion, Entry.kind, Entry.amount, Entry.business_date).order_by(Entry.id)
        )
        months = session.execute(
            select(func.count(), func.sum(LedgerClose.corrections)).select_from(LedgerClose)
        ).one()
        found.events.update({"month closed": months[0], "correction in a later month": months[1] or 0})
        found.trail = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:12]


def line(found: Lived) -> str:
    return (
        f"| {found.seed} | {found.nights} | {found.events.total()} | {found.faults.total()} | {found.checked} "
        f"| {len(found.broken)} | {found.trail} |"
    )


HEADING = (
    "| seed | nights | events | faults | invariants checked | violations | trail |\n|---:"
    + "|---:" * 5
    + "|---|"
)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, help="the first one; without --seeds the only one")
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--minutes", type=float, help="at most, per seed")
    for name, default in (("nights", 365), ("shops", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    count = asked.seeds or (20 if asked.seed is None else 1)
    seeds = range(asked.seed or 1, (asked.seed or 1) + count)
    events, faults, broken = Counter[str](), Counter[str](), False
    say(HEADING)
    for seed in seeds:
        until = monotonic() + 60 * asked.minutes if asked.minutes else None
        found = live(Asked(seed, asked.nights, asked.shops), until=until)
        say(line(found))
        events.update(found.events)
        faults.update(found.faults)
        for each in found.broken[:10]:
            broken = True
            say(f"    {each}")
        if found.broken:
            say(f"    replay: make simulate SEED={seed} NIGHTS={asked.nights} SHOPS={asked.shops}")
    for what, counted in (("fault", faults), ("event", events)):
        say(f"\n| {what} | times |\n|---|---:|")
        for name, times in sorted(counted.items()):
            say(f"| {name} | {times} |")
    if broken:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
