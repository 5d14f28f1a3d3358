"""The words of the business: every state and kind, one meaning each.

Standard library only, so that rules may use them. A value is what stands in the
database and in `--json`; it never changes once released.
"""

from enum import StrEnum


class FileKind(StrEnum):
    """What a file brought by a person or a bank turned out to be."""

    LEDGER = "ledger"
    STATEMENT = "statement"
    CONTACTS = "contacts"
    ACCOUNTS = "accounts"
    REPLY = "reply"


class FileState(StrEnum):
    """How far a brought file has come."""

    WAITING = "waiting"
    READ = "read"
    REFUSED = "refused"


class Severity(StrEnum):
    """Whether what a finding speaks of went in all the same."""

    ROW_LEFT_OUT = "row_left_out"
    VALUE_LEFT_OUT = "value_left_out"
    NOTE = "note"
    FILE_REFUSED = "file_refused"


class FindingState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


class Liability(StrEnum):
    """事故责任 (domain 1.2 column 9)."""

    SINGLE = "单方"
    FULL = "全责"
    MAIN = "主责"
    EQUAL = "同责"
    MINOR = "次责"
    NONE = "无责"
    UNDECIDED = "待定"


class Stage(StrEnum):
    """Where a case stands: the three stages of the ledger, then closed."""

    REPAIR = "repair"
    SUBMITTED = "submitted"
    PAYOUT = "payout"
    CLOSED = "closed"


OPEN_STAGES = (Stage.REPAIR, Stage.SUBMITTED, Stage.PAYOUT)
"""Asked for by name, so that a database finds open cases by index: "not closed" is a look at all of them."""


class Cover(StrEnum):
    """险别: which cover of the policy pays a line (domain 1.3)."""

    COMPULSORY = "交强"
    OWN_DAMAGE = "车损"
    THIRD_PARTY = "三者"
    UNSPLIT = "未分"


class LineKind(StrEnum):
    """Column 19 or column 20 of the ledger."""

    OWN_REPAIR = "own_repair"
    OTHER_AGENCY = "other_agency"


class Resolution(StrEnum):
    """差额处理结果 (domain 1.7)."""

    CUSTOMER_TOPUP = "CUSTOMER_TOPUP"
    SHOP_ABSORB = "SHOP_ABSORB"
    RECLAIM = "RECLAIM"
    DISPUTE = "DISPUTE"
    ROUNDING = "ROUNDING"


class OverResult(StrEnum):
    """What an over-receipt turns out to be (domain 1.7)."""

    RETURN_TO_INSURER = "RETURN_TO_INSURER"
    REASSIGN = "REASSIGN"
    ENTITLED = "ENTITLED"
    CUSTOMER_COST = "CUSTOMER_COST"


class DifferenceState(StrEnum):
    """GONE: closed by itself, because other money came or its result no longer fits what came."""

    OPEN = "open"
    RESOLVED = "resolved"
    GONE = "gone"


class Gate(StrEnum):
    """What a blocker stands before: the next stage, or closing."""

    STAGE = "stage"
    CLOSING = "closing"


class PartKind(StrEnum):
    """How a part of a refund is given."""

    CASH = "cash"
    OFFSET = "offset"
    OTHER_ORDER = "other_order"


class CustomerLineKind(StrEnum):
    """The types column 21 is split into (domain 1.2)."""

    SELF_PAY = "自付额"
    PRICE_GAP = "定损差价"
    NON_CLAIM = "非事故"
    DEPOSIT = "押金"
    SUPPLEMENT = "补交"


class PayoutState(StrEnum):
    """What stands behind a payout: a ledger's word, a bank line, or a reversal."""

    ASSERTED = "asserted"
    EVIDENCED = "evidenced"
    REVERSED = "reversed"


class Outcome(StrEnum):
    """What reconciliation made of a bank line."""

    OPEN = "open"
    MATCHED = "matched"
    PROPOSED = "proposed"
    UNMATCHED = "unmatched"
    IGNORED = "ignored"


class MatchState(StrEnum):
    PROPOSED = "proposed"
    APPLIED = "applied"
    REJECTED = "rejected"
    UNDONE = "undone"


class MatchKind(StrEnum):
    """What a match says of its bank lines."""

    PAYOUT = "payout"
    EVIDENCE = "evidence"
    BOUNCED_REFUND = "bounced_refund"
    REFUND_PAYMENT = "refund_payment"
    PAYOUT_REVERSAL = "payout_reversal"


class PlanState(StrEnum):
    """A plan of matching is applied once."""

    OPEN = "open"
    APPLIED = "applied"


class Account(StrEnum):
    """The accounts of a work order; every entry moves money from one to another (design 4)."""

    BANK = "bank"
    CUSTOMER_OWES = "customer_owes"
    DEPOSIT_HELD = "deposit_held"
    THIRD_PARTY_OWED = "third_party_owed"
    OVER_RECEIPT_HELD = "over_receipt_held"
    REFUND_RESERVED = "refund_reserved"
    SHOP_EARNED = "shop_earned"
    WRITTEN_OFF = "written_off"
    TRANSFER = "transfer"
    """Money on its way from one work order to another: over a whole shop it is zero."""


class EntryKind(StrEnum):
    """Why money moved on a work order."""

    BILL = "bill"
    DEPOSIT = "deposit"
    SELF_PAY = "self_pay"
    TOP_UP = "top_up"
    PAYOUT = "payout"
    PAYOUT_THIRD_PARTY = "payout_third_party"
    REASSIGNED_IN = "reassigned_in"
    REASSIGNED_IN_THIRD_PARTY = "reassigned_in_third_party"
    OVER_RECEIPT_HOLD = "over_receipt_hold"
    THIRD_PARTY_PROOF = "third_party_proof"
    THIRD_PARTY_PAID = "third_party_paid"
    OVER_RECEIPT_RETURNED = "over_receipt_returned"
    OVER_RECEIPT_REASSIGNED = "over_receipt_reassigned"
    OVER_RECEIPT_RELEASED = "over_receipt_released"
    OVER_RECEIPT_TO_THIRD_PARTY = "over_receipt_to_third_party"
    WRITE_OFF = "write_off"
    REFUND_RESERVED = "refund_reserved"
    REFUND_RELEASED = "refund_released"
    REFUND_PAID = "refund_paid"
    REFUND_BOUNCED = "refund_bounced"
    REFUND_OFFSET = "refund_offset"
    REFUND_TRANSFER_IN = "refund_transfer_in"
    REVERSAL = "reversal"


class RefundState(StrEnum):
    """Design 5: approved means that the money is reserved."""

    COMPUTED = "computed"
    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    IN_FILE = "in_file"
    PAID = "paid"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNCLAIMED = "unclaimed"


class ReleasePolicy(StrEnum):
    """When a surplus may go back to the customer (domain 1.7)."""

    FINAL = "FINAL"
    PROGRESSIVE = "PROGRESSIVE"


class DeadlineState(StrEnum):
    """RESTARTED: it runs again after it stood still, or from an event that began it anew."""

    RUNNING = "running"
    STOPPED = "stopped"
    RESTARTED = "restarted"
    MET = "met"
    MISSED = "missed"


class NoticeState(StrEnum):
    """The life of a row in the outbox (reliability 3)."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    HELD = "held"
    DEAD = "dead"
    SUPPRESSED = "suppressed"


class Audience(StrEnum):
    """Whom a notice speaks to: decides masking, quiet hours and caution."""

    CUSTOMER = "customer"
    INSURER = "insurer"
    STAFF = "staff"


class ChannelName(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    WECOM = "wecom"
    FILE = "file"


class Why(StrEnum):
    """What made a run."""

    SCHEDULE = "schedule"
    CATCH_UP = "catch_up"
    DAYTIME = "daytime"
    BY_HAND = "by_hand"
    STARTED = "started"
    """By a person, to be done by a worker: a lost wake-up is repeated, a failure waits for the person."""


class RunState(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """What a staff member may do (domain 1.5)."""

    VIEWER = "viewer"
    HANDLER = "handler"
    CASHIER = "cashier"
    ACCOUNTANT = "accountant"
    REVIEWER = "reviewer"
    MANAGER = "manager"
    ADMIN = "admin"


class ContactKind(StrEnum):
    INSURER = "保险公司"
    STAFF = "员工"
    CUSTOMER = "客户"


class DayKind(StrEnum):
    """What an official notice says of a day."""

    HOLIDAY = "holiday"
    MAKE_UP_WORKDAY = "make_up_workday"


class HeldBecause(StrEnum):
    """Why a notice is kept back until it has what it lacks."""

    NO_ADDRESS = "no_address"
    NO_AUTHORISATION = "no_authorisation"
    DEAD_ADDRESS = "dead_address"


class AttemptOutcome(StrEnum):
    """How one attempt to send a notice ended; no outcome = it is still under way, or was cut off."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


class Delivery(StrEnum):
    """What a provider reports of a message it was handed."""

    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class ChaseReason(StrEnum):
    """Why an open case is not chased tonight (domain 2.6)."""

    NOT_AGENCY = "not_agency"
    NOTHING_EXPECTED = "nothing_expected"
    PAID = "paid"
    DISPUTED = "disputed"
    RETURNED_TO_SHOP = "returned_to_shop"
    NOT_HANDED_OVER = "not_handed_over"
    NOT_ACCEPTED = "not_accepted"
    NO_INSURER = "no_insurer"
    NO_AUTHORISATION = "no_authorisation"
    AUTHORISATION_EXPIRED = "authorisation_expired"
    NOT_DUE = "not_due"
    ESTIMATE_ONLY = "estimate_only"
    FINAL_EXPIRED = "final_expired"
    WITH_LAWYER = "with_lawyer"
    HELD = "held"
    PROMISED = "promised"
    TRANSFER_UNALLOCATED = "transfer_unallocated"
    BELOW_FLOOR = "below_floor"
    SENDING_OFF = "sending_off"
    WAITS_FOR_APPROVAL = "waits_for_approval"


class Fact(StrEnum):
    """A dated fact of a case that a person records by hand (design 5)."""

    ACCEPTANCE = "acceptance"
    RETURN = "return"
    RESUBMISSION = "resubmission"
    ASSESSMENT = "assessment"
    AGREEMENT = "agreement"
    CONSENT = "consent"
    AUTHORISATION = "authorisation"
    THIRD_PARTY_PROOF = "third-party-proof"
    PAYMENT_FINAL = "payment-final"
    DEPOSIT = "deposit"
    SELF_PAY = "self-pay"
    TOP_UP = "top-up"
    REVIEW = "review"
    RELEASE = "release"
    REPORT_NO = "report-no"
    LIABILITY = "liability"
    INVOICE = "invoice"
    HANDOVER = "handover"
    DEPOSIT_RECEIPT = "deposit-receipt"
    SIGNATURE = "signature"
    ACCIDENT = "accident"
    REGISTRATION_NO = "registration-no"


class RuleCover(StrEnum):
    """Which covers a rule of law is about; the general rule gives way to the one for a cover."""

    ANY = "全部"
    COMPULSORY = "交强"
    COMMERCIAL = "商业"
    OWN_DAMAGE = "车损"
    LIABILITY = "三者"


class PeriodUnit(StrEnum):
    """What a period of law is counted in; days are natural days (domain 2.2)."""

    DAYS = "days"
    WORKDAYS = "workdays"
    MONTHS = "months"


class ChaseForm(StrEnum):
    """How a level of the ladder is taken: told to the insurer, or given to a person of the shop."""

    MESSAGE = "message"
    REMINDER = "reminder"
    LETTER = "letter"
    ERRAND = "errand"


class Recipient(StrEnum):
    """Who at the insurer is addressed (domain 2.6)."""

    HANDLER = "handler"
    BRANCH = "branch"
    HEAD = "head"
    PARENT = "parent"


class HoldKind(StrEnum):
    """Why a case is left alone until a day: a person said so, or the insurer promised to pay."""

    HOLD = "hold"
    PROMISE = "promise"


class HoldState(StrEnum):
    STANDING = "standing"
    KEPT = "kept"
    BROKEN = "broken"
    ENDED = "ended"


class ChasePlanState(StrEnum):
    """A night's plan of steps: carried out, or stopped until a person approves it."""

    DONE = "done"
    WAITING = "waiting"
    APPROVED = "approved"


class PlanStop(StrEnum):
    """Why a plan waits: the shop wants to see it first, or it is far larger than usual."""

    REVIEW = "review"
    TOO_LARGE = "too_large"


class ErrandKind(StrEnum):
    """What a named person is to see to."""

    COMPLAINT = "complaint"
    LAWYER = "lawyer"
    LIMITATION = "limitation"
    REPLY = "reply"
    DISPUTE = "dispute"
    CALLBACK = "callback"


class ErrandState(StrEnum):
    """PASSED_ON: nothing happened in time, another person has it now. GONE: there is nothing left to do."""

    OPEN = "open"
    DONE = "done"
    PASSED_ON = "passed_on"
    GONE = "gone"


class InterruptionKind(StrEnum):
    """What begins a limitation anew (民法典 195)."""

    DEMAND = "demand"
    ACKNOWLEDGEMENT = "acknowledgement"
    SUIT = "suit"


class ReplyState(StrEnum):
    """What an insurer says of a case in a statement of account sent back."""

    PAID = "已付款"
    IN_REVIEW = "审核中"
    PAPERS_MISSING = "待补资料"
    REFUSED = "拒赔"
    OTHER = "其他"


class DisputeKind(StrEnum):
    """A payout decision of the insurer, or what the shop does about one."""

    APPROVED = "approved"
    PARTIAL = "partial"
    REFUSED = "refused"
    OBJECTION = "objection"
    COMPLAINT = "complaint"
    REVIEW = "review"


class DisputeState(StrEnum):
    """ANSWERED: decided, but not accepted; a review can still be asked for."""

    OPEN = "open"
    ANSWERED = "answered"
    RESOLVED = "resolved"


class DisputeOutcome(StrEnum):
    """How a decision or complaint ended."""

    PAID = "paid"
    ACCEPTED = "accepted"
    RAISED = "raised"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
