"""What the differences room reads: expected lines with what came on them, and differences."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, union
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.difference import Difference
from models.event import Event
from models.payout import Payout
from models.run import SetAside
from models.words import OPEN_STAGES, Cover, DifferenceState, LineKind, PayoutState, Resolution
from models.work_order import WorkOrder


@dataclass(frozen=True)
class LineRow:
    """An expected line, in fen, with its claim, what came on it, and its differences."""

    line_id: int
    case_id: int
    claim_no: str
    work_order_id: int
    cover: Cover
    kind: LineKind
    expected: int
    received: int
    last_on: date | None
    """When money last came; None where the day of any receipt is unknown."""
    resolution: Resolution | None
    proven: bool
    told_final: bool
    open: Difference | None = None
    settled: Difference | None = None


def lines_to_review(session: Session, shop_id: int, on: date) -> list[LineRow]:
    """Lines whose money changed, that are paid in part, whose difference is open or was set aside, by id."""
    opened = select(Difference.expected_line_id).where(
        Difference.shop_id == shop_id, Difference.state == DifferenceState.OPEN
    )
    moved = (
        select(ExpectedLine.id)
        .join(WorkOrder, WorkOrder.id == ExpectedLine.work_order_id)
        .where(WorkOrder.shop_id == shop_id, WorkOrder.settle_on <= on)
    )
    came = func.coalesce(func.sum(Payout.amount), 0)
    arrived = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    in_part = (
        select(ExpectedLine.id)
        .join(Case, Case.id == ExpectedLine.case_id)
        .outerjoin(Payout, arrived)
        .where(Case.shop_id == shop_id, Case.stage.in_(OPEN_STAGES))
        .group_by(ExpectedLine.id)
        .having(and_(came != 0, came != ExpectedLine.amount))
    )
    aside = select(ExpectedLine.id).where(ExpectedLine.work_order_id.in_(_set_aside(session, shop_id)))
    due = ExpectedLine.id.in_(union(opened, moved, aside, in_part))
    return _lines(session, and_(Case.shop_id == shop_id, due))


def _set_aside(session: Session, shop_id: int) -> list[int]:
    """Repairs that this step could not bring up to date; the refunds of the same night settle them."""
    of = (SetAside.step == "find_differences", SetAside.shop_id == shop_id)
    subjects = session.scalars(select(SetAside.subject).where(*of))
    return [int(subject.partition(":")[2]) for subject in subjects if subject.startswith("work_order:")]


def lines(session: Session, line_ids: Collection[int]) -> list[LineRow]:
    """Some lines, by id."""
    return _lines(session, ExpectedLine.id.in_(sorted(line_ids)))


def lines_of_cases(session: Session, case_ids: Collection[int]) -> list[LineRow]:
    """The lines of some claims, by id."""
    return _lines(session, ExpectedLine.case_id.in_(sorted(case_ids)))


def lines_of_orders(session: Session, work_order_ids: Collection[int]) -> list[LineRow]:
    """The lines that pay for some repairs, by id."""
    return _lines(session, ExpectedLine.work_order_id.in_(sorted(work_order_ids)))


def _lines(session: Session, which: ColumnElement[bool]) -> list[LineRow]:
    arrived = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    last_on = func.max(case((Payout.amount > 0, Payout.received_on)))
    unknown = func.sum(case((and_(Payout.amount > 0, Payout.received_on.is_(None)), 1), else_=0))
    query = (
        select(
            ExpectedLine.id.label("line_id"), ExpectedLine.case_id, ExpectedLine.work_order_id,
            ExpectedLine.cover, ExpectedLine.kind, ExpectedLine.amount, ExpectedLine.resolution,
            ExpectedLine.customer_paid_third_party_on.is_not(None).label("proven"),
            Case.claim_no, Case.payment_final_on.is_not(None).label("told_final"),
            func.coalesce(func.sum(Payout.amount), 0).label("received"),
            last_on.label("last_on"), unknown.label("unknown"),
        )
        .join(Case, Case.id == ExpectedLine.case_id)
        .join(WorkOrder, WorkOrder.id == ExpectedLine.work_order_id)
        .outerjoin(Payout, arrived)
        .where(which)
        .group_by(ExpectedLine.id, Case.id, WorkOrder.id)
        .order_by(ExpectedLine.id)
    )  # fmt: skip
    rows = session.execute(query).all()
    known = _differences(session, [row.line_id for row in rows])
    return [_line(row, known.get(row.line_id, ())) for row in rows]


def _line(row: Any, known: Collection[Difference]) -> LineRow:
    settled = [each for each in known if each.state is DifferenceState.RESOLVED and each.resolution]
    return LineRow(
        line_id=row.line_id, case_id=row.case_id, claim_no=row.claim_no, work_order_id=row.work_order_id,
        cover=row.cover, kind=row.kind, expected=row.amount, received=int(row.received),
        last_on=None if row.unknown else row.last_on, resolution=row.resolution, proven=bool(row.proven),
        told_final=bool(row.told_final),
        open=next((each for each in known if each.state is DifferenceState.OPEN), None),
        settled=settled[-1] if settled else None,
    )  # fmt: skip


_CHUNK = 500


def _differences(session: Session, line_ids: list[int]) -> dict[int, list[Difference]]:
    found: dict[int, list[Difference]] = {}
    for start in range(0, len(line_ids), _CHUNK):
        some = line_ids[start : start + _CHUNK]
        of = Difference.expected_line_id.in_(some)
        for row in session.scalars(select(Difference).where(of).order_by(Difference.id)):
            found.setdefault(row.expected_line_id, []).append(row)
    return found


def difference_for_change(session: Session, shop_id: int, difference_id: int) -> Difference | None:
    """The difference, locked against a second decision at the same moment."""
    return session.execute(
        select(Difference)
        .where(Difference.id == difference_id, Difference.shop_id == shop_id)
        .with_for_update()
    ).scalar_one_or_none()


def case_by_number(session: Session, shop_id: int, claim_no: str) -> Case | None:
    """The claim of that number in the shop."""
    return session.execute(
        select(Case).where(Case.shop_id == shop_id, Case.claim_no == claim_no)
    ).scalar_one_or_none()


def standing_payouts(session: Session, case_id: int) -> list[Payout]:
    """Receipts of a claim that were not reversed, oldest first; those whose day is unknown come first."""
    return list(
        session.scalars(
            select(Payout)
            .where(Payout.case_id == case_id, Payout.state != PayoutState.REVERSED)
            .order_by(Payout.received_on.is_not(None), Payout.received_on, Payout.id)
            .with_for_update()
        )
    )


def consent_recorded(session: Session, case_id: int) -> tuple[str, str, date] | None:
    """Who recorded the customer's consent as a fact of the case, on what proof, and its day."""
    of = (Event.case_id == case_id, Event.kind == "recorded_consent")
    found = session.scalars(select(Event).where(*of).order_by(Event.id.desc()).limit(1)).first()
    if found is None or not isinstance(found.inputs, dict):
        return None
    said = str(found.inputs.get("proof") or f"{found.inputs['value']} yuan")
    return found.by, said, date.fromisoformat(str(found.inputs["on"]))


def hold_orders(session: Session, orders: Collection[int]) -> None:
    """Wait until nobody else moves the money of these repairs, until the transaction ends."""
    session.execute(
        select(WorkOrder.id)
        .where(WorkOrder.id.in_(sorted(orders)))
        .order_by(WorkOrder.id)
        .with_for_update(key_share=True)
    )


def payouts_of(session: Session, stem: str) -> list[Payout]:
    """The receipts that an act made, by id."""
    of = Payout.origin.startswith(f"{stem}:", autoescape=True)
    return list(session.scalars(select(Payout).where(of).order_by(Payout.id)))


def newest_state(session: Session, line_id: int) -> PayoutState:
    """What stands behind the newest receipt of a line."""
    of = (Payout.expected_line_id == line_id, Payout.state != PayoutState.REVERSED)
    found = session.scalars(select(Payout.state).where(*of).order_by(Payout.id.desc()).limit(1)).first()
    return found or PayoutState.ASSERTED


def orders_of_lines(session: Session, line_ids: Collection[int]) -> set[int]:
    """The repairs that some lines pay for."""
    of = ExpectedLine.id.in_(sorted(line_ids))
    return set(session.scalars(select(ExpectedLine.work_order_id).where(of)))
