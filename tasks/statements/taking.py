"""A bank file beside what is known already: its statements, whose they are, and which lines are new."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from models.source_file import SourceFile
from models.values import Refusal
from tasks.statements import queries
from tasks.statements.accounts import KnownShop
from tasks.statements.placing import New, new_lines
from tasks.statements.reading import Reading, readings, readings_of
from tasks.statements.rules import Given
from worker.job import Night
from worker.whole_file import whole_bytes


@dataclass(frozen=True)
class Taken:
    """One statement of a file: what it came to, and those of its lines that no earlier file brought."""

    reading: Reading
    new: list[New]
    is_part: bool


def taken(session: Session, night: Night, file: SourceFile) -> list[Taken]:
    """Read a stored bank file and find what is new in it; writes nothing. Raises Refusal."""
    is_part = bool(night.parameters.get("part"))
    whole_days = bool(night.parameters.get("whole_days"))
    registry = queries.registry(session)
    account = file.account_number or registry.expected_for(file.name)
    profiles = [each.layout for each in queries.profiles(session, file.shop_id, account)]
    found = readings(file, registry, profiles, night.date, is_part=is_part)
    return [Taken(each, _new(session, file, each, whole_days=whole_days), is_part) for each in found]


def _new(session: Session, file: SourceFile, found: Reading, *, whole_days: bool) -> list[New]:
    account = queries.account_id(session, found.owner.number)
    days = {line.booked_on for line in found.statement.lines}
    known = queries.known_lines(session, account, days) if account is not None else []
    return new_lines(file.name, found.statement, known, whole_days=whole_days)


def shop_of(session: Session, path: Path, account: str | None, latest: date, *, is_part: bool) -> KnownShop:
    """The one shop that a bank file is of, by reading it. Raises Refusal."""
    registry = queries.registry(session)
    expected = account or registry.expected_for(path.name)
    profiles = [each.layout for each in queries.profiles(session, None, expected)]
    given = Given(account, profiles, is_part)
    found = readings_of(path.name, whole_bytes(path), given, registry, latest)
    shops = {each.owner.shop.code: each.owner.shop for each in found}
    if len(shops) > 1:
        raise Refusal(
            f"{path.name} holds accounts of several shops: {', '.join(sorted(shops))}. Export each shop's "
            "accounts on their own: huikuan intake statement FILE"
        )
    return next(iter(shops.values()))
