"""What happened, in words for a person: the kind of event and its inputs, amounts in yuan."""

from collections.abc import Mapping
from typing import Any

from models.values import yuan

# Inputs that are fen: the symbols of domain 1.6, and amounts by name.
_SYMBOLS = frozenset("SERBYKWQU")
_AMOUNTS = frozenset(
    {
        "amount", "payout", "releasable", "before", "open_amount", "expected", "received", "was", "write_off",
        "write_off_reversed", "customer", "insurers", "shop", "assessed", "deductible", "taken_from_unsplit",
    }
)  # fmt: skip


def words(kind: str, inputs: object) -> str:
    """recorded_deposit {amount: 50000} -> "recorded deposit: amount 500.00"."""
    said = _said(inputs) if isinstance(inputs, Mapping) else ""
    return kind.replace("_", " ") + (f": {said}" if said else "")


def _said(inputs: Mapping[str, Any]) -> str:
    parts = [
        f"{name.replace('_', ' ')} {_value(name, value)}" for name, value in inputs.items() if _says(value)
    ]
    return ", ".join(parts)


def _says(value: object) -> bool:
    return value not in (None, "", [], {})


def _value(name: str, value: object) -> str:
    if name in _SYMBOLS | _AMOUNTS and isinstance(value, int) and not isinstance(value, bool):
        return yuan(value)
    if isinstance(value, Mapping):
        return f"({_said(value)})"
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return str(value)
