"""What a shop may set of matching, for all or per insurer group, and per class of match. Pure.

Each field is a setting `reconcile.<name>`.
"""

from dataclasses import dataclass, fields

PREFIX = "reconcile."


@dataclass(frozen=True)
class Policy:
    """Tolerances, windows and switches. Percent are of what is open on the claim."""

    rounding_fen: int = 5
    """Up to here a difference is a rounding (setting rounding_tolerance_fen; domain 1.7)."""
    apply_rounding: bool = True
    apply_short: bool = True
    apply_over: bool = True
    apply_list: bool = True
    auto_batch: bool = False
    """Transfers without references are applied by themselves (issue 4, tier 4)."""
    short_wait_days: int = 3
    """A short transfer waits so long for another one of the same claim."""
    short_percent: int = 50
    over_percent: int = 50
    coincidence_per_million: int = 1000
    """Above this chance of a coincidence nothing without references is applied: 1000 = 0.1 %."""
    evidence_days: int = 3
    """A bank line within so many days of a ledger's receipt is its evidence (design 5)."""
    look_back_days: int = 400
    """Claims settled longer before a transfer than this are not looked at for one without references."""


MEANINGS = {
    "apply_rounding": "apply a transfer with a key that differs by a rounding; off: propose it",
    "apply_short": "apply a transfer with a key that is short; off: propose it",
    "apply_over": "apply a transfer with a key that is too much, the rest on hold; off: propose it",
    "apply_list": "apply a transfer whose remark or payment list names its claims; off: propose it",
    "auto_batch": "apply a transfer without references where just one explanation is credible",
    "short_wait_days": "days a short transfer waits for another one of the same claim",
    "short_percent": "percent of what is open by which a transfer may be short and still be applied",
    "over_percent": "percent of what is open by which a transfer may be over and still be applied",
    "coincidence_per_million": "chance of a coincidence, per million, below which auto_batch applies",
    "evidence_days": "days within which a bank line is the evidence of a ledger's receipt",
    "look_back_days": "days before a transfer in which a claim must be settled for auto_batch to see it",
}
"""What each setting means, for people."""

ON_OFF = ("on", "off")

NAMES = tuple(each.name for each in fields(Policy) if each.name in MEANINGS)


def as_setting(value: int | bool) -> int | str:
    """A value of a policy as it is set: switches are on or off."""
    return ("on" if value else "off") if isinstance(value, bool) else value


def from_setting(value: object) -> int | bool:
    """A setting as a policy holds it."""
    return value == "on" if value in ON_OFF else int(str(value))
