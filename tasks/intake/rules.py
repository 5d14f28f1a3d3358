"""What the rows of a ledger mean: repairs, their cases, and the money on them.

Pure: rows and what is known of insurers in, frozen values out. Amounts are fen. The money of a repair stands
on the row of its lead case (domain 1.8, scenario 7).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.values import yuan_grouped
from models.words import CustomerLineKind, LineKind, Severity, Stage
from tasks.intake.case_facts import Round, expected_of, insurer_notes, liability_of, round_of, stage_of
from tasks.intake.cells import Value
from tasks.intake.insurers import InsurerBook, InsurerMeant, insurer_of, numbers_of
from tasks.intake.ledger_row import Finding, LedgerRow, finding_on

REPAIR_FIELDS = (
    "vehicle_series", "vehicle_release_date", "labour_fee", "parts_fee", "other_fee", "repair_gross_amount",
    "repair_net_amount", "customer_payable_amount",
)  # fmt: skip
CASE_FIELDS = (
    "dispatch_date", "insurance_receptionist", "shop_submits_documents", "insured_name", "plate_no",
    "accident_date", "stage1_reviewer", "stage1_review_date", "invoice_amount", "invoice_date",
    "file_handover_date", "file_receiver", "insurer_accepted_date", "settlement_agreed_on", "closed_by",
    "closed_date",
)  # fmt: skip
@dataclass(frozen=True)
class Sum:
    """Money that moved: fen, on which day (None = unknown), through or to whom."""

    amount: int
    on: date | None
    who: str | None


@dataclass(frozen=True)
class ClaimCase:
    """One row as a case: its facts by field name of the table, what is expected and what has come."""

    row: LedgerRow
    is_lead: bool
    is_agency_claim: bool
    stage: Stage
    insurer: InsurerMeant | None
    facts: Mapping[str, Value]
    expected: Mapping[LineKind, int]
    round: Round | None
    payout: Sum | None


@dataclass(frozen=True)
class Repair:
    """One work order: its bill, its cases (the lead first), the customer's money and the refund already paid."""

    work_order_no: str
    facts: Mapping[str, Value]
    cases: tuple[ClaimCase, ...]
    received: Sum | None
    refund: Sum | None

    @property
    def own_expected(self) -> int | None:
        """Column 19 over the claims of the repair; None while an agency claim has none yet."""
        amounts = [case.expected.get(LineKind.OWN_REPAIR) for case in self.cases if case.is_agency_claim]
        return None if None in amounts else sum(amount or 0 for amount in amounts)


def work_order_of(row: LedgerRow) -> str:
    """派工单号, or the claim number without the letter that marks a second claim."""
    return row.text("work_order_no") or re.sub(r"(?<=\d)[B-Z]$", "", row.claim_no)


def repairs(rows: Sequence[LedgerRow], book: InsurerBook) -> tuple[list[Repair], list[Finding]]:
    """The rows by repair, and what could not be taken as it stands."""
    by_order: dict[str, list[LedgerRow]] = {}
    findings: list[Finding] = []
    for row in rows:
        together = by_order.setdefault(work_order_of(row), [])
        if len({plate for each in (*together, row) if (plate := each.text("plate_no"))}) > 1:
            findings.append(_two_cars(together[0], row))
        else:
            together.append(row)
    made = [_repair(number, together, book, findings) for number, together in by_order.items()]
    return made, findings


def _two_cars(first: LedgerRow, row: LedgerRow) -> Finding:
    return finding_on(
        row, "work_order_no", "work_order_of_two_cars", severity=Severity.ROW_LEFT_OUT,
        why=f"also the work order of {first.text('plate_no')} on row {first.row}",
        remedy="Give each repair its own 派工单号, or correct the plate",
    )  # fmt: skip


def _repair(number: str, rows: Sequence[LedgerRow], book: InsurerBook, findings: list[Finding]) -> Repair:
    ordered = sorted(rows, key=lambda row: re.search(r"\d[B-Z]$", row.claim_no) is not None)
    facts = {field: _on_lead(ordered, field, findings) for field in REPAIR_FIELDS}
    cases = tuple(_case(row, row is ordered[0], book, findings) for row in ordered)
    repair = Repair(
        number, facts, cases,
        _sum(ordered, ("customer_received_amount", "customer_received_date", "customer_cashier"), findings),
        _sum(ordered, ("refund_paid_amount", "refund_paid_date", "refund_payee"), findings),
    )  # fmt: skip
    findings.extend(_identity(repair))
    return repair


def _on_lead(rows: Sequence[LedgerRow], field: str, findings: list[Finding]) -> Value:
    """The first row that says it counts; another row that says something else is a finding."""
    said = [row for row in rows if row.values.get(field) not in (None, 0)] or list(rows[:1])
    for row in said[1:]:
        if row.values[field] != said[0].values[field] and row.money(field) is not None:
            findings.append(finding_on(
                row, field, "bill_on_two_rows", severity=Severity.VALUE_LEFT_OUT,
                why=f"row {said[0].row} of the same 派工单号 says {yuan_grouped(said[0].money(field) or 0)}; that counts",
                remedy="Leave the repair's own money on the first row only",
            ))  # fmt: skip
    return said[0].values.get(field)


def _sum(rows: Sequence[LedgerRow], fields: tuple[str, str, str], findings: list[Finding]) -> Sum | None:
    amount = _on_lead(rows, fields[0], findings)
    if not isinstance(amount, int) or not amount:
        return None
    row = next(row for row in rows if row.money(fields[0]) == amount)
    return Sum(amount, row.day(fields[1]), row.text(fields[2]))


def _case(row: LedgerRow, is_lead: bool, book: InsurerBook, findings: list[Finding]) -> ClaimCase:
    name = row.text("insurer_name")
    insurer = insurer_of(name, book) if name else None
    findings.extend(insurer_notes(row, insurer))
    report, policy = numbers_of(row.text("report_or_policy_no"), insurer.group_id if insurer else None, book)
    facts = {field: row.values.get(field) for field in CASE_FIELDS}
    facts |= {
        "report_no": report, "policy_no": row.text("policy_no") or policy,
        "accident_liability": liability_of(row, findings), "difference_note": row.text("difference_resolution"),
    }  # fmt: skip
    payout = _sum([row], ("payout_received_amount", "payout_received_date", "payout_recorded_by"), findings)
    agency, expected = expected_of(row, findings)
    return ClaimCase(row, is_lead, agency, stage_of(row), insurer, facts, expected, round_of(row), payout)


def customer_lines(
    received: int, bill: int | None, own_expected: int | None
) -> list[tuple[CustomerLineKind, int]]:
    """Column 22 of a ledger without typed lines, inferred (design 5): what no insurer pays is self-pay,

    the rest deposit. Without a bill, or while the insurer's part is unknown, all of it is held as deposit.
    """
    known = bill is not None and own_expected is not None
    self_pay = min(received, max(0, (bill or 0) - (own_expected or 0))) if known else 0
    lines = [(CustomerLineKind.SELF_PAY, self_pay), (CustomerLineKind.DEPOSIT, received - self_pay)]
    return [(kind, amount) for kind, amount in lines if amount]


def _identity(repair: Repair) -> Iterator[Finding]:
    """S = E_own + C + W (domain 1.6): of a ledger that mixes self-pay and deposit only the bounds can be told."""
    bill, own, row = repair.facts["repair_net_amount"], repair.own_expected, repair.cases[0].row
    payable = repair.facts["customer_payable_amount"]
    if not isinstance(bill, int) or own is None:
        return
    if own > bill:
        yield finding_on(
            row, "insurer_due_own_repair", "insurer_above_bill", remedy="Correct the amount, or 实收费用",
            why=f"with the repair's other claims {yuan_grouped(own)}, more than 实收费用 {yuan_grouped(bill)}",
        )  # fmt: skip
    if isinstance(payable, int) and own + payable < bill:
        yield finding_on(
            row, "customer_payable_amount", "bill_not_covered", remedy="Correct the amounts, or record who bears it",
            why=f"with 本店维修赔款额 {yuan_grouped(bill - own - payable)} less than 实收费用: nobody pays the rest",
        )  # fmt: skip
