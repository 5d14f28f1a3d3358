"""`huikuan setting`: dated settings of the business, for all, a shop or an insurer group."""

import difflib
from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.house import reading, shop_id, writing
from console.insurer_view import group_named
from console.options import AsJson, day
from console.output import answer, say, table
from console.permits import Act
from console.setting_keys import KNOWN
from console.who import person
from models.insurer import InsurerGroup
from models.shop import Setting, Shop
from models.upsert import put
from models.values import Refusal
from worker import clock

app = typer.Typer(help="Settings of the business.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the settings that can be made, and those that were, newest first."""
    with reading() as session:
        made = _made(session)
    known = [{"key": each.key, "default": each.default, "meaning": each.meaning} for each in KNOWN.values()]
    answer(as_json, {"set": made, "known": known}, lambda: _tell(made, known))


def _tell(made: list[dict[str, Any]], known: list[dict[str, Any]]) -> None:
    columns = {"key": "key", "value": "value", "for": "scope", "from": "valid_from", "set by": "by"}
    table(made, columns, "Nothing was set; the defaults hold.")
    say("")
    table(known, {"key": "key", "default": "default", "meaning": "meaning"}, "")


def _made(session: Session) -> list[dict[str, Any]]:
    shops = {row.id: row.code for row in session.execute(select(Shop.id, Shop.code))}
    groups = {row.id: row.name for row in session.execute(select(InsurerGroup.id, InsurerGroup.name))}
    names = {"shop": shops, "insurer_group": groups}
    rows = session.scalars(
        select(Setting).order_by(Setting.key, Setting.valid_from.desc(), Setting.id.desc())
    )
    return [
        {
            "key": row.key,
            "value": row.value,
            "scope": names.get(row.scope, {}).get(row.scope_id, "all"),
            "valid_from": row.valid_from,
            "by": row.set_by,
        }
        for row in rows
    ]


@app.command("set")
def set_(
    key: Annotated[str, typer.Argument(metavar="KEY")],
    value: Annotated[str, typer.Argument(metavar="VALUE")],
    shop: Annotated[str | None, typer.Option("--shop", metavar="CODE", help="For this shop only.")] = None,
    insurer: Annotated[
        str | None, typer.Option("--insurer", metavar="GROUP", help="For this group only.")
    ] = None,
    valid_from: Annotated[
        date | None, typer.Option("--from", parser=day, metavar="DATE", help="From which day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a setting from a day on; what held before stays on record."""
    read = read_value(key, value)
    since = valid_from or clock.today()
    if shop and insurer:
        raise Refusal("A setting is for a shop or for an insurer group, not for both. Leave one of them out.")
    with writing() as session:
        who = person(session, Act.ADMINISTER)
        scope, scope_id = _scope(session, shop, insurer)
        row = {
            "scope": scope,
            "scope_id": scope_id,
            "key": key,
            "valid_from": since,
            "value": read,
            "set_by": who.name,
            "set_at": clock.now(),
        }
        put(session, Setting, [row], ["scope", "scope_id", "key", "valid_from"])
    document = {"key": key, "value": read, "scope": shop or insurer or "all", "valid_from": since}
    answer(as_json, document, lambda: say(f"{key} is {read} for {document['scope']} from {since}."))


def _scope(session: Session, shop: str | None, insurer: str | None) -> tuple[str, int]:
    if shop:
        return "shop", shop_id(session, shop)
    if insurer:
        return "insurer_group", group_named(session, insurer).id
    return "all", 0


def read_value(key: str, value: str) -> object:
    """The value as its key wants it. Raises Refusal for an unknown key or a value it can't have."""
    known = KNOWN.get(key)
    if known is None:
        near = difflib.get_close_matches(key, KNOWN, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise Refusal(f"There is no setting {key}.{hint} See: huikuan setting list")
    if known.choices and value not in known.choices:
        raise Refusal(
            f"{key} can be {' or '.join(known.choices)}, not {value}: huikuan setting set {key} "
            f"{known.choices[0]}"
        )
    if isinstance(known.default, int):
        if not value.isdecimal():
            raise Refusal(
                f'{key} is a whole number, not "{value}": huikuan setting set {key} {known.default}'
            )
        return int(value)
    return value
