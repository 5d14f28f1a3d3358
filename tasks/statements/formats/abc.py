"""农业银行 (domain 6.1), and a rural bank that copies it. No serial; the account stands in a label above."""

from tasks.statements.layout import Direction, Layout, Meaning

DETAILS = Layout(
    name="农行 (账户明细)",
    direction=Direction.TWO_COLUMNS,
    columns={
        Meaning.MOMENT: ("交易时间", "交易日期"),
        Meaning.MONEY_IN: ("收入金额",),
        Meaning.MONEY_OUT: ("支出金额",),
        Meaning.BALANCE: ("账户余额", "余额"),
        Meaning.PARTY_NAME: ("对方户名",),
        Meaning.PARTY_ACCOUNT: ("对方账号",),
    },
    also={Meaning.OWN_ACCOUNT: ("本方账号", "账号"), Meaning.CURRENCY: ("币种",)},
    remarks=("交易用途", "用途", "附言", "交易附言", "备注", "摘要", "交易摘要"),
)
