"""Small builders of rows with sensible defaults: a test names only what it is about.

Each adds one row, flushes, and returns it. Money is in fen; numbers count up, so that nothing clashes.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.base import Base
from models.case import Case, ExpectedLine, SubmissionRound
from models.contact import Contact
from models.insurer import Insurer, InsurerAlias, InsurerGroup
from models.notice import Notice
from models.payout import Payout
from models.refund import Refund
from models.secrecy import fingerprint
from models.shop import Shop
from models.source_file import SourceFile
from models.staff import Staff
from models.values import normalise_plate
from models.words import (
    Audience,
    ChannelName,
    ContactKind,
    Cover,
    CustomerLineKind,
    FileKind,
    FileState,
    LineKind,
    NoticeState,
    PayoutState,
    RefundState,
    Role,
    Stage,
)
from models.work_order import CustomerLine, WorkOrder

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

_numbers: Iterator[int] = count(1)

R = TypeVar("R", bound=Base)


def _add(session: Session, row: R) -> R:
    session.add(row)
    session.flush()
    return row


def add_shop(session: Session, **facts: Any) -> Shop:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "code": f"SHOP{number}",
        "name": f"福源汽车服务第{number}店",
        "created_at": LONG_AGO,
    }
    return _add(session, Shop(**defaults | facts))


def add_insurer(
    session: Session, name: str = "人保财险苏州分公司", group: str = "人保财险", **facts: Any
) -> Insurer:
    """Add a branch, and its group with an alias of the same name where it is not there yet."""
    found = session.scalar(select(InsurerGroup).where(InsurerGroup.name == group))
    if found is None:
        found = _add(session, InsurerGroup(code=f"G{next(_numbers)}", name=group))
        _add(session, InsurerAlias(alias=group, group_id=found.id))
    existing = session.scalar(select(Insurer).where(Insurer.name == name))
    return existing or _add(session, Insurer(group_id=found.id, name=name, **facts))


def add_work_order(session: Session, shop: Shop, **facts: Any) -> WorkOrder:
    """Add a settled repair of 5,000.00 yuan."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "shop_id": shop.id,
        "work_order_no": f"PG{number:06}",
        "plate_no": f"苏E{number:05}",
        "vehicle_series": "卡罗拉",
        "vehicle_release_date": date(2026, 9, 10),
        "repair_gross_amount": 500_000,
        "repair_net_amount": 500_000,
    }
    return _add(session, WorkOrder(**defaults | facts))


def add_case(session: Session, work_order: WorkOrder, **facts: Any) -> Case:
    """Add an authorised agency claim on a repair, handed in and accepted, without expected lines."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "shop_id": work_order.shop_id,
        "work_order_id": work_order.id,
        "plate_no": work_order.plate_no,
        "claim_no": f"LP2026-{number:04}",
        "is_lead": True,
        "stage": Stage.PAYOUT,
        "dispatch_date": date(2026, 9, 1),
        "is_agency_claim": True,
        "insured_name": "王小明",
        "report_no": f"RDAA2026320500{number:08}",
        "file_handover_date": date(2026, 9, 15),
        "insurer_accepted_date": date(2026, 9, 16),
        "authorised_by": "王敏",
        "authorised_on": date(2026, 9, 1),
    }
    if "insurer_id" not in facts:
        defaults["insurer_id"] = add_insurer(session).id
    return _add(session, Case(**defaults | facts))


def add_expected_line(session: Session, case: Case, amount: int = 500_000, **facts: Any) -> ExpectedLine:
    defaults: dict[str, Any] = {
        "case_id": case.id,
        "work_order_id": case.work_order_id,
        "cover": Cover.UNSPLIT,
        "kind": LineKind.OWN_REPAIR,
        "amount": amount,
    }
    return _add(session, ExpectedLine(**defaults | facts))


def add_round(session: Session, case: Case, **facts: Any) -> SubmissionRound:
    """Add a round: sent back, and handed in again unless said otherwise."""
    defaults: dict[str, Any] = {
        "case_id": case.id,
        "round_no": 1,
        "returned_on": date(2026, 9, 20),
        "reason": "缺维修发票",
        "resubmitted_on": date(2026, 9, 25),
    }
    return _add(session, SubmissionRound(**defaults | facts))


def add_customer_line(session: Session, work_order: WorkOrder, amount: int, **facts: Any) -> CustomerLine:
    """Add money from the customer: a deposit unless said otherwise."""
    defaults: dict[str, Any] = {
        "work_order_id": work_order.id,
        "kind": CustomerLineKind.DEPOSIT,
        "amount": amount,
        "received_on": date(2026, 9, 10),
        "inferred": False,
        "origin": f"test:{next(_numbers)}",
    }
    return _add(session, CustomerLine(**defaults | facts))


def add_payout(session: Session, line: ExpectedLine, amount: int | None = None, **facts: Any) -> Payout:
    """Add money received on an expected line: the whole line, as a ledger asserts it."""
    defaults: dict[str, Any] = {
        "case_id": line.case_id,
        "expected_line_id": line.id,
        "amount": line.amount if amount is None else amount,
        "received_on": date(2026, 10, 15),
        "state": PayoutState.ASSERTED,
        "origin": f"test:{next(_numbers)}",
    }
    return _add(session, Payout(**defaults | facts))


def add_refund(session: Session, work_order: WorkOrder, amount: int, **facts: Any) -> Refund:
    """Add a refund that waits for approval."""
    defaults: dict[str, Any] = {
        "shop_id": work_order.shop_id,
        "work_order_id": work_order.id,
        "number": 1,
        "amount": amount,
        "state": RefundState.WAITING,
        "prepared_by": "system",
        "computed_on": date(2026, 11, 20),
        "origin": f"test:{next(_numbers)}",
    }
    return _add(session, Refund(**defaults | facts))


def add_file(session: Session, shop: Shop, **facts: Any) -> SourceFile:
    """Add a statement file that waits to be read."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "shop_id": shop.id,
        "kind": FileKind.STATEMENT,
        "name": f"statement-{number}.xlsx",
        "sha256": f"{number:064x}",
        "stored_as": f"statement-{number}.xlsx",
        "state": FileState.WAITING,
        "brought_by": "王敏",
        "received_at": LONG_AGO,
    }
    return _add(session, SourceFile(**defaults | facts))


def add_account(session: Session, shop: Shop, **facts: Any) -> BankAccount:
    number = next(_numbers)
    defaults: dict[str, Any] = {"shop_id": shop.id, "number": f"62220211{number:011}", "holder": shop.name}
    return _add(session, BankAccount(**defaults | facts))


def add_bank_line(session: Session, account: BankAccount, amount: int, **facts: Any) -> BankLine:
    """Add an open line; money in is positive. Brings a file of its own unless given one."""
    number = next(_numbers)
    if "file_id" not in facts:
        facts["file_id"] = add_file(
            session, session.get_one(Shop, account.shop_id), state=FileState.READ, read_on=date(2026, 11, 20)
        ).id
    memo = facts.get("memo", "")
    defaults: dict[str, Any] = {
        "shop_id": account.shop_id,
        "account_id": account.id,
        "row": 2,
        "booked_on": date(2026, 11, 20),
        "amount": amount,
        "payer": "中国人民财产保险股份有限公司苏州市分公司",
        "search_text": memo,
        "identity": f"test:{number}",
        "raw": [],
    }
    return _add(session, BankLine(**defaults | facts))


def add_contact(session: Session, shop: Shop, kind: ContactKind, name: str, **facts: Any) -> Contact:
    """Add someone who can be reached by mail; a plate is normalised, a phone gets its fingerprint."""
    defaults: dict[str, Any] = {
        "shop_id": shop.id,
        "kind": kind,
        "name": name,
        "email": f"contact{next(_numbers)}@example.com",
    }
    row = defaults | facts
    row["plate_no"] = normalise_plate(row.get("plate_no", ""))
    if row.get("phone"):
        row["phone_fingerprint"] = fingerprint(row["phone"])
    return _add(session, Contact(**row))


def add_staff(session: Session, name: str = "王敏", role: Role = Role.MANAGER, **facts: Any) -> Staff:
    defaults: dict[str, Any] = {"name": name, "role": role, "active": True, "created_at": LONG_AGO}
    return _add(session, Staff(**defaults | facts))


def add_notice(session: Session, shop: Shop, kind: str, words: dict[str, Any], **facts: Any) -> Notice:
    """Add a notice in the outbox that may be sent at once."""
    defaults: dict[str, Any] = {
        "shop_id": shop.id,
        "kind": kind,
        "occasion": f"{kind}:{next(_numbers)}",
        "audience": Audience.CUSTOMER,
        "recipient": "王小明",
        "channel": ChannelName.EMAIL,
        "address": "wang@example.com",
        "words": words,
        "state": NoticeState.WAITING,
        "send_after": LONG_AGO,
        "written_at": LONG_AGO,
    }
    return _add(session, Notice(**defaults | facts))
