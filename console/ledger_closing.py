"""`huikuan ledger close|reopen|rebuild`: months that are closed, opened again, and put back as issued."""

from datetime import date
from typing import Annotated, Any

import typer

from console import by_hand, options
from console.house import reading, shop_codes
from console.options import AsJson, OnDate, ThisShop
from console.output import answer, say
from console.permits import Act
from console.who import Person, person
from models.run import PROOF
from models.values import Period
from worker import clock
from worker.run import Result
from worker.settings import settings

Month = Annotated[Period, typer.Argument(parser=options.month, metavar="MONTH", help="Such as 2026-11.")]
_DAY = typer.Option("--until", parser=options.day, metavar="YYYY-MM-DD", help="The last day it is open.")


def close(
    period: Month,
    shop: ThisShop,
    is_first: Annotated[
        bool, typer.Option("--first", help="The chain of closed months begins with this one.")
    ] = False,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Close a month: prove its money, check, freeze, and issue its workbook under a number."""
    on, who = _asked(shop, day, Act.CLOSE_PERIOD)
    by_hand.do(PROOF, shop, on, by_hand.again(PROOF, on, f"by_hand:{shop}"), who)
    done = _do("close_period", period, shop, on, who, is_first=is_first)
    notes = dict(done.notes or {})
    document = {"shop": shop, "month": str(period), **notes, "path": str(settings().home / notes["ledger"])}
    said = f"{period} is closed: {notes['number']}, revision {notes['revision']}, {document['path']}"
    answer(as_json, document, lambda: say(said))


def reopen(
    period: Month,
    shop: ThisShop,
    because: Annotated[str, typer.Option("--because", help="Why; it stays on the record.")],
    until: Annotated[date, _DAY],
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Open a closed month again until a day; closing it then issues a new revision."""
    on, who = _asked(shop, day, Act.REOPEN_PERIOD)
    _do("reopen_period", period, shop, on, who, because=because, until=str(until))
    document = {"shop": shop, "month": str(period), "until": until, "because": because}
    said = f"{period} is open until {until}. Close it again: huikuan ledger close {period} --shop {shop}"
    answer(as_json, document, lambda: say(said))


def rebuild(
    period: Month,
    shop: ThisShop,
    revision: Annotated[int | None, typer.Option("--revision", help="The newest if not given.")] = None,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Put an issued workbook back, byte for byte, from its snapshot."""
    on, who = _asked(shop, day, Act.RUN)
    done = _do("rebuild_ledger", period, shop, on, who, revision=revision)
    notes = dict(done.notes or {})
    document = {"shop": shop, "month": str(period), "written": bool(done.count), **notes}
    word = "is written again as it was issued" if done.count else "lies there as it was issued"
    answer(as_json, document, lambda: say(f"{notes['number']} {word}: {settings().home / notes['ledger']}"))


def export(
    period: Period, shop: str, day: date | None, as_json: bool, *, masked: bool, as_of: date | None
) -> None:
    """Write another edition of a month: masked, as known on a day, or both."""
    on, who = _asked(shop, day, Act.RUN)
    given = {"masked": masked, "as_of": str(as_of) if as_of else None}
    notes = dict(_do("export_ledger", period, shop, on, who, **given).notes or {})
    document = {"shop": shop, "month": str(period), "as_of": as_of, "masked": masked}
    document["path"] = str(settings().home / notes["ledger"])
    which = f"{'masked ' if masked else ''}ledger of {period}{f' as known on {as_of}' if as_of else ''}"
    answer(as_json, document, lambda: say(f"The {which} is written: {document['path']}"))


def _asked(shop: str, day: date | None, act: Act) -> tuple[date, Person]:
    with reading() as session:
        who = person(session, act)
        shop_codes(session, shop)
    return day or clock.today(), who


def _do(job: str, period: Period, shop: str, on: date, who: Person, **given: Any) -> Result:
    scope = by_hand.again(job, on, f"ledger:{shop}:{period}")
    return by_hand.do(job, shop, on, scope, who, month=str(period), **given)
