"""Differences at the command line: listed, resolved, undone, and refused in a sentence."""

from pathlib import Path

from tests.console.conftest import Huikuan

ON = ("--date", "2026-11-22")


def test_the_samples_differences_are_resolved_and_taken_back(huikuan: Huikuan, sample: Path) -> None:
    listed = huikuan("difference", "list", *ON, "--json").json
    short = next(each for each in listed if each["direction"] == "short")
    over = next(each for each in listed if each["direction"] == "over")

    lacking = huikuan("difference", "resolve", short["id"], "CUSTOMER_TOPUP", *ON)
    entitled = huikuan("difference", "resolve", over["id"], "ENTITLED", *ON, "--json")
    undone = huikuan("difference", "undo", over["id"], "--because", "看错了", *ON, "--json")
    proof = huikuan("money", "check", "--json")

    assert all(each["state"] == "open" and each["age_days"] == 1 for each in listed)
    assert lacking.status == 1
    assert "without his recorded consent" in lacking.err
    assert (entitled.json["state"], entitled.json["result"]) == ("resolved", "ENTITLED")
    assert (undone.json["state"], undone.json["result"]) == ("open", None)
    assert proof.status == 0, proof.out


def test_a_dispute_is_named_on_the_case_and_leaves_the_worklist(huikuan: Huikuan, sample: Path) -> None:
    short = next(
        each for each in huikuan("difference", "list", "--json").json if each["direction"] == "short"
    )

    huikuan("difference", "resolve", short["id"], "DISPUTE", *ON)

    case = huikuan("case", "show", short["claim_no"], "--json").json
    waiting = {item["subject"] for item in huikuan("todo", "list", "--json").json}
    assert case["held_by"] == f"difference {short['id']} of {short['amount']} yuan (DISPUTE)"
    assert f"difference:{short['id']}" not in waiting


def test_the_refund_that_a_dispute_holds_names_it_wherever_it_is_shown(
    huikuan: Huikuan, sample: Path
) -> None:
    listed = huikuan("difference", "list", "--json").json
    due = {
        each["claim_no"] for each in huikuan("case", "list", "--json").json if each["refund_due"] != "0.00"
    }
    short = next(each for each in listed if each["direction"] == "short" and each["claim_no"] in due)
    claim = short["claim_no"]
    huikuan("difference", "resolve", short["id"], "DISPUTE", *ON)
    entered = huikuan(
        "dispute", "open", claim, "--kind", "partial", "--on", "2026-11-20", "--because", "扣残值", *ON
    )
    assert entered.status == 0, entered.err
    assert huikuan("night", "run", "--date", "2026-11-22").status == 0

    told = huikuan("refund", "list").out
    held = huikuan("refund", "list", "--held", "--json").json
    waits = next(each for each in huikuan("todo", "list", "--json").json if each["kind"] == "refund_held")
    explained = huikuan("case", "explain", claim).out
    of_dispute = next(
        each for each in huikuan("difference", "list", "--json").json if each["id"] == short["id"]
    )

    sentence = held[0]["sentence"]
    assert f"差额{short['id']}，ZY-2026-0001（部分赔付决定，2026-11-20）" in sentence
    assert f"difference {short['id']}, ZY-2026-0001 (partial, 2026-11-20)" in sentence
    assert sentence in told
    assert sentence in waits["what"]
    assert waits["command"] == f"huikuan difference resolve {short['id']} RESULT"
    assert sentence in explained
    assert of_dispute["dispute"] == "ZY-2026-0001"


def test_money_by_hand_is_refused_with_the_case_named(huikuan: Huikuan, sample: Path) -> None:
    rate = huikuan("case", "expect", "LP2026-0001", "车损", "100", "--rate", "100%", *ON)
    bill = huikuan("case", "bill", "LP2026-0001", "9000", "--customer", "0", *ON)
    back = huikuan("case", "reverse-payout", "LP2026-0001", "99999", *ON)

    for said in (rate, bill, back):
        assert said.status == 1
        assert "LP2026-0001" in said.err
        assert "huikuan case" in said.err
