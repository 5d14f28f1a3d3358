"""Matching 100,000 bank lines against 200,000 expected lines: CPU of client and server, as ratios in one run.

    python -m benchmarks.reconciliation_matching [--lines 100000] [--rounds 3] [--reads-only]

PostgreSQL, one shop. Three questions, each beside the bare way to the same answer:

- decided from rows in memory by kept keys, beside COPY and a join by plate or report number, duplicates
  refused, keys handed to it (goal M1); and beside the easier join by claim number, which no bank writes;
- read from the database and decided, beside COPY of the lines and a join that finds keys in remarks;
- the whole job and all it writes (matches, payouts, entries, events), beside INSERT ... SELECT of the like.

And one query per line, on a sample. Every way must find every claim that is paid to the fen, and no other.
"""

import argparse
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from benchmarks import reconciliation_bare as bare
from benchmarks import reconciliation_world as world
from migrations.schema import upgrade
from models import secrecy
from models.match import Match, MatchPart
from models.words import MatchState
from tasks.reconciliation import deciding, queries, rules
from tasks.reconciliation.at_once import AtOnce
from tasks.reconciliation.collecting import put_off
from tasks.reconciliation.facts import Facts, Line
from tasks.reconciliation.job import match_lines
from tasks.reconciliation.one_key import OneKey
from tests import servers
from worker import db
from worker.job import Night
from worker.run import night_of
from worker.seat import Order

GOAL_JOIN, GOAL_QUERIES = 1.5, 75.0
SAMPLE = 500

Pays = Mapping[int, int]
"""By line the claim that it pays."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--lines", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--reads-only", action="store_true")
    given = asked.parse_args()
    secrecy.use_keys([Fernet.generate_key()])
    with tempfile.TemporaryDirectory() as home, servers.postgres() as server:
        os.environ["HUIKUAN_HOME"] = home
        with servers.database(server) as url:
            engine = db.make_engine(url.replace("postgresql://", "postgresql+psycopg://"))
            upgrade(engine)
            Bench(engine, given.lines).run(given.rounds, reads_only=given.reads_only)
            engine.dispose()


class Bench:
    """One filled shop, and what every way to match it costs."""

    def __init__(self, engine: Engine, lines: int) -> None:
        self.engine, self.lines = engine, lines
        self.truth = {line: claim for line in range(1, lines + 1) if (claim := world.pays(line))}
        self.shop = world.fill(engine, 2 * lines, lines)
        bare.prepare(engine, 2 * lines)

    def run(self, rounds: int, *, reads_only: bool) -> None:
        say(f"{self.lines:,} lines, {2 * self.lines:,} expected lines, {len(self.truth):,} paid to the fen")
        known = self._known()
        ways: dict[str, Callable[[], Pays]] = {
            "join by claim number": lambda: bare.joined_by_number(self.engine, self.lines),
            "join, keys handed to it": lambda: bare.joined(self.engine, self.lines),
            "plain lines in memory": lambda: _plain(*known),
            "all decided in memory": lambda: _exact(rules.decide(*known)),
            "join, keys found in remarks": lambda: bare.searched(self.engine, self.lines),
            "plain lines from the database": lambda: _plain(*self._known()),
            "ours from the database": lambda: _exact(rules.decide(*self._known())),
        }
        cost: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                cost[name].append(self._cpu(name, way, self.truth))
        median = {name: statistics.median(each) for name, each in cost.items()}
        sample = {line: claim for line, claim in self.truth.items() if line <= SAMPLE}
        median["one query per line"] = (
            self.lines
            / SAMPLE
            * self._cpu("one query per line", lambda: bare.one_by_one(self.engine, SAMPLE), sample)
        )
        if not reads_only:
            self._writing(median)
        self._tell(median)

    def _writing(self, median: dict[str, float]) -> None:
        median["join and INSERT ... SELECT"] = self._cpu(
            "join and INSERT ... SELECT", lambda: bare.written(self.engine, self.lines), self.truth
        )
        median["ours, the whole job"] = self._cpu("ours, the whole job", self._job, self.truth)

    def _known(self) -> tuple[list[Line], Facts]:
        with Session(self.engine) as session:
            lines = queries.open_lines(session, self.shop, world.NIGHT)
            return lines, deciding.facts_for(session, self._night(session), lines)

    def _night(self, session: Session) -> Night:
        order = Order("match_lines", world.NIGHT, "LARGE", "benchmark")
        return night_of(session, order, "benchmark")

    def _job(self) -> Pays:
        """The answer stands in the database then."""
        rest: int | None = self.lines
        while rest is not None:  # part by part, as worker.run does it
            with Session(self.engine) as session, session.begin():
                night = self._night(session)
                match_lines(session, night)
                rest = night.rest
        return {}

    def _applied(self) -> Pays:
        """What the job wrote down, read back."""
        with self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
        with Session(self.engine) as session:
            found = session.execute(
                select(MatchPart.bank_line_id, MatchPart.case_id)
                .join(Match, Match.id == MatchPart.match_id)
                .where(Match.state == MatchState.APPLIED, Match.reason == "exact")
            )
            return {line: claim or 0 for line, claim in found}

    def _cpu(self, name: str, way: Callable[[], Pays], truth: Pays) -> float:
        """CPU seconds of this process and of the server, for the right answer."""
        postmaster = self._postmaster()
        gc.collect()
        with put_off():  # as the job does, from reading to the last row written
            began = time.process_time() + _server(postmaster)
            found = way()
            spent = time.process_time() + _server(postmaster) - began
        found = found or self._applied()
        if dict(found) != dict(truth):
            raise SystemExit(f"{name}: {len(found)} matches are not the {len(truth)} there are")
        return spent

    def _postmaster(self) -> int:
        with self.engine.connect() as connection:
            backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        return _stat(backend)[1]

    def _tell(self, cpu: Mapping[str, float]) -> None:
        for name, seconds in cpu.items():
            say(f"  {name:<30}{seconds:9.2f} s CPU {seconds / self.lines * 1e6:9.1f} us a line")
        for ours, other, goal in (
            ("plain lines in memory", "join, keys handed to it", f"goal {GOAL_JOIN}"),
            ("plain lines in memory", "join by claim number", ""),
            ("all decided in memory", "join, keys handed to it", ""),
            ("plain lines from the database", "join, keys handed to it", ""),
            ("plain lines from the database", "join, keys found in remarks", ""),
            ("ours from the database", "join, keys found in remarks", ""),
            ("ours, the whole job", "join and INSERT ... SELECT", ""),
        ):
            if ours in cpu:
                say(f"  {ours} / {other}: {cpu[ours] / cpu[other]:.2f}x {goal}")
        for ours, goal in (
            ("plain lines in memory", f"goal {GOAL_QUERIES:.0f}"),
            ("plain lines from the database", ""),
            ("ours from the database", ""),
        ):
            say(f"  one query per line / {ours}: {cpu['one query per line'] / cpu[ours]:.0f}x {goal}")


def _plain(lines: Sequence[Line], facts: Facts) -> Pays:
    """What the bulk pass makes of the lines: their kept keys, insurer, amount, and nobody else asks."""
    named = [found for found in map(OneKey(facts).read, lines) if found is not None]
    case_of = AtOnce((), named, facts).case_of
    return {
        line.line_id: case.case_id
        for line, group_id, _, cases in named
        if (case := case_of(line, group_id, cases)) is not None
    }


def _exact(decided: rules.Decisions) -> Pays:
    return {p.parts[0][0]: p.parts[0][1] for p in decided.applied if p.reason == "exact"}


def _server(postmaster: int) -> float:
    """CPU seconds of a PostgreSQL server and all its processes, those that ended as well."""
    own = [_stat(pid) for pid in _children(postmaster)]
    ticks = sum(_stat(postmaster)[11:15]) + sum(sum(each[11:13]) for each in own)
    return ticks / os.sysconf("SC_CLK_TCK")


def _children(parent: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _stat(pid: int) -> list[int]:
    """The fields of a process after its name, the state as 0."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return [0] * 50
    return [0, *map(int, fields[1:])]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
