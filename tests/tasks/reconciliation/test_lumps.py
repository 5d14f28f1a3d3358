"""Transfers without references: counted per class, shown, and applied only where it is credible."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tasks.reconciliation.facts import Alias, Case, Facts, Line
from tasks.reconciliation.policy import Policy
from tasks.reconciliation.rules import Decisions, decide

PICC = 1
PAYER = "人保财险连云港市分公司"
ALIASES = (Alias("人保财险", PICC),)
ON = Policy(auto_batch=True)
FIRST = date(2026, 9, 1)


def case(case_id: int, owed: int, **facts: Any) -> Case:
    known: dict[str, Any] = {
        "claim_no": f"LP{case_id:04}", "plate_no": f"苏G{case_id:05}", "report_no": f"RDAA2026320700{case_id:08}",
        "insured_name": "王小明", "group_id": PICC, "accepted_on": FIRST, "is_agency_claim": True, "closed": False,
        "expected": owed, "settled_on": FIRST + timedelta(days=case_id), "insurer": PAYER,
    }  # fmt: skip
    return Case(case_id=case_id, open_amount=owed, **known | facts)


def line(amount: int, text: str = "赔款支付", line_id: int = 1, payer: str = PAYER) -> Line:
    return Line(line_id, date(2026, 11, 9), amount, payer, text)


def facts_of(amounts: Sequence[int], policy: Policy = ON, **facts: Any) -> Facts:
    cases = [case(number, amount) for number, amount in enumerate(amounts, start=1)]
    return Facts({each.case_id: each for each in cases}, aliases=ALIASES, policy=policy, **facts)


def paid(decisions: Decisions) -> list[tuple[str, list[int]]]:
    return [(p.reason, sorted(target for _, target, _ in p.parts)) for p in decisions.applied]


def counts(decisions: Decisions) -> dict[str, int]:
    detail = decisions.verdicts[1].detail
    assert isinstance(detail["classes"], list)
    return {each["class"]: each["count"] for each in detail["classes"]}


SOME = [123_457, 846_311, 501_903, 277_049, 690_121, 934_507]


@pytest.mark.parametrize(
    ("total", "pays"),
    [
        pytest.param(SOME[3], ("amount_only", [4]), id="one claim"),
        pytest.param(sum(SOME[1:4]), ("run", [2, 3, 4]), id="settled one after the other"),
        pytest.param(sum(SOME[1:5]) - SOME[2], ("run_but_one", [2, 4, 5]), id="one left out"),
        pytest.param(SOME[0] + SOME[3] + SOME[5], ("any_set", [1, 4, 6]), id="any three of six"),
    ],
)
def test_the_only_credible_explanation_is_applied_where_the_switch_is_on(
    total: int, pays: tuple[str, list[int]]
) -> None:
    assert paid(decide([line(total)], facts_of(SOME))) == [pays]


def test_some_covers_of_one_claim_are_a_class_of_their_own() -> None:
    facts = facts_of(SOME)
    covered = facts.cases[2]._replace(covers=(200_011, 646_300))

    decisions = decide([line(200_011)], replace(facts, cases={**facts.cases, 2: covered}))

    assert [(p.reason, p.parts) for p in decisions.applied] == [("covers_only", ((1, 2, 200_011),))]


def test_without_the_switch_the_same_is_only_proposed_with_the_counts() -> None:
    decisions = decide([line(sum(SOME[1:4]))], facts_of(SOME, Policy()))

    assert decisions.applied == ()
    assert (decisions.verdicts[1].outcome, decisions.verdicts[1].reason) == ("proposed", "run")
    assert counts(decisions) == {"one_line": 0, "covers": 0, "run": 1, "run_but_one": 0, "any_set": 0}
    assert decisions.verdicts[1].detail["common"] == ["LP0002", "LP0003", "LP0004"]


@pytest.mark.parametrize(
    ("text", "applied"),
    [
        ("理赔款 070057970521", False),
        ("赔款RDAA2026320700", False),
        ("赔款 结算单号JS202611090012", True),
        ("11月9日赔款", True),
    ],
)
def test_a_number_that_is_none_of_ours_is_no_silence(text: str, applied: bool) -> None:
    decisions = decide([line(123_457, text)], facts_of([123_457, 880_000]))

    assert bool(decisions.applied) is applied
    assert applied or decisions.verdicts[1].reason == "amount_only"


def test_the_switch_of_another_insurer_changes_nothing() -> None:
    facts = facts_of(SOME, Policy(), policies={2: ON})

    assert decide([line(sum(SOME[1:4]))], facts).applied == ()


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        pytest.param([*SOME, SOME[2]], sum(SOME[1:4]), id="another claim of the same amount as one in it"),
        pytest.param([500_000, 300_000, 200_000, 400_000], 500_000, id="alone, or two of them"),
        pytest.param(
            [100_000, 200_000, 300_000, 400_000, 500_000], 600_000, id="round amounts prove nothing"
        ),
        pytest.param([*SOME, 111, 222, 333], 333 + SOME[0], id="two runs"),
    ],
)
def test_what_could_be_a_coincidence_is_left_to_a_person(amounts: list[int], total: int) -> None:
    decisions = decide([line(total)], facts_of(amounts))

    assert decisions.applied == ()
    assert decisions.verdicts[1].outcome == "proposed"


def test_a_stricter_threshold_leaves_more_to_people() -> None:
    strict = Policy(auto_batch=True, coincidence_per_million=1)

    assert decide([line(sum(SOME[1:4]))], facts_of(SOME, strict)).applied == ()


def test_up_to_twenty_are_shown_and_the_count_is_exact() -> None:
    decisions = decide([line(300)], facts_of([100] * 8))

    verdict = decisions.verdicts[1]
    assert counts(decisions) == {"one_line": 0, "covers": 0, "run": 6, "run_but_one": 10, "any_set": 40}
    assert [p.reason for p in verdict.proposals].count("any_set") == 20
    assert verdict.detail["common"] == []


def test_a_sum_that_nothing_explains_says_so() -> None:
    decisions = decide([line(1)], facts_of(SOME))

    assert (decisions.verdicts[1].outcome, decisions.verdicts[1].reason) == ("unmatched", "no_key")
    assert set(counts(decisions).values()) == {0}


@pytest.mark.parametrize(
    ("text", "pays"),
    [
        pytest.param("赔款共2笔", [(1, 900), (2, 100)], id="the count decides"),
        pytest.param("9月赔款", [(1, 900), (2, 100)], id="the month decides"),
    ],
)
def test_facts_in_the_remark_narrow_down(text: str, pays: list[tuple[int, int]]) -> None:
    cases = [case(1, 900), case(2, 100), case(3, 1000, settled_on=date(2026, 10, 5))]
    facts = Facts({each.case_id: each for each in cases}, aliases=ALIASES)

    verdict = decide([line(1000, text)], facts).verdicts[1]

    assert [[part[1:] for part in p.parts] for p in verdict.proposals] == [[*pays]]


def test_a_claim_accepted_after_the_transfer_is_not_meant() -> None:
    facts = facts_of(SOME)
    late = facts.cases[4]._replace(accepted_on=date(2026, 11, 10))

    verdict = decide([line(SOME[3])], replace(facts, cases={**facts.cases, 4: late})).verdicts[1]

    assert verdict.reason == "no_key"


def test_claims_of_the_branch_that_paid_come_first() -> None:
    cases = [
        case(1, 500, insurer="中国人民财产保险股份有限公司灌云支公司"), case(2, 500, insurer="中国人民财产保险股份有限公司连云港市分公司"),
    ]  # fmt: skip
    facts = Facts({each.case_id: each for each in cases}, aliases=ALIASES)

    verdict = decide([line(500)], facts).verdicts[1]

    assert [p.parts[0][1] for p in verdict.proposals] == [2, 1]


def test_two_transfers_that_want_the_same_claims_are_both_left() -> None:
    total = sum(SOME[1:4])

    assert decide([line(total), line(total, line_id=2)], facts_of(SOME)).applied == ()


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_lines_and_claims_changes_nothing(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same dice every time
    amounts = [dice.randint(50_000, 900_000) for _ in range(10)]
    lines = [
        line(sum(amounts[at : at + 3]) if dice.random() < 0.6 else sum(dice.sample(amounts, 3)), line_id=n)
        for n, at in enumerate(dice.sample(range(7), 4), start=1)
    ]
    facts = facts_of(amounts)
    shuffled = dict(dice.sample(sorted(facts.cases.items()), len(amounts)))

    first = decide(lines, facts)

    assert decide(dice.sample(lines, 4), replace(facts, cases=shuffled)) == first
