"""How many tests of the money begin, and what they all look at in the end."""

from sqlalchemy import func, select

from models.case import Case
from models.entry import Entry
from models.event import Event
from models.words import Account, Cover, EntryKind
from tests.money.floor import Floor


def settled(floor: Floor, paid: str, *, expected: str = "11800.00", deposit: str = "5000.00") -> Case:
    """Scenario 4 paid in one transfer, and the night after it."""
    case = floor.claim()
    floor.expect(case, expected)
    floor.bill(case, "12400.00", f"{12400 - int(float(expected))}.00")
    floor.take(case, deposit)
    floor.pay(case, paid)
    floor.fact(case, "payment-final")
    floor.work()
    return case


def with_third_party(floor: Floor, paid: str | None = "11200.00") -> Case:
    """Scenario 6: 4,300.00 for the repair, 6,900.00 for the other car."""
    case = floor.claim()
    floor.expect(case, "4300.00")
    floor.expect(case, "6900.00", Cover.THIRD_PARTY, third=True)
    floor.bill(case, "4300.00", "0.00")
    if paid:
        floor.pay(case, paid)
    floor.work()
    return case


def proves(floor: Floor, *cases: Case) -> bool:
    """Whether rows and entries agree: what is held, what is owed to third parties, what was received."""
    for case in cases:
        found = floor.position(case)
        assert floor.lies(case, Account.OVER_RECEIPT_HELD) == f"{found.over_receipt / 100:.2f}"
        paid_on = _sum(floor, case, EntryKind.THIRD_PARTY_PAID)
        assert floor.lies(case, Account.THIRD_PARTY_OWED) == f"{(found.third_party - paid_on) / 100:.2f}"
        assert floor.lies(case, Account.WRITTEN_OFF) == f"{-found.write_off / 100:.2f}"
    return True


def _sum(floor: Floor, case: Case, kind: EntryKind) -> int:
    undone = select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
    of = (Entry.work_order_id == case.work_order_id, Entry.kind == kind, Entry.id.not_in(undone))
    return int(
        floor.session.execute(select(func.coalesce(func.sum(Entry.amount), 0)).where(*of)).scalar_one()
    )


def told(floor: Floor, case: Case) -> list[str]:
    rows = floor.session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.id))
    return [kind for kind in rows if kind.startswith(("difference_", "payout_r", "third_party"))]
