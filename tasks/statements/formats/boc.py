"""中国银行 (domain 6.1): bilingual headings, one amount, and the own account is either payer or payee."""

from tasks.statements.layout import Direction, Layout, Meaning

TRANSACTIONS = Layout(
    name="中行 (付款人, 收款人)",
    direction=Direction.PARTIES,
    columns={
        Meaning.MOMENT: ("交易日期",),
        Meaning.PAYER_ACCOUNT: ("付款人账号",),
        Meaning.PAYER_NAME: ("付款人名称",),
        Meaning.PAYEE_ACCOUNT: ("收款人账号",),
        Meaning.PAYEE_NAME: ("收款人名称",),
        Meaning.AMOUNT: ("交易金额",),
    },
    also={
        Meaning.SERIAL: ("交易流水号",),
        Meaning.TIME: ("交易时间",),
        Meaning.BALANCE: ("交易后余额",),
        Meaning.CURRENCY: ("交易货币", "币种"),
    },
    remarks=("交易附言", "附言", "用途", "备注", "摘要"),
    kinds=("交易类型", "业务类型"),
)
