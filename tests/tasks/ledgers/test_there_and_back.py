"""Export, import, export: what a ledger says survives the way out of one shop and into another."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.ledger import LedgerBuild
from models.shop import Shop
from models.words import FileKind
from tasks.intake.job import read_ledger
from tasks.ledgers.job import build_ledger
from tasks.ledgers.workbook import workbook_bytes
from tests import factories
from tests.tasks.ledgers.test_editions import generated
from worker.files import keep_content
from worker.job import Night
from worker.settings import settings

ON = date(2026, 11, 21)
COUNTS = (0, 1, 500, 20_000) if os.environ.get("HUIKUAN_TEST_LONG") else (0, 1, 500)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUIKUAN_HOME", str(tmp_path))
    settings.cache_clear()
    return tmp_path


def passed_through(session: Session, home: Path, shop: Shop, content: bytes) -> tuple[bytes, int]:
    """Bring a ledger to a shop and build the ledger of what it knows then: its bytes and rows."""
    at = datetime(2026, 11, 21, 18, tzinfo=UTC)

    def night(**parameters: Any) -> Night:
        return Night(ON, shop.id, shop.code, "system", at, parameters=parameters)

    stored = keep_content(content, ".xlsx")
    file = factories.add_file(session, shop, kind=FileKind.LEDGER, name="台账.xlsx", stored_as=stored)
    read_ledger(session, night(file_id=file.id))
    build_ledger(session, night(month="2026-11"))
    build = session.scalars(select(LedgerBuild).where(LedgerBuild.shop_id == shop.id)).one()
    return (home / build.path).read_bytes(), build.rows


@pytest.mark.parametrize("count", COUNTS)
def test_what_was_exported_comes_back_the_same(session: Session, home: Path, count: int) -> None:
    name = "福源汽车服务"
    first = factories.add_shop(session, name=name)

    exported, rows = passed_through(session, home, first, workbook_bytes(generated(count, name)))
    first.name = "旧店"
    session.flush()
    again, _ = passed_through(session, home, factories.add_shop(session, name=name), exported)

    assert rows == count
    assert again == exported
