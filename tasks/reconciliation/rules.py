"""What a shop's open bank lines are: applied, proposed, or waiting for a person, each with its reason.

The order of the decisions: lines that are no payout by direction and words; refunds of ours that came back;
what a key or a list names, as the nights in bank-date order would have applied it; transfers without
references, where only one explanation is credible; then a reason and proposals for the rest. The order in
which lines are handed in changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from tasks.reconciliation.at_once import AtOnce
from tasks.reconciliation.collecting import put_off
from tasks.reconciliation.facts import Facts, Line
from tasks.reconciliation.kinds import set_apart
from tasks.reconciliation.lumps import explain, is_lump, without_quarrels
from tasks.reconciliation.nights import after, as_nights, may_be_made, neighbours
from tasks.reconciliation.nights import named as cases_named
from tasks.reconciliation.one_key import Named, OneKey
from tasks.reconciliation.reading import Reader, Reading
from tasks.reconciliation.remains import remaining
from tasks.reconciliation.returns import bounced_refunds, is_return, unclear_return
from tasks.reconciliation.verdict import Pairing, Verdict

R = TypeVar("R")
D = TypeVar("D")


class Each(Protocol):
    """How a rule is put to rows one by one; a runner may set a row aside and go on."""

    def __call__(
        self, rows: Iterable[R], rule: Callable[[R], D], subject: Callable[[R], str]
    ) -> Iterator[tuple[R, D]]: ...


def plainly(rows: Iterable[R], rule: Callable[[R], D], subject: Callable[[R], str]) -> Iterator[tuple[R, D]]:
    """Every row, and no row set aside."""
    del subject
    return ((row, rule(row)) for row in rows)


@dataclass(frozen=True)
class Decisions:
    """Everything decided of a shop's lines: each line is in one pairing or has one verdict."""

    applied: tuple[Pairing, ...]
    verdicts: dict[int, Verdict] = field(default_factory=dict)


@put_off()
def decide(lines: Iterable[Line], facts: Facts, each: Each = plainly) -> Decisions:
    """Decide all lines together. Lines set aside by `each` get no verdict and stay as they are."""
    in_order = sorted(lines, key=lambda line: (line.booked_on, line.line_id))
    reader, seen = Reader(facts), list(each(in_order, OneKey(facts).read, _name_line))
    named = [found for _, found in seen if found is not None]
    whole = [line for line, found in seen if found is None]
    readings = [reading for _, reading in each(whole, reader.read, _name_line)]
    returned = [r for r in readings if is_return(r)]
    others = [r for r in readings if not is_return(r)]
    verdicts = {r.line.line_id: v for r in others if (v := set_apart(r, facts)) is not None}
    bounced = [pairing for pairing in bounced_refunds(returned, facts) if may_be_made(pairing, facts)]
    gone = {line for pairing in bounced for line in pairing.line_ids}
    verdicts |= {r.line.line_id: unclear_return(r, facts) for r in returned if r.line.line_id not in gone}
    payouts = [r for r in others if r.line.line_id not in verdicts]
    applied, waiting = _match(payouts, named, reader, facts, each)
    now = after(facts, applied)
    lumps, waiting = _lumps(waiting, now)
    now = after(now, lumps)
    mates = {line: group for group in neighbours(waiting) for line in (r.line.line_id for r in group)}

    def look(reading: Reading) -> Verdict:
        return remaining(reading, [m for m in mates[reading.line.line_id] if m is not reading], now)

    verdicts |= {reading.line.line_id: verdict for reading, verdict in each(waiting, look, _name_reading)}
    return Decisions((*bounced, *applied, *lumps), verdicts)


def _match(
    payouts: Sequence[Reading], named: Sequence[Named], reader: Reader, facts: Facts, each: Each
) -> tuple[list[Pairing], list[Reading]]:
    """Matches by key or list, and the lines that are left; what is set aside is neither.

    Plain lines are decided at once, the others, read whole, group by group.
    """
    keyed = [reading for reading in payouts if _is_keyed(reading)]
    at_once = AtOnce(keyed, named, facts)
    plain = list(each(named, at_once.named, _name_named))
    decided = list(each(keyed, at_once.read, _name_reading))
    applied = [pairing for _, pairing in (*plain, *decided) if pairing is not None]
    late = [r for _, r in each((n.line for n, p in plain if p is None), reader.read, _name_line)]
    keyed = [reading for reading, pairing in decided if pairing is None] + [r for r in late if _is_keyed(r)]
    left = [reading for reading in (*payouts, *late) if not _is_keyed(reading)]
    for group, found in each(neighbours(keyed), lambda group: as_nights(group, facts), _name_group):
        applied += found
        used = {line for pairing in found for line in pairing.line_ids}
        left += [reading for reading in group if reading.line.line_id not in used]
    return applied, sorted(left, key=lambda reading: (reading.line.booked_on, reading.line.line_id))


def _is_keyed(reading: Reading) -> bool:
    """Whether an insurer names a case of ours in it."""
    return reading.group_id is not None and bool(cases_named(reading))


def _lumps(waiting: Sequence[Reading], facts: Facts) -> tuple[list[Pairing], list[Reading]]:
    """Transfers without references that may be applied: all of them are looked at before any is, again and
    again until nothing is sure any more, so that their order does not matter.
    """
    applied, left = list[Pairing](), list(waiting)
    while True:
        asked = [r for r in left if facts.policy_of(r.group_id).auto_batch and is_lump(r)]
        sure = [lump.sure for r in asked if (lump := explain(r, facts)).sure is not None]
        found = [pairing for pairing in without_quarrels(sure) if may_be_made(pairing, facts)]
        if not found:
            return applied, left
        applied += found
        facts = after(facts, found)
        used = {line for pairing in found for line in pairing.line_ids}
        left = [reading for reading in left if reading.line.line_id not in used]


def _name_line(line: Line) -> str:
    return f"bank_line:{line.line_id}"


def _name_named(named: Named) -> str:
    return _name_line(named.line)


def _name_reading(reading: Reading) -> str:
    return _name_line(reading.line)


def _name_group(group: Sequence[Reading]) -> str:
    return _name_line(group[0].line)
