"""What came out of the sample, held against what is true of it."""

from collections import Counter
from typing import Any

import pytest

from tests.acceptance.house import SAMPLE, TRUTH, House

CERTAIN = {"exact", "cover"}
"""Lines that the bank's words and the amount prove."""

UNCERTAIN_CLAIMS = {claim for line in TRUTH["lines"] if line["kind"] not in CERTAIN for claim in line["pays"]}


@pytest.fixture(scope="session")
def november(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Give a house that has November's ledger, typed by hand, beside the bank files that say the same."""
    house = House(tmp_path_factory.mktemp("november"))
    for words in (
        ("intake", "folder", str(SAMPLE), "--shop", "FUYUAN", "--authorised-by", "王敏"),
        ("night", "run", "--date", TRUTH["as_of"]),
    ):
        done = house.run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
    return house


@pytest.fixture(scope="session", params=["embedded", "november"])
def house(request: pytest.FixtureRequest) -> House:
    """Give the sample as truth.json speaks of it (October's ledger and the bank files), and with November's ledger."""
    found: House = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def report(house: House) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """Give the reported lines under what identifies them in the truth."""
    lines: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for line in house.ask("reconcile", "report"):
        lines.setdefault(key(line), []).append(line)
    return lines


@pytest.fixture(scope="session")
def cases(house: House) -> dict[str, dict[str, Any]]:
    return {case["claim_no"]: case for case in house.ask("case", "list")}


def key(line: dict[str, Any]) -> tuple[str, ...]:
    return tuple(line[name] for name in ("file", "date", "payer", "amount", "memo"))


def test_every_line_of_the_bank_is_there_once(report: dict[tuple[str, ...], list[Any]]) -> None:
    expected = Counter(key(line) for line in TRUTH["lines"])

    assert {line: len(found) for line, found in report.items() if line in expected} == dict(expected)


def test_a_line_that_is_certain_pays_the_right_claim(report: dict[tuple[str, ...], list[Any]]) -> None:
    wrong = {
        key(line): (line["pays"], found)
        for line in TRUTH["lines"]
        if line["kind"] in CERTAIN
        for found in report[key(line)]
        if found["outcome"] != "matched" or [pays["claim_no"] for pays in found["pays"]] != line["pays"]
    }

    assert wrong == {}


def test_no_line_is_matched_wrongly(report: dict[tuple[str, ...], list[Any]]) -> None:
    wrong = {
        key(line): (line["pays"], found)
        for line in TRUTH["lines"]
        for found in report[key(line)]
        if found["outcome"] == "matched" and {pays["claim_no"] for pays in found["pays"]} != set(line["pays"])
    }

    assert wrong == {}


@pytest.mark.parametrize("sum_", ["received", "refund_due", "releasable"])
def test_the_money_of_every_certain_claim_is_right_to_the_fen(
    sum_: str, cases: dict[str, dict[str, Any]]
) -> None:
    certain = {
        claim: facts
        for claim, facts in TRUTH["claims"].items()
        if not UNCERTAIN_CLAIMS & {claim, *facts["shared_with"]}
    }

    wrong = {
        claim: (facts[sum_], cases[claim][sum_])
        for claim, facts in certain.items()
        if cases[claim][sum_] != facts[sum_]
    }

    assert len(certain) > 100
    assert wrong == {}
