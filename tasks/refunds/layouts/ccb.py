"""建设银行企业网银「批量付款」 (the template of 12 columns, a star before what must be filled in).

Headings and their order are as five independent programs that fill this template have them (public
repositories, found by the heading 收款方行别代码): 01 for an account at CCB, 02 for another bank.
联行号 may stay empty where the name of the bank is given (verify against the template of your own e-banking).
"""

from tasks.refunds.layouts.layout import PURPOSE, Batch, Column, Layout, Transfer, amount, reference, remark


def _own_bank(_batch: Batch, transfer: Transfer) -> str:
    own = any(name in transfer.bank_name for name in ("建设银行", "建行", "CCB"))
    return "01" if own else "02"


CCB = Layout(
    name="ccb",
    sheet="批量付款",
    columns=(
        Column("*序号", lambda _b, transfer: str(transfer.position)),
        Column("*付款方客户账号", lambda batch, _t: batch.payer.account_no),
        Column("*付款方账户名称", lambda batch, _t: batch.payer.holder),
        Column("*收款方行别代码（01-本行 02-国内他行）", _own_bank),
        Column("*收款方客户账号", lambda _b, transfer: transfer.account_no),
        Column("*收款方账户名称", lambda _b, transfer: transfer.payee),
        Column("收款方开户行名称", lambda _b, transfer: transfer.bank_name),
        Column("收款方联行号"),
        Column("客户方流水号", reference),
        Column("*金额", amount),
        Column("*用途", lambda _b, _t: PURPOSE),
        Column("备注", remark),
    ),
)
