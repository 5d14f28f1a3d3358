"""Rows as they were known on a day: what was recorded later is taken back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.past import PastRow, as_it_was
from tasks.ledgers.spans import Repairs, Span

Before = Mapping[int, dict[str, Any] | None]
"""The values of rows before they changed, by id; None = the row was not there yet."""


class Then:
    """What the rows of each table were; a row that has not changed since is as it is."""

    def __init__(self, before: Mapping[str, Before]) -> None:
        self.before = before

    def rows(self, table: str, found: Iterable[Any]) -> Iterable[Any]:
        """The rows, each with its `id`, as they were; those that came later are left out."""
        known = self.before.get(table)
        return _as_before(table, found, known) if known else found


def then(session: Session, repairs: Repairs, span: Span) -> Then:
    """What was recorded of these repairs after the day, if it is to be known as of one."""
    before: dict[str, dict[int, Any]] = defaultdict(dict)
    if span.known_on is not None:
        later = (
            select(PastRow.kept_table, PastRow.row_id, PastRow.was)
            .where(PastRow.recorded_on > span.known_on, PastRow.work_order_id.in_(repairs))
            .order_by(PastRow.id.desc())
        )
        for table, ident, was in session.execute(later):
            before[table][ident] = was  # the first one after the day is the last to be read
    return Then(before)


def changed_later(span: Span) -> Select[int]:
    """The repairs of which anything was recorded after the day, of every shop."""
    return select(PastRow.work_order_id).where(PastRow.recorded_on > span.known_on)


def _as_before(table: str, found: Iterable[Any], known: Before) -> Iterator[Any]:
    for row in found:
        if row.id not in known:
            yield row
        elif (was := known[row.id]) is not None:
            yield SimpleNamespace(**{**row._mapping, **as_it_was(table, was)})  # noqa: SLF001 - its documented name
