"""The job of the cases room."""

from datetime import date
from pathlib import PurePath

from sqlalchemy.orm import Session

from models.case import Case
from models.ledger import require_open
from models.values import Refusal
from models.words import Fact, Role
from tasks.cases import queries, rules, writing
from tasks.cases.facts import Known, Line, Recorded, Round
from tasks.cases.queries import CaseRow
from worker.job import Night, job

OPERATOR = "operator"
_FACTS = (
    "insurer_accepted_date",
    "accepted_proof",
    "accident_date",
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
_RECORDS = frozenset({Role.HANDLER, Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN, OPERATOR})
_TAKES_MONEY = frozenset({Role.CASHIER, Role.MANAGER, Role.ADMIN, OPERATOR})


@job
def record_fact(session: Session, night: Night) -> int:
    """Record a dated fact of a case: case_id, fact, value, on, and a proof; 0 where it was known."""
    given = night.parameters
    recorded = Recorded(
        Fact(given["fact"]), str(given["value"]), date.fromisoformat(given["on"]), night.date, night.by,
        alone=given.get("role") == OPERATOR, proof=PurePath(str(given.get("proof", ""))).stem[:128],
    )  # fmt: skip
    _refuse_stranger(session, night, recorded)
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


def _refuse_stranger(session: Session, night: Night, recorded: Recorded) -> None:
    role, takes = night.parameters.get("role"), recorded.fact in writing.RECEIPTS
    if role in (_TAKES_MONEY if takes else _RECORDS):
        return
    claim_no = session.get_one(Case, int(night.parameters["case_id"])).claim_no
    able = "whoever takes it: a cashier," if takes else "a handler, accountant,"
    raise Refusal(
        f"{claim_no}: {night.by} is {role}; a {recorded.fact} is recorded by {able} manager or admin. Ask "
        "one of them, or log in as one: huikuan login NAME"
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
                line.consented,
            )
            for line in row.lines
        ),
        row.receipt_is_known,
        row.registrations,
        row.third_party_paid,
    )
