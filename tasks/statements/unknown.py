"""The sentence for a file in an undeclared layout: what was found, and what the nearest layout lacks."""

from collections.abc import Iterable

from models.values import Refusal
from tasks.statements.headings import Rows, candidates, missing
from tasks.statements.layout import Layout

LISTED = 15
KNOWN_HEADINGS = 3  # fewer in one row is chance: 备注 stands in any table (domain 6.2)

Nearest = tuple[int, int, Layout, tuple[str, ...]]


def unknown_layout(file_name: str, sheets: Iterable[Rows], layouts: Iterable[Layout]) -> Refusal:
    """Name the headings found and those missing for the layout that comes closest."""
    said = [headings for rows in sheets for _, headings in candidates(rows)]
    nearest = max(
        (_measured(layout, each) for each in said for layout in layouts), default=None, key=_closeness
    )
    if nearest is None or nearest[0] < KNOWN_HEADINGS:
        widest = max(said, key=_filled, default=())
        return Refusal(
            f"{file_name} is in no bank's layout known here: none of its first 20 rows has the headings of a "
            f"statement (widest row: {listed(widest)}). Bring the file as the bank's corporate e-banking "
            "exports it, with its heading row."
        )
    _, _, layout, headings = nearest
    return Refusal(
        f"{file_name} is in no bank's layout known here. Found: {listed(headings)}. The nearest layout, "
        f"{layout.name}, also needs {listed(missing(layout, headings))}. Export it again with all columns, "
        "or add the layout as CONTRIBUTING describes."
    )


def _measured(layout: Layout, headings: tuple[str, ...]) -> Nearest:
    lacking = len(missing(layout, headings))
    return len(layout.columns) + 1 - lacking, -lacking, layout, headings


def _closeness(nearest: Nearest) -> tuple[int, int]:
    return nearest[:2]


def _filled(headings: tuple[str, ...]) -> int:
    return len(list(filter(None, headings)))


def listed(headings: Iterable[str]) -> str:
    """「交易时间」, 「余额」, and how many more."""
    said = [f"「{text[:40]}」" for text in headings if text]
    more = f" and {len(said) - LISTED} more" if len(said) > LISTED else ""
    return ", ".join(said[:LISTED]) + more or "nothing"
