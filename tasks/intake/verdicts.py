"""Whether a ledger's value is written over what stands there (design 5).

An empty cell changes nothing. A differing value is written where the field was empty or was last written by
an import, and is a finding where a person has changed it since.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum

from models.values import yuan_grouped
from models.words import Severity
from tasks.intake.ledger_row import Finding, finding_on
from tasks.intake.repair import ClaimCase

# Fields of the tables that stand in a column of another name.
COLUMN_OF = {
    "report_no": "report_or_policy_no", "policy_no": "report_or_policy_no", "insurer_id": "insurer_name",
    "difference_note": "difference_resolution",
}  # fmt: skip


class Verdict(Enum):
    KEEP = "keep"
    WRITE = "write"
    CLASH = "clash"


def as_json(value: object) -> object:
    """A value as it stands in the imported JSON: dates as YYYY-MM-DD."""
    return value.isoformat() if isinstance(value, date) else value


def verdict(current: object, last: object, new: object) -> Verdict:
    """What a ledger's value means for a field: `current` is written down, `last` what ledgers said before."""
    if new is None or new == current or as_json(new) == last:
        return Verdict.KEEP
    if current is None or as_json(current) == last:
        return Verdict.WRITE
    return Verdict.CLASH


def facts_to_write(
    case: ClaimCase, new: Mapping[str, object], current: Mapping[str, object], last: Mapping[str, object],
    findings: list[Finding],
) -> dict[str, object]:  # fmt: skip
    """The fields to write; what a person has changed since the last import is kept and found."""
    verdicts = {name: verdict(current.get(name), last.get(name), value) for name, value in new.items()}
    findings.extend(
        finding_on(
            case.row, COLUMN_OF.get(name, name), f"changed_by_hand_{name}", severity=Severity.VALUE_LEFT_OUT,
            why=f"not what was entered here by hand ({shown(current.get(name))}), which stays",
            remedy=f"See huikuan case show {case.row.claim_no}, and correct the ledger or the case",
        )
        for name, said in verdicts.items()
        if said is Verdict.CLASH
    )  # fmt: skip
    return {name: new[name] for name, said in verdicts.items() if said is Verdict.WRITE}


def shown(value: object) -> str:
    return yuan_grouped(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)
