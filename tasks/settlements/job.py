"""The jobs of the settlements room: bill a repair, and say what an insurer is expected to pay of it."""

from decimal import Decimal

from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.entry import Movement, post, reverse
from models.event import Happening, record
from models.values import Refusal, yuan
from models.words import Cover, EntryKind, LineKind, Role, Stage
from models.work_order import WorkOrder
from tasks.settlements import queries, rules
from worker.job import Night, job

_MAY_SETTLE = frozenset({Role.HANDLER, Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN, "operator"})


@job
def record_bill(session: Session, night: Night) -> int:
    """Settle a repair: case_id, amount (实收费用), customer (his part), in fen; 0 where it was known."""
    given = night.parameters
    case = _case(session, night)
    amount, customer = int(given["amount"]), int(given["customer"])
    retry = f"huikuan case bill {case.claim_no} AMOUNT --customer AMOUNT"
    rules.check_amount(case.claim_no, "a bill", amount, retry)
    rules.check_amount(case.claim_no, "the customer's part", customer, retry, least=0)
    order = queries.repair(session, case.work_order_id)
    shop = sum(entry.amount for entry in queries.standing(session, order.id, EntryKind.WRITE_OFF))
    own = queries.own_expected(session, order.id)
    rules.check_split(case.claim_no, rules.Split(amount, own, customer, shop))
    payable = order.customer_payable_amount
    if order.repair_net_amount == amount and payable is not None and payable >= customer:
        return 0
    if order.repair_net_amount != amount:
        _bill(session, night, order, amount)
    # Column 21 of a ledger may hold a deposit as well; it is never less than what he finally bears.
    order.customer_payable_amount = max(payable or 0, customer)
    inputs: dict[str, object] = {"amount": amount, "customer": customer, "insurers": own, "shop": shop}
    _tell(session, night, case, order, "bill_recorded", inputs)
    return 1


def _bill(session: Session, night: Night, order: WorkOrder, amount: int) -> None:
    for entry in queries.standing(session, order.id, EntryKind.BILL):
        reverse(session, entry.id, business_date=night.date, by=night.by, at=night.at)
    occasion = f"bill:{order.id}:by_hand:{queries.bills_so_far(session, order.id) + 1}"
    post(session, [Movement(order.id, EntryKind.BILL, amount, night.date, occasion)], **night.trail)
    order.repair_net_amount = amount
    order.repair_gross_amount = max(order.repair_gross_amount or 0, amount)
    order.settle_on = night.date


@job
def expect_payout(session: Session, night: Night) -> int:
    """Say what an insurer owes on a cover for a repair: case_id, cover, kind, amount, work_order_no."""
    given = night.parameters
    case = _case(session, night)
    cover, kind, amount = Cover(given["cover"]), LineKind(given["kind"]), int(given["amount"])
    retry = f"huikuan case expect {case.claim_no} {cover} AMOUNT"
    rules.check_amount(case.claim_no, "an expected payout", amount, retry)
    inputs = {"cover": cover, "kind": kind, "amount": amount, **_clauses(night, case, amount)}
    order = _order(session, night, case)
    known = queries.expected(session, case.id, order.id, cover, kind)
    was = known.line.amount if known else 0
    if known and was == amount:
        return 0
    _write(session, case, order, cover, kind, amount)
    taken = _take_from_unsplit(session, case, cover, kind, amount - was)
    session.flush()
    if kind is LineKind.OWN_REPAIR:
        own = queries.own_expected(session, order.id)
        rules.check_expected(case.claim_no, order.repair_net_amount, own)
    order.settle_on = night.date
    inputs |= {"was": was, "taken_from_unsplit": taken, "work_order": order.work_order_no}
    _tell(session, night, case, order, "payout_expected", inputs)
    return 1


def _write(session: Session, case: Case, order: WorkOrder, cover: Cover, kind: LineKind, amount: int) -> None:
    known = queries.expected(session, case.id, order.id, cover, kind)
    if known:
        known.line.amount = amount
        return
    fresh = {"case_id": case.id, "work_order_id": order.id, "cover": cover, "kind": kind, "amount": amount}
    session.add(ExpectedLine(**fresh))


def _take_from_unsplit(session: Session, case: Case, cover: Cover, kind: LineKind, more: int) -> int:
    """A ledger knows one sum; as its covers become known, it shrinks: nothing is expected twice."""
    unsplit = queries.expected(session, case.id, case.work_order_id, Cover.UNSPLIT, kind)
    if cover is Cover.UNSPLIT or unsplit is None or more <= 0:
        return 0
    taken = min(more, unsplit.line.amount)
    unsplit.line.amount -= taken
    return taken


def _clauses(night: Night, case: Case, amount: int) -> dict[str, object]:
    """What the clauses would give, where somebody says what they start from: noted, never decided by."""
    given = night.parameters
    of = rules.rate(case.claim_no, str(given["rate"])) if given.get("rate") is not None else Decimal(0)
    if given.get("assessed") is None:
        return {}
    assessed, deductible = int(given["assessed"]), int(given.get("deductible") or 0)
    retry = f"huikuan case expect {case.claim_no} COVER AMOUNT --assessed AMOUNT"
    rules.check_amount(case.claim_no, "an assessed loss", assessed, retry)
    rules.check_amount(case.claim_no, "a deductible", deductible, retry, least=0)
    if amount > assessed:
        raise Refusal(
            f"{case.claim_no}: an insurer that assessed {yuan(assessed)} yuan does not owe {yuan(amount)}. "
            f"Correct one of them: {retry}"
        )
    results = rules.plausible(assessed, deductible, of)
    if not rules.is_plausible(amount, results):
        night.note(implausible=1, clauses_2014=yuan(results[0]), clauses_2020=yuan(results[1]))
    return {"assessed": assessed, "deductible": deductible, "rate": str(of), "clauses": list(results)}


def _case(session: Session, night: Night) -> Case:
    case = queries.case_for_change(session, night.shop_id, int(night.parameters["case_id"]))
    if night.parameters.get("role") not in _MAY_SETTLE:
        raise Refusal(
            f"{night.by} is {night.parameters.get('role')}; bills and what insurers owe are recorded by a "
            f"handler, accountant or manager. Ask one of them, about {case.claim_no}, or log in: "
            "huikuan login NAME"
        )
    if case.stage is Stage.CLOSED:
        raise Refusal(
            f"{case.claim_no} was closed on {case.closed_date}. Open it again first: "
            f'huikuan case reopen {case.claim_no} --because "..."'
        )
    return case


def _order(session: Session, night: Night, case: Case) -> WorkOrder:
    number = night.parameters.get("work_order_no")
    if not number:
        return queries.repair(session, case.work_order_id)
    found = queries.repair_by_number(session, night.shop_id, str(number))
    if found is None:
        raise Refusal(
            f"{case.claim_no}: there is no claim on a work order {number} in shop {night.shop_code}, so "
            "nothing can be expected for it. Bring its ledger first: huikuan intake ledger FILE"
        )
    return found


def _tell(
    session: Session, night: Night, case: Case, order: WorkOrder, kind: str, inputs: dict[str, object]
) -> None:
    record(session, [Happening(kind, inputs, case.id, order.id, "settlement/1")], **night.trail)
