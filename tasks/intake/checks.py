"""What the rows of a file say about each other and about themselves: duplicates, sums that do not fit.

A row is left out only where it would count a case twice or overwrite another; all else goes in with a note.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from models.values import yuan_grouped
from models.words import Severity
from tasks.intake.cells import Value
from tasks.intake.columns import BY_FIELD
from tasks.intake.ledger_row import Finding, LedgerRow, finding_on, picked

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
PLATE = re.compile(f"临?[{PROVINCES}][A-Z][A-Z0-9]{{4,6}}[挂学警港澳临]?")
# Two visits of one car within a month are told apart by hand, not by a remark that names the plate.
DAYS_BETWEEN_VISITS = 31
SAME = "Compare the two rows and correct the wrong one"
NAMED_AT_MOST = 3
FEES = ("labour_fee", "parts_fee", "other_fee")
LOOKED_AT = ("repair_gross_amount", "repair_net_amount", *FEES, "plate_no", "insured_name")


def without_duplicates(rows: Sequence[LedgerRow]) -> tuple[list[LedgerRow], list[Finding]]:
    """One row per claim number: the first. A later sheet may fill what an earlier one left empty.

    The same content again is passed over; a different one is a finding on the later row.
    """
    kept: dict[str, LedgerRow] = {}
    findings: list[Finding] = []
    for row in rows:
        first = kept.setdefault(row.claim_no, row)
        if first is row or (first.layout is row.layout and first.said == row.said):
            continue
        if first.values == row.values:
            continue
        differing = _differing(first, row, fills=first.sheet != row.sheet)
        if differing:
            findings.append(_twice(first, row, differing))
        else:
            said = {field: value for field, value in row.values.items() if value is not None}
            kept[row.claim_no] = first.with_values(said)
    return list(kept.values()), findings


def _differing(first: LedgerRow, later: LedgerRow, *, fills: bool) -> list[str]:
    fields = [field for field in later.values if first.value(field) != later.value(field)]
    if fills:
        fields = [each for each in fields if None not in (first.value(each), later.value(each))]
    return fields


def _twice(first: LedgerRow, row: LedgerRow, differing: Sequence[str]) -> Finding:
    named = "、".join(f"「{BY_FIELD[field].heading}」" for field in differing[:NAMED_AT_MOST])
    more = f" and {len(differing) - NAMED_AT_MOST} more" if len(differing) > NAMED_AT_MOST else ""
    return finding_on(
        row, "claim_no", "claim_no_twice", severity=Severity.ROW_LEFT_OUT, remedy=SAME,
        why=f"already on row {first.row} of sheet {first.sheet} with a different {named}{more}",
    )  # fmt: skip


def notes(rows: Sequence[LedgerRow]) -> list[Finding]:
    """What a person should look at in rows that go in: each with the sentence that says why."""
    return [
        *_same_report(rows),
        *_same_plate(rows),
        *(note for row in _odd(rows) for note in _own_notes(row)),
    ]


def _same_report(rows: Sequence[LedgerRow]) -> Iterator[Finding]:
    first: dict[str, LedgerRow] = {}
    for row, (number, _) in zip(rows, picked(rows, "report_or_policy_no", "claim_no"), strict=True):
        other = first.setdefault(_upper(number), row) if isinstance(number, str) and number else row
        if other is not row:
            yield finding_on(
                row, "report_or_policy_no", "report_no_twice", remedy=SAME,
                why=f"also the number of {other.claim_no} on row {other.row}; both rows went in",
            )  # fmt: skip


def _upper(number: str) -> str:
    upper = number.upper()
    return number if upper == number else upper  # the same text need not be held twice


def _same_plate(rows: Sequence[LedgerRow]) -> Iterator[Finding]:
    last: dict[Value, LedgerRow] = {}
    for row, (plate, _) in zip(rows, picked(rows, "plate_no", "claim_no"), strict=True):
        if not plate:
            continue
        other, last[plate] = last.get(plate), row
        if other is None or other.text("work_order_no") == row.text("work_order_no"):
            continue
        day, before = row.day("dispatch_date"), other.day("dispatch_date")
        if day and before and abs((day - before).days) <= DAYS_BETWEEN_VISITS:
            yield finding_on(
                row, "plate_no", "plate_twice",
                why=f"also on row {other.row} ({other.claim_no}) within a month; both rows went in",
                remedy="If it is one repair, give both rows the same 派工单号; if two, nothing is to be done",
            )  # fmt: skip


def _odd(rows: Sequence[LedgerRow]) -> Iterator[LedgerRow]:
    """The rows of which a note may be due: a quick look, as almost none is."""
    plate_fits = PLATE.fullmatch
    for row, (gross, net, *fees, plate, insured) in zip(rows, picked(rows, *LOOKED_AT), strict=True):
        due = gross or 0
        adds_up = due == sum(filter(None, fees)) and (net or 0) <= due  # type: ignore[operator, arg-type]  # fen
        if not (adds_up and insured and isinstance(plate, str) and plate_fits(plate)):
            yield row


def _own_notes(row: LedgerRow) -> Iterable[Finding]:
    yield from _bill_notes(row)
    plate = row.text("plate_no")
    if plate is None or not PLATE.fullmatch(plate):
        yield finding_on(
            row, "plate_no", "odd_plate", why="no plate as they are issued",
            remedy="Correct it if it is a slip; payments are matched by report number meanwhile",
        )  # fmt: skip
    if row.text("insured_name") is None:
        yield finding_on(row, "insured_name", "no_insured", why="empty", remedy="Write whose claim it is")


def _bill_notes(row: LedgerRow) -> Iterable[Finding]:
    gross, net = row.money("repair_gross_amount"), row.money("repair_net_amount")
    fees = [row.money(field) for field in FEES]
    total = sum(fee or 0 for fee in fees)
    if gross is not None and net is not None and net > gross:
        yield finding_on(
            row, "repair_net_amount", "net_above_gross", remedy="Correct 应收费用 or 实收费用",
            why=f"more than 应收费用 {yuan_grouped(gross)}: after a discount it is less",
        )  # fmt: skip
    if gross is not None and any(fee is not None for fee in fees) and gross != total:
        yield finding_on(
            row, "repair_gross_amount", "fees_do_not_add_up", remedy="Correct the fee or the sum",
            why=f"not 工时费 + 零件费 + 其它费用, which is {yuan_grouped(total)}",
        )  # fmt: skip
