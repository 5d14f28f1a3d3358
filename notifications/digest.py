"""The morning digest: what the night did for a shop, what money moved, and what failed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.chase import ChaseLetter, ChaseStep
from models.entry import Entry
from models.match import Match
from models.refund import Position
from models.run import SetAside
from models.shop import Shop
from models.source_file import SourceFile
from models.words import EntryKind, FileKind, FileState, MatchState
from models.work_order import WorkOrder
from notifications.notices import DigestLine, MorningDigest
from notifications.waiting import waiting
from notifications.wording import day, money

MOST_NAMED = 20
"""Of what failed so many are named; the rest is counted."""

_FILES = {
    FileKind.LEDGER: "台账",
    FileKind.STATEMENT: "银行流水",
    FileKind.CONTACTS: "通讯录",
    FileKind.ACCOUNTS: "账户清单",
    FileKind.REPLY: "保险公司回复",
}
_MONEY = {
    "收入：保险赔款": (EntryKind.PAYOUT, EntryKind.PAYOUT_THIRD_PARTY, EntryKind.OVER_RECEIPT_HOLD),
    "收入：客户交款": (EntryKind.DEPOSIT, EntryKind.SELF_PAY, EntryKind.TOP_UP),
    "收入：退款被退回": (EntryKind.REFUND_BOUNCED,),
    "支出：退给客户": (EntryKind.REFUND_PAID,),
    "支出：付给第三方": (EntryKind.THIRD_PARTY_PAID,),
    "支出：退还保险公司": (EntryKind.OVER_RECEIPT_RETURNED,),
}


def digest(session: Session, shop_id: int, on: date) -> MorningDigest:
    """The digest of the night of `on`."""
    return MorningDigest(
        date=day(on),
        shop_name=session.scalars(select(Shop.name).where(Shop.id == shop_id)).one(),
        came_in=tuple(_came_in(session, shop_id, on)),
        money=tuple(_money(session, shop_id, on)),
        decided=tuple(_decided(session, shop_id, on)),
        failed=tuple(_failed(session, shop_id)),
        waiting=tuple(waiting(session, shop_id)),
    )


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _line(what: str, count: int, unit: str) -> Iterator[DigestLine]:
    if count:
        yield DigestLine(what, f"{count} {unit}", "", "")


def _came_in(session: Session, shop_id: int, on: date) -> Iterator[DigestLine]:
    read = select(SourceFile.kind, func.count()).where(
        SourceFile.shop_id == shop_id, SourceFile.state == FileState.READ, SourceFile.read_on == on
    )
    for kind, count in session.execute(read.group_by(SourceFile.kind).order_by(SourceFile.kind)):
        yield from _line(_FILES[kind], count, "份")
    lines = select(BankLine.id).join(SourceFile, SourceFile.id == BankLine.file_id)
    new = lines.where(BankLine.shop_id == shop_id, SourceFile.read_on == on)
    yield from _line("银行流水明细", _count(session, new), "笔")


def _money(session: Session, shop_id: int, on: date) -> Iterator[DigestLine]:
    """What was posted on the business date, by whom it came from or went to; reversals stand apart."""
    posted = (Entry.shop_id == shop_id, Entry.business_date == on)
    kinds = select(Entry.kind, func.count(), func.sum(Entry.amount)).where(*posted).group_by(Entry.kind)
    sums = {kind: (count, int(fen)) for kind, count, fen in session.execute(kinds)}
    for what, of in _MONEY.items():
        count = sum(sums[kind][0] for kind in of if kind in sums)
        fen = sum(sums[kind][1] for kind in of if kind in sums)
        if count:
            yield DigestLine(what, f"{count} 笔 {money(fen)} 元", "", "")
    undone = sums.get(EntryKind.REVERSAL)
    if undone:
        yield DigestLine("冲正（上面未减去）", f"{undone[0]} 笔 {money(undone[1])} 元", "", "")


def _decided(session: Session, shop_id: int, on: date) -> Iterator[DigestLine]:
    matches = select(Match.id).where(
        Match.shop_id == shop_id, Match.state == MatchState.APPLIED, Match.decided_on == on
    )
    yield from _line("回款已对上", _count(session, matches), "组")
    positions = select(Position.work_order_id).join(WorkOrder, WorkOrder.id == Position.work_order_id)
    computed = positions.where(WorkOrder.shop_id == shop_id, Position.computed_on == on)
    yield from _line("维修单已结算", _count(session, computed), "单")
    steps = select(ChaseStep.id).where(ChaseStep.shop_id == shop_id, ChaseStep.taken_on == on)
    yield from _line("催办赔案", _count(session, steps), "件")
    letters = select(func.count(), func.coalesce(func.sum(ChaseLetter.amount), 0)).where(
        ChaseLetter.shop_id == shop_id, ChaseLetter.written_on == on
    )
    count, fen = session.execute(letters).one()
    if count:
        yield DigestLine("寄出催款函", f"{count} 封 {money(int(fen))} 元", "", "huikuan chase list")


def _failed(session: Session, shop_id: int) -> Iterator[DigestLine]:
    aside = select(SetAside).where(SetAside.shop_id == shop_id)
    for each in session.scalars(aside.order_by(SetAside.id).limit(MOST_NAMED)):
        yield DigestLine(f"{each.subject} 未能处理：{each.error[:120]}", "", "管理员", "huikuan todo list")
    yield from _rest(session, aside)
    refused = select(SourceFile).where(SourceFile.shop_id == shop_id, SourceFile.state == FileState.REFUSED)
    for file in session.scalars(refused.order_by(SourceFile.id).limit(MOST_NAMED)):
        yield DigestLine(f"文件未能读取：{file.name}", "", file.brought_by, "huikuan todo list")
    yield from _rest(session, refused)


def _rest(session: Session, all_of: Select[Any]) -> Iterator[DigestLine]:
    yield from _line("其余同类", max(0, _count(session, all_of) - MOST_NAMED), "项")
