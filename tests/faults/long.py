"""Every fault, told in a table: `make faults`.

    python -m tests.faults.long [--seed 1] [--rounds 1] [--only WORDS]

A round with its seed is replayed by `--seed`, a single fault by `--only` (a part of its name). Ends with status 1
where a night was not completed, an effect lost or doubled, or money does not add up. Interrupted, it tells of the
faults that were lived.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from tests import servers
from tests.faults.faults import FAULTS, Fault
from tests.faults.play import Outcome, Play, dice_of, play
from worker import log


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _outcomes(lived: Play, faults: Iterable[Fault], seed: int, rounds: int) -> Iterator[Outcome]:
    for number in range(seed, seed + rounds):
        say(f"seed {number}")
        for fault in faults:
            outcome = lived.of(fault, dice_of(number, fault))
            say(
                f"  {'ok  ' if outcome.is_good else 'BAD '} {fault.name}: {outcome.injected} injected, "
                f"{outcome.restarted} restarts, clock turned {outcome.turned} times, {outcome.seconds:.0f} s"
            )
            for bad in [*outcome.lost[:3], *outcome.doubled[:3], *outcome.complaints[:3]]:
                say(f"       {bad}")
            if outcome.complaints:
                for program, said in lived.logs().items():
                    say(f"--- {program}\n{said[-6000:]}")
            yield outcome


def table(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """One line for each fault, all its rounds together."""
    by_fault: dict[str, list[Outcome]] = {}
    for each in outcomes:
        by_fault.setdefault(each.fault, []).append(each)
    yield "| fault | times injected | nights completed | effects lost | effects doubled |"
    yield "|---|---:|---:|---:|---:|"
    for name, found in by_fault.items():
        injected, nights, due = (
            sum(getattr(each, what) for each in found) for what in ("injected", "nights", "due")
        )
        lost, doubled = (sum(len(getattr(each, what)) for each in found) for what in ("lost", "doubled"))
        yield f"| {name} | {injected} | {nights} of {due} | {lost} | {doubled} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    faults = [each for each in FAULTS if asked.only in each.name]
    log.set_up(logging.CRITICAL)
    outcomes: list[Outcome] = []
    with (
        tempfile.TemporaryDirectory() as home,
        servers.postgres() as server,
        play(Path(home), server) as lived,
        suppress(KeyboardInterrupt),
    ):
        for each in _outcomes(lived, faults, asked.seed, asked.rounds):
            outcomes.append(each)  # noqa: PERF402 - after an interrupt those that were lived count
    for line in table(outcomes):
        say(line)
    if not all(each.is_good and each.injected for each in outcomes):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
