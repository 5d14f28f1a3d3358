"""What the rows of a ledger mean: repairs, their cases, and the money on them.

Pure: rows and what is known of insurers in, frozen values out. Amounts are fen. The money of a repair stands
on the row of its lead case (domain 1.8, scenario 7).
"""

import re
from collections.abc import Mapping, Sequence

from models.values import yuan_grouped
from models.words import Severity
from tasks.intake.case_facts import expected_of, insurer_notes, liability_of, round_of, stage_of
from tasks.intake.cells import Value
from tasks.intake.customer_money import identity_notes
from tasks.intake.insurers import InsurerBook, insurer_of, numbers_of
from tasks.intake.ledger_row import Finding, LedgerRow, finding_on
from tasks.intake.repair import ClaimCase, Home, Repair, Sum

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
RECEIPT_FIELDS = ("customer_received_amount", "customer_received_date", "customer_cashier")
PAYOUT_FIELDS = ("payout_received_amount", "payout_received_date", "payout_recorded_by")
REFUND_FIELDS = ("refund_paid_amount", "refund_paid_date", "refund_payee")
# Of these one finding per name is enough, however many rows it stands on.
ONCE_PER_VALUE = ("unknown_insurer", "guessed_insurer")


def lead_claim_no(claim_no: str) -> str:
    """LP2026-0073B is the second claim of the repair of LP2026-0073."""
    return re.sub(r"(?<=\d)[B-Z]$", "", claim_no)


def work_order_of(row: LedgerRow, homes: Mapping[str, Home]) -> str:
    """派工单号; where empty, that of the claim so far, else the claim's number without a second's letter."""
    lead = lead_claim_no(row.claim_no)
    home = homes.get(row.claim_no) or homes.get(lead)
    return row.text("work_order_no") or (home.work_order_no if home else lead)


def repairs(
    rows: Sequence[LedgerRow], book: InsurerBook, homes: Mapping[str, Home]
) -> tuple[list[Repair], list[Finding]]:
    """The rows by repair, and what could not be taken. `homes` are the claims known so far, by number."""
    by_order: dict[str, list[LedgerRow]] = {}
    findings: list[Finding] = []
    plates = {home.work_order_no: home.plate_no for home in homes.values()}
    for row in rows:
        number, plate, home = work_order_of(row, homes), row.text("plate_no"), homes.get(row.claim_no)
        if home and home.work_order_no != number:
            findings.append(_taken(row, home))
        elif plate and plates.get(number) and plates[number] != plate and home is None:
            findings.append(_two_cars(row, plates[number]))
        else:
            by_order.setdefault(number, []).append(row)
            plates[number] = plate or plates.get(number, "")
    made = [_repair(number, together, book, findings) for number, together in by_order.items()]
    return made, _once(findings)


def _taken(row: LedgerRow, home: Home) -> Finding:
    return finding_on(
        row, "claim_no", "claim_no_taken", severity=Severity.ROW_LEFT_OUT,
        why=f"already the claim of work order {home.work_order_no} ({home.plate_no})",
        remedy="Give this claim a number of its own, or correct its 派工单号",
    )  # fmt: skip


def _once(findings: Sequence[Finding]) -> list[Finding]:
    seen: set[tuple[str, str]] = set()
    kept: list[Finding] = []
    for finding in findings:
        if finding.code not in ONCE_PER_VALUE or (finding.code, finding.value) not in seen:
            kept.append(finding)
        seen.add((finding.code, finding.value))
    return kept


def _two_cars(row: LedgerRow, plate: str) -> Finding:
    return finding_on(
        row, "work_order_no", "work_order_of_two_cars", severity=Severity.ROW_LEFT_OUT,
        why=f"also the work order of another car, {plate}",
        remedy="Give each repair its own 派工单号, or correct the plate",
    )  # fmt: skip


def _repair(number: str, rows: Sequence[LedgerRow], book: InsurerBook, findings: list[Finding]) -> Repair:
    ordered = sorted(rows, key=lambda row: lead_claim_no(row.claim_no) != row.claim_no)
    facts = {field: _on_lead(ordered, field, findings) for field in REPAIR_FIELDS}
    facts["plate_no"] = ordered[0].text("plate_no")
    cases = tuple(_case(row, row is ordered[0], book, findings) for row in ordered)
    repair = Repair(
        number, facts, cases, _sum(ordered, RECEIPT_FIELDS, findings), _sum(ordered, REFUND_FIELDS, findings)
    )  # fmt: skip
    findings.extend(identity_notes(repair))
    return repair


def _on_lead(rows: Sequence[LedgerRow], field: str, findings: list[Finding]) -> Value:
    """The first row that says it counts; another row that says something else is a finding."""
    said = [row for row in rows if row.value(field) not in (None, 0)] or list(rows[:1])
    counted = said[0].money(field)
    findings.extend(
        finding_on(
            row, field, "bill_on_two_rows", severity=Severity.VALUE_LEFT_OUT,
            why=f"row {said[0].row} of the same 派工单号 says {yuan_grouped(counted)}, and that counts",
            remedy="Leave the repair's own money on the first row only",
        )
        for row in said[1:]
        if counted is not None and row.money(field) != counted
    )  # fmt: skip
    return said[0].value(field)


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
    group_id = insurer.group_id if insurer else None
    report, policy = numbers_of(row.text("report_or_policy_no"), group_id, book)
    facts = {field: row.value(field) for field in CASE_FIELDS}
    facts |= {
        "report_no": report, "policy_no": row.text("policy_no") or policy,
        "accident_liability": liability_of(row, findings),
        "difference_note": row.text("difference_resolution"),
    }  # fmt: skip
    sums = [_sum([each], PAYOUT_FIELDS, findings) for each in (row, *row.more)]
    payouts = tuple(each for each in sums if each)
    agency, expected = expected_of(row, findings)
    return ClaimCase(row, is_lead, agency, stage_of(row), insurer, facts, expected, round_of(row), payouts)
