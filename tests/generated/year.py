"""A generated year of many shops, told in a table: `make year`.

    python -m tests.generated.year [--shops 50] [--months 12] [--claims 14] [--seed 1] [--processes 2]

Every shop is lived twice on SQLite, with the switch for lump sums off and on. Ends with status 1 where a line
was applied to what it does not pay, or was lost. Interrupted, it tells of the shops that are done.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from migrations.schema import upgrade
from models import reference, secrecy
from models.values import Period
from tests import factories
from tests.generated.life import life
from tests.generated.score import Score, score
from tests.generated.story import Story
from worker import db
from worker.settings import settings

FIRST = Period(2025, 11)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


Asked = argparse.Namespace


def both_ways(number: int, asked: Asked) -> tuple[Score, Score]:
    """Live one shop's months in an empty house, with the switch off and on."""
    with empty_house() as engine, Session(engine, expire_on_commit=False) as session:
        reference.load(session)
        return lived(session, number, asked, lumps=False), lived(session, number, asked, lumps=True)


def lived(session: Session, number: int, asked: Asked, *, lumps: bool) -> Score:
    """Live one shop's months, and hold them against the truth. The same number gives the same shop."""
    code = f"{'ON' if lumps else 'OFF'}{number:03}"
    shop = factories.add_shop(session, code=code, name=f"连云港第{code}汽车修理有限公司")
    told = life(f"{asked.seed}:{number}", shop.name, FIRST, asked.months, asked.claims)
    story = Story(session, shop, told, 2 * number + lumps)
    story.live(lumps=lumps)
    return score(story)


@contextmanager
def empty_house() -> Iterator[Engine]:
    """Give a migrated database and a home that are gone afterwards."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUIKUAN_HOME"] = home
        settings.cache_clear()
        secrecy.use_keys([Fernet.generate_key()])
        engine = db.make_engine(f"sqlite:///{Path(home) / 'huikuan.db'}")
        upgrade(engine)
        yield engine
        engine.dispose()


def tables(name: str, found: Score) -> Iterator[str]:
    """The figures of all shops: tier by tier, then fault by fault."""
    yield f"\n== lump sums {name}\n"
    yield "| tier | lines | applied | wrong | by a person | recall |\n|---|---:|---:|---:|---:|---:|"
    for tier, lines, applied, recall in found.recall():
        if lines:
            said = "-" if tier.asks_a_person else f"{recall:.1%}"
            yield f"| {tier} | {lines} | {applied} | {found.wrong_in[tier]} | {found.by_person[tier]} | {said} |"
    yield "\n| fault (domain 6.4) | planted | found as, after the first night |\n|---|---:|---|"
    for fault, stood in sorted(found.faults.items(), key=lambda each: int(each[0].split()[0])):
        yield f"| {fault} | {stood.total()} | {', '.join(f'{how} {n}' for how, n in stood.most_common())} |"
    yield from _complaints("applied wrongly", found.wrong)
    yield from _complaints("lost", found.lost)
    yield from _complaints("listed as something else", found.misnamed)


def _complaints(what: str, lines: Iterable[str]) -> Iterator[str]:
    listed = list(lines)
    yield f"\n{what}: {len(listed)}"
    yield from listed[:20]


def _until_stopped(asked: Asked) -> Iterator[tuple[Score, Score]]:
    """The shops as they are done; after an interrupt those that are done already count."""
    with ProcessPoolExecutor(asked.processes) as processes:
        lives = [processes.submit(both_ways, number, asked) for number in range(asked.shops)]
        try:
            for each in as_completed(lives):
                yield each.result()
        except KeyboardInterrupt:
            processes.shutdown(wait=False, cancel_futures=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("shops", 50), ("months", 12), ("claims", 14), ("seed", 1), ("processes", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    whole = {False: Score(), True: Score()}
    for number, (off, on) in enumerate(_until_stopped(asked), start=1):
        whole[False].add(off)
        whole[True].add(on)
        say(f"{number} shops lived, wrong so far: {sum(len(each.wrong) for each in whole.values())}")
    for lumps, found in whole.items():
        for line in tables("on" if lumps else "off", found):
            say(line)
    if any(found.wrong or found.lost for found in whole.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
