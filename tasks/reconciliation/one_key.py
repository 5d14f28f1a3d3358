"""Remarks that are words around one key: the words are read once, and line by line only the key.

A bank writes the same words around ten thousand plates. What they say (whose money it is, that it is no
return, no premium, no remittance) is read for the first line by the rules for all lines and holds for the
next ones. Whatever is not as simple is None here, and is read whole (`reading`); both name the same cases.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from models.remark import one_key
from tasks.reconciliation.by_key import by_key
from tasks.reconciliation.facts import Case, Facts, Line
from tasks.reconciliation.keys import WEAK_DIGITS, CaseIndex, plates_of, reports_of
from tasks.reconciliation.kinds import set_apart
from tasks.reconciliation.reading import Reader
from tasks.reconciliation.returns import is_return

_NOTHING = "", ""


class Named(NamedTuple):
    """A line of an insurer that names these cases by one key, and neither a list nor a remittance."""

    line: Line
    group_id: int
    key: str
    cases: Sequence[Case]


class _Words(NamedTuple):
    """What is around a key: whose money it is, and what that insurer's report numbers look like."""

    group_id: int
    patterns: Sequence["re.Pattern[str]"]


class OneKey:
    """Reads lines of one key against one set of facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts, self._lists = facts, facts.lists
        bare = replace(facts, cases={}, lists={})
        self._reader, self._patterns = Reader(bare), CaseIndex((), facts.patterns).patterns
        self._words: dict[tuple[str, str], _Words | None] = {}
        cases = list(facts.cases.values())
        plates, reports = plates_of(cases), reports_of(cases)
        tails = [report[-WEAK_DIGITS:] for report in reports]
        self._plates, self._of_one_plate = by_key(plates, cases)
        self._tails, self._of_one_tail = by_key(tails, cases)
        self._short_reports = {report for report in reports if 0 < len(report) < WEAK_DIGITS}

    def read(self, line: Line) -> Named | None:
        """The cases that a line names, maybe none; or None where it has to be read whole."""
        line_id, _, amount, payer, text, key, around = line
        if not key:
            key, around = one_key(text) or _NOTHING
        if not key or amount <= 0 or line_id in self._lists:
            return None
        try:
            words = self._words[payer, around]
        except KeyError:
            words = self._words[payer, around] = self._read_words(line)
        if words is None:
            return None
        cases = self._by_report(key) if key.isascii() else self._by_plate(key, text, words.patterns)
        return None if cases is None else Named(line, words.group_id, key, cases)

    def _read_words(self, line: Line) -> _Words | None:
        read = self._reader.read(line)
        if read.group_id is None or read.hints.number or is_return(read) or set_apart(read, self._facts):
            return None
        return _Words(read.group_id, self._patterns.get(read.group_id, ()))

    def _by_plate(
        self, plate: str, text: str, patterns: Sequence["re.Pattern[str]"]
    ) -> Sequence[Case] | None:
        """Of a plate of which nothing might be a report number as well."""
        short = self._short_reports
        if short and not short.isdisjoint((plate[1], plate[2:], plate[1:])):
            return None
        for pattern in patterns:
            if pattern.search(text):
                return None
        case = self._plates.get(plate)
        return () if case is None else self._of_one_plate.get(plate) or (case,)

    def _by_report(self, run: str) -> Sequence[Case] | None:
        """Of a whole report number that ends as no other one does."""
        end = run[-WEAK_DIGITS:]
        case = self._tails.get(end)
        return (case,) if case and case.report_no == run and end not in self._of_one_tail else None
