"""A payment file for any bank, and for who types it in: amounts that a spreadsheet adds up, and totals."""

from dataclasses import replace

from models.values import in_words, yuan
from tasks.refunds.layouts.layout import PURPOSE, Column, Layout, amount, reference

GENERIC = Layout(
    name="generic",
    sheet="退款付款清单",
    columns=(
        Column("序号", lambda _b, transfer: str(transfer.position), total=lambda _b: "合计"),
        Column("收款户名", lambda _b, t: t.payee, total=lambda batch: f"{len(batch.transfers)} 笔"),
        Column("收款账号", lambda _b, transfer: transfer.account_no),
        Column("收款开户行", lambda _b, transfer: transfer.bank_name),
        Column("金额", amount, is_number=True, total=lambda batch: yuan(batch.total)),
        Column("金额大写", lambda _b, t: in_words(t.amount), total=lambda batch: in_words(batch.total)),
        Column("用途", lambda _b, _t: PURPOSE),
        Column("付款日期", lambda batch, _t: batch.day.isoformat()),
        Column("付款账号", lambda batch, _t: batch.payer.account_no),
        Column("付款户名", lambda batch, _t: batch.payer.holder),
        Column("理赔编号", lambda _b, transfer: transfer.claim_no),
        Column("派工单号", lambda _b, transfer: transfer.work_order_no),
        Column("付款编号", reference, total=lambda batch: batch.number),
    ),
    has_totals=True,
    needs_account=False,
)

GENERIC_CSV = replace(GENERIC, name="generic-csv", suffix="csv")
