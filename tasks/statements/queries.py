"""What this room fetches."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.ledger import Closed, newest_closes
from models.shop import Shop
from models.source_file import SourceFile
from models.statement import StatementPeriod, StatementProfile
from models.words import FileKind, FileState
from tasks.statements.accounts import KnownAccount, KnownShop, Registry
from tasks.statements.periods import Covered
from tasks.statements.placing import plain
from tasks.statements.profile import Profile
from tasks.statements.sameness import Mark


def waiting_files(session: Session, shop_id: int, kind: FileKind) -> Sequence[SourceFile]:
    """The shop's files of that kind that nobody has read, oldest first."""
    waiting = (
        select(SourceFile)
        .where(SourceFile.shop_id == shop_id, SourceFile.kind == kind, SourceFile.state == FileState.WAITING)
        .order_by(SourceFile.id)
    )
    return session.execute(waiting).scalars().all()


def registry(session: Session) -> Registry:
    """Every shop and account, by number: accounts are few, and a file may be of another shop's."""
    shops = [
        KnownShop(row.id, row.code, row.name)
        for row in session.execute(select(Shop.id, Shop.code, Shop.name).order_by(Shop.id))
    ]
    accounts = session.execute(
        select(BankAccount.number, BankAccount.shop_id, BankAccount.export_name, BankAccount.holder).order_by(
            BankAccount.id
        )
    )
    known = {
        row.number: KnownAccount(row.number, row.shop_id, row.export_name, row.holder) for row in accounts
    }
    return Registry(shops, known)


def account_id(session: Session, number: str) -> int | None:
    """The id of a registered account."""
    return session.execute(select(BankAccount.id).where(BankAccount.number == number)).scalar_one_or_none()


def profiles(session: Session, shop_id: int | None, account: str | None) -> list[Profile]:
    """The layouts a shop (any, if None) explained and keeps, newest first; an account's for it alone."""
    kept = (
        select(StatementProfile.id, StatementProfile.headings, StatementProfile.mapping)
        .where(
            StatementProfile.removed_at.is_(None),
            or_(StatementProfile.account_number.is_(None), StatementProfile.account_number == account),
        )
        .order_by(StatementProfile.account_number.is_(None), StatementProfile.id.desc())
    )
    rows = session.execute(kept if shop_id is None else kept.where(StatementProfile.shop_id == shop_id))
    return [Profile(row.id, cast(Any, row.headings), cast(Any, row.mapping)) for row in rows]


def known_lines(session: Session, account: int, days: Collection[date]) -> list[Mark]:
    """What was brought of an account's days before."""
    if not days:
        return []
    rows = session.execute(
        select(
            BankLine.booked_on, BankLine.booked_at, BankLine.amount, BankLine.balance, BankLine.serial,
            BankLine.payer, BankLine.payer_account, BankLine.search_text,
        )
        .where(BankLine.account_id == account, BankLine.booked_on.between(min(days), max(days)))
        .order_by(BankLine.id)
    )  # fmt: skip
    return [Mark(*row[:5], plain(*row[5:])) for row in rows]


def as_covered(file_name: str, period: StatementPeriod) -> Covered:
    """A stored period as the rules see it."""
    return Covered(
        file_name, period.first_on, period.last_on, period.is_stated, period.opening, period.closing
    )


def covered(session: Session, shop_id: int) -> dict[str, list[Covered]]:
    """By account number, what the shop's statements cover; one that lines were left out of covers nothing."""
    rows = session.execute(
        select(BankAccount.number, SourceFile.name, StatementPeriod)
        .join(BankAccount, BankAccount.id == StatementPeriod.account_id)
        .join(SourceFile, SourceFile.id == StatementPeriod.file_id)
        .where(StatementPeriod.shop_id == shop_id, StatementPeriod.is_part.is_(False))
        .order_by(BankAccount.number, StatementPeriod.first_on, StatementPeriod.id)
    )
    found: defaultdict[str, list[Covered]] = defaultdict(list)
    for number, name, period in rows:
        found[number].append(as_covered(name, period))
    return dict(found)


def closed_months(session: Session, shop_id: int) -> list[Closed]:
    """The months of the shop that were closed."""
    return newest_closes(session, shop_id)
