"""建设银行 (domain 6.1): the newer layout, and the older one with two heading rows."""

from tasks.statements.layout import Direction, Layout, Meaning

# The payer's own words are in 备注; 摘要 is mostly the bank's.
REMARKS = ("备注", "附言", "用途", "摘要")
SERIAL = ("账户明细编号-交易流水号", "交易流水号")

NEWER = Layout(
    name="建行 (新)",
    direction=Direction.TWO_COLUMNS,
    columns={
        Meaning.MOMENT: ("交易时间",),
        Meaning.OWN_ACCOUNT: ("账号", "本方账号"),
        Meaning.MONEY_OUT: ("借方发生额(支取)", "借方发生额"),
        Meaning.MONEY_IN: ("贷方发生额(收入)", "贷方发生额"),
        Meaning.BALANCE: ("余额",),
        Meaning.PARTY_NAME: ("对方户名",),
        Meaning.PARTY_ACCOUNT: ("对方账号",),
        Meaning.SERIAL: SERIAL,
    },
    also={
        Meaning.BOOKED_ON: ("记账日期",),
        Meaning.OWN_NAME: ("本方账户名称", "账户名称", "户名"),
        Meaning.CURRENCY: ("币种",),
    },
    remarks=REMARKS,
)

OLDER = Layout(
    name="建行 (旧, 两行表头)",
    direction=Direction.TWO_COLUMNS,
    columns={
        Meaning.MOMENT: ("交易时间",),
        Meaning.OWN_ACCOUNT: ("本方账号", "账号"),
        Meaning.MONEY_OUT: ("发生额/元 借方",),
        Meaning.MONEY_IN: ("发生额/元 贷方",),
        Meaning.BALANCE: ("余额/元",),
        Meaning.PARTY_NAME: ("对方户名",),
        Meaning.PARTY_ACCOUNT: ("对方账号",),
    },
    also={Meaning.SERIAL: SERIAL, Meaning.OWN_NAME: ("本方账户名称",), Meaning.CURRENCY: ("币种",)},
    remarks=REMARKS,
)
