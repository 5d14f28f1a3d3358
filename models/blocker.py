"""What a case lacks before it may go on: before its next stage, or before it may be closed."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Word
from models.upsert import put
from models.words import Gate

_CHUNK = 500


class Blocker(Base):
    """One thing that is missing, since when, and what to do; gone when it is no longer so."""

    __tablename__ = "blocker"
    __table_args__ = (UniqueConstraint("case_id", "gate", "code"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    gate: Mapped[Gate] = mapped_column(Word(Gate))
    code: Mapped[str] = mapped_column(String(48))
    sentence: Mapped[str] = mapped_column(Text)
    since: Mapped[date]


Lack = tuple[str, str, date | None]
"""What a rule found missing: a code, what is so and what to do, since when (None: since it was seen)."""


def bring_up_to_date(
    session: Session, gate: Gate, shop_id: int, on: date, found: Mapping[int, Collection[Lack]]
) -> int:
    """Make the blockers of these cases what was found, by case id; returns how many came, changed or went.

    A case without lacks has none any more. What stands there already is not written again.
    """
    ids = sorted(found)
    standing = {(row.case_id, row.code): row for row in _standing(session, gate, ids)}
    rows = []
    for case_id in ids:
        for code, sentence, begun in found[case_id]:
            known = standing.pop((case_id, code), None)
            since = begun or (known.since if known else on)
            if known is None or (known.sentence, known.since) != (sentence, since):
                rows.append({
                    "shop_id": shop_id, "case_id": case_id, "gate": gate, "code": code,
                    "sentence": sentence, "since": since,
                })  # fmt: skip
    put(session, Blocker, rows, ["case_id", "gate", "code"])
    gone = sorted(row.id for row in standing.values())
    for start in range(0, len(gone), _CHUNK):
        session.execute(delete(Blocker).where(Blocker.id.in_(gone[start : start + _CHUNK])))
    return len(rows) + len(gone)


def _standing(session: Session, gate: Gate, ids: list[int]) -> Iterator[Any]:
    known = select(Blocker.id, Blocker.case_id, Blocker.code, Blocker.sentence, Blocker.since)
    for start in range(0, len(ids), _CHUNK):
        chunk = Blocker.case_id.in_(ids[start : start + _CHUNK])
        yield from session.execute(known.where(Blocker.gate == gate, chunk).order_by(Blocker.id)).all()
