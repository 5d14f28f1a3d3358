"""What insurers still owe on a case, at this moment, by cover."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.case import ExpectedLine
from models.payout import Payout
from models.words import Cover, PayoutState, Resolution

SETTLED = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING)
"""Results of a difference after which nothing more is expected on a line (domain 1.7)."""

_CHUNK = 500


def open_by_cover(session: Session, case_ids: Collection[int]) -> dict[tuple[int, Cover], int]:
    """Fen still to come by case and cover: too much on one line never makes up for another's too little."""
    owed: defaultdict[tuple[int, Cover], int] = defaultdict(int)
    ids = sorted(case_ids)
    for start in range(0, len(ids), _CHUNK):
        received = func.coalesce(func.sum(Payout.amount), 0).label("received")
        stands = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
        lines = (
            select(
                ExpectedLine.case_id,
                ExpectedLine.cover,
                ExpectedLine.amount,
                ExpectedLine.resolution,
                received,
            )
            .outerjoin(Payout, stands)
            .where(ExpectedLine.case_id.in_(ids[start : start + _CHUNK]))
            .group_by(ExpectedLine.id)
        )
        for row in session.execute(lines):
            missing = 0 if row.resolution in SETTLED else max(0, row.amount - int(row.received))
            owed[row.case_id, row.cover] += missing
    return dict(owed)
