"""Claims as the chasing rules see them, with the clocks that the deadline rules give them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from models.words import Cover
from tasks.chasing.facts import Clock, OpenCase, Taken
from tasks.deadlines.rules import Claim, CoverMoney, clocks
from tasks.deadlines.stops import Round
from tests.calendars import notices
from tests.law import LAW

CALENDAR = notices(2025, 2026)
D = date.fromisoformat


def facts(accepted: str = "2026-03-02", **more: str) -> dict[str, date | None]:
    days = {"insurer_accepted_date": accepted} | more
    return {name: D(day) for name, day in days.items()}


def case_on(
    today: date,
    known: Mapping[str, date | None],
    taken: Iterable[Taken] = (),
    *,
    covers: Iterable[Cover] = (Cover.OWN_DAMAGE,),
    rounds: tuple[Round, ...] = (),
    has_payout: bool = False,
    **more: Any,
) -> OpenCase:
    """The case as the deadlines of that night show it."""
    money = tuple(CoverMoney(cover, 500_000, has_payout) for cover in covers)
    found = clocks(Claim(True, False, known, rounds, money), LAW, CALENDAR, today)
    case = OpenCase(
        is_agency_claim=True,
        has_insurer=True,
        authorised=True,
        authorisation_valid_to=None,
        file_handover_date=D("2026-03-01"),
        insurer_accepted_date=known.get("insurer_accepted_date"),
        expected=500_000,
        open=dict.fromkeys(covers, 500_000),
        disputed=False,
        is_returned=any(each.resubmitted_on is None or each.resubmitted_on > today for each in rounds),
        round_no=len(rounds),
        resubmitted_on=rounds[-1].resubmitted_on if rounds else None,
        clocks=tuple(
            Clock(
                each.cover,
                each.rule_code.removeprefix("compulsory_"),
                each.due_on,
                each.state,
                each.estimate,
                "",
            )
            for each in found
        ),
        taken=tuple(taken),
    )
    return replace(case, **more)
