"""Sixty-one clocks across three years, each worked out from the notices: 2025 and 2026 are known, 2027 is not yet.

The days were computed by another program from another calendar, and looked at one by one.
"""

from datetime import date

import pytest

from models.words import Cover
from tasks.deadlines.rules import Claim, CoverMoney, clocks
from tasks.deadlines.stops import Round
from tests.calendars import notices
from tests.law import LAW

CALENDAR = notices(2025, 2026)
D = date.fromisoformat


@pytest.mark.parametrize(
    "start, code, stop, raw, due, provisional",
    [
        ("2025-01-20", "compulsory_documents", None, "2025-01-21", "2025-01-21", False),
        ("2025-01-27", "compulsory_decision", None, "2025-02-01", "2025-02-05", False),
        ("2025-03-05", "compulsory_payment", None, "2025-03-15", "2025-03-17", False),
        ("2025-04-03", "payment", None, "2025-04-13", "2025-04-14", False),
        ("2025-04-28", "decision", None, "2025-05-28", "2025-05-28", False),
        ("2025-05-01", "advance_payment", None, "2025-06-30", "2025-06-30", False),
        ("2025-05-29", "compulsory_documents", None, "2025-05-30", "2025-05-30", False),
        ("2025-08-29", "compulsory_decision", None, "2025-09-03", "2025-09-03", False),
        ("2025-09-08", "compulsory_payment", None, "2025-09-18", "2025-09-18", False),
        ("2025-09-25", "payment", None, "2025-10-05", "2025-10-09", False),
        ("2025-10-01", "decision", None, "2025-10-31", "2025-10-31", False),
        ("2025-11-28", "advance_payment", None, "2026-01-27", "2026-01-27", False),
        ("2025-12-30", "compulsory_documents", None, "2025-12-31", "2025-12-31", False),
        ("2026-01-15", "compulsory_decision", None, "2026-01-20", "2026-01-20", False),
        ("2026-01-22", "compulsory_payment", None, "2026-02-01", "2026-02-02", False),
        ("2026-02-12", "payment", None, "2026-02-22", "2026-02-24", False),
        ("2026-02-18", "decision", None, "2026-03-20", "2026-03-20", False),
        ("2026-03-06", "advance_payment", None, "2026-05-05", "2026-05-06", False),
        ("2026-04-01", "compulsory_documents", None, "2026-04-02", "2026-04-02", False),
        ("2026-04-29", "compulsory_decision", None, "2026-05-04", "2026-05-06", False),
        ("2026-05-08", "compulsory_payment", None, "2026-05-18", "2026-05-18", False),
        ("2026-06-18", "payment", None, "2026-06-28", "2026-06-29", False),
        ("2026-07-31", "decision", None, "2026-08-30", "2026-08-31", False),
        ("2026-08-26", "advance_payment", None, "2026-10-25", "2026-10-26", False),
        ("2026-09-14", "compulsory_documents", None, "2026-09-15", "2026-09-15", False),
        ("2026-09-22", "compulsory_decision", None, "2026-09-27", "2026-09-28", False),
        ("2026-10-07", "compulsory_payment", None, "2026-10-17", "2026-10-19", False),
        ("2026-10-30", "payment", None, "2026-11-09", "2026-11-09", False),
        ("2026-11-22", "decision", None, "2026-12-22", "2026-12-22", False),
        ("2026-11-25", "advance_payment", None, "2027-01-24", "2027-01-25", True),
        ("2026-12-02", "compulsory_documents", None, "2026-12-03", "2026-12-03", False),
        ("2026-12-14", "compulsory_decision", None, "2026-12-19", "2026-12-21", False),
        ("2026-12-23", "compulsory_payment", None, "2027-01-02", "2027-01-04", True),
        ("2026-12-24", "payment", None, "2027-01-03", "2027-01-04", True),
        ("2027-01-06", "decision", None, "2027-02-05", "2027-02-09", True),
        ("2027-01-29", "advance_payment", None, "2027-03-30", "2027-03-30", True),
        ("2027-02-04", "compulsory_documents", None, "2027-02-05", "2027-02-09", True),
        ("2027-03-31", "compulsory_decision", None, "2027-04-05", "2027-04-06", True),
        ("2027-04-21", "compulsory_payment", None, "2027-05-01", "2027-05-03", True),
        ("2027-05-10", "payment", None, "2027-05-20", "2027-05-20", True),
        ("2027-06-08", "decision", None, "2027-07-08", "2027-07-08", True),
        ("2027-08-16", "advance_payment", None, "2027-10-15", "2027-10-15", True),
        ("2027-09-01", "compulsory_documents", None, "2027-09-02", "2027-09-02", True),
        ("2027-09-30", "compulsory_decision", None, "2027-10-05", "2027-10-05", True),
        ("2025-03-05", "decision", ("2025-03-10", "2025-03-14"), "2025-04-09", "2025-04-09", False),
        ("2025-09-01", "decision", ("2025-09-29", "2025-10-09"), "2025-10-12", "2025-10-13", False),
        ("2026-01-10", "decision", ("2026-02-09", "2026-02-25"), "2026-02-26", "2026-02-26", False),
        ("2026-08-31", "decision", ("2026-09-30", "2026-10-09"), "2026-10-10", "2026-10-10", False),
        (
            "2026-04-02",
            "compulsory_decision",
            ("2026-04-03", "2026-04-07"),
            "2026-04-12",
            "2026-04-13",
            False,
        ),
        ("2026-11-22", "decision", ("2026-12-22", "2026-12-28"), "2026-12-29", "2026-12-29", True),
        ("2026-12-01", "advance_payment", ("2027-01-20", "2027-02-10"), "2027-02-21", "2027-02-22", True),
        ("2025-01-16", "payment", None, "2025-01-26", "2025-01-26", False),
        ("2025-01-09", "decision", None, "2025-02-08", "2025-02-08", False),
        ("2025-02-26", "advance_payment", None, "2025-04-27", "2025-04-27", False),
        ("2025-09-23", "compulsory_decision", None, "2025-09-28", "2025-09-28", False),
        ("2025-10-01", "compulsory_payment", None, "2025-10-11", "2025-10-11", False),
        ("2026-01-03", "compulsory_documents", None, "2026-01-04", "2026-01-04", False),
        ("2026-01-15", "decision", None, "2026-02-14", "2026-02-14", False),
        ("2025-12-30", "advance_payment", None, "2026-02-28", "2026-02-28", False),
        ("2026-04-29", "payment", None, "2026-05-09", "2026-05-09", False),
        ("2026-09-10", "decision", None, "2026-10-10", "2026-10-10", False),
    ],
)
def test_a_clock_of_three_years_ends_where_the_notices_say(
    start: str, code: str, stop: tuple[str, str] | None, raw: str, due: str, provisional: bool
) -> None:
    trigger = next(each.trigger for each in LAW if each.code == code)
    cover = Cover.COMPULSORY if code.startswith("compulsory") else Cover.OWN_DAMAGE
    rounds = (Round(D(stop[0]), D(stop[1])),) if stop else ()
    claim = Claim(True, False, {trigger: D(start)}, rounds, (CoverMoney(cover, 500_000, False),))

    found = [each for each in clocks(claim, LAW, CALENDAR, D("2028-01-01")) if each.rule_code == code]

    assert len(found) == 1
    assert (found[0].raw_due_on, found[0].due_on) == (D(raw), D(due))
    assert found[0].provisional is provisional
