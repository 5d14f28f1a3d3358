"""The working of a refund in Chinese, as a customer and an auditor read it. Pure."""

from collections.abc import Mapping

from models.values import yuan_grouped
from tasks.refunds.holding import Held
from tasks.refunds.rules import Figures


def sentence(figures: Figures) -> str:
    """应退金额 with every term of the formula that is not zero (domain 1.7)."""
    terms = [
        ("客户已付", "", figures.customer_paid),
        ("保险回款", "＋", figures.received),
        ("维修结算额", "－", figures.bill or 0),
        ("本店承担", "＋", figures.write_off),
        ("代付第三方", "－", figures.third_party),
        ("多收待查", "－", figures.over_receipt),
        ("已退", "－", figures.refunded),
    ]
    shown = [f"{sign}{name}{yuan_grouped(amount)}" for name, sign, amount in terms if amount]
    return f"应退金额＝{''.join(shown).lstrip('＋')}＝{yuan_grouped(figures.refund_open)}元"


def inputs(figures: Figures, held: Held | None = None) -> dict[str, object]:
    """What the working rests on, compactly, for the row that keeps it: fen and codes, and what holds it."""
    kept = held.inputs() if held else {}
    return kept | {
        "S": figures.bill,
        "E": figures.expected,
        "R": figures.received,
        "B": figures.over_receipt,
        "Y": figures.third_party,
        "K": figures.customer_paid,
        "W": figures.write_off,
        "Q": figures.refunded,
        "U": figures.surplus,
        "hold": figures.hold.value if figures.hold else None,
    }


_NAMES = {
    "S": ("维修结算额", "bill"),
    "E": ("保险应赔", "expected"),
    "R": ("保险回款", "received"),
    "B": ("多收待查", "over-receipt held"),
    "Y": ("代付第三方", "owed to third parties"),
    "K": ("客户已付", "paid by the customer"),
    "W": ("本店承担", "written off"),
    "Q": ("已退", "refunded"),
}


def differences(before: Mapping[str, object], after: Mapping[str, object], amounts: tuple[int, int]) -> str:
    """What changed between two workings, in Chinese and English; `amounts`: the refund before and after."""
    changed = [(*_NAMES[key], before.get(key), after.get(key)) for key in _NAMES]
    changed = [each for each in changed if each[2] != each[3]]
    changed.append(("本次应退", "refund", *amounts))
    chinese = "，".join(f"{name} {_shown(was)}→{_shown(now)}" for name, _, was, now in changed)
    english = ", ".join(f"{name} {_shown(was)} -> {_shown(now)}" for _, name, was, now in changed)
    hold, held = after.get("hold"), after.get("held")
    because = f"（暂缓：{hold}）" if hold and not held else ""
    said = f"批准后有变：{chinese}{because}。Changed since it was approved: {english}."
    return f"{said} {held}" if held else said


def _shown(value: object) -> str:
    return yuan_grouped(value) if isinstance(value, int) else "-"
