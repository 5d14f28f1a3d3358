"""`make run`: the sample shop through one night on the embedded default."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.acceptance.house import House, sample_commands


@pytest.fixture
def house(embedded: House, tmp_path: Path) -> House:
    """Give a copy of the house after its first night."""
    shutil.copytree(embedded.home, tmp_path, dirs_exist_ok=True)
    return House(tmp_path)


def test_the_night_leaves_a_workbook_and_mails(house: House) -> None:
    papers = house.papers()

    assert [name for name in papers if name.startswith("ledgers/") and name.endswith(".xlsx")]
    assert [name for name in papers if name.startswith("outbox/") and name.endswith(".eml")]


def test_every_table_that_a_night_fills_has_rows(house: House) -> None:
    filled = {name for name, rows in house.books().items() if rows}

    assert filled >= {
        "shop", "work_order", "claim_case", "expected_line", "customer_line", "payout", "bank_account",
        "bank_line", "match", "match_part", "deadline", "chase_state", "position", "refund", "notice",
        "ledger_build", "entry", "event", "contact",
    }  # fmt: skip


def test_the_second_run_changes_nothing_and_says_so(house: House) -> None:
    books, papers = house.books(), house.papers()

    said = house.night()

    assert [done.returncode for done in said] == [0] * len(said), said[-1].stderr
    assert house.books() == books
    assert house.papers() == papers
    assert "nothing" in said[-1].stdout.lower()


def test_without_its_seats_the_night_is_done_again_and_changes_nothing(house: House) -> None:
    books = house.books()
    engine = create_engine(house.database)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM seat"))
        connection.execute(text("DELETE FROM run"))
    engine.dispose()

    done = house.run(*sample_commands()[-1])

    assert done.returncode == 0, done.stdout + done.stderr
    assert differences(books, house.books()) == {}


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """Name the tables that differ, with the rows that are new or gone."""
    return {
        name: sorted(set(before[name]) ^ set(after[name]))[:4]
        for name in before
        if before[name] != after[name]
    }
