"""The door to the database: at the right revision or refused; a new embedded one is made on the way in."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from migrations import schema
from models.shop import Shop
from models.values import Refusal
from worker import db
from worker.settings import settings


def ready() -> None:
    """Raise Refusal unless the database is there and is the one this program was written for."""
    engine = db.engine()
    try:
        if _is_new_embedded(engine):
            schema.upgrade(engine)
        schema.check(engine)
    except OperationalError as error:
        raise unreachable(error) from None


def unreachable(error: OperationalError) -> Refusal:
    """The sentence for a database that does not answer."""
    url = make_url(settings().database).render_as_string(hide_password=True)
    why = str(error.orig).strip().splitlines()[0]
    return Refusal(
        f"The database {url} can't be reached: {why}. Start it, or correct HUIKUAN_DATABASE_URL. See: "
        "huikuan doctor"
    )


def _is_new_embedded(engine: Engine) -> bool:
    if engine.dialect.name != "sqlite":
        return False
    with engine.connect() as connection:
        return schema.current(connection) is None and not engine.dialect.get_table_names(connection)


@contextmanager
def reading() -> Iterator[Session]:
    """Look; nothing can be written."""
    ready()
    with db.reading() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Write; all of it or nothing."""
    ready()
    with db.transaction() as session:
        yield session


def shop_codes(session: Session, only: str | None = None) -> list[str]:
    """The shops asked for. Raises Refusal for one that does not exist, and where there is none at all."""
    codes = list(session.scalars(select(Shop.code).order_by(Shop.code)))
    if only is None and codes:
        return codes
    if only in codes and only is not None:
        return [only]
    first = f"huikuan intake ledger FILE --shop {only or 'CODE'}"
    if not codes:
        raise Refusal(f"There is no shop yet. A shop is created by its first ledger: {first}")
    raise Refusal(
        f"There is no shop {only}, only {', '.join(codes)}. A new one is created by its first ledger: {first}"
    )


def shop_id(session: Session, code: str) -> int:
    """The shop's id. Raises Refusal."""
    shop_codes(session, code)
    return session.execute(select(Shop.id).where(Shop.code == code)).scalar_one()


def the_shop(session: Session, only: str | None) -> str:
    """The one shop meant: named, or the only one there is. Raises Refusal."""
    codes = shop_codes(session, only)
    if len(codes) > 1:
        raise Refusal(f"There are several shops: {', '.join(codes)}. Say which: --shop {codes[0]}")
    return codes[0]
