"""Lines decided at once are decided as weighing them would: same case, reason, evidence, score and number."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.words import MatchKind
from tasks.reconciliation.at_once import AtOnce
from tasks.reconciliation.facts import Alias, Case, Facts, Line, Receipt
from tasks.reconciliation.nights import as_nights, named, neighbours
from tasks.reconciliation.one_key import OneKey
from tasks.reconciliation.reading import Reader, Reading
from tasks.reconciliation.rules import decide
from tasks.reconciliation.verdict import Pairing

PICC, PAIC = 1, 2
ALIASES = (Alias("人保财险", PICC), Alias("平安产险", PAIC))
PAYERS = ("人保财险苏州市分公司", "平安产险苏州中心支公司", "王小明")
FIRST = date(2026, 11, 1)
PLATES = tuple(f"苏E1234{number}" for number in range(6))
Shop = tuple[Facts, list[Line]]


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    """Up to six claims on six cars, and lines that mostly pay one of them to the fen."""
    cases = {number: _case(draw, number) for number in range(1, draw(st.integers(1, 6)) + 1)}
    lines = [_line(draw, number, cases) for number in range(1, draw(st.sampled_from([1, 1, 2, 2, 3, 5])) + 1)]
    told = draw(st.lists(st.sampled_from(sorted(cases)), max_size=2, unique=True))
    receipts = tuple(Receipt(n, cases[n].open_amount or 500, FIRST + timedelta(4), (n,)) for n in told)
    rejected = frozenset({(1, "case", 1)} if draw(st.booleans()) else set())
    posted = frozenset({"JS20261101"} if draw(st.booleans()) else set())
    return Facts(cases, receipts, (), ALIASES, rejected=rejected, remittances=posted), lines


def _case(draw: st.DrawFn, number: int) -> Case:
    owed = draw(st.sampled_from([0, 500]))
    return Case(
        number, f"LP{number}", draw(st.sampled_from(PLATES[:2])), f"RDAA2026320500{number:08}", "王小明",
        draw(st.sampled_from([PICC, PICC, PICC, PAIC, None])), draw(st.sampled_from([None, FIRST, FIRST + timedelta(9)])),
        draw(st.sampled_from([True, True, True, False])), draw(st.sampled_from([False, False, False, True])),
        draw(st.sampled_from([owed, 500])), owed,
    )  # fmt: skip


def _line(draw: st.DrawFn, number: int, cases: dict[int, Case]) -> Line:
    meant = cases[draw(st.sampled_from(sorted(cases)))]
    amount = draw(st.sampled_from([meant.open_amount or 500, meant.open_amount or 500, 300]))
    text = draw(
        st.sampled_from([meant.plate_no, meant.plate_no, meant.report_no or "", "赔款", " ".join(PLATES[:2])])
    )
    paid_under = draw(st.sampled_from(["", "", " 结算单号JS20261101", " 结算单号JS20261102"]))
    payer = draw(st.sampled_from([PAYERS[(meant.group_id or 3) - 1], *PAYERS]))
    return Line(number, FIRST + timedelta(draw(st.integers(0, 12))), amount, payer, f"{text}赔款{paid_under}")


def keyed(shop: Shop) -> list[Reading]:
    reader = Reader(shop[0])
    return [r for r in map(reader.read, shop[1]) if named(r) and r.group_id is not None]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shops())
def test_what_is_decided_at_once_is_what_weighing_comes_to(shop: Shop) -> None:
    facts, readings = shop[0], keyed(shop)
    at_once = AtOnce(readings, (), facts).read

    for group in neighbours(readings):
        plainly = [pairing for reading in group if (pairing := at_once(reading)) is not None]
        if plainly:
            weighed = as_nights(group, facts)
            assert [whole(pairing) for pairing in weighed] == [whole(pairing) for pairing in plainly]


def whole(pairing: Pairing | None) -> tuple[Pairing, int] | None:
    """A pairing with its score, which does not count where two are compared."""
    return None if pairing is None else (pairing, pairing.score)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shops())
def test_a_line_read_in_short_is_decided_as_one_read_whole(shop: Shop) -> None:
    facts, lines = shop
    in_short = [found for found in map(OneKey(facts).read, lines) if found is not None]
    short = {each.line.line_id for each in in_short}
    readings = keyed(shop)

    at_once = AtOnce([r for r in readings if r.line.line_id not in short], in_short, facts)

    plainly, reader = AtOnce(readings, (), facts), Reader(facts)
    for each in in_short:
        assert whole(at_once.named(each)) == whole(plainly.read(reader.read(each.line)))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shops(), st.randoms(use_true_random=False))
def test_lines_and_claims_in_another_order_are_decided_alike(shop: Shop, dice: Random) -> None:
    facts, lines = shop
    shuffled = dict(dice.sample(sorted(facts.cases.items()), len(facts.cases)))

    first = decide(lines, facts)

    again = decide(dice.sample(lines, len(lines)), replace(facts, cases=shuffled))
    assert again == first


def test_of_a_plain_month_every_line_is_decided_at_once() -> None:
    cases = {
        number: Case(
            number, f"LP{number}", PLATES[number], None, "王小明", PICC, FIRST, True, False, 500 + number, 500 + number
        )
        for number in range(6)
    }  # fmt: skip
    lines = [Line(number, FIRST, 500 + number, PAYERS[0], f"{PLATES[number]}赔款") for number in range(6)]
    shop = Facts(cases, aliases=ALIASES), lines

    at_once = AtOnce(keyed(shop), (), shop[0]).read

    found = [at_once(reading) for reading in keyed(shop)]
    assert [(p.kind, p.reason, p.parts) for p in found if p] == [
        (MatchKind.PAYOUT, "exact", ((number, number, 500 + number),)) for number in range(6)
    ]


def claim(number: int, owed: int = 500, expected: int = 500) -> Case:
    """A claim on the first car."""
    return Case(
        number, f"LP{number}", PLATES[0], None, "王小明", PICC, FIRST, True, False, expected, owed
    )  # fmt: skip


PAID = Line(1, FIRST, 500, PAYERS[0], f"{PLATES[0]}赔款 结算单号JS20261101")


@pytest.mark.parametrize(
    ("cases", "others", "known"),
    [
        pytest.param([claim(1), claim(2)], [], {}, id="two claims of the car are open with the amount"),
        pytest.param([claim(1), claim(2, owed=0)], [], {}, id="an equal claim of the car was paid before"),
        pytest.param([claim(1)], [PAID._replace(line_id=2)], {}, id="another line names the claim"),
        pytest.param(
            [claim(1)], [], {"receipts": (Receipt(1, 500, FIRST, (1,)),)}, id="a ledger tells of it"
        ),
        pytest.param([claim(1)], [], {"remittances": frozenset({"JS20261101"})}, id="its number is posted"),
        pytest.param([claim(1)], [], {"rejected": frozenset({(1, "case", 1)})}, id="a person said no"),
    ],
)
def test_a_line_that_something_speaks_against_has_to_be_weighed(
    cases: list[Case], others: list[Line], known: dict[str, Any]
) -> None:
    facts = Facts({case.case_id: case for case in cases}, aliases=ALIASES, **known)
    readings = keyed((facts, [PAID, *others]))

    assert AtOnce(readings, (), facts).read(readings[0]) is None
