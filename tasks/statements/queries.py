"""What this room fetches."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankAccount
from models.shop import Shop
from models.source_file import SourceFile
from models.words import FileKind, FileState
from tasks.statements.accounts import KnownAccount, KnownShop, Registry


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
        select(BankAccount.number, BankAccount.shop_id, BankAccount.export_name).order_by(BankAccount.id)
    )
    known = {row.number: KnownAccount(row.number, row.shop_id, row.export_name) for row in accounts}
    return Registry(shops, known)


def account_id(session: Session, number: str) -> int:
    """The id of a registered account."""
    return session.execute(select(BankAccount.id).where(BankAccount.number == number)).scalar_one()
