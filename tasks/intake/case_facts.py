"""Single facts of a case, read off its row: stage, return, liability, what is expected, and their notes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.values import UnreadableValue, business_date
from models.words import Liability, LineKind, Severity, Stage
from tasks.intake.cells import NO, YES
from tasks.intake.insurers import InsurerMeant
from tasks.intake.ledger_row import Finding, LedgerRow, finding_on

LIABILITIES = {
    "单方": Liability.SINGLE, "全": Liability.FULL, "主": Liability.MAIN, "同": Liability.EQUAL,
    "对等": Liability.EQUAL, "次": Liability.MINOR, "无": Liability.NONE, "待定": Liability.UNDECIDED,
}  # fmt: skip

# 2026-09-11 缺发票: the day of the return before its reason.
DATED = re.compile(r"(20\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)\s*")


@dataclass(frozen=True)
class Round:
    """The file came back; when is known only where the shop has added a column for it."""

    reason: str | None
    returned_on: date | None
    resubmitted_on: date | None


def stage_of(row: LedgerRow) -> Stage:
    """How far the case is, by the last stage of the ledger in which anything stands."""
    if row.text("closed_by") or row.day("closed_date"):
        return Stage.CLOSED
    if row.money("payout_received_amount") or row.money("refund_paid_amount"):
        return Stage.PAYOUT
    handed_in = ("file_handover_date", "insurer_accepted_date", "resubmitted_date")
    return Stage.SUBMITTED if any(row.day(field) for field in handed_in) else Stage.REPAIR


def round_of(row: LedgerRow) -> Round | None:
    """Columns 32 and 33: a mark or a reason; a resubmission alone says that the file had come back."""
    said, resubmitted = row.text("rejected_returned"), row.day("resubmitted_date")
    word = said.casefold() if said else ""
    if (not said or word in NO) and resubmitted is None:
        return None
    on, reason = _dated(said or "")
    reason = None if reason in ("", *YES, *NO) or word in YES or word in NO else reason
    return Round(reason, row.day("returned_on") or on, resubmitted)


def _dated(said: str) -> tuple[date | None, str | None]:
    """The day a remark begins with, and the rest of it."""
    found = DATED.match(said)
    try:
        return (business_date(found[1]), said[found.end() :]) if found else (None, said)
    except UnreadableValue:
        return None, said


def liability_of(row: LedgerRow, findings: list[Finding]) -> Liability | None:
    """事故责任 by how its word begins: 主责70% and 主要责任 are 主责."""
    said = row.text("accident_liability")
    found = next((word for start, word in LIABILITIES.items() if said and said.startswith(start)), None)
    if said and found is None:
        findings.append(finding_on(
            row, "accident_liability", "unknown_liability", severity=Severity.VALUE_LEFT_OUT,
            why="none of 单方, 全责, 主责, 同责, 次责, 无责, 待定", remedy="Write one of them",
        ))  # fmt: skip
    return found


def insurer_notes(row: LedgerRow, insurer: InsurerMeant | None) -> Iterator[Finding]:
    """What to do about an insurer that is missing, unknown, or written so short that it was guessed."""
    if insurer is None and row.flag("is_agency_claim") is False:
        return
    if insurer is None:
        yield finding_on(
            row, "insurer_name", "no_insurer", why="empty: no payment can be matched and nothing chased",
            remedy="Write the insurer",
        )  # fmt: skip
    elif insurer.group_id is None:
        yield finding_on(
            row, "insurer_name", "unknown_insurer", why="an insurer not known here; the row went in",
            remedy=f'Say which group it is of: huikuan insurer alias "{insurer.name}" GROUP',
        )  # fmt: skip
    elif insurer.guessed:
        yield finding_on(
            row, "insurer_name", "guessed_insurer", why="short; taken for the one insurer it is part of",
            remedy=f'If that is wrong: huikuan insurer alias "{insurer.name}" GROUP',
        )  # fmt: skip


def expected_of(row: LedgerRow, findings: list[Finding]) -> tuple[bool, dict[LineKind, int]]:
    """Columns 19 and 20 (design 5: cover unsplit); nothing expected without 代索赔 (domain 1.8)."""
    amounts = {
        LineKind.OWN_REPAIR: row.money("insurer_due_own_repair"),
        LineKind.OTHER_AGENCY: row.money("insurer_due_other_agency"),
    }
    expected = {kind: amount for kind, amount in amounts.items() if amount}
    agency = row.flag("is_agency_claim")
    if agency is None:
        agency = bool(expected)
        findings.append(finding_on(
            row, "is_agency_claim", "agency_unknown", why="empty", remedy="Write 是 or 否; until then "
            + ("是 is taken, because an insurer owes the shop" if agency else "否 is taken"),
        ))  # fmt: skip
    if expected and not agency:
        findings.append(finding_on(
            row, "is_agency_claim", "not_agency", severity=Severity.VALUE_LEFT_OUT,
            why="否, though an insurer's money is expected: nothing is chased",
            remedy="Write 是, or empty 本店维修赔款额 and 非本店维修的其他代索赔费用",
        ))  # fmt: skip
    return agency, expected if agency else {}
