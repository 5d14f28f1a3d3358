"""What issue 3 calls bad input: each is a refusal that names the case and the next step, and writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from models.case import Case, ExpectedLine
from models.difference import Difference
from models.entry import Entry
from models.event import Event
from models.payment import PaymentFile, PaymentItem, RefundPart
from models.payout import Payout
from models.refund import Position, Refund
from models.secrecy import encrypt
from models.values import SANE_LIMIT, Refusal
from models.words import RefundState
from models.work_order import CustomerLine
from tasks.cases.job import record_fact
from tasks.closing.job import close_case
from tasks.differences.job import pay_third_party, resolve_difference, reverse_payout
from tasks.gates.job import record_stage_fact
from tasks.refunds.job import (
    approve_refund,
    decline_refund,
    make_payment_file,
    pay_refund,
    record_payee,
    split_refund,
)
from tasks.settlements.job import expect_payout, record_bill
from tests.money.beginnings import settled, with_third_party
from tests.money.floor import Floor
from worker.job import JobFunction

TABLES = (
    Entry, Event, Difference, Payout, ExpectedLine, CustomerLine, RefundPart, PaymentFile, PaymentItem,
)  # fmt: skip


@dataclass
class Desk:
    """A case on a shop floor, and the refund that belongs to it."""

    floor: Floor
    case: Case

    @property
    def refund(self) -> Refund:
        found = self.floor.refund(self.case)
        assert found is not None
        return found

    def do(self, job: JobFunction, by: str, role: str, **given: object) -> None:
        self.floor.do(job, by, role, **given)

    def refunds(self, job: JobFunction, by: str, role: str, **given: object) -> None:
        self.do(job, by, role, refund_id=self.refund.id, **given)

    def fact(self, fact: str, value: str, role: str = "handler", job: JobFunction = record_fact) -> None:
        given = {"case_id": self.case.id, "fact": fact, "value": value, "on": self.floor.day.isoformat()}
        self.do(job, "张接车", role, **given)


def written(floor: Floor) -> list[Any]:
    """How much there is of everything, and where every refund and position stands."""
    counts = [floor.session.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]
    refunds = floor.session.execute(select(Refund.id, Refund.state, Refund.amount, Refund.approved_by)).all()
    positions = floor.session.execute(select(Position.work_order_id, Position.releasable)).all()
    results = floor.session.execute(select(Difference.id, Difference.resolution, Difference.amount)).all()
    return [counts, sorted(refunds), sorted(positions), sorted(results)]


# ------------------------------------------------------------------ where it begins


def paid_whole(floor: Floor) -> Case:
    """Scenario 4: 4,400.00 go back and wait."""
    return settled(floor, "11800.00")


def short(floor: Floor) -> Case:
    return settled(floor, "11000.00")


def approved(floor: Floor) -> Case:
    case = paid_whole(floor)
    desk = Desk(floor, case)
    desk.refunds(approve_refund, "李审核", "reviewer")
    return case


def sent(floor: Floor) -> Case:
    case = approved(floor)
    desk = Desk(floor, case)
    account = {"account": encrypt("6222021107001234567"), "bank": "中国工商银行连云港分行"}
    desk.refunds(record_payee, "张接车", "handler", **account)
    desk.do(make_payment_file, "钱会", "cashier")
    return case


def less_is_held(floor: Floor) -> Case:
    """After the refund was computed 1,000.00 are gone: the insurer took them back today."""
    case = paid_whole(floor)
    floor.take_back(case, "11800.00")
    return case


def unbilled(floor: Floor) -> Case:
    case = floor.claim()
    floor.expect(case, "11800.00")
    return case


def other_car(floor: Floor) -> Case:
    return with_third_party(floor)


# ------------------------------------------------------------------ the acts


def take(value: str, fact: str = "deposit") -> Callable[[Desk], None]:
    return lambda desk: desk.fact(fact, value, "cashier")


def invoice(value: str) -> Callable[[Desk], None]:
    return lambda desk: desk.fact("invoice", value, job=record_stage_fact)


def bill(amount: int, customer: int = 60_000) -> Callable[[Desk], None]:
    return lambda desk: desk.do(
        record_bill, "张接车", "handler", case_id=desk.case.id, amount=amount, customer=customer
    )


def expect(amount: int, **more: object) -> Callable[[Desk], None]:
    given = {"cover": "三者", "kind": "own_repair", "amount": amount, **more}
    return lambda desk: desk.do(expect_payout, "张接车", "handler", case_id=desk.case.id, **given)


def reverse(amount: int) -> Callable[[Desk], None]:
    given = {"amount": amount, "on": "2026-11-02", "because": "冲正"}
    return lambda desk: desk.do(reverse_payout, "赵会计", "accountant", case_id=desk.case.id, **given)


def pass_on(amount: int) -> Callable[[Desk], None]:
    given = {"amount": amount, "on": "2026-11-02", "payee": "海州汽修厂"}
    return lambda desk: desk.do(pay_third_party, "钱会", "cashier", case_id=desk.case.id, **given)


def split(**asked: object) -> Callable[[Desk], None]:
    return lambda desk: desk.refunds(split_refund, "张接车", "handler", **asked)


def approve(by: str, role: str) -> Callable[[Desk], None]:
    return lambda desk: desk.refunds(approve_refund, by, role)


def resolve(**given: object) -> Callable[[Desk], None]:
    return lambda desk: desk.do(
        resolve_difference,
        "张接车",
        "handler",
        difference_id=desk.floor.open_difference(desk.case).id,
        **given,
    )


def close(by: str, role: str) -> Callable[[Desk], None]:
    return lambda desk: desk.do(close_case, by, role, case_id=desk.case.id)


def pay(by: str, role: str, on: str = "2026-11-02") -> Callable[[Desk], None]:
    return lambda desk: desk.refunds(pay_refund, by, role, on=on)


ABOVE = SANE_LIMIT + 1
BAD = [
    ("a deposit of nothing", paid_whole, take("0"), "wants an amount above zero"),
    ("a deposit below zero", paid_whole, take("-5"), "wants an amount above zero"),
    ("a top-up beyond all sense", paid_whole, take("10000000000.01", "top-up"), "more than ten billion"),
    ("an assessment below zero", paid_whole, lambda desk: desk.fact("assessment", "-1"), "above zero"),
    ("an invoice of nothing", paid_whole, invoice("0"), "an invoice is above zero"),
    ("an invoice beyond all sense", unbilled, invoice("10000000000.01"), "below ten billion"),
    ("a bill of nothing", unbilled, bill(0), "a bill is above zero"),
    ("a bill below zero", unbilled, bill(-1), "a bill is above zero"),
    ("a bill beyond all sense", unbilled, bill(ABOVE), "more than ten billion"),
    ("a bill that is not S = E_own + C + W", unbilled, bill(1_240_001), "0.01 yuan nobody pays"),
    ("an expectation of nothing", unbilled, expect(0), "an expected payout is above zero"),
    ("an expectation beyond all sense", unbilled, expect(ABOVE), "more than ten billion"),
    ("a rate of 100 %", unbilled, expect(100, rate="100%"), "leaves nothing to pay"),
    ("a rate above 100 %", unbilled, expect(100, rate="120"), "leaves nothing to pay"),
    ("a payout of nothing taken back", paid_whole, reverse(0), "is above zero"),
    ("a payout below zero taken back", paid_whole, reverse(-1), "is above zero"),
    ("more taken back than came", paid_whole, reverse(1_180_001), "can't be taken back"),
    ("nothing passed on", other_car, pass_on(0), "is above zero"),
    ("more passed on than is owed", other_car, pass_on(690_001), "owes 6900.00 yuan to third parties"),
    ("a part below zero", paid_whole, split(offset=-100), "every part is above zero"),
    ("cash below zero", paid_whole, split(cash=-100), "every part is above zero"),
    ("parts above the refund", paid_whole, split(cash=500_000), "its parts come to 5000.00"),
    ("more set off than is owed", paid_whole, split(offset=100), "the customer owes 0.00"),
    ("a refund above what is held", less_is_held, approve("李审核", "reviewer"), "more than the -7400.00 held"),
    ("a cashier approves", paid_whole, approve("钱会", "cashier"), "is cashier; a refund is approved"),
    ("a viewer approves", paid_whole, approve("吴客", "viewer"), "is viewer; a refund is approved"),
    ("nobody's role approves", paid_whole, approve("吴客", ""), "a refund is approved or declined by"),
    ("who prepared it approves", paid_whole, approve("system", "manager"), "nobody approves an entry of their own"),
    ("a second approval", approved, approve("周审核", "reviewer"), "is approved, not waiting: 李审核 approved it"),
    ("declined without a reason", paid_whole,
     lambda desk: desk.refunds(decline_refund, "李审核", "reviewer", because=" "), "Say why"),
    ("paid by who approved it", approved, pay("李审核", "manager"), "who approves does not pay"),
    ("paid before it was approved", approved, pay("钱会", "cashier", "2026-11-01"), "was approved on 2026-11-02"),
    ("paid without approval", paid_whole, pay("钱会", "cashier"), "waits for approval first"),
    ("a payment file asked for twice", sent,
     lambda desk: desk.do(make_payment_file, "郑会", "cashier"), "the newest is FK-2026-0001"),
    ("a top-up without consent", short, resolve(result="CUSTOMER_TOPUP"), "without his recorded consent"),
    ("a consent to another sum", short, lambda desk: desk.fact("consent", "700"), "800.00 yuan are open"),
    ("closed by its handler's colleague", paid_whole, close("孙经办", "handler"), "closed by a reviewer"),
    ("closed with open blockers", short, close("李审核", "reviewer"), "things are in the way"),
]  # fmt: skip


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)  # what is refused hangs on no database
@pytest.mark.parametrize(("begin", "act", "sentence"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_bad_input_is_refused_in_a_sentence_and_nothing_is_half_written(
    floor: Floor, begin: Callable[[Floor], Case], act: Callable[[Desk], None], sentence: str
) -> None:
    desk = Desk(floor, begin(floor))
    before = written(floor)

    with pytest.raises(Refusal) as refused:
        act(desk)

    said = str(refused.value)
    assert sentence in said
    assert desk.case.claim_no in said, "it names the case"
    assert "huikuan " in said, "it names the next step"
    floor.session.expire_all()
    assert written(floor) == before


def test_a_bill_of_a_ledger_that_does_not_add_up_is_not_reviewed(floor: Floor) -> None:
    case = unbilled(floor)
    order = floor.repair_of(case)
    order.repair_net_amount, order.customer_payable_amount = 1_250_000, 60_000
    case.stage = "repair"  # type: ignore[assignment] # as a ledger brings it
    floor.session.flush()
    desk = Desk(floor, case)

    with pytest.raises(Refusal, match=r"S = E_own \+ C \+ W.*huikuan case bill") as refused:
        desk.fact("review", "", "reviewer", record_stage_fact)

    assert case.claim_no in str(refused.value)
    assert floor.session.get_one(Case, case.id).stage1_reviewer is None


def test_a_refund_that_was_sent_stays_in_its_file(floor: Floor) -> None:
    desk = Desk(floor, sent(floor))

    assert desk.refund.state is RefundState.IN_FILE
    assert floor.session.scalars(select(PaymentItem.refund_id)).all() == [desk.refund.id]
