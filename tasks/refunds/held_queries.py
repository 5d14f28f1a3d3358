"""The short pays that keep refunds back, with what the register of disputes says of them."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.difference import Difference
from models.dispute import Dispute
from models.insurer import Insurer
from models.payout import Payout
from models.words import DifferenceState, DisputeState, PayoutState, Resolution
from tasks.refunds.holding import Entered, Short


def short_lines(session: Session, work_orders: Collection[int], result: Resolution) -> dict[int, list[Short]]:
    """The lines of some repairs that are short and have this result, by repair, in their order."""
    received = func.coalesce(func.sum(Payout.amount), 0)
    came = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    open_ = and_(Difference.expected_line_id == ExpectedLine.id, Difference.state == DifferenceState.OPEN)
    rows = session.execute(
        select(
            ExpectedLine.work_order_id, ExpectedLine.case_id, ExpectedLine.cover, Case.claim_no,
            Insurer.name.label("insurer"), (ExpectedLine.amount - received).label("missing"),
            Difference.id.label("difference"), Difference.opened_on,
        )
        .join(Case, Case.id == ExpectedLine.case_id)
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .outerjoin(Difference, open_)
        .outerjoin(Payout, came)
        .where(ExpectedLine.work_order_id.in_(sorted(work_orders)), ExpectedLine.resolution == result)
        .group_by(ExpectedLine.id, Case.id, Insurer.id, Difference.id)
        .having(received < ExpectedLine.amount)
        .order_by(ExpectedLine.id)
    ).all()  # fmt: skip
    entered = _entered(session, {row.case_id for row in rows})
    found: dict[int, list[Short]] = defaultdict(list)
    for row in rows:
        disputes = tuple(each for about, each in entered[row.case_id] if about in (None, row.difference))
        found[row.work_order_id].append(
            Short(row.claim_no, row.cover, row.insurer, int(row.missing), result, row.difference,
                  row.opened_on, disputes)
        )  # fmt: skip
    return found


def _entered(session: Session, cases: Collection[int]) -> dict[int, list[tuple[int | None, Entered]]]:
    """What stands in the register for these cases, with the open difference that it is about."""
    about = and_(Difference.id == Dispute.difference_id, Difference.state == DifferenceState.OPEN)
    rows: Any = session.execute(
        select(Dispute, Difference.id.label("about"))
        .outerjoin(Difference, about)
        .where(
            Dispute.case_id.in_(sorted(cases)),
            or_(Dispute.state == DisputeState.OPEN, Dispute.state == DisputeState.ANSWERED),
        )
        .order_by(Dispute.id)
    )
    found: dict[int, list[tuple[int | None, Entered]]] = defaultdict(list)
    for dispute, difference in rows:
        entered = Entered(dispute.number, dispute.kind, dispute.happened_on, dispute.institution)
        found[dispute.case_id].append((difference, entered))
    return found
