"""A shop whose money moves through the jobs alone: bills, facts, transfers, nights, people with their roles.

Amounts are typed in yuan, as on paper; everything that comes back is in yuan too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.difference import Difference
from models.entry import Movement, balances, post
from models.payout import Payout
from models.refund import Position, Refund
from models.shop import Setting, Shop
from models.values import fen, yuan
from models.words import (
    Account,
    Cover,
    DifferenceState,
    EntryKind,
    LineKind,
    RefundState,
)
from models.work_order import WorkOrder
from tasks.cases.job import record_fact
from tasks.differences.job import (
    approve_difference,
    decline_difference,
    find_differences,
    pay_third_party,
    resolve_difference,
    reverse_payout,
    undo_difference,
    unpay_third_party,
)
from tasks.proof import whole
from tasks.reconciliation.job import accept_match, match_lines
from tasks.refunds.job import approve_refund, compute_refunds
from tasks.settlements.job import expect_payout, record_bill
from tests import factories
from worker.job import JobFunction, Night

DAY = date(2026, 11, 2)
_bank_numbers = count(1)


@dataclass
class Floor:
    """One shop on one day; `day` moves on as the test says."""

    session: Session
    shop: Shop
    night: Callable[..., Night]
    day: date = DAY
    _account: Any = field(default=None)

    # ------------------------------------------------------------------ who does what

    def do(self, job: JobFunction, by: str, role: str, **parameters: object) -> int:
        """Do a job as a person; all of it or nothing, as the runner does it."""
        night: Night = self.night(self.day, by=by, parameters={"role": role, **parameters})
        with self.session.begin_nested():
            done = job(self.session, night)
            self.session.flush()
        self.session.expire_all()
        return done

    def work(self, policy: str | None = None) -> None:
        """Run the night's steps of the money: transfers, differences, refunds; all of it adds up after them."""
        if policy:
            self.setting("release_policy", policy)
        for step in (match_lines, find_differences, compute_refunds):
            night = self.night(self.day)
            step(self.session, night)
            assert not night.set_aside, night.set_aside
            self.session.flush()
        self.session.expire_all()
        assert not dict(whole.prove(self.session, self.shop.id).off), "a night whose money does not add up"

    def setting(self, key: str, value: object) -> None:
        facts = {"scope": "shop", "scope_id": self.shop.id, "key": key, "valid_from": date(2026, 1, 1)}
        factories_at = {"set_by": "王敏", "set_at": factories.LONG_AGO}
        self.session.add(Setting(**facts, value=value, **factories_at))
        self.session.flush()

    # ------------------------------------------------------------------ a repair and its claims

    def claim(self, repair: WorkOrder | None = None, **facts: Any) -> Case:
        """Take in a claim, on a repair of its own unless given one; nothing is billed yet."""
        order = repair or factories.add_work_order(
            self.session, self.shop, repair_gross_amount=None, repair_net_amount=None
        )
        return factories.add_case(self.session, order, is_lead=repair is None, **facts)

    def repair_of(self, case: Case) -> WorkOrder:
        return self.session.get_one(WorkOrder, case.work_order_id)

    def expect(
        self, case: Case, amount: str, cover: Cover = Cover.OWN_DAMAGE, *, third: bool = False,
        on: WorkOrder | None = None, **more: object,
    ) -> None:  # fmt: skip
        kind = LineKind.OTHER_AGENCY if third else LineKind.OWN_REPAIR
        self.do(
            expect_payout, "张接车", "handler", case_id=case.id, cover=cover, kind=kind, amount=fen(amount),
            work_order_no=on.work_order_no if on else None, **more,
        )  # fmt: skip

    def bill(self, case: Case, amount: str, customer: str) -> None:
        self.do(record_bill, "张接车", "handler", case_id=case.id, amount=fen(amount), customer=fen(customer))

    def take(self, case: Case, amount: str, fact: str = "deposit") -> None:
        """Money from the customer."""
        self.do(
            record_fact, "钱会", "cashier", case_id=case.id, fact=fact, value=amount, on=self.day.isoformat()
        )

    def fact(self, case: Case, fact: str, value: str = "x") -> None:
        self.do(
            record_fact, "张接车", "handler", case_id=case.id, fact=fact, value=value, on=self.day.isoformat()
        )

    # ------------------------------------------------------------------ the insurer

    def pay(self, case: Case, amount: str) -> None:
        """The insurer transfers; the night's match or an accountant puts it on the claim."""
        if self._account is None:
            self._account = factories.add_account(self.session, self.shop)
        line = factories.add_bank_line(
            self.session, self._account, fen(amount), booked_on=self.day,
            memo=f"赔款{case.plate_no} {case.report_no}", search_text=f"赔款{case.plate_no} {case.report_no}",
        )  # fmt: skip
        match_lines(self.session, self.night(self.day))
        self.session.flush()
        self.session.refresh(line)
        if line.outcome == "proposed":
            self.do(accept_match, "赵会计", "accountant", line_id=line.id, proposal=1)
        elif line.outcome != "matched":
            self._book(case, fen(amount))
            line.outcome, line.reason = "ignored", "booked by hand"  # type: ignore[assignment]
        self.session.flush()
        self.session.expire_all()

    def pay_by_hand(self, case: Case, amount: str) -> None:
        """The insurer pays what no rule of the night would place: a ledger says so."""
        self._book(case, fen(amount))
        self.session.flush()
        self.session.expire_all()

    def _book(self, case: Case, amount: int) -> None:
        """Book a transfer that nobody can match by a rule of the nights, as a ledger's import does."""
        lines = self.session.scalars(select(ExpectedLine).where(ExpectedLine.case_id == case.id)).all()
        own = next((line for line in lines if line.kind is LineKind.OWN_REPAIR), None)
        if own is None:
            own = factories.add_expected_line(self.session, case, 0)
        came = sum(self.session.scalars(select(Payout.amount).where(Payout.expected_line_id == own.id)))
        over = min(amount, max(0, came + amount - own.amount))
        number = next(_bank_numbers)
        self.session.execute(insert(Payout).values(
            case_id=case.id, expected_line_id=own.id, amount=amount, received_on=self.day, state="asserted",
            origin=f"ledger:{number}:{own.id}",
        ))  # fmt: skip
        parts = ((EntryKind.PAYOUT, amount - over), (EntryKind.OVER_RECEIPT_HOLD, over))
        post(
            self.session,
            [Movement(case.work_order_id, k, a, self.day, f"ledger:{number}:{k}") for k, a in parts if a],
            **self.night(self.day).trail,
        )
        self.repair_of(case).settle_on = self.day

    def take_back(self, case: Case, amount: str, **more: object) -> None:
        self.do(
            reverse_payout, "赵会计", "accountant", case_id=case.id, amount=fen(amount),
            on=self.day.isoformat(), because="冲正", **more,
        )  # fmt: skip

    # ------------------------------------------------------------------ differences

    def open_difference(self, case: Case) -> Difference:
        of = (Difference.case_id == case.id, Difference.state == DifferenceState.OPEN)
        return self.session.scalars(select(Difference).where(*of)).one()

    def differences(self, case: Case) -> list[tuple[str, str, str | None]]:
        rows = self.session.scalars(
            select(Difference).where(Difference.case_id == case.id).order_by(Difference.id)
        )
        return [(yuan(row.amount), row.state.value, row.resolution or row.over_result) for row in rows]

    def prepare(
        self, case: Case, result: str, by: str = "张接车", role: str = "handler", **more: object
    ) -> int:
        ident = self.open_difference(case).id
        return self.do(resolve_difference, by, role, difference_id=ident, result=result, **more)

    def resolve_number(self, ident: int, result: str) -> int:
        return self.do(resolve_difference, "张接车", "handler", difference_id=ident, result=result)

    def approve(self, case: Case, by: str = "王经理", role: str = "manager") -> int:
        return self.do(approve_difference, by, role, difference_id=self.open_difference(case).id)

    def decline(self, case: Case, because: str = "材料不全") -> int:
        ident = self.open_difference(case).id
        return self.do(decline_difference, "王经理", "manager", difference_id=ident, because=because)

    def resolve(self, case: Case, result: str, **more: Any) -> None:
        """Have a result prepared, and approved by another person where that is needed."""
        if result == "CUSTOMER_TOPUP":
            more = {"consent": "签字的差价确认书", "consent_on": self.day.isoformat(), **more}
        if not self.prepare(case, result, **more):
            self.approve(case)

    def resolve_later(self, case: Case, result: str) -> None:
        """Have a night find the difference when the insurer is done, and give it a result."""
        self.fact(case, "payment-final")
        self.work()
        self.resolve(case, result)

    def undo(self, case: Case, number: int = -1) -> None:
        rows = self.session.scalars(
            select(Difference.id).where(Difference.case_id == case.id).order_by(Difference.id)
        ).all()
        self.do(undo_difference, "王经理", "manager", difference_id=rows[number], because="看错了")

    # ------------------------------------------------------------------ third parties

    def pay_other(self, case: Case, amount: str, payee: str = "海州汽修厂") -> None:
        self.do(
            pay_third_party, "钱会", "cashier", case_id=case.id, amount=fen(amount),
            on=self.day.isoformat(), payee=payee,
        )  # fmt: skip

    def unpay_other(self, case: Case, amount: str) -> None:
        self.do(unpay_third_party, "钱会", "cashier", case_id=case.id, amount=fen(amount), because="退票")

    # ------------------------------------------------------------------ what came of it

    def position(self, case: Case) -> Position:
        return self.session.get_one(Position, case.work_order_id)

    def sums(self, case: Case) -> tuple[str, str, str]:
        """Refund due, releasable and top-up due of the claim's repair."""
        found = self.position(case)
        return yuan(found.refund_due), yuan(found.releasable), yuan(found.topup_due)

    def lies(self, case: Case, account: Account) -> str:
        """What lies on an account of the claim's repair, by the entries."""
        return yuan(balances(self.session, [case.work_order_id])[case.work_order_id][account])

    def refund(self, case: Case) -> Refund | None:
        return self.session.scalars(
            select(Refund).where(Refund.work_order_id == case.work_order_id).order_by(Refund.number.desc())
        ).first()

    def pay_refund(self, case: Case) -> None:
        """Approve the waiting refund and pay it."""
        refund = self.refund(case)
        assert refund is not None
        self.do(approve_refund, "李审核", "reviewer", refund_id=refund.id)
        again = self.session.get_one(Refund, refund.id)
        paid = Movement(
            case.work_order_id, EntryKind.REFUND_PAID, again.amount, self.day, f"refund_paid:{again.id}"
        )
        post(self.session, [paid], **self.night(self.day).trail)
        again.state, again.paid_on = RefundState.PAID, self.day
        self.session.flush()
        self.repair_of(case).settle_on = self.day
        self.session.flush()

    def later(self, day: date) -> "Floor":
        """The same shop on another day."""
        return replace(self, day=day)
