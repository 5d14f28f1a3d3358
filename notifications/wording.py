"""How dates and amounts stand in a notice, the same in mail, message and letter."""

from datetime import date

from models.values import yuan_grouped


def day(value: date | None) -> str:
    """2026-11-02 -> 2026年11月2日; '' for an unknown day."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def money(amount: int | None) -> str:
    """Fen as yuan: 123456 -> 1,234.56; '' for an unknown amount. The templates add 元."""
    return "" if amount is None else yuan_grouped(amount)
