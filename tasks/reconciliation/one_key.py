"""Remarks that are words around one key: the words are read once, and line by line only the key.

A bank writes the same words around ten thousand plates. What they say (whose money it is, that it is no
return, no premium, no remittance) is read for the first line by the rules for all lines and holds for the
next ones. Whatever is not as simple is None here, and is read whole (`reading`); both name the same cases.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from models.remark import one_key
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
        self._facts = facts
        bare = replace(facts, cases={}, lists={})
        self._reader, self._patterns = Reader(bare), CaseIndex((), facts.patterns).patterns
        self._words: dict[tuple[str, str], _Words | None] = {}
        cases = list(facts.cases.values())
        self._plates = _By(plates_of(cases), cases)
        reports = reports_of(cases)
        self._tails = _By([report[-WEAK_DIGITS:] for report in reports], cases)
        self._short_reports = {report for report in reports if 0 < len(report) < WEAK_DIGITS}

    def read(self, line: Line) -> Named | None:
        """The cases that a line names, maybe none; or None where it has to be read whole."""
        key, around = (line.key, line.words) if line.key else one_key(line.text) or _NOTHING
        if not key or line.amount <= 0 or line.line_id in self._facts.lists:
            return None
        try:
            words = self._words[line.payer, around]
        except KeyError:
            words = self._words[line.payer, around] = self._read_words(line)
        if words is None:
            return None
        if key.isascii():
            return self._by_its_report(line, words, key)
        return self._by_its_plate(line, words, key)

    def _read_words(self, line: Line) -> _Words | None:
        read = self._reader.read(line)
        if read.group_id is None or read.hints.number or is_return(read) or set_apart(read, self._facts):
            return None
        return _Words(read.group_id, self._patterns.get(read.group_id, ()))

    def _by_its_plate(self, line: Line, words: _Words, plate: str) -> Named | None:
        """A plate of which nothing might be a report number as well."""
        if self._short_reports and not self._short_reports.isdisjoint((plate[1], plate[2:], plate[1:])):
            return None
        for pattern in words.patterns:
            if pattern.search(line.text):
                return None
        return Named(line, words.group_id, plate, self._plates.get(plate))

    def _by_its_report(self, line: Line, words: _Words, run: str) -> Named | None:
        """A whole report number that ends as no other one does."""
        cases = self._tails.get(run[-WEAK_DIGITS:])
        if len(cases) != 1 or cases[0].report_no != run:
            return None
        return Named(line, words.group_id, run, cases)


class _By:
    """Cases by a key: alone in one mapping, several of one key in another (a list each would cost double)."""

    def __init__(self, keys: Sequence[str], cases: Sequence[Case]) -> None:
        self._any = dict(zip(keys, cases, strict=True))
        self._several: dict[str, list[Case]] = {}
        if len(self._any) < len(cases):
            self._several = {key: [] for key, count in Counter(keys).items() if count > 1}
            for key, case in zip(keys, cases, strict=True):
                if key in self._several:
                    self._several[key].append(case)

    def get(self, key: str) -> Sequence[Case]:
        case = self._any.get(key)
        if case is None:
            return ()
        return self._several.get(key) or (case,)
