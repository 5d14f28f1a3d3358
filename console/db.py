"""`huikuan db`: the schema of the database."""

from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from console import rotation
from console.house import unreachable, writing
from console.options import AsJson
from console.output import answer, say
from console.permits import Act
from console.who import person
from migrations import roles, schema
from worker import db

app = typer.Typer(help="The database.")


@app.callback()
def _noun() -> None:
    """The database."""


@app.command()
def upgrade(as_json: AsJson = False) -> None:
    """Bring tables and reference data to the revision this program needs."""
    try:
        revision = schema.upgrade(db.engine())
    except OperationalError as error:
        raise unreachable(error) from None
    answer(as_json, {"revision": revision}, lambda: say(f"The database is at revision {revision}."))


@app.command()
def grant(
    role: Annotated[str, typer.Argument(metavar="ROLE", help="A role of PostgreSQL that owns nothing.")],
    read_only: Annotated[bool, typer.Option("--read-only", help="It may only read.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give a PostgreSQL role what the program needs and no more: it can't alter or delete the books."""
    try:
        tables = roles.grant(db.engine(), role, read_only=read_only)
    except OperationalError as error:
        raise unreachable(error) from None
    what = "read" if read_only else "work on, but not rewrite,"
    answer(as_json, {"role": role, "tables": tables}, lambda: say(f"{role} may {what} {tables} tables."))


@app.command("rotate-keys")
def rotate_keys(as_json: AsJson = False) -> None:
    """Encrypt all personal data anew with the first of HUIKUAN_KEYS; then the others can be taken away."""
    with writing() as session:
        person(session, Act.ADMINISTER)
        rotated = rotation.rotate(session)
    count = sum(rotated.values())
    told = f"{count} values of {len(rotated)} columns are encrypted with the first key alone."
    answer(
        as_json, {"columns": rotated}, lambda: say(told, "Take the others out of HUIKUAN_KEYS and restart.")
    )
