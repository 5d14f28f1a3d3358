"""The words of a generated shop: how money comes, and what goes wrong with it (domain 6.3, 6.4)."""

from enum import StrEnum


class Tier(StrEnum):
    """What a line asks of reconciliation, as issue 4 numbers its tiers."""

    KEY = "1 key and amount"
    COVERS = "2 transfers of one claim"
    LISTED = "3 listed"
    BLIND = "4 nothing named"
    DIFFERENCE = "5 short, over, cents"
    PERSON = "for a person"
    OTHER = "no insurer money"

    @property
    def asks_a_person(self) -> bool:
        """Whether nothing of it is expected to be applied by itself."""
        return self in (Tier.PERSON, Tier.OTHER)


class Fault(StrEnum):
    """The mismatches of domain 6.4, each in its words."""

    TWO_TRANSFERS = "1 two transfers, sum = expected"
    BATCH = "2 one transfer > any claim"
    SHORT = "3 short by a round sum"
    CENTS = "4 short by cents"
    OVER = "5 more than expected"
    SAME_TWICE = "6 same amount twice, same plate"
    BOUNCED = "7 our refund bounced"
    TAKEN_BACK = "8 insurer takes money back"
    NO_KEY = "9 no plate, no report number"
    FORWARDED = "10 insured's name as payer"
    AFTER_CLOSING = "11 arrives after closing"
    TO_CUSTOMER = "12 paid to the customer"
    MISTYPED = "13 O/0, I/1, missing province"
    NET_OF_VAT = "14 net of VAT"
