"""A rule of law is valid without gap or overlap."""

from datetime import date

import pytest

from models.values import Refusal
from tasks.deadlines.periods import Period, fitted

D = date.fromisoformat
OPEN = Period(D("2015-04-24"), None)


def test_a_new_rule_ends_the_one_before_on_the_day_before() -> None:
    assert fitted("decision", [OPEN], Period(D("2027-01-01"), None)) == (
        Period(D("2015-04-24"), D("2026-12-31")),
        Period(D("2027-01-01"), None),
    )


def test_a_rule_given_again_from_the_same_day_corrects_it() -> None:
    whole = [Period(D("2015-04-24"), D("2026-12-31")), Period(D("2027-01-01"), None)]

    assert fitted("decision", whole, Period(D("2027-01-01"), D("2027-12-31")))[-1] == Period(
        D("2027-01-01"), D("2027-12-31")
    )


@pytest.mark.parametrize(
    "known, new, why",
    [
        (
            [Period(D("2015-04-24"), D("2026-12-31"))],
            Period(D("2027-02-01"), None),
            "no rule would be valid from 2027-01-01 to 2027-01-31",
        ),
        (
            [Period(D("2015-04-24"), D("2026-12-31"))],
            Period(D("2026-06-01"), None),
            "two rules would be valid on 2026-06-01",
        ),
        ([OPEN, Period(D("2027-01-01"), None)], Period(D("2020-01-01"), None), "two rules would be valid on"),
        (
            [OPEN],
            Period(D("2010-01-01"), D("2015-04-01")),
            "no rule would be valid from 2015-04-02 to 2015-04-23",
        ),
        ([OPEN], Period(D("2010-01-01"), None), "two rules would be valid on 2015-04-24"),
        ([OPEN], Period(D("2027-01-01"), D("2026-01-01")), "can't end on 2026-01-01 before it begins"),
    ],
)
def test_a_gap_or_an_overlap_is_refused(known: list[Period], new: Period, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        fitted("decision", known, new)
