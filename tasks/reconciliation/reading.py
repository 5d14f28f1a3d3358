"""Reading one bank line: who paid, and what the remark names."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from models.values import half_width
from tasks.reconciliation.facts import Case, Facts, Line, ListItem
from tasks.reconciliation.hints import Hints, hints_in
from tasks.reconciliation.keys import CaseIndex, Naming, name_cases, name_rows
from tasks.reconciliation.payer import group_of, plain_name


@dataclass(frozen=True)
class Reading:
    """A line with its payer's insurer group (None: not an insurer we know) and the cases it names."""

    line: Line
    group_id: int | None
    naming: Naming
    name: str
    """The payer's name as it is compared."""
    words: str
    """Payer and remark, for telling kinds apart."""
    insured_of: frozenset[int] = frozenset()
    """Cases whose insured has the payer's name, where the payer is no insurer."""
    items: tuple[ListItem, ...] = ()
    """The payment list that was brought for it; `naming.listed` then names the cases row by row."""
    hints: Hints = field(default_factory=Hints)
    """How many claims it pays, of which month, under which number, as far as the remark says."""


class Reader:
    """Reads lines against one set of facts; a key costs the same with ten cases and ten thousand."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._payers: dict[str, tuple[int | None, str, frozenset[int]]] = {}

    @cached_property
    def _index(self) -> CaseIndex:
        return CaseIndex(self._facts.cases.values(), self._facts.patterns)

    @cached_property
    def _insured(self) -> Mapping[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for case in self._facts.cases.values():
            found[plain_name(case.insured_name)].add(case.case_id)
        return found

    def _payer(self, payer: str) -> tuple[int | None, str, frozenset[int]]:
        """The group of a payer, the name as it is compared, and whom it insures where it is no insurer."""
        group_id, name = group_of(payer, self._facts.aliases), plain_name(payer)
        asked = group_id is None and bool(name)
        return group_id, name, frozenset(self._insured.get(name, ())) if asked else frozenset()

    def read(self, line: Line) -> Reading:
        if line.payer not in self._payers:
            self._payers[line.payer] = self._payer(line.payer)
        group_id, name, insured_of = self._payers[line.payer]
        items = self._facts.lists.get(line.line_id, ())
        rows = [(item.plate_no, item.report_no) for item in items]
        naming = (
            name_rows(rows, self._index, group_id) if rows else name_cases(line.text, self._index, group_id)
        )
        words = half_width(f"{line.payer} {line.text}")
        hints = hints_in(line.text, line.booked_on) if group_id is not None else Hints()
        return Reading(line, group_id, naming, name, words, insured_of, items, hints)


def fits(reading: Reading, case: Case, facts: Facts) -> bool:
    """Whether the line can pay the case at all: owed, same group, not before acceptance, not rejected."""
    return can_pay(reading.line, reading.group_id, case, facts)


def can_pay(line: Line, group_id: int | None, case: Case, facts: Facts) -> bool:
    """The same of a line of an insurer group."""
    return (
        is_group(group_id, case)
        and is_in_time(line, case)
        and case.owed
        and (not facts.rejected or facts.may_pair(line.line_id, case.case_id))
    )


def fits_insurer(reading: Reading, case: Case) -> bool:
    return is_group(reading.group_id, case)


def fits_date(reading: Reading, case: Case) -> bool:
    return is_in_time(reading.line, case)


def is_group(group_id: int | None, case: Case) -> bool:
    return case.group_id is not None and case.group_id == group_id


def is_in_time(line: Line, case: Case) -> bool:
    """Bank date on or after 接案日期, where that is known (domain 6.4)."""
    return case.accepted_on is None or line.booked_on >= case.accepted_on
