"""What a letter says of the shop that writes it, and the rates it reckons with."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import bulk
from models.bank import BankAccount
from models.case import Registration
from models.contact import Contact
from models.deadline import InterestRate
from models.shop import Shop
from models.words import ContactKind, Cover, Recipient


def shop_name(session: Session, shop_id: int) -> str:
    """The name letters are written under."""
    return session.execute(select(Shop.name).where(Shop.id == shop_id)).scalar_one()


def own_account(session: Session, shop_id: int) -> Any | None:
    """The first account that a person has registered for the shop: number, holder and bank, or None."""
    query = (
        select(BankAccount.number, BankAccount.holder, BankAccount.bank_name)
        .where(BankAccount.shop_id == shop_id, BankAccount.provisional.is_(False))
        .order_by(BankAccount.id)
        .limit(1)
    )
    return session.execute(query).first()


def registrations(session: Session, case_ids: Collection[int]) -> dict[tuple[int, Cover], str]:
    """立案号 of some claims, by claim and cover."""
    rows = session.execute(
        select(Registration.case_id, Registration.cover, Registration.number).where(
            bulk.among(session, Registration.case_id, case_ids)
        )
    )
    return {(row.case_id, row.cover): row.number for row in rows}


def rates(session: Session) -> list[Any]:
    """The published one-year LPR by day: valid_from, millionths."""
    query = select(InterestRate.valid_from, InterestRate.millionths).order_by(InterestRate.valid_from)
    return list(session.execute(query).all())


def insurer_contacts(session: Session, shop_id: int) -> set[str]:
    """The names of insurers in the address book of a shop."""
    listed = select(Contact.name).where(Contact.shop_id == shop_id, Contact.kind == ContactKind.INSURER)
    return set(session.scalars(listed))


def recipients(known: Collection[str], facts: Any, wanted: tuple[Recipient, ...]) -> list[str]:
    """Whom to address, by the names of the address book, each once; `known` are those that it holds.

    A branch's handler and head are the contacts `<branch> 经办` and `<branch> 理赔负责人`, where there are
    such, else the branch itself. The parent is the contact by the name of the insurer group.
    """
    names = {
        Recipient.HANDLER: f"{facts.insurer} 经办",
        Recipient.HEAD: f"{facts.insurer} 理赔负责人",
        Recipient.BRANCH: facts.insurer,
    }
    found = [names[each] if names.get(each) in known else facts.insurer for each in wanted if each in names]
    parents = [facts.insurer_group] if Recipient.PARENT in wanted and facts.insurer_group else []
    return list(dict.fromkeys([*(found or [facts.insurer]), *parents]))
