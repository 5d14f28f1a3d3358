"""Options that many commands share, and how their words are read."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from models.values import Period, Refusal, UnreadableValue, business_date, fen


def day(text: str) -> date:
    """A date typed by a person. Raises Refusal."""
    try:
        return business_date(text)
    except UnreadableValue as why:
        raise Refusal(f'"{text}" can\'t be read as a date ({why}). Write it as 2026-11-21.') from None


def amount(text: str) -> int:
    """An amount in yuan typed by a person, as fen; above zero. Raises Refusal."""
    try:
        read = fen(text)
    except UnreadableValue as why:
        raise Refusal(f'"{text}" can\'t be read as an amount ({why}). Write yuan such as 1234.56.') from None
    if read <= 0:
        raise Refusal(f'"{text}" is not above zero. Write yuan such as 1234.56.')
    return read


def month(text: str) -> Period:
    """A month typed by a person. Raises Refusal."""
    try:
        return Period.parse(text)
    except UnreadableValue as why:
        raise Refusal(f'"{text}" can\'t be read as a month ({why}). Write it as 2026-11.') from None


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
OnDate = Annotated[
    date | None,
    typer.Option("--date", parser=day, metavar="YYYY-MM-DD", help="The business date; today if not given."),
]
ShopCode = Annotated[
    str | None, typer.Option("--shop", metavar="CODE", help="The shop; all of them if not given.")
]
ThisShop = Annotated[str, typer.Option("--shop", metavar="CODE", help="The shop it is for.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what it would do; write and send nothing.")]
OneFile = Annotated[Path, typer.Argument(metavar="FILE")]
