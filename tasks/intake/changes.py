"""What a ledger changes in what is already written down (design 5, ledger against bank).

Money only grows by what is not yet known: column 35 is the total of a case, columns 22 and 39 those of a
repair. Amounts are fen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.values import yuan_grouped
from models.words import CustomerLineKind, LineKind, Severity, Stage
from tasks.intake.case_facts import Round
from tasks.intake.customer_money import customer_lines
from tasks.intake.known import KnownCase, KnownRepair, KnownRound
from tasks.intake.ledger_row import Finding, finding_on
from tasks.intake.repair import ClaimCase, Repair, Sum
from tasks.intake.totals import Total, more_of, newest
from tasks.intake.verdicts import Verdict, as_json, facts_to_write, shown, verdict

STAGES = list(Stage)


@dataclass(frozen=True)
class CaseChange:
    """What to write for one case: facts, expected amounts, a round, the payout that is not yet known."""

    case: ClaimCase
    known: KnownCase | None
    facts: Mapping[str, object]
    expected: Mapping[LineKind, int]
    round: KnownRound | None
    payouts: tuple[Sum, ...]
    imported: Mapping[str, object]


@dataclass(frozen=True)
class RepairChange:
    """What to write for one repair: facts, a bill to post, customer lines, and a refund already paid."""

    repair: Repair
    known: KnownRepair | None
    facts: Mapping[str, object]
    bill: int | None
    lines: tuple[tuple[CustomerLineKind, int], ...]
    refund: int
    cases: tuple[CaseChange, ...]
    findings: tuple[Finding, ...]
    refund_promised: bool = False
    """The ledger's refund was left out, because one that was approved here may be the same money."""

    @property
    def moves_money(self) -> bool:
        """Whether its surplus must be computed again."""
        moved = self.bill is not None or self.lines or self.refund
        return bool(moved or any(case.payouts or case.expected for case in self.cases))


def changes_of(repair: Repair, known: KnownRepair | None, branches: Mapping[str, int]) -> RepairChange:
    """Compare a repair of a ledger with what is written down; `branches` are insurers' ids by name."""
    findings: list[Finding] = []
    lead, last = repair.cases[0], {} if known is None else known.imported
    facts = facts_to_write(lead, repair.facts, known.facts if known else {}, last, findings)
    total = Total("customer_received_amount", repair.received, known.received if known else 0)
    received = more_of(lead, total, last, findings)
    total = Total("refund_paid_amount", repair.refund, known.refunded if known else 0)
    refund = more_of(lead, total, last, findings)
    promised = bool(refund and known and known.refund_promised)
    if promised:
        findings.append(_refund_promised(lead))
    net = facts.get("repair_net_amount")
    bill = net if isinstance(net, int) else None
    cases = tuple(_case_change(case, repair, known, branches, findings) for case in repair.cases)
    lines = _new_lines(repair, known, received)
    refund = 0 if promised else refund
    return RepairChange(repair, known, facts, bill, lines, refund, cases, tuple(findings), promised)


def _refund_promised(case: ClaimCase) -> Finding:
    return finding_on(
        case.row, "refund_paid_amount", "refund_promised", severity=Severity.VALUE_LEFT_OUT,
        why="paid as the ledger says, while an approved refund of this repair waits to be paid here",
        remedy="If it is the same money, decline or settle that one: huikuan refund list",
    )  # fmt: skip


def refund_above_held(change: RepairChange, held: int) -> Finding:
    """A refund is never more than what is held for the customer (domain 1.7): the rest must be explained."""
    return finding_on(
        change.repair.cases[0].row, "refund_paid_amount", "refund_above_held",
        severity=Severity.VALUE_LEFT_OUT,
        why=f"more than the {yuan_grouped(max(0, held))} held for the customer: the refund did not go in",
        remedy="Correct the bill, the payouts or the refund; or record the third party's proof of payment",
    )  # fmt: skip


def _new_lines(
    repair: Repair, known: KnownRepair | None, received: int
) -> tuple[tuple[CustomerLineKind, int], ...]:
    """Over all of the repair's receipts, what no insurer pays is self-pay, the rest deposit (design 5)."""
    before, self_pay = (known.received, known.self_pay) if known else (0, 0)
    bill = repair.facts.get("repair_net_amount") or (known.facts.get("repair_net_amount") if known else None)
    whole = customer_lines(before + received, bill if isinstance(bill, int) else None, _own(repair, known))
    more = max(0, min(received, dict(whole).get(CustomerLineKind.SELF_PAY, 0) - self_pay))
    parts = ((CustomerLineKind.SELF_PAY, more), (CustomerLineKind.DEPOSIT, received - more))
    return tuple((kind, amount) for kind, amount in parts if amount)


def _own(repair: Repair, known: KnownRepair | None) -> int | None:
    """Column 19 over every claim of the repair, those that this ledger leaves out included."""
    here = {case.row.claim_no for case in repair.cases}
    others = [case for claim, case in known.cases.items() if claim not in here] if known else []
    own = repair.own_expected
    lines = [case.expected.get(LineKind.OWN_REPAIR) for case in others]
    elsewhere = [line.amount for line in lines if line is not None]
    return None if own is None else own + sum(elsewhere)


def _case_change(
    case: ClaimCase, repair: Repair, known_repair: KnownRepair | None, branches: Mapping[str, int],
    findings: list[Finding],
) -> CaseChange:  # fmt: skip
    known = known_repair.cases.get(case.row.claim_no) if known_repair else None
    last = known.imported if known else {}
    new = {**case.facts, "insurer_id": branches.get(case.insurer.name) if case.insurer else None}
    if case.row.flag("is_agency_claim") is not None or known is None:
        new["is_agency_claim"] = case.is_agency_claim
    facts = facts_to_write(case, new, known.facts if known else {}, last, findings)
    if known is None or _goes_on(case, known, facts, last):
        facts["stage"] = case.stage
    expected = dict(_expected(case, known, findings))
    if case.payouts and not case.expected and (known is None or not known.expected):
        findings.append(_unexpected(case))
        expected = {LineKind.OWN_REPAIR: 0}
    said = {**_said(case, repair, new), **{str(kind): amount for kind, amount in expected.items()}}
    paid = Sum(case.paid, None, None) if case.payouts else None
    more = more_of(case, Total("payout_received_amount", paid, known.paid if known else 0), last, findings)
    payouts = newest(case.payouts, more)
    return CaseChange(case, known, facts, expected, _round(case.round, known), payouts, {**last, **said})


def _goes_on(
    case: ClaimCase, known: KnownCase, facts: Mapping[str, object], last: Mapping[str, object]
) -> bool:
    """Further than it stood; a closing that the ledger told of before closes no reopened case again."""
    told = {"closed_by", "closed_date"}
    repeated = case.stage is Stage.CLOSED and told & last.keys() and not told & facts.keys()
    return not repeated and STAGES.index(case.stage) > STAGES.index(Stage(str(known.facts["stage"])))


def _unexpected(case: ClaimCase) -> Finding:
    return finding_on(
        case.row, "payout_received_amount", "payout_unexpected",
        why="received though nothing is expected of an insurer: all of it is held as over-receipt",
        remedy="Write what is expected in 本店维修赔款额, or say what the money is",
    )  # fmt: skip


def _said(case: ClaimCase, repair: Repair, facts: Mapping[str, object]) -> dict[str, object]:
    """What this ledger says of the case, as JSON; of the repair too where the case is its lead."""
    sums = ("customer_received_amount", "refund_paid_amount")
    said: dict[str, object] = {**facts, **{name: case.row.money(name) for name in sums}}
    said |= {str(kind): amount for kind, amount in case.expected.items()}
    said["payout_received_amount"] = case.paid or None
    if case.is_lead:
        said |= repair.facts
    return {name: as_json(value) for name, value in said.items() if value is not None}


def _expected(
    case: ClaimCase, known: KnownCase | None, findings: list[Finding]
) -> Iterator[tuple[LineKind, int]]:
    for kind, amount in case.expected.items():
        line = known.expected.get(kind) if known else None
        last = known.imported.get(kind) if known else None
        said = verdict(line.amount if line else None, last, amount)
        if said is Verdict.WRITE and (line is None or line.unsplit_id is not None):
            yield kind, amount
        elif said is not Verdict.KEEP:
            column = "insurer_due_own_repair" if kind is LineKind.OWN_REPAIR else "insurer_due_other_agency"
            findings.append(finding_on(
                case.row, column, f"changed_by_hand_{kind}", severity=Severity.VALUE_LEFT_OUT,
                why=f"not what was set here by hand ({shown(line.amount if line else None)}), which stays",
                remedy=f"See huikuan case show {case.row.claim_no}, and correct the ledger or the case",
            ))  # fmt: skip


def _round(said: Round | None, known: KnownCase | None) -> KnownRound | None:
    """The round to write: the latest one filled up, or the next where the ledger tells of another return."""
    latest = known.round if known else None
    if said is None or latest is None:
        return KnownRound(1, said) if said else None
    was = latest.round
    if was.resubmitted_on and said.resubmitted_on and said.resubmitted_on > was.resubmitted_on:
        return KnownRound(latest.number + 1, said)
    filled = Round(
        was.reason or said.reason,
        was.returned_on or said.returned_on,
        was.resubmitted_on or said.resubmitted_on,
    )
    return KnownRound(latest.number, filled) if filled != was else None
