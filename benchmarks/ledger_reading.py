"""What reading a ledger costs, as ratios against openpyxl's read-only mode, in one run.

    python -m benchmarks.ledger_reading [--rows 100000]

Sides: openpyxl read-only, our reader with all its guards, and the same with mapping, typed rows and findings.
Each is a process of its own, taken in turn; every cell is compared in the same run. CPU is user + system of
the reading, after the program was loaded (a night loads it once); memory the peak of the whole process.
"""

import argparse
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, NamedTuple

from benchmarks.ledger_rows import Values, rows

TODAY = date(2027, 6, 1)
BAD_EVERY = 100

Reading = Callable[[Path], int]
"""Reads a ledger; gives how much it found."""


class Cost(NamedTuple):
    cpu: float
    megabytes: float


def sound_rows(count: int) -> Iterator[Values]:
    """Rows whose sums add up, as most do; one in a hundred is a fen off, which is a finding."""
    for number, row in enumerate(rows(count)):
        values = list(row)
        fees = [int(values[place] or 0) for place in (13, 14, 15)]
        values[16] = values[17] = sum(fees) - (number % BAD_EVERY == 0)
        values[7], values[12] = f"苏G{number % 99_999:05}", f"WX{number:07}"
        yield tuple(values)


def with_openpyxl() -> Reading:
    from openpyxl import load_workbook

    def read(path: Path) -> int:
        sheet = load_workbook(path, read_only=True).worksheets[0]
        return sum(len(row) for row in sheet.iter_rows(values_only=True))

    return read


def bare() -> Reading:
    from worker.sheets import read_book

    return lambda path: sum(map(len, read_book(path).sheets[0].rows))


def whole() -> Reading:
    from tasks.intake.reading import ledger_of
    from worker.sheets import read_book

    def read(path: Path) -> int:
        ledger = ledger_of(read_book(path), TODAY)
        return len(ledger.rows) + len(ledger.findings)

    return read


SIDES: dict[str, Callable[[], Reading]] = {"openpyxl": with_openpyxl, "reader": bare, "with mapping": whole}
"""What each side has to load, and how it reads then."""


def measure(side: str, path: Path) -> Cost:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.ledger_reading", "--one", side, str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    cpu, kilobytes, _ = done.stdout.split()
    return Cost(float(cpu), int(kilobytes) / 1024)


def one(side: str, path: Path) -> str:
    read = SIDES[side]()
    began = process_time()
    count = read(path)
    spent = process_time() - began
    return f"{spent:.3f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss} {count}"


def wrong_cells(path: Path) -> tuple[int, int]:
    """(cells compared, cells that we see otherwise than openpyxl does)."""
    from openpyxl import load_workbook

    from worker.sheets import read_book

    sheet = load_workbook(path, read_only=True).worksheets[0]
    compared = wrong = 0
    for theirs, own in zip_longest(
        sheet.iter_rows(values_only=True), read_book(path).sheets[0].rows, fillvalue=()
    ):
        for seen, cell in _cells(theirs, own):
            compared += 1
            wrong += seen != cell
    return compared, wrong


def _cells(theirs: tuple[Any, ...], own: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    for seen, cell in zip_longest(theirs, own):
        value = seen.strip() or None if isinstance(seen, str) else seen
        yield (
            (value.date() if isinstance(value, datetime) and not isinstance(cell, datetime) else value),
            cell,
        )


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--times", type=int, default=1)
    asked.add_argument("--one", nargs=2)
    given = asked.parse_args()
    if given.one:
        sys.stdout.write(one(given.one[0], Path(given.one[1])))
        return
    from benchmarks.ledger_writers import ours

    with TemporaryDirectory() as name:
        path = Path(name) / "ledger.xlsx"
        ours(path, given.rows, made=sound_rows(given.rows))
        compare(path, given.rows, given.times)


def compare(path: Path, count: int, times: int) -> None:
    costs: dict[str, list[Cost]] = {side: [] for side in SIDES}
    for _ in range(times):
        for side in SIDES:
            costs[side].append(measure(side, path))
    compared, wrong = wrong_cells(path)
    say(f"42 columns, {count:,} rows; cells compared with openpyxl: {compared:,}, wrong: {wrong}")
    cpu = {side: median(each.cpu for each in found) for side, found in costs.items()}
    for side, found in costs.items():
        say(f"  {side:<14}{cpu[side]:8.2f} s CPU{max(each.megabytes for each in found):8.0f} MB peak")
    quicker, dearer = cpu["openpyxl"] / cpu["reader"], cpu["with mapping"] / cpu["reader"]
    say(f"  the reader is {quicker:.1f}x quicker than openpyxl read-only (goal 8x, within 150 MB)")
    say(f"  with mapping, typed rows and findings it is {dearer:.2f}x of the reader (goal 1.5x)")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
