"""The proof of one shop as a whole: every sum, and everything that is off, by what is set aside for it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.values import yuan
from tasks.proof import drill, files, in_themselves, matches, payments, queries, rules
from tasks.proof.fault import Fault
from tasks.proof.figures import Figure, by_entries

CONTROLS = (
    in_themselves.entries,
    in_themselves.payouts,
    matches.bank_lines,
    matches.payouts,
    files.statements,
    files.ledgers,
    payments.parts_of_refunds,
    payments.items_of_files,
    payments.totals_of_files,
)


@dataclass
class Proof:
    """How many repairs were proved, each figure by rows and by entries (fen), and what is off."""

    repairs: int = 0
    said: dict[Figure, int] = field(default_factory=lambda: dict.fromkeys(Figure, 0))
    booked: dict[Figure, int] = field(default_factory=lambda: dict.fromkeys(Figure, 0))
    off: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By subject: 'work_order:17' holds its refund back, 'position:17' does not."""


def prove(session: Session, shop_id: int) -> Proof:
    """Compare all entries of a shop with every total that was made without them."""
    proof = Proof()
    for page in queries.pages(session, shop_id):
        for subject, sentence in _of_page(session, page, proof):
            proof.off[subject].append(sentence)
    for control in CONTROLS:
        for fault in control(session, shop_id):
            for subject in _subjects(fault):
                proof.off[subject].append(fault.sentence)
    return proof


def _subjects(fault: Fault) -> Sequence[str]:
    return [f"work_order:{each}" for each in fault.orders] or [fault.subject]


def _of_page(session: Session, page: queries.Page, proof: Proof) -> Iterator[tuple[str, str]]:
    said, kinds = queries.by_rows(session, page), queries.by_kind(session, page)
    lines, stored = queries.expected(session, page), queries.positions(session, page)
    for order_id in sorted(said.keys() | kinds.keys()):
        rows, booked = said.get(order_id, {}), by_entries(kinds.get(order_id, {}))
        proof.repairs += 1
        for figure in Figure:
            proof.said[figure] += rows.get(figure, 0)
            proof.booked[figure] += booked[figure]
        off = rules.compare(rows, booked)
        for each in off:
            yield f"work_order:{order_id}", _sentence(each, _named(session, each, order_id))
        if order_id in stored:
            line = rules.Lines(*lines.get(order_id, (0, 0)))
            yield from _of_position(session, order_id, rules.Stored(*stored[order_id][1:]), line, booked, off)


def _of_position(
    session: Session, order_id: int, stored: rules.Stored, lines: rules.Lines, booked: dict[Figure, int],
    off: Sequence[rules.Off],
) -> Iterator[tuple[str, str]]:  # fmt: skip
    moved = rules.expected_moved(stored, lines)
    for each in moved:
        yield f"work_order:{order_id}", _sentence(each, [drill.lines_of(session, order_id)])
    if not off and not moved:
        for each in rules.position(stored, booked, lines):
            yield f"position:{order_id}", _sentence(each, [f"the stored {each.name} of the repair"])


def _named(session: Session, off: rules.Off, order_id: int) -> list[str]:
    assert off.figure is not None
    return drill.named(session, off.figure, order_id)


def _sentence(off: rules.Off, named: Sequence[str]) -> str:
    said, booked = ("none" if each is None else yuan(each) for each in (off.said, off.booked))
    return f"{off.name}: {said} yuan by the rows, {booked} by the entries ({'; '.join(named)})"


def told(session: Session, subject: str, sentences: Sequence[str]) -> str:
    """What a person reads of one subject: the case, what is off, and what to do."""
    table, _, ident = subject.partition(":")
    what = subject
    if table in ("work_order", "position"):
        what = _claim_no(session, int(ident))
    then = f"{_NEXT.get(table, _FIND_OUT)} (docs/money.md), then: huikuan money check"
    return f"{what}: {'; '.join(sentences)}. {then}"


_FIND_OUT = "Find out who changed it and restore the row"
_NEXT = {
    "work_order": f"Its refund is held back. {_FIND_OUT}",
    "position": "It is computed anew tonight. Find out who changed it",
}


def _claim_no(session: Session, order_id: int) -> str:
    found = session.execute(
        select(Case.claim_no).where(Case.work_order_id == order_id).order_by(Case.is_lead.desc(), Case.id)
    ).scalar()
    return found or f"work order {order_id}"
