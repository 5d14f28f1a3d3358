"""Every table, imported once: for migrations, and for whoever needs the whole metadata."""

from models import (
    bank,
    blocker,
    business_day,
    case,
    case_change,
    chase,
    chase_look,
    contact,
    deadline,
    difference,
    dispute,
    entry,
    errand,
    event,
    heading_meaning,
    insurer,
    ledger,
    match,
    match_plan,
    notice,
    past,
    payment,
    payment_list,
    payout,
    refund,
    run,
    shop,
    sign_of_life,
    source_file,
    staff,
    statement,
    work_order,
)
from models.base import Base

metadata = Base.metadata

__all__ = [
    "bank", "blocker", "business_day", "case", "case_change", "chase", "chase_look", "contact", "deadline",
    "difference", "dispute", "entry", "errand", "event", "heading_meaning", "insurer", "ledger", "match",
    "match_plan", "metadata", "notice", "past", "payment", "payment_list", "payout", "refund", "run", "shop",
    "sign_of_life",
    "source_file", "staff", "statement", "work_order",
]  # fmt: skip
