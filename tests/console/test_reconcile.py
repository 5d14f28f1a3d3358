"""`huikuan reconcile`: shown, planned, tried and taken back by command, on the sample after its night."""

import json
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.console.conftest import Huikuan

ON = ("--date", "2026-11-21")


def lines(huikuan: Huikuan, **facts: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = huikuan("reconcile", "report", "--json").json
    return [line for line in found if all(line[name] == value for name, value in facts.items())]


def test_an_unexplained_transfer_leads_to_its_explanations(huikuan: Huikuan, sample: Path) -> None:
    blind = lines(huikuan, reason="any_set")[0]["line"]
    items = huikuan("todo", "list", "--json").json
    (item,) = [each for each in items if each["subject"] == f"bank_line:{blind}"]

    shown = huikuan(*item["command"].split()[1:])
    document = huikuan("reconcile", "show", blind, "--json").json

    assert item["command"] == f"huikuan reconcile show {blind}"
    assert "explanations of 1" in item["what"]
    assert "chance of coincidence" in shown.out
    assert f"huikuan reconcile accept {blind} --proposal 1" in shown.out
    assert [each["class"] for each in document["detail"]["classes"]][-1] == "any_set"


def test_a_run_is_rehearsed_taken_back_planned_and_applied_again(huikuan: Huikuan, sample: Path) -> None:
    matched = lines(huikuan, outcome="matched")
    (run,) = [each for each in huikuan("reconcile", "runs", "--json").json if each["job"] == "match_lines"]

    rehearsed = huikuan("reconcile", "undo", "--run", run["run"], "--dry-run", *ON)
    stands = lines(huikuan, outcome="matched")
    undone = huikuan(
        "reconcile", "undo", "--run", run["run"], "--look-again", "--with-refunds", *ON, "--json"
    )
    plan = huikuan("reconcile", "plan", *ON, "--json").json
    applied = huikuan("reconcile", "apply", plan["plan"], *ON, "--json")
    twice = huikuan("reconcile", "apply", plan["plan"], *ON)

    assert rehearsed.status == 0, rehearsed.err
    assert rehearsed.out.startswith("Nothing was written; it would say: ")
    assert stands == matched
    assert undone.status == 0, undone.err
    assert plan["lines"] == undone.json["count"] == len(matched)
    assert applied.status == 0, applied.err
    pays = {line["line"]: line["pays"] for line in lines(huikuan, outcome="matched")}
    assert pays == {line["line"]: line["pays"] for line in matched}
    assert (twice.status, "a plan is applied once" in twice.err) == (1, True)


def test_a_setting_is_tried_on_past_lines_and_nothing_is_saved(huikuan: Huikuan, sample: Path) -> None:
    before = huikuan("reconcile", "report").out

    tried = huikuan("reconcile", "try", "--setting", "reconcile.short_percent=0", *ON, "--json").json

    assert len(tried["changed"]) == 8
    assert all(each["as"].startswith("proposed short_paid") for each in tried["changed"])
    assert huikuan("reconcile", "report").out == before
    assert huikuan("setting", "list", "--json").json["set"] == []


def test_a_setting_tried_for_one_insurer_is_what_then_happens_to_its_lines_alone(
    huikuan: Huikuan, sample: Path
) -> None:
    asked = ("reconcile.short_percent=0", "--insurer", "人保财险")

    tried = huikuan("reconcile", "try", "--setting", *asked, *ON, "--json").json["changed"]

    assert 0 < len(tried) < 8
    assert all("人民财产保险" in each["payer"] or "人保" in each["payer"] for each in tried)
    huikuan("setting", "set", "reconcile.short_percent", "0", "--insurer", "人保财险", "--from", ON[1])
    for match in {each["line"]: _match(huikuan, each["line"]) for each in tried}.values():
        huikuan("reconcile", "undo", match, "--look-again", *ON)
    huikuan("job", "run", "match_lines", *ON)
    now = {each["line"]: each for each in huikuan("reconcile", "report", "--json").json}
    stands = {line["line"]: f"{now[line['line']]['outcome']} {now[line['line']]['reason']}" for line in tried}
    assert stands == {each["line"]: each["as"] for each in tried}


def _match(huikuan: Huikuan, line: int) -> str:
    """The number of the match that stands on a line."""
    shown = huikuan("reconcile", "show", str(line), "--json").json["matches"]
    return str(next(each["match"] for each in shown if each["state"] == "applied"))


def test_the_balance_statement_of_an_account_is_written(
    huikuan: Huikuan, sample: Path, tmp_path: Path
) -> None:
    number = huikuan("account", "list", "--json").json[0]["number"]
    target = tmp_path / "statement.xlsx"
    asked = ("--account", number, "--month", "2026-11", "--out", target, *ON)

    first = json.loads(huikuan("reconcile", "statement", *asked, "--json").out)
    again = huikuan("reconcile", "statement", *asked, "--book-balance", first["adjusted_bank"]).out

    assert load_workbook(target).sheetnames[0] == "余额调节表"
    assert "they differ" in again or first["open_items"]["bank_received"]["count"] == 0
