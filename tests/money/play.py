"""A history played: every act goes through the real job, and through the model if the job did it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.bank import BankAccount
from models.case import ExpectedLine
from models.difference import Difference
from models.entry import Entry, balances
from models.payment import PayeeAccount
from models.payout import Payout
from models.refund import Position, Refund
from models.values import Refusal, yuan
from models.words import Account, DifferenceState, LineKind, MatchKind, PayoutState, RefundState
from models.work_order import WorkOrder
from tasks.cases.job import record_fact
from tasks.differences.job import (
    approve_difference,
    find_differences,
    pay_third_party,
    resolve_difference,
    reverse_payout,
)
from tasks.proof import whole
from tasks.proof.job import prove_money
from tasks.reconciliation import posting
from tasks.reconciliation.verdict import Pairing
from tasks.refunds import job as refunds
from tasks.settlements.job import record_bill
from tests import factories
from tests.money import model
from tests.money.floor import Floor
from worker import clock
from worker.job import Night

DAY = date(2026, 11, 2)
PLATE = "苏G12345"
EXPECTED, THIRD = 700_000, 300_000
PEOPLE = {
    "cashier": "钱会", "accountant": "赵会计", "handler": "张接车", "reviewer": "李审核", "manager": "王经理",
}  # fmt: skip


class Play:
    """Two repairs of one customer in one shop, and what the model thinks of them."""

    def __init__(self, session: Session, *, progressive: bool) -> None:
        self.session, self.refused = session, ""
        self.shop = factories.add_shop(session, code="PLAY", name="福源汽车服务")
        self.floor = Floor(session, self.shop, self._night, DAY)
        self.floor.setting("release_policy", "PROGRESSIVE" if progressive else "FINAL")
        self.floor.setting("refund_limit_fen", 10**11)
        self.account = factories.add_account(session, self.shop, number="1107001209000000001")
        self.cases = [self._claim(f"LP2026-{number:04}") for number in (1, 2)]
        self._payee()
        lines = [(model.Line(EXPECTED), model.Line(THIRD, is_third_party=True)) for _ in self.cases]
        self.model = model.Shop([model.Repair(*each) for each in lines], progressive)

    def _claim(self, claim_no: str) -> Any:
        order = factories.add_work_order(
            self.session, self.shop, work_order_no=f"PG{claim_no}", plate_no=PLATE, repair_gross_amount=None,
            repair_net_amount=None,
        )  # fmt: skip
        case = factories.add_case(self.session, order, claim_no=claim_no, report_no=f"RDAA{claim_no}")
        for kind, amount in ((LineKind.OWN_REPAIR, EXPECTED), (LineKind.OTHER_AGENCY, THIRD)):
            factories.add_expected_line(self.session, case, amount, kind=kind)
        case.payment_final_on = DAY
        self.session.flush()
        return case

    def _payee(self) -> None:
        self.session.add(PayeeAccount(
            shop_id=self.shop.id, payee="王小明", plate_no=PLATE, number="6222021107001234567",
            bank_name="中国工商银行连云港分行", recorded_by="孙行政", recorded_on=DAY,
        ))  # fmt: skip
        self.session.flush()

    def _night(self, day: date, **facts: Any) -> Night:
        at = datetime.combine(day + timedelta(days=1), time(2), clock.SHANGHAI)
        given: dict[str, Any] = {
            "shop_id": self.shop.id,
            "shop_code": self.shop.code,
            "by": "system",
            "at": at,
        }
        return Night(date=day, **given | facts)

    # ------------------------------------------------------------------ acting

    def act(self, name: str, **given: Any) -> bool:
        """Do an act; False where it was refused or known, and then nothing may have changed."""
        before, self.refused = self._traces(), ""
        try:
            with self.session.begin_nested():
                happened: Callable[[], None] | None = getattr(self, name)(**given)
                self.session.flush()
        except Refusal as refusal:
            happened, self.refused = None, str(refusal)
        self.session.expire_all()
        if happened is None:
            assert self._traces() == before, f"{name} was refused and left something behind"
            return False
        happened()
        return True

    def _traces(self) -> tuple[Any, ...]:
        counted = [select(func.count()).select_from(each) for each in (Entry, Payout, Refund)]
        return tuple(self.session.scalar(each) for each in counted)

    def _do(self, job: Callable[[Session, Night], int], role: str, **parameters: Any) -> int:
        night = self._night(DAY, by=PEOPLE[role], parameters={"role": role, **parameters})
        return job(self.session, night)

    def _repair(self, at: int) -> model.Repair:
        return self.model.repairs[at]

    def bill(self, at: int) -> Callable[[], None] | None:
        """The settled bill; the customer's part is what no insurer pays."""
        own = self.session.scalars(
            select(ExpectedLine.amount).where(
                ExpectedLine.case_id == self.cases[at].id, ExpectedLine.kind == LineKind.OWN_REPAIR
            )
        ).one()
        borne = sum(line.borne for line in self._repair(at).lines)
        amount, case_id = own + 100_000 + borne, self.cases[at].id
        done = self._do(record_bill, "handler", case_id=case_id, amount=amount, customer=100_000)
        return (lambda: setattr(self._repair(at), "bill", amount)) if done else None

    def take(self, at: int, amount: int, fact: str, number: int) -> Callable[[], None] | None:
        done = self._do(
            record_fact, "cashier", case_id=self.cases[at].id, fact=fact, value=yuan(amount), number=number,
            on=DAY.isoformat(),
        )  # fmt: skip

        def happened() -> None:
            self._repair(at).customer_paid += amount

        return happened if done else None

    def insurer_pays(self, at: int, amount: int) -> Callable[[], None]:
        line = factories.add_bank_line(
            self.session, self.session.get_one(BankAccount, self.account.id), amount, booked_on=DAY
        )
        parts = ((line.id, self.cases[at].id, amount),)
        posting.apply(self.session, self._night(DAY), [Pairing(MatchKind.PAYOUT, "plate", parts)])
        return lambda: self._repair(at).receive(amount)

    def insurer_takes_back(self, at: int, which: int) -> Callable[[], None] | None:
        """A whole receipt is reversed; which of them it is counts round."""
        standing = self.session.execute(
            select(Payout.id, Payout.amount, ExpectedLine.kind)
            .join(ExpectedLine, ExpectedLine.id == Payout.expected_line_id)
            .where(
                Payout.case_id == self.cases[at].id, Payout.state != PayoutState.REVERSED, Payout.amount > 0
            )
            .order_by(Payout.id)
        ).all()
        if not standing:
            return None
        ident, amount, kind = standing[which % len(standing)]
        self._do(
            reverse_payout, "accountant", case_id=self.cases[at].id, amount=amount, on=DAY.isoformat(),
            because="冲正", payout_id=ident,
        )  # fmt: skip

        def happened() -> None:
            repair = self._repair(at)
            line = repair.third if kind is LineKind.OTHER_AGENCY else repair.own
            line.received -= amount
            for each in repair.lines:
                each.look_again()

        return happened

    def proof(self, at: int) -> Callable[[], None] | None:
        """The customer proves that he has paid the third party."""
        expected = self._repair(at).third.expected
        done = self._do(
            record_fact, "handler", case_id=self.cases[at].id, fact="third-party-proof",
            value=yuan(expected), on=DAY.isoformat(),
        )  # fmt: skip
        return (lambda: setattr(self._repair(at).third, "proven", True)) if done else None

    def pass_on(self, at: int, amount: int) -> Callable[[], None]:
        self._do(
            pay_third_party, "cashier", case_id=self.cases[at].id, amount=amount, on=DAY.isoformat(),
            payee="海州汽修厂",
        )  # fmt: skip

        def happened() -> None:
            self._repair(at).passed_on += amount

        return happened

    def resolve(self, at: int, result: str, third: bool) -> Callable[[], None] | None:
        """A handler prepares the result of an open difference, the manager approves it."""
        kind = LineKind.OTHER_AGENCY if third else LineKind.OWN_REPAIR
        found = self.session.execute(
            select(Difference.id, Difference.amount)
            .join(ExpectedLine, ExpectedLine.id == Difference.expected_line_id)
            .where(
                Difference.case_id == self.cases[at].id, Difference.state == DifferenceState.OPEN,
                ExpectedLine.kind == kind,
            )
        ).one_or_none()  # fmt: skip
        if found is None:
            return None
        ident, amount = found
        more = {"consent": "签字", "consent_on": DAY.isoformat()} if result == "CUSTOMER_TOPUP" else {}
        if result == "REASSIGN":
            more = {"to": self.cases[1 - at].claim_no}
        if not self._do(resolve_difference, "handler", difference_id=ident, result=result, **more):
            self._do(approve_difference, "manager", difference_id=ident)
        return lambda: self._resolved(at, result, third, amount)

    def _resolved(self, at: int, result: str, third: bool, amount: int) -> None:
        repair, other = self._repair(at), self._repair(1 - at)
        line = repair.third if third else repair.own
        if result in ("CUSTOMER_TOPUP", "SHOP_ABSORB"):
            line.settled, line.borne = amount, amount if result == "SHOP_ABSORB" else 0
        elif result in ("ENTITLED", "CUSTOMER_COST"):
            line.expected = line.received
        elif result in ("RETURN_TO_INSURER", "REASSIGN"):
            line.received += amount
            if result == "REASSIGN":
                other.receive(-amount)
                for each in other.lines:
                    each.look_again()

    # ------------------------------------------------------------------ the night and the refunds

    def night(self) -> Callable[[], None]:
        night = self._night(DAY)
        for step in (find_differences, prove_money, refunds.compute_refunds):
            step(self.session, night)
            assert night.set_aside == [], night.set_aside
            self.session.flush()
        return self.model.night

    def _newest(self, at: int) -> Refund | None:
        return self.session.scalars(
            select(Refund).where(Refund.work_order_id == self.cases[at].work_order_id)
            .order_by(Refund.number.desc())
        ).first()  # fmt: skip

    def split(self, at: int, amount: int) -> Callable[[], None] | None:
        refund = self._newest(at)
        if refund is None:
            return None
        other = self.session.get_one(WorkOrder, self.cases[1 - at].work_order_id).work_order_no
        parts = {"other_order": other, "other_amount": amount}
        self._do(refunds.split_refund, "accountant", refund_id=refund.id, **parts)

        def happened() -> None:
            mine = self._repair(at).refund
            assert mine is not None
            mine.elsewhere = amount

        return happened

    def decide(self, at: int, verb: str) -> Callable[[], None] | None:
        """Approve, decline, pay, bounce or fail the newest refund."""
        refund = self._newest(at)
        if refund is None:
            return None
        job, role = {
            "approve": (refunds.approve_refund, "reviewer"), "decline": (refunds.decline_refund, "reviewer"),
            "pay": (refunds.pay_refund, "cashier"), "bounce": (refunds.bounce_refund, "cashier"),
            "fail": (refunds.fail_refund, "cashier"),
        }[verb]  # fmt: skip
        self._do(job, role, refund_id=refund.id, because="户名不符", on=DAY.isoformat())
        return lambda: self._decided(at, verb)

    def _decided(self, at: int, verb: str) -> None:
        repair, other = self._repair(at), self._repair(1 - at)
        refund = repair.refund
        assert refund is not None
        if verb == "approve":
            assert refund.amount <= repair.held, "more was approved than is held for the customer"
        refund.state = {"approve": "approved", "decline": "declined", "pay": "paid", "bounce": "bounced",
                        "fail": "failed"}[verb]  # fmt: skip
        if verb == "pay" or (verb == "approve" and refund.elsewhere == refund.amount):
            refund.state = "paid"
            repair.refunded += refund.amount
            other.customer_paid += refund.elsewhere
        elif verb == "bounce":
            repair.refunded -= refund.amount - refund.elsewhere

    def pay_file(self) -> Callable[[], None]:
        self._do(refunds.make_payment_file, "cashier")

        def happened() -> None:
            for repair in self.model.repairs:
                if repair.refund and repair.refund.state == "approved":
                    repair.refund.state = "in_file"

        return happened

    # ------------------------------------------------------------------ comparing

    def check(self) -> None:
        """The rows say what the model says; nobody got more than came."""
        lies = balances(self.session, [case.work_order_id for case in self.cases])
        for case, repair in zip(self.cases, self.model.repairs, strict=True):
            own = lies[case.work_order_id]
            assert own[Account.DEPOSIT_HELD] + own[Account.CUSTOMER_OWES] == repair.held
            assert own[Account.REFUND_RESERVED] == repair.reserved
            assert own[Account.OVER_RECEIPT_HELD] == sum(line.over for line in repair.lines)
            assert (
                own[Account.THIRD_PARTY_OWED] == sum(line.owed_on for line in repair.lines) - repair.passed_on
            )
            assert sum(own.values()) == 0
            assert repair.refunded <= repair.customer_paid + repair.ever_received
        # What went from one repair to the other was refunded here and paid in there: no bank saw it.
        across = sum(repair.bank for repair in self.model.repairs)
        assert -sum(own[Account.BANK] for own in lies.values()) == across
        assert sum(own[Account.TRANSFER] for own in lies.values()) == 0

    def check_proof(self) -> None:
        """The proof of the night finds nothing, whenever it looks."""
        assert dict(whole.prove(self.session, self.shop.id).off) == {}

    def check_night(self) -> None:
        """After a night the stored position and the refund are the model's too."""
        for at, (case, repair) in enumerate(zip(self.cases, self.model.repairs, strict=True)):
            position = self.session.get(Position, case.work_order_id)
            if position is None:
                continue
            assert position.surplus == repair.surplus
            assert position.releasable == repair.releasable
            newest, mine = self._newest(at), repair.refund
            state = None if newest is None else _plain(newest)
            assert state == (None if mine is None else (mine.state, mine.amount))

    def dump(self) -> list[tuple[Any, ...]]:
        """Everything that the history wrote of money, without the numbers of rows."""
        entries = text("SELECT kind, debit, credit, amount, occasion, work_order_id FROM entry ORDER BY id")
        rows = text("SELECT state, amount, number FROM refund ORDER BY id")
        money = text("SELECT amount, state FROM payout ORDER BY id")
        return [tuple(row) for query in (entries, rows, money) for row in self.session.execute(query)]


def _plain(refund: Refund) -> tuple[str, int]:
    taken_back = refund.state is RefundState.DECLINED and (refund.declined_because or "").startswith(
        "no longer"
    )
    return ("withdrawn" if taken_back else refund.state.value), refund.amount
