"""Every notice: a frozen dataclass whose fields are its template's words.

Words are ready to print, built by the room that tells: amounts by `wording.money`, dates by `wording.day`,
names, plates and numbers masked for customers (domain 3.2). '' means "does not apply": its line is left out.
The class name in snake_case is the kind in the outbox and the folder of the templates.
"""

import re

from notifications.to_customers import (
    Arrival,
    Progress,
    RefundReady,
    RefundUnclaimed,
    RefundWaiting,
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
from notifications.to_staff import CalendarWarning, DigestLine, ErrandGiven, MorningDigest

# One place to look, in a file per audience.
__all__ = [
    "KIND", "Arrival", "CalendarWarning", "ChaseRow", "DemandBundle", "DemandLetter", "DemandRow",
    "DigestLine", "EarlierContact", "ErrandGiven", "InsurerChase", "MorningDigest", "Progress", "RefundReady",
    "RefundUnclaimed", "RefundWaiting", "TopUpAsked", "Words", "kind_of",
]  # fmt: skip

Words = (
    RefundReady
    | RefundUnclaimed
    | TopUpAsked
    | RefundWaiting
    | Progress
    | InsurerChase
    | DemandLetter
    | DemandBundle
    | MorningDigest
    | ErrandGiven
    | CalendarWarning
)


def kind_of(notice: type[Words]) -> str:
    """RefundReady -> refund_ready."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", notice.__name__).lower()


KIND: dict[str, type[Words]] = {kind_of(each): each for each in Words.__args__}
