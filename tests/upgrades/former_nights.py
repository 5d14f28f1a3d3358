"""Run by the former release's own code, in a process of its own: a night, and one that waits for a word.

python former_nights.py LEDGER STATEMENT LATER_LEDGER      (its code is what can be imported)
"""

import sys
from datetime import date

from console import cli
from scheduler import nightly
from scheduler.timetable import STEPS
from worker import db
from worker.run import run
from worker.seat import Order

SHOP = "FUYUAN"


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def bring(*files: str) -> None:
    said = cli.run(["intake", "folder", *files, "--shop", SHOP, "--authorised-by", "王敏"])
    if said:
        sys.exit(said)


def night(day: date) -> None:
    with db.transaction() as session:
        run_id, _ = nightly.request_night(session, day, SHOP, by="system", why="schedule")
    nightly.run_night(run_id)


def after_a_word(order: Order) -> object:
    """A step of the night; the first one begins when whoever started this process says so."""
    if order.job == STEPS[0].job:
        say("waits")
        sys.stdin.readline()
    return run(order)


cli.run(["db", "upgrade"])
bring(sys.argv[1])
bring(sys.argv[2])
night(date(2026, 11, 20))
bring(sys.argv[3])
setattr(nightly, "run", after_a_word)  # noqa: B010 - the former release knows no place to wait
night(date(2026, 11, 21))
say("done")
