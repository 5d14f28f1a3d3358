"""What people decide by command: refunds, bank matches, facts that move money."""

from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import NIGHT, Huikuan

ON = ("--date", NIGHT)


def waiting_refund(huikuan: Huikuan) -> dict[str, Any]:
    found: dict[str, Any] = huikuan("refund", "list", "--state", "waiting", "--json").json[0]
    return found


def test_an_approved_refund_is_approved_once(huikuan: Huikuan, sample: Path) -> None:
    refund = waiting_refund(huikuan)

    approved = huikuan("refund", "approve", refund["id"], *ON, "--json")
    again = huikuan("refund", "approve", refund["id"], *ON)

    assert approved.status == 0, approved.err
    assert (approved.json["state"], approved.json["approved_by"]) == ("approved", "operator")
    assert again.status == 1
    assert f"Refund {refund['id']} is approved, not waiting" in again.err


def test_a_declined_refund_says_why(huikuan: Huikuan, sample: Path) -> None:
    refund = waiting_refund(huikuan)

    declined = huikuan("refund", "decline", refund["id"], "--because", "客户要求暂缓", *ON, "--json")

    assert declined.status == 0, declined.err
    assert (declined.json["state"], declined.json["declined_because"]) == ("declined", "客户要求暂缓")


def test_a_refund_that_does_not_exist_is_refused(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("refund", "approve", 9999)

    assert said.status == 1
    assert said.err == "There is no refund 9999. See: huikuan refund list\n"


def test_an_accepted_proposal_pays_the_case_and_the_next_look_shows_it(
    huikuan: Huikuan, sample: Path
) -> None:
    report = huikuan("reconcile", "report", "--outcome", "proposed", "--json").json
    line = next(each for each in report if each["reason"] == "any_set")
    part = line["proposals"][0]["pays"][0]
    claim_no = part["claim_no"]

    accepted = huikuan("reconcile", "accept", line["line"], "--proposal", "1", *ON, "--json")
    again = huikuan("reconcile", "accept", line["line"], *ON)
    night = huikuan("night", "run", *ON)
    case = huikuan("case", "show", claim_no, "--json").json

    assert accepted.status == 0, accepted.err
    assert accepted.json["outcome"] == "matched"
    assert accepted.json["pays"][0]["claim_no"] == claim_no
    assert again.status == 1
    assert "is matched already" in again.err
    assert "nothing was changed" not in night.out
    assert case["money"]["received"] == part["amount"]


def test_a_rejected_proposal_is_not_made_again(huikuan: Huikuan, sample: Path) -> None:
    line = huikuan("reconcile", "report", "--outcome", "proposed", "--json").json[0]

    rejected = huikuan("reconcile", "reject", line["line"], *ON, "--json")

    assert rejected.status == 0, rejected.err
    assert (rejected.json["outcome"], rejected.json["proposals"]) == ("unmatched", [])


def test_a_bank_line_that_does_not_exist_is_refused(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("reconcile", "accept", 9999)

    assert said.status == 1
    assert said.err == "There is no bank line 9999. See: huikuan reconcile report\n"


def test_the_report_says_of_each_line_what_programs_need(huikuan: Huikuan, sample: Path) -> None:
    lines = huikuan("reconcile", "report", "--json").json

    assert len(lines) == 109
    for line in lines:
        assert set(line) >= {"file", "date", "payer", "amount", "memo", "outcome", "reason", "pays"}
        assert line["outcome"] in {"matched", "proposed", "unmatched", "ignored"}
        assert line["reason"]


def test_the_report_can_be_of_some_days(huikuan: Huikuan, sample: Path) -> None:
    lines = huikuan("reconcile", "report", "--from", "2026-11-03", "--to", "2026-11-04", "--json").json

    assert {line["date"] for line in lines} == {"2026-11-03", "2026-11-04"}


def test_a_case_is_shown_whole(huikuan: Huikuan, sample: Path) -> None:
    case = huikuan("case", "show", "LP2026-0001", "--json").json

    assert set(case) >= {
        "claim_no", "work_order_no", "plate_no", "insurer", "agency", "stage", "money", "deadlines", "chase",
        "refunds", "notices", "events",
    }  # fmt: skip
    assert case["money"] == {
        "bill": "8952.25", "expected": "8952.25", "received": "8952.25", "over_receipt": "0.00",
        "third_party": "0.00", "customer_paid": "8952.25", "write_off": "0.00", "refunded": "0.00",
        "surplus": "8952.25", "refund_due": "8952.25", "topup_due": "0.00", "releasable": "8952.25",
        "refund_to_claim": "0.00",
    }  # fmt: skip
    assert [refund["state"] for refund in case["refunds"]] == ["waiting"]


def test_a_case_that_does_not_exist_is_refused(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("case", "show", "LP1999-0001")

    assert said.status == 1
    assert said.err == "There is no case LP1999-0001. See: huikuan case list\n"


def test_cases_are_found_by_plate_and_stage(huikuan: Huikuan, sample: Path) -> None:
    by_plate = huikuan("case", "list", "--plate", "苏G D96500", "--json").json
    by_stage = huikuan("case", "list", "--stage", "closed", "--json").json

    assert [case["claim_no"] for case in by_plate] == ["LP2026-0001"]
    assert {case["stage"] for case in by_stage} == {"closed"}


def test_a_recorded_fact_is_on_the_trail_with_its_proof(
    huikuan: Huikuan, sample: Path, tmp_path: Path
) -> None:
    proof = tmp_path / "协议.pdf"
    proof.write_bytes(b"%PDF-1.7 a signed agreement")
    record = (
        "case",
        "record",
        "LP2026-0026",
        "agreement",
        "1700",
        "--on",
        "2026-11-20",
        *ON,
        "--proof",
        proof,
    )

    first = huikuan(*record, "--json")
    second = huikuan(*record, "--json")

    case = huikuan("case", "show", "LP2026-0026", "--json").json
    recorded = [each for each in case["events"] if each["kind"] == "recorded_agreement"]
    assert (first.json["recorded"], second.json["recorded"]) == (True, False)
    assert case["settlement_agreed_on"] == "2026-11-20"
    assert len(recorded) == 1
    assert recorded[0]["inputs"]["proof"] == "协议.pdf"
    assert (sample / "files" / recorded[0]["inputs"]["proof_stored_as"]).read_bytes() == proof.read_bytes()


def test_a_deposit_raises_what_goes_back_after_the_next_night(huikuan: Huikuan, sample: Path) -> None:
    before = huikuan("case", "show", "LP2026-0001", "--json").json["money"]

    huikuan("case", "record", "LP2026-0001", "deposit", "100.50", "--on", "2026-11-20", *ON)
    huikuan("night", "run", *ON)

    after = huikuan("case", "show", "LP2026-0001", "--json").json["money"]
    assert before["customer_paid"] == "8952.25"
    assert after["customer_paid"] == "9052.75"
    assert after["refund_due"] == "9052.75"


@pytest.mark.parametrize(
    ("fact", "value", "on", "sentence"),
    [
        ("acceptance", "张三", "2031-01-01", "2031-01-01 is after 2026-11-21"),
        ("deposit", "1.005", "2026-11-20", "more than two decimals"),
        ("deposit", "-5", "2026-11-20", "wants an amount above zero"),
        ("resubmission", "再交", "2026-11-20", "is not back here"),
        ("consent", "1", "2026-11-20", "a consent is to the whole of it"),
        ("third-party-proof", "1", "2026-11-20", "a proof is of the whole of it"),
    ],
)
def test_a_fact_that_cannot_be_so_is_refused(
    fact: str, value: str, on: str, sentence: str, huikuan: Huikuan, sample: Path
) -> None:
    said = huikuan("case", "record", "LP2026-0026", fact, "--on", on, *ON, "--", value)

    assert said.status == 1
    assert sentence in said.err
