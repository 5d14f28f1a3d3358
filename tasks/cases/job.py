"""The job of the cases room."""

from datetime import date

from sqlalchemy.orm import Session

from models.ledger import require_open
from models.values import Refusal
from models.words import Fact, Role
from tasks.cases import queries, rules, writing
from tasks.cases.facts import Known, Line, Recorded, Round
from tasks.cases.queries import CaseRow
from worker.job import Night, job

_FACTS = (
    "insurer_accepted_date",
    "settlement_agreed_on",
    "assessed_amount",
    "payment_final_on",
    "authorised_by",
    "authorised_on",
    "authorisation_valid_to",
)
_IN_THE_LEDGER = frozenset(
    {
        Fact.ACCEPTANCE, Fact.RETURN, Fact.RESUBMISSION, Fact.THIRD_PARTY_PROOF, Fact.DEPOSIT, Fact.SELF_PAY,
        Fact.TOP_UP,
    }
)  # fmt: skip
"""What stands in a month's ledger or moves money: none of it is dated into a closed month."""
_TAKES_MONEY = frozenset({Role.CASHIER, Role.MANAGER, Role.ADMIN, "operator"})


@job
def record_fact(session: Session, night: Night) -> int:
    """Record a dated fact of a case: case_id, fact, value, on, and a proof; 0 where it was known."""
    given = night.parameters
    recorded = Recorded(
        Fact(given["fact"]), str(given["value"]), date.fromisoformat(given["on"]), night.date, night.by
    )
    _refuse_stranger(night, recorded)
    if recorded.fact in _IN_THE_LEDGER:
        require_open(session, night.shop_id, recorded.on, today=night.date)
    origin = f"by_hand:{given['case_id']}:{recorded.on}:{recorded.value}:{given.get('number', 1)}"[:64]
    kind = writing.RECEIPTS.get(recorded.fact, writing.RECEIPTS[Fact.DEPOSIT]).line
    row = queries.case_with_details(session, night.shop_id, int(given["case_id"]), origin, kind)
    change = rules.change(recorded, _known(row))
    if change is None:
        return 0
    writing.write(session, night, row, recorded, change, origin)
    return 1


def _refuse_stranger(night: Night, recorded: Recorded) -> None:
    role = night.parameters.get("role")
    if recorded.fact in writing.RECEIPTS and role not in _TAKES_MONEY:
        raise Refusal(
            f"{night.by} is {role}; a {recorded.fact} is recorded by whoever takes it: a cashier, manager or "
            "admin. Ask one of them, or log in as one: huikuan login NAME"
        )


def _known(row: CaseRow) -> Known:
    return Known(
        row.case.claim_no,
        {name: getattr(row.case, name) for name in _FACTS},
        tuple(Round(*each) for each in row.rounds),
        tuple(
            Line(
                line.id,
                line.kind,
                line.amount,
                line.received,
                line.resolution,
                line.customer_paid_third_party_on is not None,
            )
            for line in row.lines
        ),
        row.receipt_is_known,
        row.third_party_paid,
    )
