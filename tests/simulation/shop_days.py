"""One simulated shop: what its customers, insurers, bank and people do on a day."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from models.case import Case
from models.shop import Shop
from models.words import ContactKind, Fact, FileKind, Role
from tests import factories
from tests.generated.facts import Claim, Life
from tests.generated.rows import Books
from tests.simulation import money_acts
from tests.simulation.bank import Bank
from tests.simulation.cash_book import CashBook
from tests.simulation.hands import PEOPLE, Hands
from worker import clock, db
from worker.job import Night
from worker.settings import settings

MEMORY = timedelta(days=5)
"""How many days late a fact is written down at most."""


@dataclass
class ShopDays:
    """The shop, its life as it really is, and what its people have done of their work."""

    shop: Shop
    life: Life
    bank: Bank
    hands: Hands
    book: CashBook = field(default_factory=CashBook)
    happened: Counter[str] = field(default_factory=Counter)
    written_down: set[tuple[str, str]] = field(default_factory=set)
    plates: set[str] = field(default_factory=set)
    """Cars whose customer can be written to."""
    asked_lists: set[int] = field(default_factory=set)
    sent_refunds: set[int] = field(default_factory=set)

    # ------------------------------------------------------------------ the world

    def outside(self, day: date) -> None:
        """What happens whether or not anybody in the shop is there: the bank books all up to a day."""
        while self.bank.booked <= day:
            self.happened["bank line"] += self.bank.book()

    def open_up(self, day: date) -> None:
        """What the shop's own programs write with the cars that came: cases, bills, whom to write to."""
        with db.transaction() as session:
            shop = session.get_one(Shop, self.shop.id)
            known = {
                case.claim_no: case for case in session.scalars(select(Case).where(Case.shop_id == shop.id))
            }
            books = Books(session, shop, self.life, known)
            for claim in self.life.claims:
                if claim.claim_no not in known and (claim.entered_on or claim.dispatched_on) <= day:
                    books.take_in(claim, self.night(day))
                    self.happened["claim"] += 1
                    if not self.lot(0.2) and claim.plate_no not in self.plates:
                        self.plates.add(claim.plate_no)
                        factories.add_contact(
                            session, shop, ContactKind.CUSTOMER, claim.insured, plate_no=claim.plate_no,
                            email=f"{claim.claim_no.lower()}@example.com",
                        )  # fmt: skip
            books.close(day)

    def night(self, day: date) -> Night:
        """The day as a job is told of it, for what is written without one."""
        return Night(day, self.shop.id, self.shop.code, "system", clock.now())

    def lot(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.hands.house.chance.random() < share

    # ------------------------------------------------------------------ the people's day

    def work(self, day: date) -> None:
        """A working day; some of it is left undone on most days."""
        for act, share in self._acts():
            if self.lot(share):
                act(day)

    def _acts(self) -> Iterator[tuple[Callable[[date], None], float]]:
        yield self.fetch_statements, 0.6
        yield self.write_down, 0.8
        yield self.bring_ledger_back, 0.05
        for act, share in money_acts.ALL:
            yield lambda day, act=act: act(self, day), share  # type: ignore[misc] # bound now

    def fetch_statements(self, day: date) -> None:
        with db.transaction() as session:
            shop = session.get_one(Shop, self.shop.id)
            for at in range(2):
                if self.lot(0.7):
                    twice = self.lot(0.1)
                    if self.bank.fetch(session, shop, at, day, 2 if twice else 1):
                        self.happened["statement"] += 1 + twice

    def write_down(self, day: date) -> None:
        """Facts and deposits, up to some days late, some of them twice."""
        with db.reading() as session:
            mine = select(Case.claim_no, Case.id, Case.work_order_id).where(Case.shop_id == self.shop.id)
            cases = {row.claim_no: (row.id, row.work_order_id) for row in session.execute(mine)}
        for claim in self.life.claims:
            if claim.claim_no in cases:
                self._of_claim(claim, *cases[claim.claim_no], day)

    def _of_claim(self, claim: Claim, case_id: int, order_id: int, day: date) -> None:
        accepted = claim.accepted_on if claim.acceptance_known else None
        for fact, on in ((Fact.ACCEPTANCE, accepted), (Fact.AGREEMENT, claim.agreed_on)):
            if on is not None and on <= day and self._not_yet(claim, fact, on, day):
                self.hands.do(
                    "record_fact", Role.HANDLER, case_id=case_id, fact=fact.value, value="x", on=str(on)
                )
        on = max(claim.dispatched_on, claim.entered_on or claim.dispatched_on)
        if on <= day and self._not_yet(claim, Fact.DEPOSIT, on, day):
            self._deposit(claim, case_id, order_id, day)

    def _not_yet(self, claim: Claim, fact: Fact, on: date, day: date) -> bool:
        """Whether it is written down today: at the latest some days after it happened."""
        key = (claim.claim_no, fact)
        if key in self.written_down or (day - on < MEMORY and self.lot(0.5)):
            return False
        self.written_down.add(key)
        return True

    def _deposit(self, claim: Claim, case_id: int, order_id: int, day: date) -> None:
        """Most customers leave a deposit; a handler who would take it is sent to the cashier."""
        amount = claim.amount // 10_000 * 10_000
        if not amount or self.lot(0.2):
            return
        given = {"case_id": case_id, "fact": "deposit", "value": f"{amount // 100}.00", "on": str(day)}
        if self.lot(0.1):
            self.hands.must_refuse("record_fact", Role.VIEWER, **given)
        if self.hands.do("record_fact", Role.CASHIER, **given):
            self.book.deposits[order_id] += amount
        if self.lot(0.1):  # somebody writes it down once more: the same day, the same amount
            self.hands.do("record_fact", Role.CASHIER, **given)

    def bring_ledger_back(self, day: date) -> None:
        """Somebody imports the ledger that the house itself wrote: it says nothing new."""
        found = sorted((settings().ledgers / self.shop.code).glob("*.xlsx"))
        if found:
            name = f"back_{day}_{found[-1].name}"
            settings().files.mkdir(parents=True, exist_ok=True)
            (settings().files / name).write_bytes(found[-1].read_bytes())
            with db.transaction() as session:
                shop = session.get_one(Shop, self.shop.id)
                factories.add_file(session, shop, kind=FileKind.LEDGER, name=name, stored_as=name)
            self.happened["ledger again"] += 1


def add_shop(
    number: int, opening: date, life_of: Callable[[str], Life], hands: Callable[[str], Hands]
) -> ShopDays:
    """Open a shop with its accounts, people and insurers, all of whom can be written to."""
    code, name = f"SIM{number}", f"连云港第{number}汽车修理有限公司"
    life = life_of(name)
    bank = Bank(life, number, name)
    with db.transaction() as session:
        shop = factories.add_shop(session, code=code, name=name, nights_from=opening)
        for account in bank.accounts:
            factories.add_account(session, shop, number=account.number)
        for role, person in PEOPLE.items():
            factories.add_staff(session, f"{person}{number}", role)
            factories.add_contact(session, shop, ContactKind.STAFF, f"{person}{number}")
        for branch in sorted({claim.branch for claim in life.claims}):
            factories.add_contact(session, shop, ContactKind.INSURER, branch)
    return ShopDays(shop, life, bank, hands(code))
