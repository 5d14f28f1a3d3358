"""工商银行, three corporate layouts (domain 6.1). The voucher number can be all zeros and is then no key."""

from tasks.statements.layout import Direction, Layout, Meaning

REMARKS = ("附言", "用途", "摘要", "个性化信息", "回单个性化信息", "备注")

VOUCHERS = Layout(
    name="工行 (凭证号, 借/贷)",
    direction=Direction.TWO_COLUMNS,
    columns={
        Meaning.MOMENT: ("交易时间",),
        Meaning.OWN_ACCOUNT: ("本方账号",),
        Meaning.FLAG: ("借/贷", "借贷标志"),
        Meaning.MONEY_OUT: ("借方发生额",),
        Meaning.MONEY_IN: ("贷方发生额",),
        Meaning.PARTY_NAME: ("对方单位名称", "对方单位", "对方户名"),
        Meaning.PARTY_ACCOUNT: ("对方账号",),
        Meaning.BALANCE: ("余额",),
    },
    also={Meaning.SERIAL: ("凭证号",), Meaning.CURRENCY: ("币种",)},
    remarks=("用途", "附言", "摘要", "个性化信息", "回单个性化信息", "备注"),
)

TRANSFERS = Layout(
    name="工行 (转出金额, 转入金额)",
    direction=Direction.TWO_COLUMNS,
    columns={
        Meaning.MOMENT: ("交易时间",),
        Meaning.OWN_ACCOUNT: ("本方账号",),
        Meaning.MONEY_OUT: ("转出金额",),
        Meaning.MONEY_IN: ("转入金额",),
        Meaning.PARTY_NAME: ("对方单位", "对方单位名称", "对方户名"),
        Meaning.PARTY_ACCOUNT: ("对方账号",),
        Meaning.BALANCE: ("余额",),
    },
    also={Meaning.FLAG: ("借贷标志", "借/贷"), Meaning.CURRENCY: ("币种",)},
    remarks=REMARKS,
)

PLAIN = Layout(
    name="工行 (日期, 对方户名)",
    direction=Direction.TWO_COLUMNS,
    columns={
        Meaning.MOMENT: ("日期", "交易日期"),
        Meaning.MONEY_OUT: ("借方发生额",),
        Meaning.MONEY_IN: ("贷方发生额",),
        Meaning.PARTY_NAME: ("对方户名",),
        Meaning.PARTY_ACCOUNT: ("对方账号",),
        Meaning.BALANCE: ("余额",),
    },
    also={Meaning.CURRENCY: ("币种",), Meaning.TIME: ("时间",)},
    remarks=REMARKS,
)
