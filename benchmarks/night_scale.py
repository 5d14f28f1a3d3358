"""What a whole night costs, all its steps: as more is stored, and as the same is spread over more shops.

    python -m benchmarks.night_scale [--stored 10000 1000000] [--shops 1 10 100] [--due 300]

PostgreSQL; CPU of client and server, as ratios in one run. Every night must have succeeded with all its
steps, every repair that is due have its refund and every late claim its step, or nothing is reported.

The proof of all money looks at every repair there is, every night (docs/money.md): it is told apart.
"""

import argparse
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import NamedTuple

from cryptography.fernet import Fernet
from sqlalchemy import func, select

from benchmarks import night_copies, night_world, server_cpu
from migrations.schema import upgrade
from models.case import Case
from models.chase import ChaseStep
from models.refund import Refund
from models.run import Run
from models.words import RefundState, RunState
from scheduler.timetable import STEPS
from tasks.proof import whole
from tests import factories, servers
from worker import db, log

AFTER_THE_PATTERNS = 100_000
"""Where the names of what is due begin, so that they are no copy's."""


class Cost(NamedTuple):
    """CPU seconds of client and server, and seconds on the wall."""

    client: float
    server: float
    wall: float

    @property
    def cpu(self) -> float:
        return self.client + self.server


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--stored", type=int, nargs="*", default=[10_000, 1_000_000])
    asked.add_argument("--shops", type=int, nargs="*", default=[1, 10, 100])
    asked.add_argument("--due", type=int, default=300)
    given = asked.parse_args()
    log.set_up(logging.CRITICAL)
    with servers.postgres() as server:
        few = min(given.stored or [10_000])
        _compare("cases stored, 1 shop", given.stored, lambda size: _night(server, size, 1, given.due))
        shops = f"shops, {few:,} cases stored"
        _compare(shops, given.shops, lambda size: _night(server, few, size, given.due))


def _compare(of: str, sizes: Sequence[int], night_of: Callable[[int], tuple[Cost, Cost]]) -> None:
    first = 0.0
    for size in sizes:
        night, proof = night_of(size)
        rest = night.cpu - proof.cpu
        first = first or rest
        _say(
            f"{size:>9,} {of}: {night.cpu:7.2f} s CPU ({night.client:.2f} client, {night.server:.2f} "
            f"server), {night.wall:.0f} s wall; the proof {proof.cpu:.2f}, the other steps {rest:.2f} = "
            f"{rest / first:.2f}x"
        )


def _night(server: str, stored: int, shops: int, due: int) -> tuple[Cost, Cost]:
    """The cost of the night of all shops, and of its proof of all money."""
    with _house(server) as url:
        night_world.open_shops(shops)
        night_world.live_whole_lives()
        with db.engine().begin() as connection:
            night_copies.multiply(connection, stored // night_world.PATTERNS - 1, shops)
        factories._numbers = count(AFTER_THE_PATTERNS)  # noqa: SLF001 - names that no copy has
        night_world.add_due(due)
        with db.engine().connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
        codes = [f"S{number:04}" for number in range(1, shops + 1)]
        whole_night = _cost(url, lambda: _all_nights(codes))
        _check(stored, shops, due)
        return whole_night, _cost(url, lambda: _prove(shops, stored + 2 * due))


def _all_nights(codes: Sequence[str]) -> None:
    for code in codes:
        night_world.run_night(code, night_world.NIGHT)


@contextmanager
def _house(server: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as home, servers.database(server) as url:
        given = {"HUIKUAN_HOME": home, "HUIKUAN_DATABASE_URL": url}
        os.environ.update(given, HUIKUAN_KEYS=Fernet.generate_key().decode())
        db.forget()
        upgrade(db.engine())
        yield url
        db.forget()


def _cost(url: str, work: Callable[[], object]) -> Cost:
    client, server, wall = time.process_time(), server_cpu.used(url), time.perf_counter()
    work()
    return Cost(
        time.process_time() - client, server_cpu.used(url) - server, time.perf_counter() - wall
    )  # fmt: skip


def _prove(shops: int, repairs: int) -> None:
    """The proof once more, which must find all repairs and nothing off."""
    with db.reading() as session:
        proofs = [whole.prove(session, shop) for shop in range(1, shops + 1)]
    if sum(proof.repairs for proof in proofs) != repairs or any(proof.off for proof in proofs):
        raise SystemExit("the money does not add up")


def _check(stored: int, shops: int, due: int) -> None:
    of_night = (Run.business_date == night_world.NIGHT, Run.state == RunState.SUCCEEDED)
    with db.reading() as session:
        found = [
            session.execute(select(func.count()).select_from(Run).where(*of_night)).scalar_one(),
            session.execute(select(func.count()).select_from(Case)).scalar_one(),
            session.execute(
                select(func.count()).select_from(Refund).where(Refund.state == RefundState.WAITING)
            ).scalar_one(),
            session.execute(select(func.count()).select_from(ChaseStep)).scalar_one(),
        ]  # fmt: skip
    if found != [shops * (len(STEPS) + 1), stored + 2 * due, due, due]:
        raise SystemExit(f"runs, cases, refunds that wait and steps are {found}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
