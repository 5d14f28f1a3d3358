"""`huikuan case explain`: every figure with the entries behind it, down to the rule that decided."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from models.case import Case
from models.event import Event
from models.refund import Position
from models.work_order import WorkOrder
from tests.console.conftest import NIGHT, Huikuan
from worker import db


def explained(huikuan: Huikuan, claim_no: str) -> dict[str, Any]:
    said = huikuan("case", "explain", claim_no, "--json")
    assert said.status == 0, said.err
    found: dict[str, Any] = said.json
    return found


def term(case: dict[str, Any], symbol: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in case["figures"] if each["symbol"] == symbol)
    return found


def test_every_figure_of_a_paid_case_comes_with_its_entries(huikuan: Huikuan, sample: Path) -> None:
    case = explained(huikuan, "LP2026-0001")

    amounts = {each["symbol"]: each["amount"] for each in case["figures"] if each["symbol"]}
    assert amounts == {
        "S": "8952.25", "W": "0.00", "K": "8952.25", "R": "8952.25", "Y": "0.00", "B": "0.00", "Q": "0.00",
    }  # fmt: skip
    assert sorted(entry["amount"] for entry in term(case, "R")["entries"]) == ["2000.00", "6952.25"]
    assert all("bank line" in entry["source"] for entry in term(case, "R")["entries"])
    assert term(case, "K")["entries"][0]["source"] == "ledger_2026-10.xlsx, sheet 台账, row 5"
    assert "U = K + R - (S - W) - Y - B = 8,952.25 + 8,952.25 - (8,952.25 - 0.00)" in case["rule"]["text"]


def test_the_entries_of_every_case_come_to_its_figures(huikuan: Huikuan, sample: Path) -> None:
    with db.reading() as session:
        claims = session.scalars(select(Case.claim_no).order_by(Case.id)).all()

    for claim_no in claims[::7]:
        case = explained(huikuan, claim_no)
        for each in case["figures"]:
            assert each["adds_up"], (claim_no, each)
            assert sum(Decimal(entry["amount"]) for entry in each["entries"]) == Decimal(
                each["entries_amount"]
            )


def test_every_event_of_a_night_is_told_in_a_sentence_of_its_version(huikuan: Huikuan, sample: Path) -> None:
    with db.reading() as session:
        kinds = dict(
            session.execute(
                select(Event.kind, Case.claim_no).join(Case, Case.id == Event.case_id).order_by(Event.id)
            ).all()
        )
    assert len(kinds) > 4

    for kind, claim_no in kinds.items():
        told = [each["sentence"] for each in explained(huikuan, claim_no)["events"] if each["kind"] == kind]
        assert told
        assert not any(each.startswith(kind.replace("_", " ")) for each in told), kind


def test_a_person_reads_clocks_with_their_law_the_chase_and_the_blockers(
    huikuan: Huikuan, sample: Path
) -> None:
    said = huikuan("case", "explain", "LP2026-0008")

    assert said.status == 0, said.err
    assert "decision: from 2026-10-05 to 2026-11-04, missed. 保险法 23(1)" in said.out
    assert "Chasing\n  Since 2026-11-21" in said.out
    assert "the insurer missed a duty on 未分, due on 2026-11-04" in said.out


def test_what_a_case_lacks_is_told_with_the_command(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("case", "explain", "LP2026-0058")

    assert "Before its next stage:\n  LP2026-0058: released on 2026-08-01" in said.out
    assert "huikuan case record LP2026-0058 handover" in said.out


def test_a_bounced_refund_stands_against_the_paid_one(huikuan: Huikuan, sample: Path) -> None:
    refunded = term(explained(huikuan, "LP2026-0017"), "Q")

    assert [(each["kind"], each["amount"]) for each in refunded["entries"]] == [
        ("refund_paid", "1690.19"),
        ("refund_bounced", "-1690.19"),
    ]
    assert (refunded["amount"], refunded["adds_up"]) == ("0.00", True)


def test_a_figure_that_its_entries_do_not_come_to_is_marked(huikuan: Huikuan, sample: Path) -> None:
    with db.transaction() as session:
        order = session.scalars(select(Case.work_order_id).where(Case.claim_no == "LP2026-0001")).one()
        session.execute(update(Position).where(Position.work_order_id == order).values(customer_paid=895_226))

    said = huikuan("case", "explain", "LP2026-0001")

    assert "8952.26  客户已付, received from the customer  <- the entries come to 8952.25" in said.out


def test_figures_older_than_the_money_say_so(huikuan: Huikuan, sample: Path) -> None:
    with db.transaction() as session:
        order = session.scalars(select(Case.work_order_id).where(Case.claim_no == "LP2026-0001")).one()
        session.execute(update(WorkOrder).where(WorkOrder.id == order).values(settle_on=None))
    assert "computes it anew" not in huikuan("case", "explain", "LP2026-0001").out

    paid = huikuan("case", "record", "LP2026-0001", "deposit", "100", "--on", NIGHT, "--date", NIGHT)

    assert paid.status == 0, paid.err
    assert "the next night computes it anew" in huikuan("case", "explain", "LP2026-0001").out


def test_a_case_that_is_not_there_is_refused(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("case", "explain", "LP2026-9999")

    assert said.status == 1
    assert "There is no case LP2026-9999" in said.err
