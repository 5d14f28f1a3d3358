"""What waits for whom, as the morning digest counts it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.blocker import Blocker
from models.chase import ChasePlan
from models.difference import Difference
from models.errand import Errand
from models.notice import Notice
from models.refund import Refund
from models.source_file import Finding
from models.words import (
    ChasePlanState,
    DifferenceState,
    ErrandState,
    FindingState,
    Gate,
    NoticeState,
    Outcome,
    RefundState,
    Role,
)
from notifications.notices import DigestLine
from notifications.wording import money


class _Kind(NamedTuple):
    """Rows that wait: of which table, which of them, in which unit, for whom, and the command."""

    what: str
    table: Any
    which: ColumnElement[bool]
    unit: str
    whose: str
    command: str
    fen: Any = None
    """The column to add up; None = only counted."""


_WAITING = (
    _Kind("退款待审批", Refund, Refund.state == RefundState.WAITING, "笔", "审核", "huikuan refund list",
          Refund.amount),
    _Kind("赔款差额待处理", Difference, Difference.state == DifferenceState.OPEN, "笔", "经办",
          "huikuan difference list", func.abs(Difference.amount)),
    _Kind("流水待确认", BankLine, BankLine.outcome == Outcome.PROPOSED, "笔", "会计",
          "huikuan reconcile report"),
    _Kind("流水未对上", BankLine, BankLine.outcome == Outcome.UNMATCHED, "笔", "会计",
          "huikuan reconcile report"),
    _Kind("催办计划待批准", ChasePlan, ChasePlan.state == ChasePlanState.WAITING, "份", "经理",
          "huikuan todo list"),
    _Kind("赔案阶段缺项", Blocker, Blocker.gate == Gate.STAGE, "处", "经办", "huikuan todo list"),
    _Kind("台账问题", Finding, Finding.state == FindingState.OPEN, "处", "经办", "huikuan todo list"),
    *(
        _Kind(what, Notice, Notice.state == state, "份", "经办", f"huikuan notice list --state {state}")
        for state, what in (
            (NoticeState.HELD, "通知缺少地址或授权"), (NoticeState.UNCERTAIN, "通知是否送达待核实"),
            (NoticeState.DEAD, "通知未能送出"),
        )
    ),
)  # fmt: skip


def waiting(session: Session, shop_id: int) -> Iterator[DigestLine]:
    """One line for each kind of thing that waits, and one for each person with errands."""
    for kind in _WAITING:
        total = func.coalesce(func.sum(kind.fen if kind.fen is not None else literal(0)), 0)
        found = select(func.count(), total).select_from(kind.table)
        count, fen = session.execute(found.where(kind.table.shop_id == shop_id, kind.which)).one()
        if count:
            amount = f" {money(int(fen))} 元" if kind.fen is not None else ""
            yield DigestLine(kind.what, f"{count} {kind.unit}{amount}", kind.whose, kind.command)
    yield from _errands(session, shop_id)


def _errands(session: Session, shop_id: int) -> Iterator[DigestLine]:
    rows = session.execute(
        select(Errand.owner, func.count())
        .where(Errand.shop_id == shop_id, Errand.state == ErrandState.OPEN)
        .group_by(Errand.owner)
        .order_by(Errand.owner)
    )
    for owner, count in rows:
        whose = "经理" if owner in tuple(Role) else owner
        yield DigestLine("待办事项", f"{count} 项", whose, f"huikuan todo list --for {owner}")
