"""What is broken, each in the middle of a night, at a moment that a seed chooses."""

import resource
import signal
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from random import Random
from typing import NamedTuple

import psycopg
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.run import Run
from models.words import RunState
from tests.faults import messages
from tests.faults.world import World

Inject = Callable[[World, Random], None]
"""Breaks something and begins the night (`world.begin`), in whichever order the fault needs."""


class Fault(NamedTuple):
    name: str
    inject: Inject
    short: bool = False
    """Whether it is one of those that `tests/faults/test_faults.py` tries."""
    days: int = 1


def _at(point: str, most: int, act: str) -> Inject:
    """Something happens at the n-th pass of a point, in whichever process passes it."""

    def inject(world: World, dice: Random) -> None:
        world.aim(point, dice.randint(1, most), act)
        world.begin()

    return inject


def _at_any_step(act: str) -> Inject:
    """As `_at`, at one of the named steps, as the dice say."""

    def inject(world: World, dice: Random) -> None:
        _at(dice.choice(STEPS), 40, act)(world, dice)

    return inject


def _in_the_middle(strike: Inject) -> Inject:
    """Something is done from outside when the night has come to some statement."""

    def inject(world: World, dice: Random) -> None:
        world.aim("statement", dice.randint(1, 1000), "none")
        world.begin()
        world.wait_for_the_pass()
        strike(world, dice)
        world.struck += 1

    return inject


# ------------------------------------------------------------------ our own programs


def _frozen(point: str, most: int) -> Inject:
    """A child is frozen, its lease runs out, another takes over, and it thaws in the middle of that."""

    def inject(world: World, dice: Random) -> None:
        world.aim(point, dice.randint(1, most), "freeze")
        world.begin()
        world.wait_for_the_pass()
        world.struck += 1
        world.turn_on()
        world.wait_for_others(dice.randint(1, 5))
        world.thaw()

    return inject


def _told_to_end(times: int) -> Inject:
    """The worker is told to end: once, it finishes what it has in hand; a second time it hurries."""

    def strike(world: World, _dice: Random) -> None:
        for _ in range(times):
            world.signal(world.worker.pid, signal.SIGTERM)

    return _in_the_middle(strike)


def _beat_killed(world: World, _dice: Random) -> None:
    world.beat.kill()


def _beat_killed_before_publishing(world: World, _dice: Random) -> None:
    world.down.add("beat")
    world.beat.kill()
    world.aim("requested", 1, "kill")
    world.begin()
    world.down.clear()


def _three_beats(world: World, _dice: Random) -> None:
    others = [world.another_beat() for _ in range(2)]
    for each in others:
        each.start()
    world.begin()
    world.struck += 1
    world.live_on()
    for each in others:
        each.kill()


def _beat_stopped_over_two_nights(world: World, _dice: Random) -> None:
    world.down.add("beat")
    world.beat.kill()
    world.begin()  # the clock stands after the last of three nights: two were missed
    world.struck += 1
    world.down.clear()


# ------------------------------------------------------------------ Redis


def _stop_redis(world: World, _dice: Random) -> None:
    world.redis.stop()
    _feel_that_redis_is_away(world)
    world.redis.start()


def _pause_redis(world: World, _dice: Random) -> None:
    world.redis.signal(signal.SIGSTOP)
    _feel_that_redis_is_away(world)
    world.redis.signal(signal.SIGCONT)


def _feel_that_redis_is_away(world: World) -> None:
    world.turn_on()  # beat asks the worker for a sign of life each minute
    world.wait_to_hear("broker_away")


def _kill_redis(world: World, _dice: Random) -> None:
    world.redis.kill()
    world.redis.start()


def _flush_redis(world: World, _dice: Random) -> None:
    messages.flush(world.redis.made.url)


def _redis_empty_at_night(world: World, dice: Random) -> None:
    """Everything is forgotten again and again while the night is asked for and done."""
    world.aim("between_steps", 40, "none")
    world.begin()
    for number in range(0, 40, 4):
        world.wait_for_passes(number)
        _flush_redis(world, dice)
        world.struck += 1


# ------------------------------------------------------------------ PostgreSQL


def _stop_postgres(world: World, _dice: Random) -> None:
    world.postgres.stop()
    world.wait_to_hear("tick_failed")
    world.postgres.start()


def _kill_postgres(world: World, _dice: Random) -> None:
    world.postgres.kill()
    world.postgres.start()


def _kill_a_session(world: World, dice: Random) -> None:
    """The server's process of a session dies: the server throws everybody out and recovers."""
    with psycopg.connect(world.url) as connection:
        others = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        found = [pid for (pid,) in connection.execute(others)]
    world.signal(dice.choice(found), signal.SIGKILL)


def _no_connection_left(world: World, _dice: Random) -> None:
    """Strangers have all connections that there are; those of our programs were cut."""
    with ExitStack() as held:
        ours = held.enter_context(psycopg.connect(world.url, autocommit=True))
        strangers = [ours.info.backend_pid]
        while True:
            with suppress(psycopg.OperationalError):
                while True:
                    strangers.append(held.enter_context(psycopg.connect(world.url)).info.backend_pid)
            cut = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            )
            if not ours.execute(f"{cut} AND pid <> ALL(%s)", [strangers]).fetchall():
                break
        world.wait_to_hear("tick_failed")


# ------------------------------------------------------------------ the machine


def _disk_full(world: World, _dice: Random) -> None:
    """No file may grow beyond a few bytes until a night has failed of it."""
    everybody = [world.worker.pid, *world.worker.children()]
    for each in everybody:
        resource.prlimit(each, resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))
    world.begin()
    world.wait_until(_a_night_failed)
    for each in {world.worker.pid, *world.worker.children(), *everybody}:
        with suppress(ProcessLookupError):
            resource.prlimit(each, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    world.struck += 1


def _a_night_failed(session: Session) -> bool:
    failed = select(Run.error).where(Run.job == "night", Run.state == RunState.FAILED)
    return any("The disk is full" in (error or "") for error in session.scalars(failed))


def _clock_stepped(by: timedelta) -> Inject:
    def strike(world: World, _dice: Random) -> None:
        world.step_host_clock(by)

    return _in_the_middle(strike)


# ------------------------------------------------------------------ messages


def _everything_three_times(world: World, dice: Random) -> None:
    """Every row that there is, three times and in any order, before the night is asked for and while it runs."""
    world.begin()
    for _ in range(2):
        asked = [("night" if job == "night" else "job", number) for number, job in world.runs()] * 3
        dice.shuffle(asked)
        messages.wake(world.redis.made.url, asked[:60])
        world.struck += len(asked[:60])
        world.wait_until(lambda _session: messages.waiting(world.redis.made.url) == 0)


def _nonsense(world: World, dice: Random) -> None:
    world.struck += messages.nonsense(world.redis.made.url, dice) - 1


STEPS = ("before_lease", "leased", "before_commit", "committed", "between_steps")
"""The named steps that every job of a night passes."""

FAULTS = (
    Fault("worker's child killed before the lease", _at("before_lease", 40, "kill")),
    Fault("worker's child killed after the lease", _at("leased", 40, "kill")),
    Fault("worker's child killed in mid-step", _at("statement", 1200, "kill"), short=True),
    Fault("worker's child killed before the commit", _at("before_commit", 40, "kill")),
    Fault("worker's child killed after the commit", _at("committed", 40, "kill")),
    Fault("worker's child killed between steps", _at("between_steps", 40, "kill")),
    Fault("worker's child killed before the acknowledgement", _at("before_ack", 2, "kill")),
    Fault("worker's main process killed", _at("statement", 1200, "kill_main")),
    Fault("worker killed whole", _at("statement", 1200, "kill_all"), short=True),
    Fault("worker killed whole at a named step", _at_any_step("kill_all")),
    Fault("worker told to end", _told_to_end(1)),
    Fault("worker told to end, then to hurry", _told_to_end(2)),
    Fault("worker frozen past its lease, then thawed (leased)", _frozen("leased", 30)),
    Fault("worker frozen past its lease, then thawed (before the commit)", _frozen("before_commit", 30), short=True),
    Fault("worker frozen past its lease, then thawed (mid-step)", _frozen("statement", 1000)),
    Fault("beat killed", _in_the_middle(_beat_killed)),
    Fault("beat killed after insert, before publish", _beat_killed_before_publishing),
    Fault("three beats at once", _three_beats),
    Fault("beat stopped over two nights", _beat_stopped_over_two_nights, short=True, days=3),
    Fault("Redis stopped and started", _in_the_middle(_stop_redis)),
    Fault("Redis killed, back with nothing", _in_the_middle(_kill_redis), short=True),
    Fault("Redis flushed", _in_the_middle(_flush_redis)),
    Fault("Redis flushed again and again", _redis_empty_at_night),
    Fault("Redis paused", _in_the_middle(_pause_redis)),
    Fault("PostgreSQL stopped and started", _in_the_middle(_stop_postgres)),
    Fault("PostgreSQL killed", _in_the_middle(_kill_postgres), short=True),
    Fault("PostgreSQL: a session's process killed", _in_the_middle(_kill_a_session)),
    Fault("PostgreSQL out of connections", _in_the_middle(_no_connection_left)),
    Fault("a transaction terminated", _at("statement", 1200, "cut")),
    Fault("a serialization failure", _at("statement", 1200, "serialization")),
    Fault("a deadlock", _at("statement", 1200, "deadlock")),
    Fault("the disk full", _disk_full),
    Fault("the database's disk full", _at("statement", 1200, "disk_full")),
    Fault("the clock stepped back by a day", _clock_stepped(timedelta(days=-1))),
    Fault("the clock stepped on by three hours", _clock_stepped(timedelta(hours=3))),
    Fault("every message three times, out of order", _everything_three_times, short=True),
    Fault("unknown rows and tasks, broken JSON, a pickle", _in_the_middle(_nonsense)),
)  # fmt: skip
