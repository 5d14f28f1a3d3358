"""Lump sums without references: not one wrong automatic posting, and what a verdict costs.

    python -m benchmarks.reconciliation_lumps [--lumps 1000] [--seed 1]

Part one decides seeded transfers of real-like amounts by the rules of the night, with the switch on: half of
them pay what was settled one after the other (each claim left out with 5 %, a stranger taken in with 2 %),
half any claims. Counted: applied rightly, applied wrongly (the goal is none), left to a person; and how often
the true set is among those shown where every class has twenty or fewer. Part two times the verdict none, one
or many (goal M2). The same seeds give the same answers.
"""

import argparse
import random
import sys
import time
from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from tasks.reconciliation.counting import verdict
from tasks.reconciliation.facts import Alias, Case, Facts, Line
from tasks.reconciliation.policy import Policy
from tasks.reconciliation.rules import decide

SIZES = (8, 12, 20, 30, 50, 100, 200)
"""Open claims of the insurer when the transfer comes."""

FIRST = date(2026, 1, 1)
PAYER = "人保财险连云港市分公司"


class Told(NamedTuple):
    """What became of one transfer."""

    outcome: str
    shown: bool
    countable: bool


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def amounts(dice: random.Random, count: int) -> list[int]:
    """Fen as insurers pay them: many whole hundreds, tens and yuan, a fifth with cents; the median 3,000."""
    found = []
    for _ in range(count):
        yuan = dice.lognormvariate(8.006, 0.8)
        grain = dice.choices((10_000, 1_000, 100, 1), (35, 25, 20, 20))[0]
        found.append(max(1, round(yuan * 100 / grain)) * grain)
    return found


def batch(dice: random.Random, count: int) -> set[int]:
    """The claims that a transfer really pays, by their place in settlement order."""
    size = min(count, max(2, round(dice.lognormvariate(1.6, 0.5))))
    if dice.random() < 0.5:
        return set(dice.sample(range(count), size))
    first = dice.randrange(count - size + 1)
    run = {at for at in range(first, first + size) if dice.random() >= 0.05}
    strangers = {at for at in range(count) if not first <= at < first + size and dice.random() < 0.02}
    return (run | strangers) or {first}


def shop_of(owed: list[int]) -> Facts:
    cases = {
        at: Case(
            at, f"LP{at:05}", f"苏G{at:05}", None, "王小明", 1, FIRST, True, False, amount, amount,
            settled_on=FIRST + timedelta(days=at),
        )
        for at, amount in enumerate(owed)
    }  # fmt: skip
    return Facts(cases, aliases=(Alias("人保财险", 1),), policy=Policy(auto_batch=True))


def one(dice: random.Random, count: int) -> Told:
    """Decide one transfer and hold it against the truth."""
    owed, paid = amounts(dice, count), batch(dice, count)
    came = Line(1, date(2026, 11, 9), sum(owed[at] for at in paid), PAYER, "赔款支付")
    decisions = decide([came], shop_of(owed))
    if decisions.applied:
        right = {target for _, target, _ in decisions.applied[0].parts} == paid
        return Told("right" if right else "WRONG", right, countable=True)
    told = decisions.verdicts[1]
    shown = any({target for _, target, _ in p.parts} == paid for p in told.proposals)
    listed = told.detail["classes"]
    assert isinstance(listed, list)
    countable = all(each["exact"] and each["count"] <= 20 for each in listed)
    return Told("left", shown, countable)


def lumps(count: int, seed: int) -> int:
    """Decide many transfers; returns how many were applied wrongly."""
    wrong = 0
    say("open  lumps  right  WRONG   left  coverage  true set shown (every class <= 20)  cpu ms each")
    for number, size in enumerate(SIZES):
        dice = random.Random(seed * 1000 + number)  # noqa: S311 - the same dice every time
        share = count // len(SIZES) + (number < count % len(SIZES))
        began = time.process_time()
        told = [one(dice, size) for _ in range(share)]
        each = (time.process_time() - began) / share * 1000
        found = Counter(t.outcome for t in told)
        few = [t for t in told if t.countable]
        wrong += found["WRONG"]
        shown = f"{sum(t.shown for t in few)} of {len(few)}"
        say(
            f"{size:>4} {share:>6} {found['right']:>6} {found['WRONG']:>6} {found['left']:>6} "
            f"{found['right'] / share:>9.1%}  {shown:<35} {each:>10.1f}"
        )
    say(f"wrong automatic postings: {wrong} of {count} (goal: none)")
    return wrong


def verdicts() -> bool:
    """Time the verdict for 200 and 2,000 open claims: as they come, and where none adds up."""
    ok = True
    for size, taken, goal in ((200, 30, 0.5), (2000, 60, 10.0)):
        dice = random.Random(size)  # noqa: S311 - the same dice every time
        owed = amounts(dice, size)
        usual = owed, sum(dice.sample(owed, taken))
        # Multiples of three and one that is not: sums are dense and the total is never among them.
        threes = [max(3, amount // 3 * 3) for amount in owed[1:]]
        worst = [*threes, 1], sum(dice.sample(threes, taken)) + 2
        for name, (some, total) in (("usual", usual), ("worst", worst)):
            began = time.process_time()
            told = verdict(some, total)
            spent = time.process_time() - began
            ok &= spent <= goal
            say(f"verdict of {size} open claims, {name}: {told} in {spent:.2f} s cpu (goal {goal:g})")
    return ok


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lumps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    wrong = lumps(asked.lumps, asked.seed)
    if not verdicts() or wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
