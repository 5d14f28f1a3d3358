"""Insurer groups and the names they go by."""

import difflib
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.insurer import Insurer, InsurerAlias, InsurerGroup, ReportPattern
from models.values import Refusal


def groups(session: Session) -> list[dict[str, Any]]:
    """Every group with its names, branches and patterns of report numbers."""
    found = session.execute(
        select(InsurerGroup.id, InsurerGroup.code, InsurerGroup.name).order_by(InsurerGroup.name)
    ).all()
    return [
        {
            "code": row.code,
            "name": row.name,
            "aliases": _texts(session, select(InsurerAlias.alias).where(InsurerAlias.group_id == row.id)),
            "branches": _texts(session, select(Insurer.name).where(Insurer.group_id == row.id)),
            "report_patterns": _texts(
                session, select(ReportPattern.pattern).where(ReportPattern.group_id == row.id)
            ),
        }
        for row in found
    ]


def _texts(session: Session, query: Any) -> list[str]:
    return sorted(session.scalars(query))


def unknown(session: Session) -> list[str]:
    """Insurers named in ledgers whose group is not known."""
    return _texts(session, select(Insurer.name).where(Insurer.group_id.is_(None)))


def group_named(session: Session, text: str) -> InsurerGroup:
    """The group of that code or name. Raises Refusal with the nearest one."""
    found = session.scalars(
        select(InsurerGroup).where(
            or_(InsurerGroup.name == text, func.upper(InsurerGroup.code) == text.upper())
        )
    ).one_or_none()
    if found is not None:
        return found
    names = [name for row in session.execute(select(InsurerGroup.code, InsurerGroup.name)) for name in row]
    near = difflib.get_close_matches(text, names, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise Refusal(f"There is no insurer group {text}.{hint} See: huikuan insurer list")
