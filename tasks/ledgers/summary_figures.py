"""The single figures of the summary, each with its formula on sheet 台账 and the value it must come to."""

from collections.abc import Iterable
from dataclasses import dataclass

from tasks.ledgers.book import LedgerBook
from tasks.ledgers.detail_sheet import Detail


@dataclass(frozen=True)
class Figure:
    """A labelled number: fen where `is_money`, else a count."""

    label: str
    formula: str
    value: int
    is_money: bool = True


def case_figures(book: LedgerBook, detail: Detail) -> tuple[Figure, ...]:
    """Cases in the ledger: new, closed, carried, still open."""
    state, remark = detail.rows_of("state"), detail.rows_of("remark")
    dispatched = detail.rows_of("dispatch_date")
    began, ended = (f"DATE({day.year},{day.month},{day.day})" for day in (book.first, book.as_of))
    return (
        _count("在册(件)", f"COUNTA({detail.rows_of('claim_no')})", (True for _ in book.rows)),
        _count(
            "本期新增(件)", f'COUNTIFS({dispatched},">="&{began},{dispatched},"<="&{ended})',
            (r.opened for r in book.rows),
        ),
        _count("上期结转(件)", f'COUNTIF({remark},"结转*")', (r.carried for r in book.rows)),
        _count("本期结案(件)", f'COUNTIF({state},"本期结案")', (r.closed for r in book.rows)),
        _count(
            "已结(他期或不详)", f'COUNTIF({state},"已结")', (row.text("state") == "已结" for row in book.rows)
        ),
        _count("期末未结(件)", f'COUNTIF({state},"未结")', (r.still_open for r in book.rows)),
    )  # fmt: skip


def refund_figures(book: LedgerBook, detail: Detail) -> tuple[Figure, ...]:
    """What the customers are owed; releasable and approved are the refunds room's figures, not formulas."""
    settlements = [row.settlement for row in book.rows]
    releasable = sum(settlement.releasable for settlement in settlements)
    approved = sum(settlement.approved for settlement in settlements)
    topup = sum(settlement.topup_due for settlement in settlements)
    return (
        _count(
            "应退(单)", f'COUNTIF({detail.rows_of("refund_due_amount")},">0")',
            (r.amount("refund_due_amount") > 0 for r in book.rows),
        ),
        _total("应退累计", "refund_due_amount", book, detail),
        _total("已退累计", "refund_paid_amount", book, detail),
        _total("未退余额", "refund_open", book, detail),
        Figure("其中现可退", _constant(releasable), releasable),
        Figure("已批未领", _constant(approved), approved),
        Figure("客户应补", _constant(topup), topup),
    )  # fmt: skip


def repair_figures(book: LedgerBook, detail: Detail) -> tuple[Figure, ...]:
    """Repairs of the ledger, each counted once."""
    gross, net = detail.total_of("repair_gross_amount"), detail.total_of("repair_net_amount")
    return (
        _count(
            "已结算派工单(张)", f"COUNT({detail.rows_of('repair_net_amount')})",
            (r.cells["repair_net_amount"] is not None for r in book.rows),
        ),
        _total("应收费用", "repair_gross_amount", book, detail),
        Figure("优惠", f"{gross}-{net}", book.total("repair_gross_amount") - book.total("repair_net_amount")),
        _total("实收费用", "repair_net_amount", book, detail),
        _total("客户应付", "customer_payable_amount", book, detail),
        _total("客户实收", "customer_received_amount", book, detail),
    )  # fmt: skip


def _count(label: str, formula: str, held: Iterable[bool]) -> Figure:
    return Figure(label, formula, sum(held), is_money=False)


def _total(label: str, field: str, book: LedgerBook, detail: Detail) -> Figure:
    return Figure(label, detail.total_of(field), book.total(field))


def _constant(fen: int) -> str:
    return f"{fen}/100"
