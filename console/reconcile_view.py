"""Bank lines as people and programs see them: amounts in yuan, money out negative."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from console import house
from models.values import yuan
from models.words import Outcome
from tasks.reconciliation import shown
from tasks.reconciliation.shown import Paid, ReportRow


@dataclass(frozen=True)
class Asked:
    """Which lines are meant; None means all."""

    codes: list[str]
    first: date | None = None
    last: date | None = None
    outcome: Outcome | None = None

    def means(self, row: ReportRow) -> bool:
        return (
            (self.first is None or row.date >= self.first)
            and (self.last is None or row.date <= self.last)
            and (self.outcome is None or row.outcome is self.outcome)
        )


def report(session: Session, asked: Asked) -> list[dict[str, Any]]:
    """The lines of some shops, by date, file and row."""
    return [
        _line(code, row)
        for code in asked.codes
        for row in shown.report(session, house.shop_id(session, code))
        if asked.means(row)
    ]


def _line(shop: str, row: ReportRow) -> dict[str, Any]:
    return {
        "line": row.line_id,
        "shop": shop,
        "file": row.file,
        "date": row.date,
        "payer": row.payer,
        "amount": yuan(row.amount),
        "memo": row.memo,
        "outcome": row.outcome.value,
        "reason": row.reason,
        "pays": [_pays(paid) for paid in row.pays],
        "proposals": [
            {
                "proposal": each.number,
                "reason": each.reason,
                "pays": [_pays(paid) for paid in each.pays],
                "lines": list(each.lines),
            }
            for each in row.proposals
        ],
    }


def _pays(paid: Paid) -> dict[str, str]:
    return {"claim_no": paid.claim_no, "amount": yuan(paid.amount)}
