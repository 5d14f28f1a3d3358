"""Insurers: groups, their branches, the names they go by and their report numbers."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id


class InsurerGroup(Base):
    """An insurance company as a whole, e.g. 人保财险; payments are matched on it, never on a branch."""

    __tablename__ = "insurer_group"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)


class Insurer(Base):
    """A branch as written on policies and ledgers; letters go to it."""

    __tablename__ = "insurer"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("insurer_group.id"), index=True)
    name: Mapped[str] = mapped_column(String(128), unique=True)


class InsurerAlias(Base):
    """A text that names a group when it stands anywhere in a payer's name; `priority` decides a tie."""

    __tablename__ = "insurer_alias"

    alias: Mapped[str] = mapped_column(String(128), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("insurer_group.id"), index=True)


class ReportPattern(Base):
    """What a group's report numbers look like, as a regular expression over the upper-cased number."""

    __tablename__ = "report_pattern"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("insurer_group.id"))
    pattern: Mapped[str] = mapped_column(String(128), unique=True)
