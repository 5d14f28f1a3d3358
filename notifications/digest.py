"""The morning digest: what the night did for a shop, and what waits for whom."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.blocker import Blocker
from models.chase import ChaseStep
from models.match import Match
from models.notice import Notice
from models.refund import Position, Refund
from models.run import SetAside
from models.shop import Shop, setting
from models.source_file import Finding, SourceFile
from models.staff import Staff
from models.words import (
    FileKind,
    FileState,
    FindingState,
    Gate,
    MatchState,
    NoticeState,
    Outcome,
    RefundState,
    Role,
)
from models.work_order import WorkOrder
from notifications.notices import DigestLine, MorningDigest
from notifications.wording import day, money

_FILES = {
    FileKind.LEDGER: "台账",
    FileKind.STATEMENT: "银行流水",
    FileKind.CONTACTS: "通讯录",
    FileKind.ACCOUNTS: "账户清单",
    FileKind.REPLY: "保险公司回复",
}
_NOTICES = {
    NoticeState.HELD: "通知缺少地址或授权",
    NoticeState.UNCERTAIN: "通知是否送达待核实",
    NoticeState.DEAD: "通知未能送出",
}


def readers(session: Session, shop_id: int, on: date) -> list[str]:
    """Who gets the digest: the name in the setting `digest_to`, else every active manager and admin."""
    named = setting(session, "digest_to", on=on, default="", shop_id=shop_id)
    if named:
        return [str(named)]
    staff = select(Staff.name).where(Staff.active, Staff.role.in_((Role.MANAGER, Role.ADMIN)))
    return list(session.scalars(staff.order_by(Staff.name)))


def digest(session: Session, shop_id: int, on: date) -> MorningDigest:
    """The digest of the night of `on`."""
    return MorningDigest(
        date=day(on),
        shop_name=session.scalars(select(Shop.name).where(Shop.id == shop_id)).one(),
        came_in=tuple(_came_in(session, shop_id, on)),
        decided=tuple(_decided(session, shop_id, on)),
        failed=tuple(_failed(session, shop_id)),
        waiting=tuple(_waiting(session, shop_id)),
    )


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _line(what: str, count: int, unit: str, whose: str = "", command: str = "") -> Iterator[DigestLine]:
    if count:
        yield DigestLine(what, f"{count} {unit}", whose, command)


def _came_in(session: Session, shop_id: int, on: date) -> Iterator[DigestLine]:
    read = select(SourceFile.kind, func.count()).where(
        SourceFile.shop_id == shop_id, SourceFile.state == FileState.READ, SourceFile.read_on == on
    )
    for kind, count in session.execute(read.group_by(SourceFile.kind).order_by(SourceFile.kind)):
        yield from _line(_FILES[kind], count, "份")
    lines = select(BankLine.id).join(SourceFile, SourceFile.id == BankLine.file_id)
    new = lines.where(BankLine.shop_id == shop_id, SourceFile.read_on == on)
    yield from _line("银行流水明细", _count(session, new), "笔")


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


def _failed(session: Session, shop_id: int) -> Iterator[DigestLine]:
    aside = select(SetAside).where(SetAside.shop_id == shop_id).order_by(SetAside.id)
    for each in session.scalars(aside):
        yield DigestLine(f"{each.subject} 未能处理：{each.error[:120]}", "", "管理员", "huikuan todo list")
    refused = select(SourceFile).where(SourceFile.shop_id == shop_id, SourceFile.state == FileState.REFUSED)
    for file in session.scalars(refused.order_by(SourceFile.id)):
        yield DigestLine(f"文件未能读取：{file.name}", "", file.brought_by, "huikuan todo list")


def _waiting(session: Session, shop_id: int) -> Iterator[DigestLine]:
    refunds = select(func.count(), func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.shop_id == shop_id, Refund.state == RefundState.WAITING
    )
    count, amount = session.execute(refunds).one()
    if count:
        yield DigestLine("退款待审批", f"{count} 笔 {money(int(amount))} 元", "审核", "huikuan refund list")
    for outcome, what in ((Outcome.PROPOSED, "流水待确认"), (Outcome.UNMATCHED, "流水未对上")):
        lines = select(BankLine.id).where(BankLine.shop_id == shop_id, BankLine.outcome == outcome)
        yield from _line(what, _count(session, lines), "笔", "会计", "huikuan reconcile report")
    findings = select(Finding.id).where(Finding.shop_id == shop_id, Finding.state == FindingState.OPEN)
    gates = select(Blocker.id).where(Blocker.shop_id == shop_id, Blocker.gate == Gate.STAGE)
    yield from _line("赔案阶段缺项", _count(session, gates), "处", "经办", "huikuan todo list")
    yield from _line("台账问题", _count(session, findings), "处", "经办", "huikuan todo list")
    for state, what in _NOTICES.items():
        held = select(Notice.id).where(Notice.shop_id == shop_id, Notice.state == state)
        yield from _line(what, _count(session, held), "份", "经办", f"huikuan notice list --state {state}")
