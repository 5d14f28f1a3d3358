"""What is done to worker and beat, to the machine they run on, and to their messages."""

import resource
import signal
from contextlib import suppress
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.run import Run
from models.words import RunState
from tests.faults import messages
from tests.faults.when import Inject, in_the_middle
from tests.faults.world import World


def frozen(point: str, most: int) -> Inject:
    """A child is frozen, its lease runs out, another takes over, and it thaws in the middle of that."""

    def inject(world: World, dice: Random) -> None:
        world.aim(point, dice.randint(1, most), "freeze")
        world.begin()
        world.wait_until(lambda _session: world.is_frozen())
        world.struck += 1
        world.turn_on()
        world.wait_for_others(dice.randint(1, 5))
        world.thaw()

    return inject


def told_to_end(times: int) -> Inject:
    """The worker is told to end: once, it finishes what it has in hand; a second time it hurries."""

    def strike(world: World, _dice: Random) -> None:
        told = world.worker.pid
        with world.hears("shutdown"):
            world.signal(told, signal.SIGTERM)
        for _ in range(1, times):
            world.signal(told, signal.SIGTERM)

    return in_the_middle(strike)


def beat_killed(world: World, _dice: Random) -> None:
    world.beat.kill()


def beat_killed_before_publishing(world: World, _dice: Random) -> None:
    world.down.add("beat")
    world.beat.kill()
    world.aim("requested", 1, "kill")
    world.begin()
    world.down.clear()


def three_beats(world: World, _dice: Random) -> None:
    others = [world.another_beat() for _ in range(2)]
    for each in others:
        each.start()
    world.begin()
    world.struck += 1
    world.live_on()
    for each in others:
        each.kill()


def beat_stopped_over_two_nights(world: World, _dice: Random) -> None:
    world.down.add("beat")
    world.beat.kill()
    world.begin()  # the clock stands after the last of three nights: two were missed
    world.struck += 1
    world.down.clear()


# ------------------------------------------------------------------ the machine


def disk_full(world: World, _dice: Random) -> None:
    """No file may grow beyond a few bytes until a night has failed of it."""
    world.wait_until(lambda _session: world.listens(world.worker.pid))
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


def clock_stepped(by: timedelta) -> Inject:
    def strike(world: World, _dice: Random) -> None:
        world.step_host_clock(by)

    return in_the_middle(strike)


# ------------------------------------------------------------------ messages


def everything_three_times(world: World, dice: Random) -> None:
    """Every row that there is, three times and in any order, when the night has begun and in the middle of it."""
    world.aim("between_steps", 40, "none")
    world.begin()
    for passes in (1, 20):
        world.wait_for_passes(passes)
        asked = [("night" if job == "night" else "job", number) for number, job in world.runs()] * 3
        dice.shuffle(asked)
        messages.wake(world.redis.made.url, asked[:60])
        world.struck += len(asked[:60])
        world.wait_until(lambda _session: messages.waiting(world.redis.made.url) == 0)


def nonsense(world: World, dice: Random) -> None:
    world.struck += messages.nonsense(world.redis.made.url, dice) - 1
