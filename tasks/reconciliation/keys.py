"""What a remark names: plates and report numbers, strong or weak, and the cases behind them (design 5).

Strong: a whole plate, a whole report number, or a run that ends a report number and holds ten digits or
more. Weak, for proposals only: a plate with O for 0 or I for 1, a plate without its province, a plate glued
to other letters, and the last eight or nine digits of a report number (domain 6.3, 6.4).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from models.remark import GAP, PROVINCES
from models.values import half_width, normalise_plate
from tasks.reconciliation.by_key import Holders
from tasks.reconciliation.facts import Case, ReportPattern

STRONG_DIGITS = 10
WEAK_DIGITS = 8

_PLATE = re.compile(rf"([{PROVINCES}]){GAP}([A-Z]){GAP}([A-Z0-9]{{4}}[挂学警港澳]|[A-Z0-9]{{5,}})")
_BARE_PLATE = re.compile(rf"(?<![A-Z0-9{PROVINCES}])[A-Z]{GAP}[A-Z0-9]{{5,6}}(?![A-Z0-9])")
_RUN = re.compile(r"[A-Z0-9]+")
_NORMAL_PLATE = re.compile(r"[\u4e00-\u9fa5A-Z0-9]*")
_NORMAL_REPORT = re.compile("[A-Z0-9]*")


@dataclass(frozen=True)
class Naming:
    """The cases a remark names. `listed` holds one set per key when it lists several cars or claims."""

    plates: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    cases: frozenset[int] = frozenset()
    listed: tuple[frozenset[int], ...] = ()
    weak: frozenset[int] = frozenset()
    trouble: str | None = None
    """'keys_disagree', 'other_report_no' or 'unknown_key': there is a key, but not one of ours."""

    @property
    def has_key(self) -> bool:
        return bool(self.plates or self.reports)


class CaseIndex:
    """Cases by everything a remark can name them by."""

    def __init__(self, cases: Iterable[Case], patterns: Iterable[ReportPattern] = ()) -> None:
        self.patterns: dict[int, list[re.Pattern[str]]] = defaultdict(list)
        for pattern in patterns:
            self.patterns[pattern.group_id].append(re.compile(rf"(?<!\d)(?:{pattern.text})(?![A-Z0-9])"))
        known = list(cases)
        numbers, plates, reports = [case.case_id for case in known], plates_of(known), reports_of(known)
        self.plates = Holders(plates, numbers)
        self.plate_of = dict(zip(numbers, plates, strict=True))
        self.reports = {case: report for case, report in zip(numbers, reports, strict=True) if report}
        self._tails = Holders([report[-WEAK_DIGITS:] for report in reports], numbers)

    @cached_property
    def loose_plates(self) -> Holders:
        """Cases by their plate without its province, letters that look like digits as digits."""
        return Holders([_loose(plate[1:]) for plate in self.plate_of.values()], list(self.plate_of))

    def numbered(self, run: str) -> frozenset[int]:
        """Cases whose report number is the run."""
        near = self._tails[run[-WEAK_DIGITS:]]
        return near and frozenset([case for case in near if self.reports[case] == run])

    def ending_in(self, run: str, digits: int) -> frozenset[int]:
        """Cases whose report number is the run, or ends in it while the run holds that many digits."""
        near = self._tails[run[-WEAK_DIGITS:]]
        if not near:
            return near
        if sum(map(str.isdigit, run)) < digits:
            return self.numbered(run)
        return frozenset([case for case in near if self.reports[case].endswith(run)])


def plates_of(cases: Iterable[Case]) -> list[str]:
    """The plate of each case as it is compared."""
    return _compared([case.plate_no for case in cases], _NORMAL_PLATE, normalise_plate)


def reports_of(cases: Iterable[Case]) -> list[str]:
    """The report number of each case as it is compared; empty where there is none."""
    numbers = [case.report_no or "" for case in cases]
    return _compared(numbers, _NORMAL_REPORT, lambda text: "".join(_RUN.findall(half_width(text).upper())))


def _compared(texts: list[str], normal: "re.Pattern[str]", made_normal: Callable[[str], str]) -> list[str]:
    """Nearly all are kept as they are compared, which is seen in one go."""
    if normal.fullmatch("".join(texts)):
        return texts
    return [text if normal.fullmatch(text) else made_normal(text) for text in texts]


def _loose(plate: str) -> str:
    return plate.replace("O", "0").replace("I", "1")


def plates_in(texts: Iterable[str]) -> list[str]:
    """The whole plates that stand in texts, normalised, in order, each once."""
    return _plates(half_width("\0".join(texts)).upper())


def _plates(plain: str) -> list[str]:
    found = [match for match in _PLATE.finditer(plain) if len(match[3]) <= 6]
    return list(dict.fromkeys("".join(match.groups()) for match in found))


def name_cases(text: str, index: CaseIndex, group_id: int | None) -> Naming:
    """Read a remark of a payer of that insurer group: which cases it names, and how surely."""
    plain = half_width(text).upper()
    plates = _plates(plain)
    reports = _reports(plain, index, index.patterns.get(group_id or 0, []))
    by_plate = [index.plates[plate] for plate in plates]
    if len(plates) > 1 or len(reports) > 1:
        listed = by_plate if len(plates) > 1 else list(reports.values())
        return Naming(tuple(plates), tuple(reports), listed=tuple(listed))
    named, trouble = _agreed(by_plate, list(reports.items()), index.reports)
    weak = _weak(plain, plates, index) if not named and trouble in {None, "unknown_key"} else frozenset[int]()
    return Naming(tuple(plates), tuple(reports), named, (), weak, trouble)


def name_rows(rows: Sequence[tuple[str, str]], index: CaseIndex, group_id: int | None) -> Naming:
    """What a payment list names: per row (plate, report number) the cases, as if it stood in a remark."""
    read = [name_cases(f"{plate} {report}", index, group_id) for plate, report in rows]
    plates = tuple(plate for row in read for plate in row.plates)
    reports = tuple(report for row in read for report in row.reports)
    return Naming(plates, reports, listed=tuple(row.cases for row in read))


def _reports(
    plain: str, index: CaseIndex, patterns: Iterable["re.Pattern[str]"]
) -> dict[str, frozenset[int]]:
    """Report numbers and long ends of them; a number of the payer's pattern counts even if it is not ours."""
    squeezed = "".join(plain.split())
    texts = (plain,) if squeezed == plain else (plain, squeezed)
    ends = {run: index.ending_in(run, STRONG_DIGITS) for run in _RUN.findall(plain)}
    whole = {run: index.numbered(run) for run in _RUN.findall(squeezed)}
    known = {run: cases for of in (ends, whole) for run, cases in of.items() if cases}
    typed = {m[0]: index.numbered(m[0]) for p in patterns for text in texts for m in p.finditer(text)}
    known |= {run: cases for run, cases in typed.items() if cases}
    return _longest(known) or typed


def _longest(found: Mapping[str, frozenset[int]]) -> dict[str, frozenset[int]]:
    """Without the runs that are the end of another one: they say the same again."""
    ends = {run for run in found if any(other != run and other.endswith(run) for other in found)}
    return {run: cases for run, cases in found.items() if run not in ends}


def _agreed(
    by_plate: list[frozenset[int]], reports: list[tuple[str, frozenset[int]]], numbers: Mapping[int, str]
) -> tuple[frozenset[int], str | None]:
    """The cases that the plate and the report number, as far as there are any, both name."""
    plate = by_plate[0] if by_plate else None
    run, report = reports[0] if reports else ("", None)
    if plate is None and report is None:
        return frozenset(), None
    if plate and report:
        return plate & report, None if plate & report else "keys_disagree"
    if plate and run:
        without_number = frozenset(case for case in plate if case not in numbers)
        return without_number, None if without_number else "other_report_no"
    named = plate or report or frozenset()
    return named, None if named else "unknown_key"


def _weak(plain: str, plates: Sequence[str], index: CaseIndex) -> frozenset[int]:
    found: set[int] = set()
    for match in _PLATE.finditer(plain):
        for size in (5, 6):
            loose = index.loose_plates[_loose(match[2] + match[3][:size])]
            found |= {case for case in loose if _in_province(case, match[1], index)}
    for match in _BARE_PLATE.finditer(plain):
        found |= index.loose_plates[_loose(normalise_plate(match[0]))]
    for run in _RUN.findall(plain):
        if run not in plates:
            found |= index.ending_in(run, WEAK_DIGITS)
    return frozenset(found)


def _in_province(case: int, province: str, index: CaseIndex) -> bool:
    return index.plate_of[case].startswith(province)
