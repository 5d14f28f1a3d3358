"""One night by hand: watched, told, and repeatable."""

from pathlib import Path

from sqlalchemy import func, select

from models.everything import metadata
from models.run import Seat
from tests.console.conftest import NIGHT, SHOP, Huikuan
from worker import db

MACHINERY = {"run", "seat"}


def bring_sample(huikuan: Huikuan) -> None:
    done = huikuan(
        "intake",
        "folder",
        SHOP,
        "--skip",
        "ledger_2026-11.xlsx",
        "--shop",
        "FUYUAN",
        "--authorised-by",
        "王敏",
    )
    assert done.status == 0, done.err


def rows() -> dict[str, int]:
    tables = [table for table in metadata.sorted_tables if table.name not in MACHINERY]
    with db.reading() as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_a_night_tells_what_came_in_was_decided_and_waits(huikuan: Huikuan, home: Path) -> None:
    bring_sample(huikuan)

    said = huikuan("night", "run", "--date", NIGHT)

    assert said.status == 0, said.err
    assert "The night of 2026-11-21 for FUYUAN: succeeded" in said.out
    assert "ledger_2026-10.xlsx" in said.out
    assert "bank lines matched" in said.out
    assert "refund" in said.out.partition("Waits for people")[2]
    assert str(home / "outbox") in said.out
    assert list((home / "ledgers" / "FUYUAN").glob("*.xlsx"))


def test_a_night_run_again_changes_nothing_and_says_so(huikuan: Huikuan, sample: Path) -> None:
    before = rows()

    said = huikuan("night", "run", "--date", NIGHT)

    assert said.status == 0
    assert "nothing was changed" in said.out
    assert rows() == before


def test_a_night_whose_seats_were_taken_away_writes_no_row_twice(huikuan: Huikuan, sample: Path) -> None:
    before = rows()
    with db.transaction() as session:
        session.query(Seat).delete()

    said = huikuan("night", "run", "--date", NIGHT, "--json")

    assert said.status == 0, said.err
    assert rows() == before


def test_a_dry_run_says_what_it_would_write_and_leaves_nothing(huikuan: Huikuan, home: Path) -> None:
    bring_sample(huikuan)
    before = rows()

    said = huikuan("night", "run", "--date", NIGHT, "--dry-run", "--json")

    assert said.status == 0, said.err
    assert said.json["would_write"]["claim_case"] == 165
    assert {each["kind"] for each in said.json["would_send"]} >= {"insurer_chase"}
    assert rows() == before
    assert not (home / "outbox").exists()
    assert not (home / "ledgers").exists()


def test_a_night_without_any_shop_says_how_a_shop_comes_to_be(huikuan: Huikuan) -> None:
    said = huikuan("night", "run")

    assert said.status == 1
    assert said.out == ""
    assert "A shop is created by its first ledger: huikuan intake ledger FILE --shop CODE" in said.err


def test_a_night_of_a_shop_that_is_not_there_is_refused(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("night", "run", "--shop", "NOWHERE")

    assert said.status == 1
    assert "There is no shop NOWHERE, only FUYUAN." in said.err


def test_a_night_that_stops_says_where_and_goes_on_when_what_stopped_it_is_gone(
    huikuan: Huikuan, home: Path
) -> None:
    bring_sample(huikuan)
    (home / "ledgers").write_text("in the way", encoding="utf-8")

    stopped = huikuan("night", "run", "--date", NIGHT)
    (home / "ledgers").unlink()
    again = huikuan("night", "run", "--date", NIGHT, "--json")

    assert stopped.status == 1
    assert "stopped for FUYUAN at the step ledger" in stopped.err
    assert "huikuan night run --date 2026-11-21 --shop FUYUAN" in stopped.err
    assert again.status == 0
    assert again.json["nights"][0]["state"] == "succeeded"


def test_the_status_shows_the_latest_nights(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("night", "status", "--json")

    assert [(each["shop"], each["date"], each["state"]) for each in said.json] == [
        ("FUYUAN", "2026-11-21", "succeeded")
    ]


def test_a_night_is_known_by_who_asked_for_it(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("night", "status", "--json")

    assert said.json[0]["by"] == "operator"
