"""The customer's money of a repair where a ledger does not say what it is for. Amounts are fen."""

from collections.abc import Iterator

from models.values import yuan_grouped
from models.words import CustomerLineKind
from tasks.intake.ledger_row import Finding, finding_on
from tasks.intake.repair import Repair


def customer_lines(
    received: int, bill: int | None, own_expected: int | None
) -> list[tuple[CustomerLineKind, int]]:
    """Column 22 of a ledger without typed lines, inferred: what no insurer pays is self-pay (design 5).

    The rest is deposit; without a bill, or while the insurer's part is unknown, all of it is.
    """
    known = bill is not None and own_expected is not None
    self_pay = min(received, max(0, (bill or 0) - (own_expected or 0))) if known else 0
    lines = [(CustomerLineKind.SELF_PAY, self_pay), (CustomerLineKind.DEPOSIT, received - self_pay)]
    return [(kind, amount) for kind, amount in lines if amount]


def identity_notes(repair: Repair) -> Iterator[Finding]:
    """S = E_own + C + W (domain 1.6): where self-pay and deposit are mixed only the bounds can be told."""
    bill, own, row = repair.facts["repair_net_amount"], repair.own_expected, repair.cases[0].row
    payable = repair.facts["customer_payable_amount"]
    if not isinstance(bill, int) or own is None:
        return
    if own > bill:
        yield finding_on(
            row, "insurer_due_own_repair", "insurer_above_bill", remedy="Correct the amount, or 实收费用",
            why=f"over all claims of the repair {yuan_grouped(own)}, more than 实收费用 {yuan_grouped(bill)}",
        )  # fmt: skip
    if isinstance(payable, int) and own + payable < bill:
        yield finding_on(
            row, "customer_payable_amount", "bill_not_covered",
            why=f"with 本店维修赔款额 {yuan_grouped(bill - own - payable)} less than 实收费用: who pays it?",
            remedy="Correct the amounts, or record who bears the rest",
        )  # fmt: skip
