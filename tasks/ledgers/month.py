"""The ledger of a month from the facts of its cases: rows as known on a day, and the counts over them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from models.values import Period
from tasks.ledgers import rules
from tasks.ledgers.book import Correction, LedgerBook, LedgerRow
from tasks.ledgers.facts import Case
from tasks.ledgers.row import Place, ledger_row


def ledger_book(
    cases: Iterable[Case],
    *,
    shop: str,
    period: Period,
    built_on: date,
    issue: str = "",
    corrections: Sequence[Correction] = (),
) -> LedgerBook:
    """The ledger of `period` as known on `built_on`; facts dated after the month's end are not in it."""
    as_of = min(built_on, period.last)
    known = sorted(cases, key=lambda case: case.claim_no)
    included = [case for case in known if rules.belongs(case, period, as_of)]
    leads, claims = rules.lead_cases(included), _claims_by_repair(known)
    places = (
        Place(
            first=period.first, as_of=as_of, lead=case.claim_no in leads,
            siblings=tuple(claim for claim in claims[case.order_key] if claim != case.claim_no),
            carried=rules.carried(case, period), still_open=rules.is_open(case, as_of),
        )
        for case in included
    )  # fmt: skip
    rows = [ledger_row(case, place) for case, place in zip(included, places, strict=True)]
    return book_of(
        rows, shop=shop, period=period, as_of=as_of, built_on=built_on, issue=issue, corrections=corrections
    )


def book_of(
    rows: Sequence[LedgerRow],
    *,
    shop: str,
    period: Period,
    as_of: date,
    built_on: date,
    issue: str = "",
    corrections: Sequence[Correction] = (),
) -> LedgerBook:
    """The ledger made of its rows: every other figure follows from them."""
    insurers = rules.by_insurer(rows)
    groups = [line.group for line in insurers]
    return LedgerBook(
        shop=shop, month=str(period), first=period.first, as_of=as_of, built_on=built_on, rows=tuple(rows),
        insurers=insurers, ageing=rules.ageing(rows, groups, as_of), results=rules.by_result(rows),
        corrections=tuple(corrections), issue=issue,
    )  # fmt: skip


def _claims_by_repair(cases: Iterable[Case]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for case in cases:
        found[case.order_key] = (*found.get(case.order_key, ()), case.claim_no)
    return found
