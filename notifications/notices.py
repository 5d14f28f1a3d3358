"""Every notice: a frozen dataclass whose fields are its template's words.

Words are ready to print, built by the room that tells: amounts by `wording.money`, dates by `wording.day`,
names, plates and numbers masked for customers (domain 3.2). '' means "does not apply": its line is left out.
The class name in snake_case is the kind in the outbox and the folder of the templates.
"""

import re

from notifications.to_customers import (
    Arrival,
    DepositReceived,
    MissingDocuments,
    Paper,
    Progress,
    RefundPaid,
    RefundReady,
    RefundUnclaimed,
    RefundWaiting,
    SatisfactionCall,
    TopUpAsked,
)
from notifications.to_insurers import (
    ChaseRow,
    DemandBundle,
    DemandLetter,
    DemandRow,
    EarlierContact,
    InsurerChase,
)
from notifications.to_staff import (
    CalendarWarning,
    ClosingBlocker,
    DigestLine,
    ErrandGiven,
    MonthToClose,
    MorningDigest,
    NightNotRun,
    OverdueTask,
    OverdueTasks,
)

# One place to look, in a file per audience.
__all__ = [
    "KIND", "Arrival", "CalendarWarning", "ChaseRow", "ClosingBlocker", "DemandBundle", "DemandLetter",
    "DemandRow", "DepositReceived", "DigestLine", "EarlierContact", "ErrandGiven", "InsurerChase",
    "MissingDocuments",
    "MonthToClose", "MorningDigest", "NightNotRun", "OverdueTask", "OverdueTasks", "Paper", "Progress",
    "RefundPaid", "RefundReady", "RefundUnclaimed", "RefundWaiting", "SatisfactionCall", "TopUpAsked",
    "Words", "is_service", "kind_of",
]  # fmt: skip

Words = (
    DepositReceived
    | Progress
    | MissingDocuments
    | RefundReady
    | RefundPaid
    | RefundUnclaimed
    | RefundWaiting
    | TopUpAsked
    | SatisfactionCall
    | InsurerChase
    | DemandLetter
    | DemandBundle
    | MorningDigest
    | ErrandGiven
    | OverdueTasks
    | CalendarWarning
    | MonthToClose
    | NightNotRun
)


def is_service(notice: type[Words]) -> bool:
    """Whether a notice is part of what its reader ordered, so that it needs no leave of his."""
    return bool(getattr(notice, "service", True))


def kind_of(notice: type[Words]) -> str:
    """RefundReady -> refund_ready."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", notice.__name__).lower()


KIND: dict[str, type[Words]] = {kind_of(each): each for each in Words.__args__}
