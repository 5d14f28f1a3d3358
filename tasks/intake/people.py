"""People whose names stand in a ledger, and what the column says they do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from models.words import Role
from tasks.intake.ledger_row import LedgerRow

# The first column that names a person tells the most about him.
ROLE_OF = {
    "insurance_receptionist": Role.HANDLER,
    "customer_cashier": Role.CASHIER,
    "payout_recorded_by": Role.ACCOUNTANT,
    "stage1_reviewer": Role.REVIEWER,
    "closed_by": Role.REVIEWER,
}
NAME = re.compile(r"[\u4e00-\u9fff·]{2,6}|[A-Za-z][A-Za-z .]{1,30}")
POSTS = re.compile(r".*(岗|部|科|组|室|店|公司|前台)|财务|出纳|会计|经理|无|自取|本人")


@dataclass(frozen=True)
class Person:
    """A name and the role its column suggests; somebody must still make him active."""

    name: str
    role: Role


def people_in(rows: Iterable[LedgerRow]) -> list[Person]:
    """Every person named, once, in the order of the columns; a post such as 理赔岗 is no person."""
    every = [each for row in rows for each in (row, *row.more)]
    found: dict[str, Role] = {}
    for field, role in ROLE_OF.items():
        for row in every:
            for name in re.split(r"[/、,;\s]+", row.text(field) or ""):
                if NAME.fullmatch(name) and not POSTS.fullmatch(name):
                    found.setdefault(name, role)
    return [Person(name, role) for name, role in found.items()]
