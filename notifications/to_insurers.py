"""Notices to the insurer (domain 2.6, 3.1): unmasked, factual, and no breach on an estimate."""

from dataclasses import dataclass
from typing import ClassVar

from models.words import Audience


@dataclass(frozen=True)
class ChaseRow:
    """One case a branch is asked about; nothing is masked towards the insurer who insures it."""

    step: str
    """收件确认, 进度查询 or 核定提醒."""
    claim_no: str
    insured: str
    plate_no: str
    report_no: str
    policy_no: str
    cover: str
    accepted_on: str
    due_on: str
    due_is_estimate: bool
    legal_basis: str
    """The source of the due day."""
    amount: str
    ask: str
    """What the branch is asked to do, one sentence."""


@dataclass(frozen=True)
class InsurerChase:
    """Steps 0 to 2 of the ladder for one branch: every case of the night in one notice."""

    audience: ClassVar[Audience] = Audience.INSURER
    notice_no: str
    date: str
    shop_name: str
    shop_contact: str
    insurer: str
    case_count: str
    total: str
    rows: tuple[ChaseRow, ...]


@dataclass(frozen=True)
class EarlierContact:
    """A letter or call that went before."""

    on: str
    channel: str
    person: str
    what: str


@dataclass(frozen=True)
class DemandLetter:
    """催款函: steps 3 to 6 for one case and cover. An estimated due date is never called a breach."""

    audience: ClassVar[Audience] = Audience.INSURER
    step: int
    """3 first letter, 4 advance payment (保险法 25), 5 second letter, 6 final demand."""
    letter_no: str
    nth: str
    """第一次, 第二次, ..."""
    date: str
    insurer: str
    insurer_parent: str
    """Named on the final demand only."""
    shop_name: str
    capacity: str
    """被保险人的受托人 or 保险金债权受让人."""
    insured: str
    plate_no: str
    report_no: str
    policy_no: str
    registration_no: str
    cover: str
    accident_on: str
    submitted_on: str
    accepted_on: str
    accepted_proof: str
    supplemented_on: str
    assessed: str
    agreed_on: str
    payable: str
    paid: str
    unpaid: str
    unpaid_in_words: str
    due_on: str
    due_is_estimate: bool
    overdue_days: str
    legal_basis: str
    earlier: tuple[EarlierContact, ...]
    interest_rate: str
    interest_days: str
    interest_amount: str
    pay_by: str
    remark: str
    """A sentence of the shop's own for this level of the ladder."""
    account_name: str
    account_bank: str
    account_no: str
    """The shop's own account, in full."""
    attachments: tuple[str, ...]
    contact_person: str
    shop_contact: str


@dataclass(frozen=True)
class DemandRow:
    """One case of a letter that demands several."""

    claim_no: str
    insured: str
    plate_no: str
    report_no: str
    policy_no: str
    registration_no: str
    cover: str
    accident_on: str
    submitted_on: str
    accepted_on: str
    accepted_proof: str
    supplemented_on: str
    assessed: str
    agreed_on: str
    due_on: str
    overdue_days: str
    legal_basis: str
    payable: str
    paid: str
    unpaid: str
    interest: str
    """资金占用损失(测算) with its rate and days; '' before the second letter."""


@dataclass(frozen=True)
class DemandBundle:
    """催款函 for several cases of one branch at the same step, each overdue for certain."""

    audience: ClassVar[Audience] = Audience.INSURER
    step: int
    letter_no: str
    nth: str
    date: str
    insurer: str
    insurer_parent: str
    shop_name: str
    capacity: str
    case_count: str
    unpaid: str
    unpaid_in_words: str
    due_is_estimate: bool
    """False: an estimate carries no letter. The parts shared with DemandLetter ask for it."""
    rows: tuple[DemandRow, ...]
    earlier: tuple[EarlierContact, ...]
    interest_amount: str
    pay_by: str
    remark: str
    account_name: str
    account_bank: str
    account_no: str
    attachments: tuple[str, ...]
    shop_contact: str
