"""The sentence for a file in an undeclared layout: what was found, and the mapping it would need."""

import shlex
from collections.abc import Iterable

from models.values import Refusal
from tasks.statements.headings import Rows, candidates, missing
from tasks.statements.layout import Direction, Layout, Meaning
from tasks.statements.profile import MEMO, OPTIONS

LISTED = 15
KNOWN_HEADINGS = 3  # fewer in one row is chance: 备注 stands in any table (domain 6.2)
_MAPPED = tuple(option for option in OPTIONS if option in ("date", "time", "balance", "name", "serial"))

Nearest = tuple[int, int, Layout, tuple[str, ...]]


def unknown_layout(file_name: str, sheets: Iterable[Rows], layouts: Iterable[Layout]) -> Refusal:
    """Name the headings found, those the nearest layout lacks, and the command that explains them."""
    said = [headings for rows in sheets for _, headings in candidates(rows)]
    nearest = max(
        (_measured(layout, each) for each in said for layout in layouts), default=None, key=_closeness
    )
    if nearest is None or nearest[0] < KNOWN_HEADINGS:
        widest = max(said, key=_filled, default=())
        return Refusal(
            f"{file_name} is in no bank's layout known here: none of its first 20 rows has the headings of a "
            f"statement (widest row: {listed(widest)}). Bring the file as the bank's corporate e-banking "
            "exports it, with its heading row; or say what its headings mean: "
            f"huikuan statement map {file_name}"
        )
    _, _, layout, headings = nearest
    return Refusal(
        f"{file_name} is in no bank's layout known here. Found: {listed(headings)}. The nearest layout, "
        f"{layout.name}, also needs {listed(missing(layout, headings))}. Export it again with all columns, "
        f"or say which heading stands for what, once: {_command(file_name, layout, headings)}"
    )


def _command(file_name: str, layout: Layout, headings: tuple[str, ...]) -> str:
    """`statement map` with what was recognised filled in, and HEADING where a person has to say it."""
    money = {
        Direction.TWO_COLUMNS: ("in", "out"),
        Direction.FLAG: ("amount", "direction"),
        Direction.SIGN: ("amount",),
        Direction.PARTIES: ("payer-account", "payee-account", "payer", "payee", "amount"),
    }[layout.direction]
    parts = ["huikuan", "statement", "map", shlex.quote(file_name)]
    for option in (*_MAPPED, *money):
        found = _heading(layout, OPTIONS[option], headings)
        if found or OPTIONS[option] in layout.columns:
            parts += [f"--{option}", shlex.quote(found) if found else "HEADING"]
    memos = [said for said in headings if said and said in layout.remarks]
    return " ".join([*parts, *(f"--{MEMO} {shlex.quote(said)}" for said in memos or ["HEADING"])])


def _heading(layout: Layout, meaning: Meaning, headings: tuple[str, ...]) -> str | None:
    names = {**layout.columns, **layout.also}.get(meaning, ())
    return next((said for said in headings if said in names), None)


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
