"""Refunds of ours on a bank statement: one transfer each, or a whole payment file as one debit. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.values import half_width
from models.words import MatchKind
from tasks.reconciliation.facts import Line
from tasks.reconciliation.payer import plain_name
from tasks.reconciliation.verdict import UNDONE, Pairing, Verdict, proposed

_CORRECTION = re.compile("冲正|冲销|冲账|抹账|错账|更正")
_AS_ONE = re.compile("批量|代发|代付|汇总|笔")


@dataclass(frozen=True)
class InFile:
    """A refund in a payment file that no statement has shown yet, in fen."""

    refund_id: int
    claim_no: str
    names: tuple[str, ...]
    """Its payee and the insured of the repair."""
    amount: int
    reference: str
    """Ours in the file: FK-2026-0007-3."""
    file_no: str
    file_total: int
    made_on: date


@dataclass(frozen=True)
class Known:
    """What else is known: our own names, what persons rejected, and what they took back."""

    own_names: frozenset[str] = frozenset()
    rejected: frozenset[tuple[int, str, int]] = frozenset()
    rejected_occasions: frozenset[str] = frozenset()
    undone_occasions: frozenset[str] = frozenset()
    """They are proposed, and not applied by themselves again."""


@dataclass(frozen=True)
class Outgoing:
    """What was decided: pairings to apply, and lines that a person must look at."""

    applied: tuple[Pairing, ...]
    verdicts: Mapping[int, Verdict]


def outgoing(lines: Sequence[Line], waiting: Sequence[InFile], known: Known) -> Outgoing:
    """Say which lines are refunds of ours, as the nights in bank-date order would have.

    Sure: the fen and the payee's name, or our reference, of one refund and one line; or the fen of a whole
    file. A name with several equal refunds is proposed; an equal amount alone says nothing.
    """
    left = [line for line in lines if line.amount < 0 and not _CORRECTION.search(line.text)]
    still, applied = list(waiting), list[Pairing]()
    for day in sorted({line.booked_on for line in left}):
        come = [line for line in left if line.booked_on <= day]
        sure = [*_files(come, still, known), *_singles(come, still, known)]
        found = [pairing for pairing in sure if pairing.occasion not in known.undone_occasions]
        applied += found
        gone = {target for pairing in found for _, target, _ in pairing.parts}
        seen = {line_id for pairing in found for line_id in pairing.line_ids}
        still = [each for each in still if each.refund_id not in gone]
        left = [line for line in left if line.line_id not in seen]
    verdicts = {line.line_id: verdict for line in left if (verdict := _unclear(line, still, known))}
    return Outgoing(tuple(applied), verdicts)


def _singles(lines: Sequence[Line], waiting: Sequence[InFile], known: Known) -> list[Pairing]:
    wishes = {line.line_id: _wished(line, waiting, known) for line in lines}
    found = []
    for line in lines:
        mine = wishes[line.line_id]
        rivals = sum(bool(set(theirs) & set(mine)) for theirs in wishes.values())
        if len(mine) == 1 and rivals == 1:
            found.append(_pairing(line, mine, "refund_paid"))
    return found


def _wished(line: Line, waiting: Sequence[InFile], known: Known) -> list[InFile]:
    """Refunds this line may be: exact in fen and by name; our reference decides between equal ones."""
    same = [each for each in waiting if _fits(line, each, known)]
    named = [each for each in same if each.reference in _references(line)]
    if named:
        return named
    name = plain_name(line.payer)
    return [each for each in same if name and name in {plain_name(other) for other in each.names if other}]


def _fits(line: Line, each: InFile, known: Known) -> bool:
    allowed = (line.line_id, "refund", each.refund_id) not in known.rejected
    return allowed and each.amount == -line.amount and each.made_on <= line.booked_on


def _references(line: Line) -> set[str]:
    return set(re.findall(r"FK-\d{4}-\d{4,}(?:-\d+)?", half_width(line.text).upper()))


def _files(lines: Sequence[Line], waiting: Sequence[InFile], known: Known) -> list[Pairing]:
    """A debit that is a whole file, where it is the only such debit and the only such file."""
    files = _whole_files(waiting)
    wishes = {line.line_id: _files_of(line, files, known) for line in lines}
    found = []
    for line in lines:
        mine = wishes[line.line_id]
        rivals = sum(bool(set(theirs) & set(mine)) for theirs in wishes.values())
        if len(mine) == 1 and rivals == 1 and _is_as_one(line, mine[0], files[mine[0]], known):
            pairing = _pairing(line, files[mine[0]], "file_paid")
            found += [pairing] if pairing.occasion not in known.rejected_occasions else []
    return found


def _whole_files(waiting: Sequence[InFile]) -> dict[str, list[InFile]]:
    """Files of which no refund has been settled otherwise: what is left comes to their total."""
    files: dict[str, list[InFile]] = {}
    for each in waiting:
        files.setdefault(each.file_no, []).append(each)
    return {no: items for no, items in files.items() if sum(i.amount for i in items) == items[0].file_total}


def _files_of(line: Line, files: Mapping[str, Sequence[InFile]], known: Known) -> list[str]:
    return [
        number
        for number, items in files.items()
        if items[0].file_total == -line.amount and all(_may_be(line, item, known) for item in items)
    ]


def _may_be(line: Line, item: InFile, known: Known) -> bool:
    in_time = item.made_on <= line.booked_on
    return in_time and (line.line_id, "refund", item.refund_id) not in known.rejected


def _is_as_one(line: Line, number: str, items: Sequence[InFile], known: Known) -> bool:
    """Whether the line speaks of a batch: our number, no other side, our own, or a word for it."""
    if number in _references(line):
        return True
    name = plain_name(line.payer)
    return len(items) > 1 and (not name or name in known.own_names or bool(_AS_ONE.search(line.text)))


def _unclear(line: Line, waiting: Sequence[InFile], known: Known) -> Verdict | None:
    """Equal refunds of one name, a file's total under a strange name, what was taken back: a person says."""
    singles = [_pairing(line, [each], "refund_paid_unclear") for each in _wished(line, waiting, known)]
    files = _whole_files(waiting)
    wholes = [_pairing(line, files[number], "file_paid_unclear") for number in _files_of(line, files, known)]
    # A file of one refund is the same statement as the refund alone.
    found = {each.occasion: _taken_back(each, known) for each in (*wholes, *singles)}
    asked = sorted((p for p in found.values() if _is_asked(p, known)), key=lambda p: len(p.parts))
    return proposed(*asked[:3]) if asked else None


def _taken_back(pairing: Pairing, known: Known) -> Pairing:
    return replace(pairing, reason=UNDONE) if pairing.occasion in known.undone_occasions else pairing


def _is_asked(pairing: Pairing, known: Known) -> bool:
    """A file of one refund without its name or our reference says nothing, unless it was applied before."""
    of_one = pairing.reason == "file_paid_unclear" and len(pairing.parts) == 1
    return not of_one and pairing.occasion not in known.rejected_occasions


def _pairing(line: Line, refunds: Sequence[InFile], reason: str) -> Pairing:
    parts = tuple((line.line_id, each.refund_id, each.amount) for each in refunds)
    evidence = {
        "amount": line.amount, "booked_on": [line.booked_on.isoformat()],
        "payment_file": sorted({each.file_no for each in refunds}),
    }  # fmt: skip
    return Pairing(MatchKind.REFUND_PAYMENT, reason, parts, evidence)
