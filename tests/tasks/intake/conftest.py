"""A shop whose files lie where the night looks for them."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.reference import load
from models.shop import Shop
from models.source_file import SourceFile
from models.words import FileKind, FileState
from worker.job import Night
from worker.settings import settings

Bring = Callable[..., SourceFile]
NightOf = Callable[[date], Night]


@pytest.fixture
def bring(session: Session, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bring:
    """Store a file of the shop's, so that it waits to be read."""
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path))
    settings.cache_clear()
    load(session)

    def store(path: Path, kind: FileKind = FileKind.LEDGER, authorised_by: str | None = None) -> SourceFile:
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        settings().files.mkdir(parents=True, exist_ok=True)
        (settings().files / digest).write_bytes(content)
        row = SourceFile(
            shop_id=shop.id, kind=kind, name=path.name, sha256=digest, stored_as=digest, rows=0,
            state=FileState.WAITING, authorised_by=authorised_by, brought_by="孙颖",
            received_at=datetime(2026, 11, 21, 1, tzinfo=UTC),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    return store


@pytest.fixture
def night_of(shop: Shop) -> NightOf:
    def night(day: date) -> Night:
        at = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        return Night(date=day, shop_id=shop.id, shop_code=shop.code, by="system", at=at)

    return night
