"""`huikuan doctor`: what is well, what is not, and what to do about it."""

from collections.abc import Callable, Collection
from typing import Annotated, Any

import typer
from cryptography.fernet import Fernet

from console import checks, checks_of_life
from console.checks import Finding
from console.options import AsJson
from console.output import answer, say
from models.values import Refusal

CHECKS: dict[str, Callable[[], Finding]] = {
    "version": checks.version,
    "database": checks.database,
    "migrations": checks.migrations,
    "keys": checks.keys,
    "broker": checks.broker,
    "disk": checks.disk,
    "mail": checks.mail,
    "other ways": checks.other_ways,
    "calendar": checks.calendar,
    "clock": checks_of_life.clocks,
    "ticker and workers": checks_of_life.signs,
    "last night": checks.last_night,
    "nights left behind": checks_of_life.nights,
    "set aside": checks_of_life.set_aside,
    "statements": checks.statements,
    "notices": checks.notices,
}


def doctor(
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Print a fresh key for HUIKUAN_KEYS and stop.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look at everything a night needs, and say what to do about what is not well."""
    if new_key:
        key = Fernet.generate_key().decode("ascii")
        answer(as_json, {"key": key}, lambda: say(key))
        return
    document = examine()
    answer(as_json, document, lambda: _tell(document["checks"]))
    if not document["well"]:
        raise Refusal("Not everything is well; what to do stands beside it.")


READY = ("database", "keys", "broker", "disk", "clock", "ticker and workers")
"""What must be well for a night to run at all."""


def examine(only: Collection[str] | None = None) -> dict[str, Any]:
    """Every check, or those named, and whether all is well."""
    found = [
        {"what": what, **_checked(check)._asdict()}
        for what, check in CHECKS.items()
        if only is None or what in only
    ]
    return {"well": all(each["well"] for each in found), "checks": found}


def _checked(check: Callable[[], Finding]) -> Finding:
    """One check that goes wrong says so and stops no other."""
    try:
        return check()
    except Refusal as refusal:
        return Finding(False, str(refusal), "")
    except Exception as error:  # noqa: BLE001 - whatever is broken, the other checks are still of use
        return Finding(
            False, f"{type(error).__name__}: {error}", "Mend what it names and run: huikuan doctor"
        )


def _tell(found: list[dict[str, Any]]) -> None:
    for each in found:
        say(f"{'well' if each['well'] else 'NOT WELL':<9} {each['what']}: {each['so']}")
        if each["remedy"]:
            say(f"          {each['remedy']}")
