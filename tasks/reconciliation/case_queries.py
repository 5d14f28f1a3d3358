"""The cases of a shop as matching sees them: what is owed, cover by cover, and what pays them already."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, and_, cast, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from models import bulk
from models.bank import BankLine
from models.case import Case, ExpectedLine
from models.insurer import Insurer
from models.match import Match, MatchPart
from models.payout import Payout
from models.words import OPEN_STAGES, MatchKind, MatchState, PayoutState, Resolution, Stage
from tasks.reconciliation import facts

_SETTLED = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB)
"""Results of a difference after which nothing is expected any more (domain 1.7); so is a rounding, as long as
the receipt stands from which it was a few fen.
"""

Owed = tuple[int, int]
"""(expected, still owed) of one expected line, in fen; what is owed is never below zero."""


def owed_by_case(session: Session, wanted: ColumnElement[bool]) -> dict[int, list[Owed]]:
    """The expected lines of the cases that are wanted, one by one."""
    session.flush()
    connection = session.connection()  # rows as they are: the ORM's way costs as much again as the query
    total = cast(func.sum(Payout.amount), BigInteger)
    come = dict(
        connection.execute(
            select(Payout.expected_line_id, total)
            .join(Case, Case.id == Payout.case_id)
            .where(wanted, Payout.state != PayoutState.REVERSED)
            .group_by(Payout.expected_line_id)
        ).all()
    )
    rows = connection.execute(
        select(
            ExpectedLine.case_id, ExpectedLine.id, type_coerce(ExpectedLine.amount, BigInteger),
            type_coerce(ExpectedLine.resolution, String),
        )
        .join(Case, Case.id == ExpectedLine.case_id)
        .where(wanted)
        .order_by(ExpectedLine.case_id, ExpectedLine.id)
    ).all()  # fmt: skip
    found: dict[int, list[Owed]] = {}
    for case_id, line_id, expected, resolution in rows:
        owed = _owed(expected, come.get(line_id, 0), resolution)
        found.setdefault(case_id, []).append((expected, owed))
    return found


def _owed(expected: int, received: int, resolution: str | None) -> int:
    if resolution is not None and (
        resolution in _SETTLED or (resolution == Resolution.ROUNDING and received > 0)
    ):
        return 0
    return max(0, expected - received)


def known_cases(
    session: Session, shop_id: int, plates: Collection[str], as_well: Collection[int]
) -> list[facts.Case]:
    """Every case not closed, closed ones of these plates, and `as_well`; with what is owed, in fen."""
    wanted = and_(Case.shop_id == shop_id, _wanted(session, shop_id, plates, as_well))
    owed, taken = owed_by_case(session, wanted), _taken(session, shop_id)
    found = session.connection().execute(
        select(
            Case.id, Case.claim_no, Case.plate_no, Case.report_no, Case.insured_name, Insurer.group_id,
            Case.insurer_accepted_date, Case.is_agency_claim, Case.stage == Stage.CLOSED,
            func.coalesce(Insurer.name, ""),
            func.coalesce(Case.settlement_agreed_on, Case.insurer_accepted_date),
        )
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .where(wanted)
        .order_by(Case.id)
    ).all()  # fmt: skip
    return [_case(row, owed.get(row[0], ()), taken.get(row[0], ())) for row in found]


def _case(row: Sequence[Any], owed: Sequence[Owed], taken: tuple[int, ...]) -> facts.Case:
    """The columns of a row stand in the order of `facts.Case`, without what is owed and what pays it."""
    if len(owed) == 1:
        return facts.Case._make((*row[:9], *owed[0], *row[9:], (), taken))
    covers = () if row[8] else tuple(sorted(open_ for _, open_ in owed if open_))
    expected, open_amount = sum(each for each, _ in owed), sum(open_ for _, open_ in owed)
    return facts.Case._make((*row[:9], expected, open_amount, *row[9:], covers, taken))


def _wanted(
    session: Session, shop_id: int, plates: Collection[str], as_well: Collection[int]
) -> ColumnElement[bool]:
    """The plates of many lines are asked for once: few of them are of closed cases."""
    closed = session.scalars(
        select(Case.id).where(
            Case.shop_id == shop_id, Case.stage == Stage.CLOSED, bulk.among(session, Case.plate_no, plates)
        )
    )
    return or_(Case.stage.in_(OPEN_STAGES), bulk.among(session, Case.id, {*closed, *as_well}))


def _taken(session: Session, shop_id: int) -> dict[int, tuple[int, ...]]:
    """The transfers that pay each open case already, in fen each."""
    rows = session.execute(
        select(MatchPart.case_id, MatchPart.amount)
        .join(Match, Match.id == MatchPart.match_id)
        .join(Case, Case.id == MatchPart.case_id)
        .where(
            Match.shop_id == shop_id, Match.state == MatchState.APPLIED, Case.stage.in_(OPEN_STAGES),
            Match.kind.in_((MatchKind.PAYOUT, MatchKind.EVIDENCE)),
        )
        .order_by(MatchPart.id)
    )  # fmt: skip
    return _grouped(rows)


def _grouped(rows: Any) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = defaultdict(list)
    for case_id, amount in rows:
        found[case_id].append(int(amount))
    return {case_id: tuple(amounts) for case_id, amounts in found.items()}


def received(session: Session, shop_id: int, amounts: Collection[int]) -> list[facts.Received]:
    """Applied matches of one of these amounts on a case that were not taken back, oldest first."""
    return [each for each in _received(session, shop_id) if each.amount in amounts] if amounts else []


def _received(session: Session, shop_id: int) -> Iterator[facts.Received]:
    standing = select(Payout.match_id).where(Payout.state != PayoutState.REVERSED)
    rows = session.execute(
        select(Match.id, MatchPart.case_id, MatchPart.amount, MatchPart.bank_line_id, BankLine.booked_on)
        .join(MatchPart, MatchPart.match_id == Match.id)
        .join(BankLine, BankLine.id == MatchPart.bank_line_id)
        .where(
            Match.shop_id == shop_id, Match.state == MatchState.APPLIED, Match.id.in_(standing),
            Match.kind.in_((MatchKind.PAYOUT, MatchKind.EVIDENCE)), MatchPart.case_id.is_not(None),
        )
        .order_by(Match.id, MatchPart.id)
    ).all()  # fmt: skip
    together: dict[tuple[int, int], list[tuple[int, int, date]]] = defaultdict(list)
    for match_id, of_case, amount, line_id, booked_on in rows:
        case_id = int(of_case or 0)
        together[match_id, case_id].append((amount, line_id, booked_on))
        yield facts.Received(match_id, case_id, amount, booked_on, (line_id,))
    for (match_id, case_id), parts in together.items():
        if len(parts) > 1:
            lines = tuple(line for _, line, _ in parts)
            newest = max(day for *_, day in parts)
            yield facts.Received(match_id, case_id, sum(fen for fen, *_ in parts), newest, lines)
