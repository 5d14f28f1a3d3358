"""Where a recipient can be reached on a channel: the shop's address book, asked by audience."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.bulk import among
from models.case import Case
from models.contact import Contact
from models.insurer import Insurer, InsurerAlias, InsurerGroup
from models.notice import DeadAddress
from models.secrecy import fingerprint
from models.words import Audience, ChannelName, ContactKind
from models.work_order import WorkOrder

_KIND = {
    Audience.CUSTOMER: ContactKind.CUSTOMER,
    Audience.INSURER: ContactKind.INSURER,
    Audience.STAFF: ContactKind.STAFF,
}
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")

Tells = Callable[[Contact], str | None]
"""The live address of a contact on a channel, or None."""


@dataclass(frozen=True)
class Recipient:
    """Who is meant: the full name in the address book; of a customer also the case, for its plate."""

    shop_id: int
    audience: Audience
    name: str
    case_id: int | None


def address_on(
    session: Session, who: Recipient, reached: Tells, known: Sequence[Contact] | None = None
) -> str | None:
    """The address of a recipient on a channel (`live`), or None; one that was refused for good is none.

    A customer by (name, plate), then by the plate of the case alone; an insurer by the branch,
    then by any branch of its group; staff by name. `known` are the contacts of his name, where they are.
    """
    if who.audience is Audience.CUSTOMER:
        return _customer(_people(session, who), who.name, reached)
    if known is None:
        known = session.scalars(_listed(who).where(Contact.name == who.name)).all()
    address = _first(known, reached)
    if address or who.audience is Audience.STAFF:
        return address
    return _any_branch(session, _people(session, who), who.name, reached)


def named(session: Session, expected: Collection[Recipient]) -> dict[Recipient, list[Contact]]:
    """The contacts by the names of insurers and staff of one shop, asked for at once."""
    found: dict[Recipient, list[Contact]] = {who: [] for who in expected if who.audience in _BY_NAME}
    for audience in {who.audience for who in found}:
        every = [who for who in found if who.audience is audience]
        people = _listed(every[0]).where(among(session, Contact.name, {who.name for who in every}))
        by_name: defaultdict[str, list[Contact]] = defaultdict(list)
        for person in session.scalars(people).all():
            by_name[person.name].append(person)
        found |= {who: by_name[who.name] for who in every}
    return found


_BY_NAME = (Audience.INSURER, Audience.STAFF)


def mobile(phone: str | None) -> str | None:
    """The eleven digits of a mobile number of the mainland, the only one that takes our SMS; else None."""
    found = _MOBILE.fullmatch(re.sub(r"[\s-]", "", phone or ""))
    return found[1] if found else None


OPTED_OUT = "opted_out"
"""Why a notice that is no service does not go out."""


def has_opted_out(session: Session, who: Recipient) -> bool:
    """Whether the recipient, or any contact of his name for the car, refused what is no service (PIPL 24)."""
    people = _people(session, who)
    own = [person for person in people if person.name == who.name] or people
    return any(person.opted_out_on for person in own)


def live(session: Session, channel: ChannelName, shop_id: int) -> Tells:
    """What tells the address of a contact of a shop on a channel."""
    by_phone = channel is ChannelName.SMS
    dead = set(
        session.scalars(
            select(DeadAddress.fingerprint).where(
                DeadAddress.shop_id == shop_id,
                DeadAddress.channel == (ChannelName.SMS if by_phone else ChannelName.EMAIL),
            )
        )
    )

    def reached(person: Contact) -> str | None:
        address = mobile(person.phone) if by_phone else (person.email or "").strip()
        return address if address and not (dead and fingerprint(address) in dead) else None

    return reached


def _people(session: Session, who: Recipient) -> Sequence[Contact]:
    people = _listed(who)
    if who.audience is Audience.CUSTOMER:
        people = people.where(Contact.plate_no == _plate(session, who.case_id), Contact.plate_no != "")
    if who.audience is Audience.STAFF:
        people = people.where(Contact.name == who.name)
    return session.scalars(people).all()


def _listed(who: Recipient) -> Select[Contact]:
    of_kind = (Contact.shop_id == who.shop_id, Contact.kind == _KIND[who.audience])
    return select(Contact).where(*of_kind).order_by(Contact.id)


def _first(people: Iterable[Contact], reached: Tells) -> str | None:
    return next((address for person in people if (address := reached(person))), None)


def _plate(session: Session, case_id: int | None) -> str:
    query = (
        select(WorkOrder.plate_no).join(Case, Case.work_order_id == WorkOrder.id).where(Case.id == case_id)
    )
    return session.scalar(query) or ""


def _customer(of_the_car: Sequence[Contact], name: str, reached: Tells) -> str | None:
    # A name alone is not a person: two customers may share it. Nor is a plate that two names claim.
    named = _first((person for person in of_the_car if person.name == name), reached)
    with_address = [person for person in of_the_car if reached(person)]
    if named or len(with_address) != 1:
        return named
    return _first(with_address, reached)


def _any_branch(session: Session, people: Sequence[Contact], branch: str, reached: Tells) -> str | None:
    """The first contact of the branch's group."""
    group = session.scalar(select(Insurer.group_id).where(Insurer.name == branch))
    if group is None:
        return None
    names = {row.name: row.id for row in session.execute(select(InsurerGroup.name, InsurerGroup.id))}
    aliases = session.execute(select(InsurerAlias.alias, InsurerAlias.group_id))
    names |= {row.alias: row.group_id for row in aliases}
    return _first((person for person in people if _group_of(person, names) == group), reached)


def _group_of(person: Contact, names: dict[str, int]) -> int | None:
    """The group a contact speaks for: the one its remark names, else the longest name found in its own."""
    if person.note and person.note.strip() in names:
        return names[person.note.strip()]
    # The longest wins: 太平 stands in 太平洋 too.
    found = max((name for name in names if name in person.name), key=len, default=None)
    return names[found] if found else None
