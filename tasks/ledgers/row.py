"""One row of the ledger, as known on a day: a value for every column; pure.

Money of the repair (bill, customer's money, refund) stands on the lead row alone, otherwise
the month's totals would double (domain 1.8, scenario 7).
"""

from dataclasses import dataclass, replace
from datetime import date

from models.values import yuan_grouped
from models.words import LineKind, Resolution
from tasks.ledgers import rules
from tasks.ledgers.book import CellValue, Difference, LedgerRow, Settlement
from tasks.ledgers.facts import Case, Line, Round, WorkOrder
from tasks.ledgers.moved import Moved, in_order, last_day, on_several_days, persons, total, until, until_day

RESULTS = {
    Resolution.CUSTOMER_TOPUP: "客户补足",
    Resolution.SHOP_ABSORB: "本店承担",
    Resolution.RECLAIM: "再次索赔",
    Resolution.DISPUTE: "争议/投诉/诉讼",
    Resolution.ROUNDING: "尾差忽略",
}
KINDS = {LineKind.OWN_REPAIR: "本店维修", LineKind.OTHER_AGENCY: "其他代索赔"}

Cells = dict[str, CellValue]


@dataclass(frozen=True)
class Place:
    """Where a case stands in the month; nothing dated after `as_of` is shown."""

    first: date
    as_of: date
    lead: bool = True
    siblings: tuple[str, ...] = ()
    carried: bool = False
    still_open: bool = True


def ledger_row(case: Case, place: Place) -> LedgerRow:
    """The row of a case: its cells, and what the other sheets need to know of it."""
    order = case.work_order if place.lead else _without_money(case.work_order)
    by_line = [until(line.receipts, place.as_of) for line in case.lines]
    receipts = in_order([movement for line in by_line for movement in line])
    differences = tuple(_difference(line, got, place) for line, got in zip(case.lines, by_line, strict=True))
    accepted = until_day(case.insurer_accepted_date, place.as_of)
    group = case.insurer_group or case.insurer_name or "未注明"
    refunds = until(order.refunds, place.as_of)
    cells = _case_cells(case, place) | _repair_cells(order, place) | _payout_cells(receipts)
    cells |= _refund_cells(order, refunds) | _difference_cells(case, differences)
    cells |= {
        "remark": _remark(place, receipts, refunds),
        "state": _state(case, place),
        "insurer_group": group,
        "received_in_period": total(m for m in receipts if m.on and place.first <= m.on),
        "age_days": rules.age_word(accepted, place.as_of)
        if any(d.outstanding for d in differences)
        else None,
    }
    return LedgerRow(
        claim_no=case.claim_no, cells=cells, insurer_group=group, accepted=accepted,
        opened=_within(case.dispatch_date, place), closed=case.closed and _within(case.closed_date, place),
        still_open=place.still_open, carried=place.carried, lead=place.lead, differences=differences,
        settlement=_settlement(order, place),
    )  # fmt: skip


def _case_cells(case: Case, place: Place) -> Cells:
    """Columns 1-13 without the car, 25-33 and 42."""
    invoiced = until_day(case.invoice_date, place.as_of)
    rounds = [turn for turn in case.rounds if turn.returned_on is None or turn.returned_on <= place.as_of]
    again = [day for turn in rounds if (day := until_day(turn.resubmitted_on, place.as_of))]
    return {
        "claim_no": case.claim_no,
        "dispatch_date": until_day(case.dispatch_date, place.as_of),
        "insurance_receptionist": case.insurance_receptionist,
        "is_agency_claim": case.is_agency_claim,
        "shop_submits_documents": case.shop_submits_documents,
        "insured_name": case.insured_name,
        "plate_no": case.plate_no,
        "accident_liability": case.accident_liability,
        "insurer_name": case.insurer_name,
        "report_no": case.report_no,
        "stage1_reviewer": case.stage1_reviewer,
        "stage1_review_date": until_day(case.stage1_review_date, place.as_of),
        "invoice_amount": case.invoice_amount if invoiced or case.invoice_date is None else None,
        "invoice_date": invoiced,
        "file_handover_date": until_day(case.file_handover_date, place.as_of),
        "file_receiver": case.file_receiver,
        "insurer_accepted_date": until_day(case.insurer_accepted_date, place.as_of),
        "rejected_returned": "；".join(_returned(turn) for turn in rounds),
        "resubmitted_date": max(again, default=None),
        "closed_by": "" if place.still_open else case.closed_by,
    }


def _repair_cells(order: WorkOrder, place: Place) -> Cells:
    """The car, the bill and the customer's money: columns 7, 12-18 and 21-24."""
    received = until(order.customer_receipts, place.as_of)
    return {
        "work_order_no": order.work_order_no,
        "vehicle_series": order.vehicle_series,
        "vehicle_release_date": until_day(order.vehicle_release_date, place.as_of),
        "labour_fee": order.labour_fee,
        "parts_fee": order.parts_fee,
        "other_fee": order.other_fee,
        "repair_gross_amount": order.repair_gross_amount,
        "repair_net_amount": order.repair_net_amount,
        "customer_payable_amount": order.customer_payable_amount,
        "customer_received_amount": total(received),
        "customer_received_date": last_day(received),
        "customer_cashier": persons(received),
    }


def _payout_cells(receipts: Moved) -> Cells:
    return {
        "payout_received_date": last_day(receipts),
        "payout_received_amount": total(receipts),
        "payout_recorded_by": persons(receipts),
    }


def _refund_cells(order: WorkOrder, refunds: Moved) -> Cells:
    # Column 37 speaks of the time after a payout: before it, nothing due is an empty cell and not a zero.
    spoken = order.refund_due or order.insurer_received or refunds
    due = order.refund_due if spoken else None
    return {
        "refund_due_amount": due,
        "refund_paid_date": last_day(refunds),
        "refund_paid_amount": total(refunds),
        "refund_payee": persons(refunds),
        "refund_open": None if due is None else due - (total(refunds) or 0),
    }


def _difference_cells(case: Case, differences: tuple[Difference, ...]) -> Cells:
    decided = [f"{d.result} {yuan_grouped(d.amount)}" for d in differences if d.result]
    return {
        "insurer_due_own_repair": _expected(case, LineKind.OWN_REPAIR),
        "insurer_due_other_agency": _expected(case, LineKind.OTHER_AGENCY),
        "difference_resolution": "；".join(decided) or case.difference_note,
        "outstanding": sum(d.outstanding for d in differences) if differences else None,
        "over_receipt": sum(d.over_receipt for d in differences) or None,
    }


def _expected(case: Case, kind: LineKind) -> int | None:
    amounts = [line.expected for line in case.lines if line.kind == kind]
    return sum(amounts) if amounts else None


def _settlement(order: WorkOrder, place: Place) -> Settlement:
    deposits = until(order.deposits, place.as_of)
    deposit, on = total(deposits) or 0, last_day(deposits)
    if not _position_known(order, place):
        return Settlement(deposit, on)
    return Settlement(deposit, on, order.releasable, order.topup_due, order.approved)


def _difference(line: Line, receipts: Moved, place: Place) -> Difference:
    line = _as_of(line, place.as_of)
    result = RESULTS[Resolution(line.resolution)] if line.resolution else ""
    is_open = place.still_open and not rules.is_settled(line)
    return Difference(KINDS[LineKind(line.kind)], line.expected, total(receipts) or 0, result, is_open)


def _as_of(line: Line, day: date) -> Line:
    """The line without a resolution that came after a day."""
    came_later = line.resolved_on is not None and line.resolved_on > day
    return replace(line, resolution=None) if came_later else line


def _remark(place: Place, receipts: Moved, refunds: Moved) -> str:
    said = ["结转" if place.carried else ""]
    if place.siblings:
        where = "" if place.lead else "，维修及客户款见首行"
        said.append(f"与{'、'.join(place.siblings)}同一派工单{where}")
    said += [on_several_days("回款", receipts), on_several_days("退款", refunds)]
    return "；".join(filter(None, said))


def _state(case: Case, place: Place) -> str:
    if place.still_open:
        return "未结"
    return "本期结案" if _within(case.closed_date, place) else "已结"


def _returned(turn: Round) -> str:
    day = f"{turn.returned_on:%m-%d}" if turn.returned_on else ""
    return " ".join(filter(None, (day, turn.reason))) or "退回"


def _position_known(order: WorkOrder, place: Place) -> bool:
    """A position computed after `as_of` knows facts that this ledger does not show."""
    return order.computed_on is not None and order.computed_on <= place.as_of


def _without_money(order: WorkOrder) -> WorkOrder:
    return WorkOrder(order.work_order_no, order.vehicle_series, order.vehicle_release_date)


def _within(day: date | None, place: Place) -> bool:
    return day is not None and place.first <= day <= place.as_of
