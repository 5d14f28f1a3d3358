"""Whether all money adds up, as a person asks and as a night finds out."""

from pathlib import Path

from sqlalchemy import text

from tests.console.conftest import Huikuan
from worker import db


def test_the_sample_shop_adds_up(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("money", "check")
    document = huikuan("money", "check", "--json").json["shops"][0]

    assert said.status == 0, said.err
    assert "Everything adds up." in said.out
    received = next(row for row in document["figures"] if row["figure"] == "received")
    assert received["rows"] == received["entries"] != "0.00"
    assert document["off"] == []


def test_a_row_altered_by_hand_makes_the_next_night_red_and_is_named(huikuan: Huikuan, sample: Path) -> None:
    with db.transaction() as session:
        row = session.execute(text(
            "SELECT p.id, c.claim_no, r.id AS refund FROM payout p JOIN claim_case c ON c.id = p.case_id "
            "JOIN refund r ON r.work_order_id = c.work_order_id WHERE r.state = 'waiting' AND c.is_lead LIMIT 1"
        )).one()  # fmt: skip
        session.execute(text("UPDATE payout SET amount = amount + 1 WHERE id = :id"), {"id": row.id})

    check = huikuan("money", "check")
    night = huikuan("night", "run", "--date", "2026-11-22", "--json")
    approved = huikuan("refund", "approve", row.refund, "--date", "2026-11-23")
    todo = huikuan("todo", "list", "--json").json

    assert check.status == 1
    assert f"{row.claim_no}: the payouts:" in check.out
    assert f"payout {row.id} (" in check.out
    assert night.json["nights"][0]["state"] == "partial"
    assert approved.status == 1
    assert f"Refund {row.refund} is held: " in approved.err
    assert any("prove_money" in item["what"] and row.claim_no in item["what"] for item in _items(todo))


def _items(todo: object) -> list[dict[str, str]]:
    found = todo["items"] if isinstance(todo, dict) else todo
    assert isinstance(found, list)
    return found
