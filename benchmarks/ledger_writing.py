"""What writing the rows of a ledger costs, as ratios against the bare alternatives, in one run.

    python -m benchmarks.ledger_writing [--rows 20000] [--million]

Every way is a process of its own, with few rows and with many; the difference is what the rows cost. Our
cells are read back and compared in the same run. CPU is user + system; the machine may be busy.
"""

import argparse
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.ledger_rows import KINDS, rows
from benchmarks.ledger_writers import ALONE, WAYS
from tasks.ledgers.columns import Kind

FEW = 2_000
GOALS = {
    "openpyxl write-only": 15.0,
    "openpyxl WriteOnlyCell": 18.0,
    "XlsxWriter constant-memory": 9.0,
    "zlib-6 of the same XML": 1 / 0.75,
}
ALONE_GOAL = 12.0
"""Times the CPU of our form that compresses with the standard library alone, of openpyxl write-only."""


class Cost(NamedTuple):
    cpu: float
    megabytes: float


def measure(way: str, folder: Path, count: int) -> Cost:
    """CPU seconds and peak memory of one way, in a process of its own."""
    name = "ours" if way == "ours" else way.replace(" ", "_").replace(",", "")
    target = folder / f"{name}-{count}.xlsx"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.ledger_writing", "--one", way, str(target), str(count)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    cpu, kilobytes = done.stdout.split()
    return Cost(float(cpu), int(kilobytes) / 1024)


def one(way: str, target: Path, count: int) -> str:
    """Do it here and say what it cost."""
    WAYS[way](target, count)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return f"{used.ru_utime + used.ru_stime:.3f} {used.ru_maxrss}"


def wrong_cells(path: Path, count: int) -> int:
    """How many cells of our file two readers see otherwise than they were given."""
    from openpyxl import load_workbook
    from python_calamine import CalamineWorkbook

    sheet = load_workbook(path, read_only=True)["台账"]
    calamine = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("台账").to_python()
    wrong = 0
    read = sheet.iter_rows(min_row=2, max_row=count + 1, values_only=True)
    for number, (given, cells) in enumerate(zip(rows(count), read, strict=True), start=1):
        for place, kind in enumerate(KINDS):
            wrong += _seen(cells[place], kind) != given[place]
            wrong += _seen(calamine[number][place], kind) != given[place]
    return wrong


def _seen(value: object, kind: Kind) -> object:
    if kind is Kind.MONEY and isinstance(value, int | float):
        return round(value * 100)
    if kind is Kind.DATE and hasattr(value, "date"):
        return value.date()
    return {"是": True, "否": False}.get(str(value)) if kind is Kind.YES_NO else value


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=22_000)
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--million", action="store_true")
    asked.add_argument("--one", nargs=3)
    given = asked.parse_args()
    if given.one:
        way, target, count = given.one
        sys.stdout.write(one(way, Path(target), int(count)))
        return 0
    with TemporaryDirectory() as name:
        holds = compare(Path(name), given.rows, given.times)
        if given.million:
            a_million(Path(name))
    return 0 if holds else 1


def compare(folder: Path, count: int, times: int) -> bool:
    """Say what each way costs beside ours; whether all goals hold and every cell is right."""
    found = {way: list[float]() for way in WAYS}
    for _ in range(times):
        for way, costs in found.items():
            few, many = measure(way, folder, FEW), measure(way, folder, count)
            costs.append((many.cpu - few.cpu) / (count - FEW) * 1e6)
    per_row = {way: median(costs) for way, costs in found.items()}
    wrong = wrong_cells(folder / f"ours-{FEW}.xlsx", FEW)
    say(
        f"42 columns, rows {FEW:,} to {count:,}, median of {times}; cells wrong on re-reading {FEW * 42:,} "
        f"twice: {wrong}"
    )
    ratios = {way: microseconds / per_row["ours"] for way, microseconds in per_row.items()}
    for way, ratio in ratios.items():
        goal = f"   goal {GOALS[way]:.2f}x" if way in GOALS else ""
        say(f"  {way:<38}{per_row[way]:8.1f} us CPU a row{ratio:8.2f}x ours{goal}")
    alone = per_row["openpyxl write-only"] / per_row[ALONE]
    say(f"  openpyxl write-only is {alone:.1f}x of {ALONE}   goal {ALONE_GOAL:.0f}x")
    return not wrong and alone >= ALONE_GOAL and all(ratios[way] >= goal for way, goal in GOALS.items())


def a_million(folder: Path) -> None:
    for way in ("ours", "ours, all texts different"):
        hundred, thousand = (measure(way, folder, count) for count in (100_000, 1_000_000))
        say(
            f"  {way}: 1,000,000 rows {thousand.cpu:.1f} s CPU = {thousand.cpu / hundred.cpu:.1f}x of "
            f"100,000, peak {thousand.megabytes:.0f} MB (goal 11x, 130 MB)"
        )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
