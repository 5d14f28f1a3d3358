"""A worker starts on the database it was written for, and on no other."""

import pytest
from sqlalchemy import text

from worker import app, db


def test_a_worker_starts_on_its_database(database: str) -> None:
    app._right_database()


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [("0001", "bring it up to date: huikuan db upgrade"), ("9999", "a newer version has upgraded it")],
    ids=["behind", "ahead"],
)
def test_a_worker_does_not_start_on_another(database: str, revision: str, sentence: str) -> None:
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})

    with pytest.raises(SystemExit) as refused:
        app._right_database()

    assert sentence in str(refused.value)
