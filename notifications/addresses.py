"""Where a recipient can be reached: the shop's address book, asked by audience."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.contact import Contact
from models.insurer import Insurer, InsurerAlias, InsurerGroup
from models.words import Audience, ContactKind
from models.work_order import WorkOrder

_KIND = {
    Audience.CUSTOMER: ContactKind.CUSTOMER,
    Audience.INSURER: ContactKind.INSURER,
    Audience.STAFF: ContactKind.STAFF,
}


def mail_address(
    session: Session, *, shop_id: int, audience: Audience, recipient: str, case_id: int | None
) -> str | None:
    """The mail address of a recipient, or None.

    A customer by (name, plate), then by the plate of the case alone; an insurer by the branch,
    then by any branch of its group; staff by name.
    """
    people = (
        select(Contact)
        .where(Contact.shop_id == shop_id, Contact.kind == _KIND[audience], Contact.email.is_not(None))
        .order_by(Contact.id)
    )
    if audience is Audience.CUSTOMER:
        of_the_car = people.where(Contact.plate_no == _plate(session, case_id), Contact.plate_no != "")
        return _customer(session.scalars(of_the_car).all(), recipient)
    named = _first(session.scalars(people.where(Contact.name == recipient)))
    if named or audience is Audience.STAFF:
        return named
    return _any_branch(session, session.scalars(people).all(), recipient)


def _first(people: Iterable[Contact]) -> str | None:
    return next((person.email.strip() for person in people if person.email and person.email.strip()), None)


def _plate(session: Session, case_id: int | None) -> str:
    query = (
        select(WorkOrder.plate_no).join(Case, Case.work_order_id == WorkOrder.id).where(Case.id == case_id)
    )
    return session.scalar(query) or ""


def _customer(of_the_car: Sequence[Contact], name: str) -> str | None:
    # A name alone is not a person: two customers may share it. Nor is a plate that two names claim.
    named = _first(person for person in of_the_car if person.name == name)
    if named or len(of_the_car) != 1:
        return named
    return _first(of_the_car)


def _any_branch(session: Session, people: Sequence[Contact], branch: str) -> str | None:
    """The first contact of the branch's group."""
    group = session.scalar(select(Insurer.group_id).where(Insurer.name == branch))
    if group is None:
        return None
    names = {row.name: row.id for row in session.execute(select(InsurerGroup.name, InsurerGroup.id))}
    aliases = session.execute(select(InsurerAlias.alias, InsurerAlias.group_id))
    names |= {row.alias: row.group_id for row in aliases}
    return _first(person for person in people if _group_of(person, names) == group)


def _group_of(person: Contact, names: dict[str, int]) -> int | None:
    """The group a contact speaks for: the one its remark names, else the longest name found in its own."""
    if person.note and person.note.strip() in names:
        return names[person.note.strip()]
    # The longest wins: 太平 stands in 太平洋 too.
    found = max((name for name in names if name in person.name), key=len, default=None)
    return names[found] if found else None
