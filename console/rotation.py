"""Rotating the keys of personal data: every encrypted column anew, and what values are looked up by.

The values that are found by a keyed hash (a phone, an address that is dead) get the hash of the newest key
in the same transaction; so the house stands still meanwhile, and starts again with that key alone.
"""

from collections.abc import Iterator

from sqlalchemy import Column, Table, select, update
from sqlalchemy.orm import Session

from models import secrecy
from models.base import Secret
from models.everything import metadata
from models.values import Refusal

_PAGE = 500


def rotate(session: Session) -> dict[str, int]:
    """Encrypt every value with the newest key; says how many by column. Raises Refusal without a new key."""
    if secrecy.key_count() < 2:
        raise Refusal(
            "HUIKUAN_KEYS holds one key: there is nothing to rotate to. Make one (huikuan doctor --new-key), "
            "put it in front of the old one with a blank between, and run the same command again."
        )
    hashes: dict[str, str] = {}
    done = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Secret):
                done[f"{table.name}.{column.name}"] = _encrypt_anew(session, table, column, hashes)
    for name, hashed in (("contact", "phone_fingerprint"), ("dead_address", "fingerprint")):
        _hash_anew(session, metadata.tables[name], hashed, hashes)
    return done


def _encrypt_anew(session: Session, table: Table, column: Column[str], hashes: dict[str, str]) -> int:
    count = 0
    for page in _pages(session, table, column):
        for ident, value in page:
            hashes[secrecy.fingerprint(value)] = secrecy.next_fingerprint(value)
            session.execute(update(table).where(table.c.id == ident).values({column: value}))
        count += len(page)
    return count


def _pages(session: Session, table: Table, column: Column[str]) -> Iterator[list[tuple[int, str]]]:
    after = 0
    wanted = select(table.c.id, column).where(column.is_not(None)).order_by(table.c.id).limit(_PAGE)
    while page := [(row[0], row[1]) for row in session.execute(wanted.where(table.c.id > after))]:
        yield page
        after = page[-1][0]


def _hash_anew(session: Session, table: Table, name: str, hashes: dict[str, str]) -> None:
    """A hash whose value is no longer known anywhere finds nothing any more, and stays."""
    column = table.c[name]
    known = select(column).where(column.is_not(None)).distinct().order_by(column)
    for before in session.scalars(known).all():
        if before in hashes:
            session.execute(update(table).where(column == before).values({name: hashes[before]}))
