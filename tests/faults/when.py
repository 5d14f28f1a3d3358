"""When something breaks: at the n-th pass of a named step, or in the middle of a night, as the dice say."""

from collections.abc import Callable
from random import Random

from tests.faults.world import World

Inject = Callable[[World, Random], None]
"""Breaks something and begins the night (`world.begin`), in whichever order the fault needs."""

STEPS = ("before_lease", "leased", "before_commit", "committed", "between_steps")
"""The named steps that every job of a night passes."""


def at(point: str, most: int, act: str) -> Inject:
    """Something happens at the n-th pass of a point, in whichever process passes it."""

    def inject(world: World, dice: Random) -> None:
        world.aim(point, dice.randint(1, most), act)
        world.begin()

    return inject


def at_any_step(act: str) -> Inject:
    """As `at`, at one of the named steps, as the dice say."""

    def inject(world: World, dice: Random) -> None:
        at(dice.choice(STEPS), 40, act)(world, dice)

    return inject


def in_the_middle(strike: Inject) -> Inject:
    """Something is done from outside when the night has come to some statement."""

    def inject(world: World, dice: Random) -> None:
        world.aim("statement", dice.randint(1, 1000), "none")
        world.begin()
        world.wait_for_the_pass()
        strike(world, dice)
        world.struck += 1

    return inject
