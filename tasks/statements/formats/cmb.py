"""招商银行 (domain 6.1): date and time in two columns; the holder stands in a label above."""

from tasks.statements.layout import Direction, Layout, Meaning

TRANSACTIONS = Layout(
    name="招行 (收(付)方)",
    direction=Direction.TWO_COLUMNS,
    columns={
        Meaning.MOMENT: ("交易日", "交易日期"),
        Meaning.MONEY_OUT: ("借方金额", "借方(出账)"),
        Meaning.MONEY_IN: ("贷方金额", "贷方(入账)"),
        Meaning.BALANCE: ("余额",),
        Meaning.PARTY_NAME: ("收(付)方名称", "收/付方名称", "收付方名称"),
        Meaning.PARTY_ACCOUNT: ("收(付)方账号", "收/付方账号", "收付方账号"),
    },
    also={
        Meaning.SERIAL: ("流水号", "交易流水号"),
        Meaning.TIME: ("交易时间",),
        Meaning.OWN_ACCOUNT: ("账号", "本方账号"),
        Meaning.CURRENCY: ("币种",),
    },
    remarks=("业务摘要", "用途", "其它摘要", "其他摘要", "附言", "备注", "摘要"),
    kinds=("交易类型",),
)
