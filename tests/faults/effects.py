"""What nights leave behind, as something to count: every row of every business table, and every mail.

Told without what may differ between two houses that did the same: numbers given by the database (a transaction
that was rolled back uses some up), moments, and the machinery's own rows.
"""

import re
from collections import Counter
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Integer, select

from models.case import Case
from models.everything import metadata
from models.shop import Shop
from models.work_order import WorkOrder

MACHINERY = {"recording", "run", "seat", "sign_of_life", "notice_attempt"}
"""Who did what when, and nothing of the business; how often a notice was tried is no effect."""

_NAMES = {
    "shop_id": select(Shop.id, Shop.code),
    "case_id": select(Case.id, Case.claim_no),
    "work_order_id": select(WorkOrder.id, WorkOrder.work_order_no),
}
"""Numbers that are told by the name that people give to what they mean."""

_OWN = {"lease_token", "run_token", "attempts", "provider_id", "error"}
_ALARM = "night_not_run"
"""Rightly told of a night that was broken for hours, and of no other."""
_NUMBERS = re.compile(r"(?<=[:_#])\d+\b|\bL\d+(=\d+)?|(?<=show )\d+|[0-9a-f]{64}")
_NUMBERED = {"match", "lines", "refund", "group", "notice_no"}
"""What the inputs of an event and the words of a notice call by its number."""


def effects(engine: Engine, outbox: Path) -> Counter[str]:
    """Every effect with how often it is there."""
    found: Counter[str] = Counter()
    with engine.connect() as connection:
        names = {
            name: {row[0]: row[1] for row in connection.execute(query)} for name, query in _NAMES.items()
        }
        for table in metadata.sorted_tables:
            if table.name in MACHINERY:
                continue
            columns = [column for column in table.c if _tells(column)]
            for row in connection.execute(select(*columns)).mappings():
                named = {str(name): value for name, value in row.items()}
                told = " ".join(
                    f"{name}={_plain(names[name].get(value) if name in names else value)}"
                    for name, value in sorted(named.items())
                )
                found[f"{table.name} {told}"] += 1
    for mail in outbox.glob("*.eml"):
        if _ALARM in mail.name:
            continue
        read = BytesParser(policy=policy.default).parsebytes(mail.read_bytes())
        found[f"mail {read['To']} {read['Subject']}"] += 1
    return Counter({each: number for each, number in found.items() if _ALARM not in each})


def _tells(column: Column[Any]) -> bool:
    """Whether a column says something of the business rather than of when and under which number."""
    if column.name in _NAMES:
        return True
    number = column.primary_key and isinstance(column.type, Integer)
    return not (number or column.name.endswith(("_id", "_at", "_until", "_after")) or column.name in _OWN)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _plain(each)
            for name, each in sorted(value.items())
            if not (name.endswith(("_id", "_ids", "_at")) or name in _NUMBERED)
        }
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return _NUMBERS.sub("#", value) if isinstance(value, str) else value
