"""`huikuan rule ladder`: the levels of the chasing ladder, for all, a shop or a group (domain 2.6)."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from console.house import reading, shop_id, writing
from console.insurer_view import group_named
from console.options import AsJson, OnDate, day
from console.output import answer, say, table
from console.permits import Act
from console.who import person
from models.chase import ChaseState, LadderLevel
from models.insurer import InsurerGroup
from models.shop import Shop
from models.upsert import put
from models.values import Refusal, UnreadableValue, fen, yuan
from models.words import ChaseForm, ChaseReason, Recipient
from tasks.chasing import policy
from tasks.chasing.ladder import ANCHORS, DEFAULTS, Level
from tasks.chasing.letters import TITLES
from worker import clock

app = typer.Typer(help="The levels of the chasing ladder.")

LevelNo = Annotated[int, typer.Argument(metavar="LEVEL", min=0, max=8, help="0 to 8, as in the list.")]


@app.command("list")
def list_(
    insurer: Annotated[
        str | None, typer.Option("--insurer", metavar="GROUP", help="As it is for this group.")
    ] = None,
    shop: Annotated[
        str | None, typer.Option("--shop", metavar="CODE", help="As it is for this shop.")
    ] = None,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """List the levels: days after what, in which form, to whom, from which amount, and who set it."""
    today = on or clock.today()
    with reading() as session:
        its_shop = shop_id(session, shop) if shop else 0
        group = group_named(session, insurer).id if insurer else None
        house = policy.read(session, its_shop, today)
        rows = [_shown(level, each) for level, each in sorted(house.of(group).levels.items())]
        set_rows = _set(session)
    columns = {
        "level": "level", "what": "what", "days": "days", "交强": "compulsory_days", "after": "after",
        "form": "form", "to": "recipients", "from yuan": "floor", "own sentence": "text",
    }  # fmt: skip

    def tell() -> None:
        table(rows, columns, "")
        say("")
        names = {"level": "level", "for": "scope", "from": "valid_from", "days": "days", "set by": "set_by"}
        table(set_rows, names, "Nothing was set; the defaults hold.")

    answer(as_json, {"levels": rows, "set": set_rows}, tell)


def _shown(number: int, level: Level) -> dict[str, Any]:
    return {
        "level": number,
        "what": TITLES[number],
        "days": str(level.delay),
        "compulsory_days": str(level.days_compulsory),
        "after": ANCHORS[number],
        "form": level.form.value,
        "recipients": ",".join(level.recipients),
        "floor": yuan(level.floor),
        "text": level.text,
    }


def _set(session: Session) -> list[dict[str, Any]]:
    groups = {row.id: row.name for row in session.execute(select(InsurerGroup.id, InsurerGroup.name))}
    shops = {row.id: row.code for row in session.execute(select(Shop.id, Shop.code))}
    names = {"insurer_group": groups, "shop": shops}
    rows = session.scalars(select(LadderLevel).order_by(LadderLevel.level, LadderLevel.valid_from))
    return [
        {
            "level": row.level,
            "scope": names.get(row.scope, {}).get(row.scope_id, "all"),
            "valid_from": row.valid_from,
            "days": str(row.delay),
            "set_by": row.set_by,
        }
        for row in rows
    ]


@app.command("set")
def set_(
    level: LevelNo,
    days: Annotated[
        int | None, typer.Option("--days", min=-30, max=365, help="Natural days after its anchor.")
    ] = None,
    compulsory_days: Annotated[
        int | None, typer.Option("--compulsory-days", min=-30, max=365, help="For 交强.")
    ] = None,
    form: Annotated[
        ChaseForm | None, typer.Option("--form", help="message, reminder, letter or errand.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="WHO,WHO", help=", ".join(Recipient))] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="TEXT", help="A sentence of your own; '' for none.")
    ] = None,
    floor: Annotated[
        str | None, typer.Option("--floor", metavar="YUAN", help="Who owes less does not come here.")
    ] = None,
    insurer: Annotated[
        str | None, typer.Option("--insurer", metavar="GROUP", help="For this group only.")
    ] = None,
    shop: Annotated[str | None, typer.Option("--shop", metavar="CODE", help="For this shop only.")] = None,
    valid_from: Annotated[date | None, typer.Option("--from", parser=day, metavar="DATE")] = None,
    as_json: AsJson = False,
) -> None:
    """Change a level from a day on; what is not given stays as it is there."""
    if insurer and shop:
        raise Refusal("A level is for a shop or for an insurer group, not for both. Leave one of them out.")
    since = valid_from or clock.today()
    given: dict[str, Any] = {
        "delay": days, "compulsory_delay": compulsory_days, "form": form, "text": text,
        "recipients": _recipients(to), "floor": _floor(floor),
    }  # fmt: skip
    changes = {name: value for name, value in given.items() if value is not None}
    with writing() as session:
        who = person(session, Act.ADMINISTER)
        scope, scope_id, group = _scope(session, insurer, shop)
        house = policy.read(session, scope_id if scope == "shop" else 0, since)
        now = replace(house.of(group).levels.get(level, DEFAULTS[level]), **changes)
        _refuse_nonsense(level, now)
        row = {
            "scope": scope, "scope_id": scope_id, "level": level,
            "delay": now.delay, "compulsory_delay": now.compulsory_delay, "form": now.form,
            "recipients": ",".join(now.recipients), "text": now.text, "floor": now.floor,
            "valid_from": since, "set_by": who.name,
        }  # fmt: skip
        put(session, LadderLevel, [row], ["scope", "scope_id", "level", "valid_from"])
        _look_again(session, since)
    document = _shown(level, now) | {"for": insurer or shop or "all", "valid_from": since}
    said = f"{TITLES[level]}: {now.delay} days after {ANCHORS[level]}, {now.form}"
    whom = f"for {document['for']} from {since}."
    answer(as_json, document, lambda: say(f"{said}, {whom}"))


def _recipients(to: str | None) -> tuple[Recipient, ...] | None:
    if to is None:
        return None
    try:
        return tuple(Recipient(each.strip()) for each in to.split(",") if each.strip())
    except ValueError:
        raise Refusal(
            f'"{to}" names nobody at an insurer. Write one or more of: {",".join(Recipient)}'
        ) from None


def _floor(floor: str | None) -> int | None:
    if floor is None:
        return None
    try:
        return max(0, fen(floor))
    except UnreadableValue as why:
        raise Refusal(f'"{floor}" can\'t be read as an amount ({why}). Write yuan such as 200.00.') from None


def _refuse_nonsense(level: int, now: Level) -> None:
    is_errand = now.form is ChaseForm.ERRAND
    if is_errand != (DEFAULTS[level].form is ChaseForm.ERRAND):
        raise Refusal(
            f"{TITLES[level]} can't be {now.form}: levels 7 and 8 are a person's, the others are told."
        )
    if not is_errand and not now.recipients:
        raise Refusal(f"{TITLES[level]} must go to somebody: --to {Recipient.BRANCH}")


def _scope(session: Session, insurer: str | None, shop: str | None) -> tuple[str, int, int | None]:
    if insurer:
        group = group_named(session, insurer).id
        return "insurer_group", group, group
    return ("shop", shop_id(session, shop), None) if shop else ("all", 0, None)


def _look_again(session: Session, since: date) -> None:
    """Cases that wait below a level may now come to it."""
    below = update(ChaseState).where(ChaseState.reason == ChaseReason.BELOW_FLOOR)
    session.execute(below.values(look_again_on=since))
