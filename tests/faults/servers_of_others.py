"""What is done to Redis and PostgreSQL."""

import signal
from contextlib import ExitStack, suppress
from random import Random

import psycopg

from tests.faults import messages
from tests.faults.world import World


def stop_redis(world: World, _dice: Random) -> None:
    with world.hears("broker_away"):
        world.redis.stop()
        world.turn_on()  # beat asks the worker for a sign of life each minute
    world.redis.start()


def pause_redis(world: World, _dice: Random) -> None:
    with world.hears("broker_away"):
        world.redis.signal(signal.SIGSTOP)
        world.turn_on()
    world.redis.signal(signal.SIGCONT)


def kill_redis(world: World, _dice: Random) -> None:
    world.redis.kill()
    world.redis.start()


def flush_redis(world: World, _dice: Random) -> None:
    messages.flush(world.redis.made.url)


def redis_empty_at_night(world: World, dice: Random) -> None:
    """Everything is forgotten again and again while the night is asked for and done."""
    world.aim("between_steps", 40, "none")
    world.begin()
    for number in range(0, 40, 4):
        world.wait_for_passes(number)
        flush_redis(world, dice)
        world.struck += 1


# ------------------------------------------------------------------ PostgreSQL


def stop_postgres(world: World, _dice: Random) -> None:
    with world.hears("tick_failed"):
        world.postgres.stop()
    world.postgres.start()


def kill_postgres(world: World, _dice: Random) -> None:
    world.postgres.kill()
    world.postgres.start()


def kill_a_session(world: World, dice: Random) -> None:
    """The server's process of a session dies: the server throws everybody out and recovers."""
    with psycopg.connect(world.url) as connection:
        others = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        found = [pid for (pid,) in connection.execute(others)]
    world.signal(dice.choice(found), signal.SIGKILL)


def no_connection_left(world: World, _dice: Random) -> None:
    """Strangers have all connections that there are; those of our programs were cut."""
    with ExitStack() as held:
        ours = held.enter_context(psycopg.connect(world.url, autocommit=True))
        with world.hears("tick_failed"):
            strangers = [ours.info.backend_pid]
            while _cut_all_but(ours, strangers):
                with suppress(psycopg.OperationalError):
                    while True:
                        strangers.append(held.enter_context(psycopg.connect(world.url)).info.backend_pid)


def _cut_all_but(connection: psycopg.Connection, spared: list[int]) -> int:
    """End the sessions of all others; returns how many there were."""
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    return len(connection.execute(f"{cut} AND pid <> ALL(%s)", [spared]).fetchall())
