"""A case: one ledger row = one 报案 x one work order (design 5)."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Json, Word
from models.words import Cover, Liability, LineKind, Resolution, Stage

CLOSED_CASE_DATES = (
    "dispatch_date", "stage1_review_date", "invoice_date", "file_handover_date", "insurer_accepted_date",
)  # fmt: skip
"""A closed case stands in the ledger of a month in which one of these lies: found by index among all."""


_CLOSED = text("stage = 'closed'")


class Case(Base):
    """One claim on one work order, with the facts of the ledger's 42 columns that are its own."""

    __tablename__ = "claim_case"
    __table_args__ = (
        UniqueConstraint("shop_id", "claim_no"),
        Index("ix_claim_case_open", "shop_id", "stage"),
        *(
            Index(
                f"ix_claim_case_closed_{column}",
                "shop_id",
                column,
                sqlite_where=_CLOSED,
                postgresql_where=_CLOSED,
            )
            for column in ("closed_date", *CLOSED_CASE_DATES)
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    claim_no: Mapped[str] = mapped_column(String(64))
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    is_lead: Mapped[bool]
    """The case on which the bill, the customer's money and the refund are shown (domain 1.8, scenario 7)."""
    stage: Mapped[Stage] = mapped_column(Word(Stage))
    dispatch_date: Mapped[date | None]
    insurance_receptionist: Mapped[str | None] = mapped_column(String(64))
    is_agency_claim: Mapped[bool]
    shop_submits_documents: Mapped[bool | None]
    insured_name: Mapped[str] = mapped_column(String(128))
    plate_no: Mapped[str] = mapped_column(String(16), index=True)
    accident_liability: Mapped[Liability | None] = mapped_column(Word(Liability))
    insurer_id: Mapped[int | None] = mapped_column(ForeignKey("insurer.id"), index=True)
    report_no: Mapped[str | None] = mapped_column(String(64), index=True)
    policy_no: Mapped[str | None] = mapped_column(String(64))
    accident_date: Mapped[date | None]
    stage1_reviewer: Mapped[str | None] = mapped_column(String(64))
    stage1_review_date: Mapped[date | None]
    invoice_amount: Mapped[int | None] = mapped_column(Fen)
    invoice_date: Mapped[date | None]
    file_handover_date: Mapped[date | None]
    file_receiver: Mapped[str | None] = mapped_column(String(64))
    insurer_accepted_date: Mapped[date | None]
    accepted_proof: Mapped[str | None] = mapped_column(String(128))
    """What proves the acceptance (接案凭据), as letters cite it."""
    assessed_amount: Mapped[int | None] = mapped_column(Fen)
    settlement_agreed_on: Mapped[date | None]
    liability_fixed_on: Mapped[date | None]
    payment_final_on: Mapped[date | None]
    """When the insurer said that it has paid in full: from then on what is short is a difference."""
    authorised_by: Mapped[str | None] = mapped_column(String(64))
    """Who vouches that a valid 授权委托书 exists (domain 2.3); NULL = nothing goes out."""
    authorised_on: Mapped[date | None]
    authorisation_valid_to: Mapped[date | None]
    difference_note: Mapped[str | None] = mapped_column(Text)
    """差额处理结果 as a ledger words it."""
    closed_by: Mapped[str | None] = mapped_column(String(64))
    closed_date: Mapped[date | None]
    imported: Mapped[object | None] = mapped_column(Json)
    """The ledger's values as last imported, to tell an edit by a person from an older import."""


class Registration(Base):
    """The insurer's own number of a claim (立案号): one for each cover it registered (domain 1.4)."""

    __tablename__ = "claim_registration"
    __table_args__ = (UniqueConstraint("case_id", "cover"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    cover: Mapped[Cover] = mapped_column(Word(Cover))
    """UNSPLIT: of the whole claim."""
    number: Mapped[str] = mapped_column(String(64))


class SubmissionRound(Base):
    """The insurer sent the file back (不合格案退回) and the shop handed it in again."""

    __tablename__ = "submission_round"
    __table_args__ = (UniqueConstraint("case_id", "round_no"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    round_no: Mapped[int]
    returned_on: Mapped[date | None] = mapped_column(index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    resubmitted_on: Mapped[date | None] = mapped_column(index=True)


class ExpectedLine(Base):
    """Money an insurer is expected to pay: claim x cover x work order (domain 1.6)."""

    __tablename__ = "expected_line"
    __table_args__ = (UniqueConstraint("case_id", "work_order_id", "cover", "kind"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    """Normally the case's own; another one where one claim funds two repairs (scenario 8)."""
    cover: Mapped[Cover] = mapped_column(Word(Cover))
    kind: Mapped[LineKind] = mapped_column(Word(LineKind))
    amount: Mapped[int] = mapped_column(Fen)
    resolution: Mapped[Resolution | None] = mapped_column(Word(Resolution))
    customer_paid_third_party_on: Mapped[date | None]
    """Proof that the customer has already paid the third party (domain 1.7, Y)."""
