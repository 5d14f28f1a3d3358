"""What is true of a generated shop as its staff have it in the books: cases, expected lines, old refunds."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.entry import Movement, post
from models.shop import Shop
from models.words import CustomerLineKind, EntryKind, RefundState, Stage
from models.work_order import WorkOrder
from tests import factories
from tests.generated.facts import Claim, Life, PaidRefund
from worker.job import Night


@dataclass
class Books:
    """The cases of a life that were taken in so far."""

    session: Session
    shop: Shop
    life: Life
    cases: dict[str, Case] = field(default_factory=dict)

    def until(self, night: Night) -> None:
        """Bring the books to a day: what was taken in, accepted, agreed, refunded by then."""
        for claim in self.life.claims:
            if (claim.entered_on or claim.dispatched_on) <= night.date:
                case = self.cases.get(claim.claim_no) or self.take_in(claim, night)
                accepted = claim.accepted_on if claim.acceptance_known else None
                case.insurer_accepted_date = _known(accepted, night.date)
                case.settlement_agreed_on = _known(claim.agreed_on, night.date)
        for refund in self.life.refunds:
            if refund.claim.claim_no not in self.cases and refund.paid_on <= night.date:
                self._refunded(refund, night)
        self.session.flush()

    def close(self, day: date) -> None:
        """Close what its people closed that day, in good faith."""
        for claim in self.life.claims:
            case = self.cases.get(claim.claim_no)
            if case is not None and claim.closed_on == day:
                case.stage, case.closed_by, case.closed_date = Stage.CLOSED, "刘审核", day
        self.session.flush()

    def take_in(self, claim: Claim, night: Night) -> Case:
        order = factories.add_work_order(
            self.session, self.shop, work_order_no=f"PG{claim.claim_no[2:]}", plate_no=claim.plate_no,
            repair_gross_amount=claim.amount, repair_net_amount=claim.amount,
            vehicle_release_date=claim.dispatched_on + timedelta(days=4),
        )  # fmt: skip
        insurer = factories.add_insurer(self.session, claim.branch, claim.group)
        case = factories.add_case(
            self.session, order, claim_no=claim.claim_no, insured_name=claim.insured, report_no=claim.report_no,
            dispatch_date=claim.dispatched_on, insurer_id=insurer.id, stage=Stage.SUBMITTED,
            insurer_accepted_date=None, file_handover_date=None,
        )  # fmt: skip
        for due in claim.dues:
            factories.add_expected_line(self.session, case, due.amount, cover=due.cover, kind=due.kind)
        self._post(order, EntryKind.BILL, claim.amount, f"bill:{order.id}:file:1", night)
        self.cases[claim.claim_no] = case
        return case

    def _refunded(self, refund: PaidRefund, night: Night) -> None:
        """The insurer paid it all long ago, so the deposit went back."""
        case = self.take_in(refund.claim, night)
        order = self.session.get_one(WorkOrder, case.work_order_id)
        origin = f"by_hand:{order.id}"
        factories.add_customer_line(
            self.session, order, refund.amount, kind=CustomerLineKind.DEPOSIT, origin=f"{origin}:deposit"
        )
        self._post(order, EntryKind.DEPOSIT, refund.amount, f"{origin}:deposit:{EntryKind.DEPOSIT}", night)
        line = self.session.scalars(select(ExpectedLine).where(ExpectedLine.case_id == case.id)).one()
        factories.add_payout(
            self.session, line, origin=f"{origin}:payout", received_on=refund.claim.dispatched_on
        )
        self._post(order, EntryKind.PAYOUT, line.amount, f"{origin}:payout:{EntryKind.PAYOUT}", night)
        row = factories.add_refund(
            self.session, order, refund.amount, state=RefundState.PAID, paid_on=refund.paid_on,
            payee=refund.claim.insured,
        )  # fmt: skip
        self._post(order, EntryKind.REFUND_RESERVED, refund.amount, f"refund_reserved:{row.id}:1", night)
        self._post(order, EntryKind.REFUND_PAID, refund.amount, f"refund_paid:{row.id}", night)

    def _post(self, order: WorkOrder, kind: EntryKind, amount: int, occasion: str, night: Night) -> None:
        post(self.session, [Movement(order.id, kind, amount, night.date, occasion)], **night.trail)


def _known(day: date | None, today: date) -> date | None:
    return day if day is not None and day <= today else None
