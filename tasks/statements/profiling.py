"""Layouts that people explained: remembered with who and when, and used until somebody removes them."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.statement import StatementProfile
from models.values import Refusal
from models.words import Role
from worker.job import Night

# Whoever may bring bank files says what stands in them; without staff it is the operator (design 5).
_MAY = (Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN, "operator")


def keep(session: Session, night: Night) -> None:
    """Remember a mapping; an earlier one for the same headings and account gives way to it."""
    _refuse_others(night)
    said = night.parameters
    same = session.scalars(
        select(StatementProfile).where(
            StatementProfile.shop_id == night.shop_id, StatementProfile.removed_at.is_(None)
        )
    )
    for each in same:
        if each.headings == list(said["headings"]) and each.account_number == said["account"]:
            _put_away(session, night, each.id)
    session.add(
        StatementProfile(
            shop_id=night.shop_id,
            account_number=said["account"],
            headings=list(said["headings"]),
            mapping=dict(said["mapping"]),
            made_from=str(said["made_from"])[:255],
            made_by=night.by,
            made_at=night.at,
        )
    )
    session.flush()


def remove(session: Session, night: Night, number: int) -> int:
    """Raises Refusal for one that is not there, is another shop's, or was removed."""
    _refuse_others(night)
    found = session.get(StatementProfile, number)
    if found is None or found.shop_id != night.shop_id or found.removed_at is not None:
        raise Refusal(
            f"{night.shop_code} keeps no profile {number}. See: "
            f"huikuan statement profiles --shop {night.shop_code}"
        )
    _put_away(session, night, number)
    return 1


def _refuse_others(night: Night) -> None:
    role = night.parameters.get("role")
    if role not in _MAY:
        raise Refusal(
            f"{night.by} is {role} and may not say how bank files are read: that is for an accountant, "
            "manager or admin. Log in as one: huikuan login NAME"
        )


def _put_away(session: Session, night: Night, number: int) -> None:
    session.execute(
        update(StatementProfile)
        .where(StatementProfile.id == number)
        .values(removed_by=night.by, removed_at=night.at)
    )
