"""Column types and constraint names shared by every table."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, BigInteger, DateTime, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

from models import secrecy

Id = Integer().with_variant(BigInteger, "postgresql")
"""Surrogate keys: SQLite only numbers rows itself for a column typed INTEGER."""

Json = JSON().with_variant(JSONB, "postgresql")


W = TypeVar("W", bound=StrEnum)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Fen(TypeDecorator[int]):
    """Money in whole fen. A sum of them is an int as well: PostgreSQL hands out NUMERIC."""

    impl = BigInteger
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else int(value)


class Utc(TypeDecorator[datetime]):
    """A moment, stored in UTC and always handed out aware of its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[W], Generic[W]):
    """One of the words of `models.words`, stored as its text."""

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[W]) -> None:
        super().__init__()
        self.words = words
        # Looked up in C: a night reads and writes millions of words. A text that is none raises KeyError.
        self._by_text: dict[str | None, W | None] = {None: None} | {each.value: each for each in words}
        self._texts: dict[str | None, str | None] = {None: None} | {each.value: each.value for each in words}

    def bind_processor(self, dialect: Dialect) -> Any:
        return self._texts.__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return self._by_text.__getitem__

    def process_literal_param(self, value: Any, dialect: Dialect) -> str:
        return f"'{self.words(value).value}'"


class Secret(TypeDecorator[str]):
    """Personal data, encrypted at rest; readable only where a key was given (design 5, keys)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else secrecy.encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else secrecy.decrypt(value)
