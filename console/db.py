"""`huikuan db`: the schema of the database."""

import typer
from sqlalchemy.exc import OperationalError

from console.house import unreachable
from console.options import AsJson
from console.output import answer, say
from migrations import schema
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
