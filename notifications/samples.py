"""Made-up words for a notice of every kind, to look at it before anybody is told.

By the name of the field: a new notice needs nothing here, what is not known shows its own name.
"""

import dataclasses
import typing
from typing import Any

from notifications.notices import KIND

_KNOWN: dict[str, str] = {
    "notice_no": "TK20261122-17",
    "letter_no": "CK-2026-0009",
    "date": "2026年11月22日",
    "shop_name": "福源汽车服务",
    "shop_contact": "0512-65550188",
    "customer": "王*",
    "claim_no": "LP2026-0831",
    "work_order_no": "PG202608121",
    "vehicle_series": "卡罗拉",
    "plate": "苏E***45",
    "plate_no": "苏E12345",
    "report_no": "****7788",
    "insured": "王小明",
    "insurer": "人保财险苏州分公司",
    "insurer_parent": "",
    "amount": "4,400.00",
    "amount_in_words": "人民币肆仟肆佰元整",
    "bill": "12,400.00",
    "received": "11,800.00",
    "customer_paid": "5,000.00",
    "deposit": "5,000.00",
    "refund_due": "4,400.00",
    "account_tail": "****1234",
    "expected_on": "2026年11月25日",
    "pay_by": "2026年12月2日",
    "ready_since": "2026年10月23日",
    "received_on": "2026年11月18日",
    "days": "30",
    "count": "1",
    "object_days": "7",
    "unpaid": "11,800.00",
    "unpaid_in_words": "人民币壹万壹仟捌佰元整",
    "payable": "11,800.00",
    "paid": "0.00",
    "due_on": "2026年10月8日",
    "overdue_days": "46",
    "nth": "第一次",
    "capacity": "被保险人的受托人",
    "legal_basis": "《中华人民共和国保险法》第二十三条",
    "account_name": "福源汽车服务",
    "account_bank": "工商银行苏州分行",
    "account_no": "1102020409000123456",
    "accepted_on": "2026年9月16日",
    "paid_on": "2026年11月18日",
    "still_expected": "800.00",
    "short": "800.00",
    "command": "huikuan todo list",
    "year": "2027",
}
_EMPTY = {"resolution", "given", "settled", "kept", "third_party", "over_receipt", "write_off", "refunded"}


def sample(kind: str) -> dict[str, Any]:
    """The words of a made-up notice of a kind."""
    return _filled(KIND[kind])


def _filled(notice: type[Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(notice)
    return {field.name: _value(field.name, hints[field.name]) for field in dataclasses.fields(notice)}


def _value(name: str, hint: Any) -> Any:
    if hint is bool:
        return False
    if hint is int:
        return 3
    inner: tuple[Any, ...] = typing.get_args(hint)
    if inner:
        return [
            _filled(inner[0])
            if isinstance(inner[0], type) and dataclasses.is_dataclass(inner[0])
            else _said(name)
        ]
    return _said(name)


def _said(name: str) -> str:
    return "" if name in _EMPTY else _KNOWN.get(name, f"«{name}»")
