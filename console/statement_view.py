"""What stands on record of statements as wholes: explained layouts, and the days each account has."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankAccount
from models.shop import Shop
from models.source_file import SourceFile
from models.statement import StatementPeriod, StatementProfile
from models.values import Refusal, yuan
from tasks.statements import queries
from tasks.statements.periods import Gap, gaps
from worker.clock import SHANGHAI


def profiles(session: Session, codes: Sequence[str]) -> list[dict[str, Any]]:
    """The explained layouts of these shops, oldest first."""
    rows = session.execute(
        select(StatementProfile, Shop.code)
        .join(Shop, Shop.id == StatementProfile.shop_id)
        .where(Shop.code.in_(codes))
        .order_by(StatementProfile.id)
    )
    return [_shown(each, code) for each, code in rows]


def profile(session: Session, number: int) -> dict[str, Any]:
    """One of them whole. Raises Refusal."""
    row = session.execute(
        select(StatementProfile, Shop.code)
        .join(Shop, Shop.id == StatementProfile.shop_id)
        .where(StatementProfile.id == number)
    ).one_or_none()
    if row is None:
        raise Refusal(f"There is no profile {number}. See: huikuan statement profiles")
    each, code = row
    return _shown(each, code) | {"headings": each.headings, "mapping": each.mapping}


def _shown(each: StatementProfile, code: str) -> dict[str, Any]:
    return {
        "profile": each.id,
        "shop": code,
        "account": each.account_number,
        "made_from": each.made_from,
        "made_by": each.made_by,
        "made_on": each.made_at.astimezone(SHANGHAI).date(),
        "removed_by": each.removed_by,
        "removed_on": each.removed_at and each.removed_at.astimezone(SHANGHAI).date(),
    }


def plain(value: object) -> object:
    """A mapping or a list in one line."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {plain(said)}" for key, said in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def periods(session: Session, shop_id: int) -> list[dict[str, Any]]:
    """Each statement of the shop, by account and day, with what it leaves open before it."""
    missing = {
        (number, gap.after): gap
        for number, statements in queries.covered(session, shop_id).items()
        for gap in gaps(statements)
    }
    rows = session.execute(
        select(BankAccount.number, SourceFile.name, StatementPeriod)
        .join(BankAccount, BankAccount.id == StatementPeriod.account_id)
        .join(SourceFile, SourceFile.id == StatementPeriod.file_id)
        .where(StatementPeriod.shop_id == shop_id)
        .order_by(BankAccount.number, StatementPeriod.first_on, StatementPeriod.id)
    ).all()
    found: list[dict[str, Any]] = []
    for number, name, period in rows:
        before = [row for row in found if row["account"] == number and row["last_on"] >= period.first_on]
        gap = missing.get((number, queries.as_covered(name, period)))
        found.append(_period(number, name, period, _note(period, before, gap)))
    return found


def _note(period: StatementPeriod, before: Sequence[dict[str, Any]], gap: Gap | None) -> str:
    if period.is_part:
        return "a part: lines were left out"
    if gap is not None:
        moved = "" if gap.missing is None else f", {yuan(gap.missing)}"
        return f"missing before it: {gap.first} to {gap.last}{moved}"
    return f"overlaps {before[-1]['file']}" if before else ""


def _period(number: str, name: str, period: StatementPeriod, note: str) -> dict[str, Any]:
    return {
        "account": number,
        "file": name,
        "first_on": period.first_on,
        "last_on": period.last_on,
        "is_stated": period.is_stated,
        "lines": period.lines,
        "opening": None if period.opening is None else yuan(period.opening),
        "closing": None if period.closing is None else yuan(period.closing),
        "is_part": period.is_part,
        "note": note,
    }
