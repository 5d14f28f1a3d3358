"""The part of a dry run that is about a ledger: counts, sums per column, what differs from what is known."""

from collections.abc import Sequence
from typing import Any

from console.output import say, table
from models.values import yuan_grouped
from tasks.intake.columns import BY_FIELD


def tell(steps: Sequence[dict[str, Any]]) -> None:
    """Print it for every step that read a ledger; nothing for the others."""
    for step in steps:
        summary = step["notes"].get("summary")
        if summary and "sums" in summary:
            _sums(summary)
            _differing(step["notes"]["differs"])


def _sums(summary: dict[str, Any]) -> None:
    new, changed, same = (summary[name] for name in ("cases_new", "cases_changed", "cases_as_known"))
    passed = ", ".join(f"{count} {kind}" for kind, count in summary["rows_passed_over"].items()) or "none"
    say(f"Cases: {new} new, {changed} changed, {same} as known. Rows passed over: {passed}.")
    rows = [
        {"column": f"{BY_FIELD[field].number} {BY_FIELD[field].heading}", "sum": yuan_grouped(amount)}
        for field, amount in summary["sums"].items()
    ]
    table(rows, {"column": "column", "sum (yuan)": "sum"}, "")


def _differing(differs: Sequence[dict[str, Any]]) -> None:
    rows = [
        each | {"known": _said(each["known"]), "says": _said(each["says"]), "field": _named(each["field"])}
        for each in differs
    ]
    columns = {"case": "claim_no", "differs": "field", "is known": "known", "the ledger says": "says"}
    table(rows, columns, "Nothing in it differs from what is known of cases that are known.")


def _named(field: str) -> str:
    return f"{BY_FIELD[field].heading} ({field})" if field in BY_FIELD else field


def _said(value: object) -> str:
    if value is None:
        return "-"
    return yuan_grouped(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)
