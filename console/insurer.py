"""`huikuan insurer`: which names mean which insurance company."""

from typing import Annotated, Any

import typer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from console import insurer_view
from console.house import reading, writing
from console.options import AsJson
from console.output import answer, say, table
from console.permits import Act
from console.who import person
from models.insurer import Insurer, InsurerAlias
from models.upsert import changed_rows, put

app = typer.Typer(help="Insurance companies and their names.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the groups with the names they go by, and the insurers whose group is not known."""
    with reading() as session:
        document = {"groups": insurer_view.groups(session), "unknown": insurer_view.unknown(session)}
    answer(as_json, document, lambda: _tell(document))


def _tell(document: dict[str, Any]) -> None:
    rows = [
        row | {"names": "、".join(row["aliases"]), "known": len(row["branches"])}
        for row in document["groups"]
    ]
    table(
        rows,
        {"code": "code", "group": "name", "branches": "known", "names": "names"},
        "There are no insurers.",
    )
    for name in document["unknown"]:
        say(f"unknown: {name}", f'    huikuan insurer alias "{name}" GROUP')


@app.command()
def alias(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A text that stands in a payer's or branch's name.")
    ],
    group: Annotated[str, typer.Argument(metavar="GROUP", help="The group, by code or name.")],
    as_json: AsJson = False,
) -> None:
    """Say which group a name means: for payers from now on, and for branches of that name."""
    with writing() as session:
        person(session, Act.ADMINISTER)
        meant = insurer_view.group_named(session, group)
        put(session, InsurerAlias, [{"alias": name, "group_id": meant.id}], ["alias"])
        branches = _join(session, name, meant.id)
        document = {"alias": name, "group": meant.name, "branches": branches}
    answer(
        as_json, document, lambda: say(f"{name} means {document['group']}; {branches} branches joined it.")
    )


def _join(session: Session, name: str, group_id: int) -> int:
    """Branches without a group whose name holds the text, and the branch of exactly this name."""
    fits = select(Insurer.id).where(
        ((Insurer.group_id.is_(None)) & Insurer.name.contains(name, autoescape=True)) | (Insurer.name == name)
    )
    ids = list(session.scalars(fits))
    return changed_rows(session.execute(update(Insurer).where(Insurer.id.in_(ids)).values(group_id=group_id)))
