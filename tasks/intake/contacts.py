"""Writing contacts: a known one takes what the list says and keeps what the list leaves empty."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.contact import Contact
from models.secrecy import fingerprint
from models.words import ContactKind
from tasks.intake.contact_list import ListedContact
from worker.job import Night

Key = tuple[ContactKind, str, str]
SAID = ("phone", "email", "note")


def write_contacts(session: Session, night: Night, listed: Sequence[ListedContact]) -> int:
    """Add and update the shop's contacts; returns how many were new or changed."""
    found = session.scalars(select(Contact).where(Contact.shop_id == night.shop_id).order_by(Contact.id))
    known: dict[Key, Contact] = {(row.kind, row.name, row.plate_no): row for row in found}
    changed = 0
    for each in listed:
        key = (each.kind, each.name, each.plate_no)
        is_new = key not in known
        if is_new:
            known[key] = Contact(
                shop_id=night.shop_id, kind=each.kind, name=each.name, plate_no=each.plate_no
            )
            session.add(known[key])
        changed += _take(known[key], each) or is_new
    session.flush()
    return changed


def _take(row: Contact, each: ListedContact) -> bool:
    said = {name: getattr(each, name) for name in SAID}
    new = {name: value for name, value in said.items() if value and value != getattr(row, name)}
    for name, value in new.items():
        setattr(row, name, value)
    if "phone" in new:
        row.phone_fingerprint = fingerprint(new["phone"])
    return bool(new)
