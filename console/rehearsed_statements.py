"""The dry run of bank files: each is read after the one before, and nothing stays, not even a copy."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from console import files, rehearsal, statement_owner
from console.files import Brought, Laying
from console.permits import Act
from console.statement_owner import Owner
from console.who import Person, person
from models.values import Refusal
from models.words import FileKind
from worker.seat import Order

Owned = tuple[Brought, Owner]


def rehearse(
    paths: Sequence[Path], shop: str | None, account: str | None, day: date, said: Mapping[str, bool]
) -> dict[str, Any]:
    """What reading them would write; `refused` holds the sentences of those that would not be read."""
    refused, steps = list[str](), list[dict[str, Any]]()
    owned = _owned(paths, shop, account, day, said["part"], refused)
    new_copies = [brought for brought, _ in owned if files.keep(brought)]
    try:
        with rehearsal.rehearsing() as session:
            who = person(session, Act.BRING_STATEMENT)
            for brought, owner in owned:
                try:
                    with session.begin_nested():
                        steps += _read(session, brought, owner, who, account, day, said)
                except Refusal as refusal:
                    refused.append(str(refusal))
            shops = sorted({owner.code for _, owner in owned})
            document = rehearsal.document_of(session, steps)
            return document | {"date": day, "shops": shops, "refused": refused}
    finally:
        for brought in new_copies:
            files.take_back(brought)


def _owned(
    paths: Sequence[Path], shop: str | None, account: str | None, day: date, is_part: bool, refused: list[str]
) -> list[Owned]:
    """The files that somebody's shop brings; what is nobody's is refused."""
    found = list[Owned]()
    for path in paths:
        try:
            brought = files.bring(path)
            found.append((brought, statement_owner.shop_of(path, shop, account, day, is_part=is_part)))
        except Refusal as refusal:
            refused.append(str(refusal))
    return found


def _read(
    session: Session, brought: Brought, owner: Owner, who: Person, account: str | None, day: date,
    said: Mapping[str, bool],
) -> list[dict[str, Any]]:  # fmt: skip
    """One step; none of a file that was read before."""
    laying = Laying(owner.shop_id, FileKind.STATEMENT, who.name, account_number=account)
    laid = files.lay(session, brought, laying)
    if laid.read_on is not None:
        return []
    order = Order("read_statement", day, owner.code, owner.code)
    return [rehearsal.read_file(session, order, who, brought.name, file_id=laid.file_id, **said)]
