"""Which cases stand in a month's ledger, and how the month is counted (domain 7.3)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from models.values import Period
from models.words import Resolution
from tasks.ledgers.book import AgeLine, Bucket, InsurerLine, LedgerRow, ResultLine
from tasks.ledgers.facts import Case, Line

# These three end a difference; RECLAIM and DISPUTE keep the money expected (domain 1.7).
ENDING = frozenset({Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING})

NOT_ACCEPTED = Bucket("未接案", None, None)
BUCKETS = (
    NOT_ACCEPTED, Bucket("0-30天", 0, 30), Bucket("31-60天", 31, 60), Bucket("61-90天", 61, 90),
    Bucket("91-180天", 91, 180), Bucket("180天以上", 181, None),
)  # fmt: skip


class _Owed(NamedTuple):
    """What a row has outstanding, and its natural days since 接案."""

    fen: int
    age: int | None
    group: str


def belongs(case: Case, period: Period, as_of: date) -> bool:
    """Anything dated in the month brings a case in; so does being open from an earlier one."""
    if any(period.first <= day <= as_of for day in dates_of(case)):
        return True
    begun = _begun(case)
    return is_open(case, as_of) and (begun is None or begun <= as_of)


def carried(case: Case, period: Period) -> bool:
    """结转: begun before the month and not closed before it."""
    begun = _begun(case)
    return begun is not None and begun < period.first and is_open(case, period.previous().last)


def is_open(case: Case, as_of: date) -> bool:
    """A case closed on an unknown day counts as closed; one closed after `as_of` was still open on it."""
    return not case.closed or (case.closed_date is not None and case.closed_date > as_of)


def is_settled(line: Line) -> bool:
    return line.resolution in ENDING


def dates_of(case: Case) -> Iterator[date]:
    """Every dated fact of the case and of its repair."""
    order = case.work_order
    single = (
        case.dispatch_date, order.vehicle_release_date, case.stage1_review_date, case.invoice_date,
        case.file_handover_date, case.insurer_accepted_date, case.closed_date,
    )  # fmt: skip
    moved = [*order.customer_receipts, *order.refunds]
    moved += [receipt for line in case.lines for receipt in line.receipts]
    turned = [day for turn in case.rounds for day in (turn.returned_on, turn.resubmitted_on)]
    return (day for day in (*single, *turned, *(movement.on for movement in moved)) if day is not None)


def lead_cases(included: Iterable[Case]) -> frozenset[str]:
    """The claim numbers that show the money of their repair: one per work order, whatever the month holds."""
    leads: dict[str, Case] = {}
    for case in included:
        held = leads.get(case.order_key)
        if held is None or (case.is_lead and not held.is_lead):
            leads[case.order_key] = case
    return frozenset(case.claim_no for case in leads.values())


def by_insurer(rows: Sequence[LedgerRow]) -> tuple[InsurerLine, ...]:
    """Cases and money per insurer group, the largest debt first."""
    lines = [_insurer_line(group, [r for r in rows if r.insurer_group == group]) for group in _groups(rows)]
    return tuple(sorted(lines, key=lambda line: (-line.outstanding, -line.expected, line.group)))


def ageing(rows: Sequence[LedgerRow], groups: Sequence[str], as_of: date) -> tuple[AgeLine, ...]:
    """Outstanding money by natural days since 接案."""
    ages = ((as_of - row.accepted).days if row.accepted else None for row in rows)
    all_owed = (_Owed(row.outstanding, age, row.insurer_group) for row, age in zip(rows, ages, strict=True))
    owed = [each for each in all_owed if each.fen]
    return tuple(_age_line(bucket, owed, groups) for bucket in BUCKETS)


def age_word(accepted: date | None, as_of: date) -> int | str:
    """Natural days since 接案, or the words of the bucket of what was not accepted yet."""
    return (as_of - accepted).days if accepted else NOT_ACCEPTED.label


def by_result(rows: Sequence[LedgerRow]) -> tuple[ResultLine, ...]:
    """Differences by 差额处理结果; the undecided ones are those on which the insurer has already paid."""
    found: dict[str, list[int]] = {}
    for difference in (d for row in rows for d in row.differences if d.amount):
        if difference.result or difference.received:
            found.setdefault(difference.result or "未处理", []).append(difference.amount)
    return tuple(ResultLine(result, len(found[result]), sum(found[result])) for result in sorted(found))


def _insurer_line(group: str, rows: Sequence[LedgerRow]) -> InsurerLine:
    return InsurerLine(
        group=group,
        opened=sum(row.opened for row in rows),
        closed=sum(row.closed for row in rows),
        still_open=sum(row.still_open for row in rows),
        expected=sum(difference.expected for row in rows for difference in row.differences),
        received=sum(row.amount("payout_received_amount") for row in rows),
        received_in_period=sum(row.amount("received_in_period") for row in rows),
        outstanding=sum(row.outstanding for row in rows),
        over_receipt=sum(row.over_receipt for row in rows),
    )


def _age_line(bucket: Bucket, owed: Iterable[_Owed], groups: Sequence[str]) -> AgeLine:
    held = [each for each in owed if bucket.holds(each.age)]
    by_group = tuple(sum(each.fen for each in held if each.group == group) for group in groups)
    return AgeLine(bucket, len(held), sum(by_group), by_group)


def _groups(rows: Iterable[LedgerRow]) -> list[str]:
    return sorted({row.insurer_group for row in rows})


def _begun(case: Case) -> date | None:
    return case.dispatch_date or min(dates_of(case), default=None)
