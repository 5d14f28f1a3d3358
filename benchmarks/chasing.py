"""A chasing night of 1,000,000 open claims, 200,000 of them due: CPU of client and server, as ratios.

    python -m benchmarks.chasing [--cases 100000] [--rounds 1] [--on PostgreSQL] [--letters 0] [--only bare]

The real step of the night (`chase_insurers`, with its run, seat and parts) beside the bare INSERT ... SELECT
of the very same rows into the same tables, and the ORM row by row on a sample (goals D1, D2, D4). Then the
pass in one transaction, ten times the stored claims with as many due, the same claims in 1 to 1,000 shops,
and the worker killed in a part (D3, D5). Each way must leave every due claim its step, grounds and demand
once.
"""

import argparse
import logging
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import structlog
from cryptography.fernet import Fernet
from sqlalchemy import text

from benchmarks import chasing_peers as peers
from benchmarks import chasing_world as world
from benchmarks.chasing_databases import Postgres, Side, Sqlite, insert_bare, use
from benchmarks.chasing_world import NIGHT, Size
from models import secrecy
from worker import db
from worker.registry import load_jobs
from worker.run import run
from worker.seat import Order

GOALS = {"PostgreSQL": 1.6, "SQLite": 3.5}
GOAL_ORM, GOAL_CHUNKED, GOAL_STORED, GOAL_SHOPS = 150.0, 1.5, 1.3, 1.5
ONE_TRANSACTION = 10_000_000


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--on", choices=GOALS, action="append")
    asked.add_argument("--letters", type=int, default=0, help="of ten due claims so many get a letter")
    asked.add_argument("--only", choices=("bare", "stored", "shops", "killed"), action="append")
    given = asked.parse_args()
    os.environ["HUIKUAN_KEYS"] = Fernet.generate_key().decode()
    secrecy.use_keys([os.environ["HUIKUAN_KEYS"].encode()])
    warm_up()
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        sides = [side for side in (Postgres(home), Sqlite(home)) if side.name in (given.on or GOALS)]
        size = Size(given.cases, letters=given.letters)
        return sum(Bench(side, size, given.rounds).run(given.only or ()) for side in sides)


class Bench:
    """What a database is asked, and how many goals it misses."""

    def __init__(self, side: Side, size: Size, rounds: int) -> None:
        self.side, self.size, self.rounds, self.missed = side, size, rounds, 0

    def run(self, only: list[str]) -> int:
        say(f"{self.side.name}: {self.size.cases:,} open, {self.size.due:,} due; CPU of client and server")
        parts = {
            "bare": self._beside_bare,
            "stored": self._stored,
            "shops": self._shops,
            "killed": self._killed,
        }
        for name, part in parts.items():
            if not only or name in only:
                part()
        return self.missed

    def _beside_bare(self) -> None:
        cost: dict[str, list[float]] = {"ours": [], "bare": [], "one": []}
        with self.side.filled(lambda engine: world.fill(engine, self.size)) as filled:
            for _ in range(self.rounds):
                with self.side.copy(filled) as ours, self.side.copy(filled) as bare:
                    cost["ours"].append(self._pass(ours, self.size))
                    self.side.keep_made(ours, bare)
                    cost["bare"].append(self.side.spent(lambda url=bare: insert_bare(url)))
                    check(bare, self.size)
                with self.side.copy(filled) as one:
                    cost["one"].append(self._pass(one, self.size, at_most=ONE_TRANSACTION))
            with self.side.copy(filled) as orm:
                row_by_row = peers.row_by_row(self.side, orm, self.size)
        ours, bare, one = (statistics.median(cost[name]) for name in ("ours", "bare", "one"))
        for name, seconds in (("ours, in parts", ours), ("INSERT ... SELECT", bare),
                              ("ours, one transaction", one), ("ORM row by row", row_by_row)):  # fmt: skip
            say(f"  {name:<24}{seconds:9.2f} s {seconds / self.size.due * 1e6:9.1f} us a due claim")
        self._tell("ours / INSERT ... SELECT", ours / bare, GOALS[self.side.name])
        self._tell("ours in parts / in one transaction", ours / one, GOAL_CHUNKED)
        self._tell("ORM row by row / ours", row_by_row / ours, GOAL_ORM, at_least=True)

    def _stored(self) -> None:
        """A tenth of the claims, all of those that are due among them, beside all."""
        few = Size(self.size.cases // 10, letters=self.size.letters)
        many = Size(self.size.cases, due_in=few.due_in * 10, letters=self.size.letters)
        less, more = self._alone(few), self._alone(many)
        self._tell(f"{many.cases:,} stored / {few.cases:,}, {few.due:,} due", more / less, GOAL_STORED)

    def _shops(self) -> None:
        alone = self._alone(self.size)
        for shops in (each for each in (10, 100, 1000) if each <= self.size.branches):
            spread = self._alone(Size(self.size.cases, shops=shops, letters=self.size.letters))
            self._tell(f"{shops} shops / 1 shop, as many claims in all", spread / alone, GOAL_SHOPS)

    def _alone(self, size: Size) -> float:
        with self.side.filled(lambda engine: world.fill(engine, size)) as filled:
            spent = []
            for _ in range(self.rounds):
                with self.side.copy(filled) as copy:
                    spent.append(self._pass(copy, size))
            return statistics.median(spent)

    def _pass(self, url: str, size: Size, **parameters: int) -> float:
        """CPU seconds of the step of the night in every shop, and it was all done once."""
        use(url, self.side.home)
        spent = self.side.spent(lambda: chase(size, **parameters))
        check(url, size)
        return spent

    def _killed(self) -> None:
        """In every part once the worker is killed; another goes on where the lease ran out."""
        small = Size(min(self.size.cases, 50_000), letters=self.size.letters)
        with (
            self.side.filled(lambda engine: world.fill(engine, small)) as filled,
            self.side.copy(filled) as url,
        ):
            use(url, self.side.home)
            killed = 0
            while kill_once(small, part=1 + killed % 2):
                killed += 1
                say(f"  killed in a part: {done(url):,} of {small.due:,} done")
            check(url, small)
        say(f"  killed {killed} times and run again: every one of {small.due:,} due claims exactly once")

    def _tell(self, what: str, ratio: float, goal: float, *, at_least: bool = False) -> None:
        met = ratio >= goal if at_least else ratio <= goal
        self.missed += not met
        sign = ">=" if at_least else "<="
        say(f"  {what}: {ratio:.2f}x (goal {sign} {goal:g}){'' if met else ' MISSED'}")


def warm_up() -> None:
    """What a worker has loaded before its first night is not counted; its log is not shown."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    load_jobs()


def chase(size: Size, **parameters: int) -> None:
    for n in range(size.shops):
        code = f"S{n:04}"
        run(Order("chase_insurers", NIGHT, code, code, parameters=parameters))


def kill_once(size: Size, part: int) -> bool:
    """Run it in a process that ends by SIGKILL at the end of a part; False where it came through."""
    program = (
        "from benchmarks import chasing; chasing.warm_up(); "
        f"chasing.chase(chasing.Size({size.cases}, letters={size.letters}), at_most=1000)"
    )
    environment = os.environ | {"FAULT_AT": f"before_part_commit:{part}"}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, check=False)  # noqa: S603
    if ended.returncode > 0:
        raise SystemExit("the killed pass failed by itself")
    if ended.returncode < 0:
        with db.transaction() as session:
            session.execute(text("UPDATE run SET lease_until = NULL"))
    return ended.returncode < 0


def done(url: str) -> int:
    return _ask(url, "SELECT count(*) FROM chase_step WHERE taken_on = '2026-11-21'")


EXACT = {
    "steps": "SELECT count(*) FROM chase_step WHERE taken_on = :night",
    "claims with a step": "SELECT count(DISTINCT case_id) FROM chase_step WHERE taken_on = :night",
    "steps without a notice": "SELECT count(*) FROM chase_step WHERE taken_on = :night "
    "AND notice_occasion NOT IN (SELECT occasion FROM notice)",
    "grounds": "SELECT count(*) FROM event WHERE kind = 'chase_step'",
    "claims with grounds": "SELECT count(DISTINCT case_id) FROM event WHERE kind = 'chase_step'",
    "demands": "SELECT count(*) FROM notice_demand",
    "claims with a demand": "SELECT count(DISTINCT case_id) FROM notice_demand",
    "states": "SELECT count(*) FROM chase_state WHERE since = :night AND reason IS NULL",
    "states of tonight": "SELECT count(*) FROM chase_state WHERE since = :night",
    "fen": "SELECT sum(amount) FROM notice_demand",
}


def check(url: str, size: Size) -> None:
    """Every due claim has its step, grounds, demand and state once, and no other claim has any."""
    due = [n for n in range(1, size.cases + 1) if n % size.due_in == 0]
    right = dict.fromkeys(EXACT, len(due)) | {
        "steps without a notice": 0, "fen": sum(world.owed(n) for n in due)
    }  # fmt: skip
    found = {name: _ask(url, query) for name, query in EXACT.items()}
    if found != right:
        raise SystemExit(f"not exact: {found} instead of {right}")


def _ask(url: str, query: str) -> int:
    engine = db.make_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(query.replace(":night", "'2026-11-21'"))).scalar_one()
    engine.dispose()
    return int(found)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(min(1, main()))
