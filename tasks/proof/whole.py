"""The proof of one shop as a whole: every sum, and everything that is off, by what is set aside for it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from tasks.proof import drill, files, in_themselves, matches, payments, queries, rules, sentences, stored
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


@dataclass(frozen=True)
class Repair:
    """A repair with its figures by rows and by entries, its lines, and its position if it has a true one."""

    order_id: int
    said: dict[Figure, int]
    booked: dict[Figure, int]
    lines: rules.Lines
    position: rules.Stored | None


def prove(session: Session, shop_id: int) -> Proof:
    """Compare all entries of a shop with every total that was made without them."""
    proof = Proof()
    for page in queries.pages(session, shop_id):
        for repair in _repairs(session, page):
            _count(proof, repair)
            for subject, sentence in _of_repair(session, repair):
                proof.off[subject].append(sentence)
    for control in CONTROLS:
        for fault in control(session, shop_id):
            for subject in _subjects(fault):
                proof.off[subject].append(fault.sentence)
    return proof


def _subjects(fault: Fault) -> Sequence[str]:
    return [f"work_order:{each}" for each in fault.orders] or [fault.subject]


def _repairs(session: Session, page: queries.Page) -> Iterator[Repair]:
    said, kinds = queries.by_rows(session, page), queries.by_kind(session, page)
    lines, positions = stored.expected(session, page), stored.positions(session, page)
    for order_id in sorted(said.keys() | kinds.keys()):
        yield Repair(
            order_id,
            said.get(order_id, {}),
            by_entries(kinds.get(order_id, {})),
            rules.Lines(*lines.get(order_id, ())),
            rules.Stored(*positions[order_id]) if order_id in positions else None,
        )


def _count(proof: Proof, repair: Repair) -> None:
    proof.repairs += 1
    for figure in Figure:
        proof.said[figure] += repair.said.get(figure, 0)
        proof.booked[figure] += repair.booked[figure]


def _of_repair(session: Session, repair: Repair) -> Iterator[tuple[str, str]]:
    """What is off, by subject. The position is held against the entries where these are right themselves."""
    subject, off = f"work_order:{repair.order_id}", rules.compare(repair.said, repair.booked)
    for each in off:
        yield subject, sentences.off(each, drill.named(session, each.figure, repair.order_id))
    if repair.position is None:
        return
    moved = rules.expected_moved(repair.position, repair.lines)
    for each in moved:
        yield subject, sentences.stored(each, drill.lines_of(session, repair.order_id))
    if not off and not moved:
        for each in rules.position(repair.position, repair.booked, repair.lines):
            yield f"position:{repair.order_id}", sentences.stored(each, "the position of the repair")


def told(session: Session, subject: str, why: Sequence[str]) -> str:
    """What a person reads of one subject: the case, what is off, and what to do."""
    table, _, ident = subject.partition(":")
    of_repair = table in ("work_order", "position")
    name = queries.claim_no(session, int(ident)) if of_repair else subject
    return sentences.told(table, name, why)
