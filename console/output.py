"""What people and programs get to see: tables for people, one JSON document for programs.

Standard output carries the answer and nothing else; progress, remarks and log lines go to standard error.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from worker.clock import SHANGHAI

WIDE = 200
"""Columns of an output that is not a terminal: nothing is cut for whoever reads a file or a pipe."""


def page() -> Console:
    """Standard output, for people."""
    return _console(stderr=False)


def aside() -> Console:
    """Standard error, for remarks and progress."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    return (
        console
        if console.is_terminal
        else Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=WIDE)
    )


def answer(as_json: bool, document: object, people: Callable[[], None]) -> None:
    """Give the one document to a program, or let `people` print it for a person."""
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))
    else:
        people()


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON value")


def say(*lines: str) -> None:
    """Lines for a person, each whole: a command in them can be copied as it stands."""
    for line in lines:
        typer.echo(line)


def remark(line: str) -> None:
    """Something beside the answer."""
    typer.echo(line, err=True)


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], none: str) -> None:
    """Rows as a table, `columns` being heading -> key; `none` is said where there are no rows."""
    if not rows:
        say(none)
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for heading, key in columns.items():
        right = isinstance(rows[0].get(key), int) or key.endswith("amount")
        shown.add_column(heading, justify="right" if right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(_cell(row.get(key)) for key in columns.values()))
    page().print(shown)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return str(value)


def pairs(facts: Iterable[tuple[str, object]]) -> None:
    """Name and value under each other."""
    shown = list(facts)
    width = max((len(name) for name, _ in shown), default=0)
    say(*(f"{name:<{width}}  {_cell(value)}" for name, value in shown))
