"""A generated life, lived: its files through the real jobs, a night at the end of each month, and its people.

The accountant accepts a proposal that is right, brings the payment list of a transfer that nothing explains,
and rejects what is no payout; she knows the truth, the nights do not.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.shop import Setting, Shop
from models.values import Period, Refusal
from models.words import Outcome
from tasks.closing.job import reopen_late_cases
from tasks.differences.job import find_differences
from tasks.proof.job import prove_money
from tasks.reconciliation import queries
from tasks.reconciliation.job import accept_match, match_lines, read_payment_list, reject_match
from tasks.statements.job import read_statements
from tests import factories
from tests.generated.facts import Life, Move
from tests.generated.files import Account, accounts_of, write_list, write_month
from tests.generated.rows import Books
from worker import clock
from worker.job import JobFunction, Night
from worker.settings import settings

STEPS: tuple[JobFunction, ...] = (
    read_statements, match_lines, find_differences, reopen_late_cases, prove_money,
)  # fmt: skip
"""The steps of the night from a bank's file to money that adds up, in their order."""


@dataclass
class Story:
    """One shop, and what became of each of its movements."""

    session: Session
    shop: Shop
    life: Life
    number: int
    accounts: list[Account] = field(default_factory=list)
    truth: dict[int, Move] = field(default_factory=dict)
    """By bank line."""
    first: dict[int, tuple[Outcome, str]] = field(default_factory=dict)
    """How each line stood after the first night that saw it."""
    helped: set[int] = field(default_factory=set)
    """Lines for which the accountant brought what the bank did not say."""

    def live(self, *, lumps: bool) -> None:
        self.accounts = accounts_of(self.life, self.number)
        for account in self.accounts:
            factories.add_account(self.session, self.shop, number=account.number)
        self._set("reconcile.auto_batch", "on" if lumps else "off")
        books = Books(self.session, self.shop, self.life)
        for month in self.life.months:
            books.until(self.night(month.last))
            self._bring(month)
            self._night(month.last)
            self._people(month.last)
            books.close(month.last)

    def night(self, day: date, **facts: Any) -> Night:
        at = datetime.combine(day + timedelta(days=1), time(2), clock.SHANGHAI).astimezone(UTC)
        given: dict[str, Any] = {"by": "system", "at": at} | facts
        return Night(date=day, shop_id=self.shop.id, shop_code=self.shop.code, **given)

    def _set(self, key: str, value: object) -> None:
        facts = {"scope": "shop", "scope_id": self.shop.id, "valid_from": date(2020, 1, 1), "set_by": "王敏"}
        self.session.add(Setting(key=key, value=value, set_at=factories.LONG_AGO, **facts))

    def _bring(self, month: Period) -> None:
        settings().files.mkdir(parents=True, exist_ok=True)
        for account in self.accounts:
            if path := write_month(account, self.shop.name, month, settings().files):
                factories.add_file(self.session, self.shop, name=path.name, stored_as=path.name)

    def _night(self, day: date) -> None:
        for step in STEPS:
            night = self.night(day)
            step(self.session, night)
            assert not night.set_aside, night.set_aside
            assert not night.notes.get("files_refused"), "a file of the bank was refused"
            self.session.flush()
            if step is read_statements:
                self._recognise()
                self._bring_lists(day)
        self.session.expire_all()
        for line_id, outcome, reason in self._lines():
            self.first.setdefault(line_id, (outcome, reason))

    def _lines(self) -> Iterator[tuple[int, Outcome, str]]:
        of = BankLine.shop_id == self.shop.id
        for row in self.session.execute(select(BankLine.id, BankLine.outcome, BankLine.reason).where(of)):
            yield row.id, row.outcome, row.reason or ""

    def _recognise(self) -> None:
        """Which movement each line is: nothing else has its account, day, amount and balance."""
        known: dict[tuple[Any, ...], Move] = {
            (account.number, b.move.on, b.move.amount, b.balance): b.move
            for account in self.accounts
            for b in account.lines
        }
        rows = self.session.execute(
            select(BankLine.id, BankAccount.number, BankLine.booked_on, BankLine.amount, BankLine.balance)
            .join(BankAccount, BankAccount.id == BankLine.account_id)
            .where(BankLine.shop_id == self.shop.id)
        )
        self.truth = {row.id: known[tuple(row[1:])] for row in rows}

    # ------------------------------------------------------------------ people

    def _bring_lists(self, day: date) -> None:
        for line_id, move in self.truth.items():
            if move.has_list and line_id not in self.first:
                self._list(line_id, move, day)

    def _list(self, line_id: int, move: Move, day: date) -> None:
        claims = {claim.claim_no: claim for claim in self.life.claims}
        name = f"list_{self.number}_{line_id}.xlsx"
        write_list(move, claims, settings().files / name)
        self._as_accountant(read_payment_list, day, line_id=line_id, stored_as=name, name=name)

    def _as_accountant(self, job: JobFunction, day: date, **parameters: object) -> None:
        night = self.night(day, by="周会计", parameters={"role": "accountant", **parameters})
        with self.session.begin_nested():
            job(self.session, night)
            self.session.flush()
        self.session.expire_all()

    def _people(self, day: date) -> None:
        waits = (Outcome.PROPOSED, Outcome.UNMATCHED)
        for row in queries.report(self.session, self.shop.id):
            if row.outcome in waits:
                with contextlib.suppress(Refusal):  # settled meanwhile, together with another line
                    self._decide(row, day)

    def _decide(self, row: queries.ReportRow, day: date) -> None:
        move = self.truth[row.line_id]
        if any(map(self._is_right, row.proposals)):
            now = next(r for r in queries.report(self.session, self.shop.id) if r.line_id == row.line_id)
            right = [proposal.number for proposal in now.proposals if self._is_right(proposal)]
            if right:
                self._as_accountant(accept_match, day, line_id=row.line_id, proposal=right[0])
        elif len(move.pays) > 1 and row.line_id not in self.helped:
            self.helped.add(row.line_id)
            self._list(row.line_id, move, day)
        elif not move.pays and not move.refund and move.amount > 0:
            for _ in range(1 + bool(row.proposals)):
                self._as_accountant(reject_match, day, line_id=row.line_id, proposal=None)

    def _is_right(self, proposal: queries.Proposal) -> bool:
        said, true = Counter[str](), Counter[str]()
        for paid in proposal.pays:
            said[paid.claim_no] += paid.amount
        for line in proposal.lines:
            true.update({pays.claim_no: pays.amount for pays in self.truth[line].pays})
        return said == true
