"""Stage facts, closing and reopening by hand, and what the worklist says of them."""

from pathlib import Path
from typing import Any

from tests.console.conftest import NIGHT, Huikuan

LATER = "2026-11-22"


def waiting(huikuan: Huikuan, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = huikuan("todo", "list", "--json").json
    return [each for each in found if each["kind"] == kind]


def test_what_lacks_before_the_next_stage_waits_with_its_command(huikuan: Huikuan, sample: Path) -> None:
    handover = [
        each for each in waiting(huikuan, "stage_gate") if each["command"].endswith("LP2026-0058 handover")
    ]

    assert len(handover) == 1
    assert handover[0]["owner"] == "handler"
    assert handover[0]["since"] == "2026-08-08"


def test_a_recorded_fact_takes_it_from_the_list_at_once(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("case", "record", "LP2026-0058", "handover", "--date", NIGHT)

    assert said.status == 0, said.err
    assert said.out.startswith("LP2026-0058: handover on 2026-11-21 is recorded.\n")
    assert not [each for each in waiting(huikuan, "stage_gate") if "LP2026-0058" in each["command"]]
    again = huikuan("case", "record", "LP2026-0058", "handover", "--date", NIGHT)
    assert "was recorded before; nothing was changed." in again.out


def test_a_refused_fact_names_the_next_step(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("case", "record", "LP2026-0001", "invoice", "8952.26", "--date", NIGHT)

    assert said.status == 1
    assert "huikuan case record LP2026-0001 invoice 8952.25" in said.err


def test_a_case_with_nothing_in_the_way_is_closed_and_opened_again(huikuan: Huikuan, sample: Path) -> None:
    claim = waiting(huikuan, "closable")[0]["command"].split()[-1]

    closed = huikuan("case", "close", claim, "--date", NIGHT, "--json")
    twice = huikuan("case", "close", claim, "--date", LATER)
    opened = huikuan("case", "reopen", claim, "--because", "保险公司补赔", "--date", LATER)
    told = huikuan("case", "explain", claim)

    assert closed.json == {
        "claim_no": claim, "shop": "FUYUAN", "stage": "closed", "closed_date": NIGHT, "closed_by": "operator",
    }  # fmt: skip
    assert twice.out == f"{claim} was closed on {NIGHT} by operator.\n"
    assert opened.out == f"{claim} is open again, at payout.\n"
    assert "it was closed on 2026-11-21 by operator with nothing in the way" in told.out
    assert "it was opened again: 保险公司补赔; it had been closed on 2026-11-21 by operator" in told.out


def test_closing_lists_what_is_in_the_way_and_writes_nothing(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("case", "close", "LP2026-0001", "--date", NIGHT)

    assert said.status == 1
    assert "LP2026-0001 can't be closed, 2 things are in the way:\n" in said.err
    assert "huikuan case record LP2026-0001 deposit-receipt" in said.err
    assert huikuan("case", "show", "LP2026-0001", "--json").json["stage"] == "payout"


def test_what_people_did_since_the_night_counts_at_once(huikuan: Huikuan, sample: Path) -> None:
    claim = "LP2026-0001"
    refund = next(each for each in huikuan("refund", "list", "--json").json if each["claim_no"] == claim)
    huikuan("case", "record", claim, "deposit-receipt", "--date", NIGHT)
    before = huikuan("case", "close", claim, "--date", NIGHT)

    huikuan("refund", "approve", refund["id"], "--date", NIGHT)
    paid = huikuan("refund", "paid", refund["id"], "--on", NIGHT, "--date", NIGHT)
    unsigned = huikuan("case", "close", claim, "--date", NIGHT)
    huikuan("case", "record", claim, "signature", refund["payee"], "--date", NIGHT)
    closed = huikuan("case", "close", claim, "--date", NIGHT)

    assert (before.status, unsigned.status, paid.status) == (1, 1, 0)
    assert "go back to the customer and are not paid" in before.err
    assert "one thing is in the way" in unsigned.err
    assert f"nobody signed for refund {refund['id']}" in unsigned.err
    assert closed.out == f"{claim} is closed on {NIGHT} by operator.\n"
    assert huikuan("money", "check").status == 0


def test_money_that_moved_since_the_night_stands_in_the_way_at_once(huikuan: Huikuan, sample: Path) -> None:
    claim = waiting(huikuan, "closable")[0]["command"].split()[-1]
    huikuan("case", "record", claim, "deposit", "100", "--date", NIGHT)

    said = huikuan("case", "close", claim, "--date", NIGHT)

    assert said.status == 1
    assert "100.00 yuan go back to the customer and are not paid (应退未退)" in said.err
    assert "huikuan case record" in said.err, "and the receipt of the deposit is still out"


def test_whoever_may_not_is_refused(huikuan: Huikuan, sample: Path) -> None:
    huikuan("case", "close", "LP2026-0001")
    not_closed = huikuan("case", "reopen", "LP2026-0001", "--because", "补赔")
    unknown = huikuan("case", "close", "LP2026-9999")

    assert (not_closed.status, unknown.status) == (1, 1)
    assert "LP2026-0001 is not closed (it stands at payout)" in not_closed.err
    assert "There is no case LP2026-9999" in unknown.err
