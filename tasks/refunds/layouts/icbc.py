"""工商银行企业网银「批量支付」 (the 批量工具 workbook of 19 columns, heading in the first row).

Headings, their order and the codes are as six independent programs that fill this template have them
(public repositories, found by the heading 收款账号地区码): RMB; the day as 20261121; 汇款方式 0 普通, 1 加急,
3 跨行快汇; 地区码 0200 for an account at ICBC, 0000 for another bank. 省份 and 地市 are asked for
by older versions only and are left empty (verify against the template of your own e-banking).
"""

from tasks.refunds.layouts.layout import PURPOSE, Batch, Column, Layout, Transfer, amount, reference, remark


def _area(_batch: Batch, transfer: Transfer) -> str:
    own = any(name in transfer.bank_name for name in ("工商银行", "工行", "ICBC"))
    return "0200" if own else "0000"


ICBC = Layout(
    name="icbc",
    sheet="批量支付",
    columns=(
        Column("币种", lambda _b, _t: "RMB"),
        Column("日期", lambda batch, _t: f"{batch.day:%Y%m%d}"),
        Column("明细标志"),
        Column("顺序号", lambda _b, transfer: str(transfer.position)),
        Column("付款账号开户行", lambda _b, _t: "工商银行"),
        Column("付款账号/卡号", lambda batch, _t: batch.payer.account_no),
        Column("付款账号名称/卡名称", lambda batch, _t: batch.payer.holder),
        Column("收款账号开户行", lambda _b, transfer: transfer.bank_name),
        Column("收款账号省份"),
        Column("收款账号地市"),
        Column("收款账号地区码", _area),
        Column("收款账号", lambda _b, transfer: transfer.account_no),
        Column("收款账号名称", lambda _b, transfer: transfer.payee),
        Column("金额", amount),
        Column("汇款用途", lambda _b, _t: PURPOSE),
        Column("备注信息", remark),
        Column("汇款方式", lambda _b, _t: "0"),
        Column("收款账户短信通知手机号码"),
        Column("自定义序号", reference),
    ),
)
