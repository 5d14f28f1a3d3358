"""Layouts of no bank in particular, by the words that banks share.

Because nobody has vouched for them, a file is taken in this way only if its running balance proves the amount
and the direction of every line; personal-account exports come in through this door or not at all.
"""

from collections.abc import Mapping

from tasks.statements.layout import Direction, Layout, Meaning

Columns = Mapping[Meaning, tuple[str, ...]]

FRAME: Columns = {
    Meaning.MOMENT: (
        "交易日期",
        "记账日期",
        "日期",
        "交易日",
        "入账日期",
        "交易时间",
        "记账时间",
        "交易日期时间",
    ),
    Meaning.BALANCE: (
        "余额",
        "账户余额",
        "本次余额",
        "联机余额",
        "交易后余额",
        "当前余额",
        "可用余额",
        "账面余额",
    ),
    Meaning.PARTY_NAME: (
        "对方户名",
        "对方名称",
        "对方单位",
        "对方单位名称",
        "对方账户名",
        "对方账户名称",
        "对手信息",
        "交易对手",
        "交易对方",
        "对手户名",
        "对方账号名称",
        "交易对手名称",
        "对手名称",
    ),
}
ALSO: Columns = {
    Meaning.TIME: ("交易时间", "记账时间", "时间"),
    Meaning.OWN_ACCOUNT: ("本方账号", "账号", "本方账户", "查询账号"),
    Meaning.OWN_NAME: ("本方户名", "本方账户名称", "账户名称", "户名"),
    Meaning.PARTY_ACCOUNT: ("对方账号", "对方账户", "对方卡号/账号", "交易对手账号", "对手账号", "对方帐号"),
    Meaning.SERIAL: ("交易流水号", "流水号", "日志号", "交易序号", "核心流水号"),
    Meaning.CURRENCY: ("币种", "币别", "货币", "交易货币", "交易币种"),
}
REMARKS = (
    "附言",
    "交易附言",
    "用途",
    "交易用途",
    "备注",
    "客户摘要",
    "其它摘要",
    "其他摘要",
    "摘要",
    "交易摘要",
    "说明",
)
KINDS = ("交易名称", "交易类型", "业务类型")

# Over two columns of a second heading row; a blank in a declared heading parts the two rows.
_STACKED = ("发生额", "交易金额", "金额", "交易额")

IN_AND_OUT = Layout(
    name="收支两列",
    direction=Direction.TWO_COLUMNS,
    columns={
        **FRAME,
        Meaning.MONEY_OUT: (
            "借方发生额",
            "借方金额",
            "借方",
            "支出金额",
            "支出",
            "转出金额",
            "付款金额",
            "借方(支出)",
            "借方发生额(支取)",
            "支出(借方)",
            "记账金额(支出)",
            *(f"{above} {below}" for above in _STACKED for below in ("借方", "支出", "转出")),
        ),
        Meaning.MONEY_IN: (
            "贷方发生额",
            "贷方金额",
            "贷方",
            "收入金额",
            "收入",
            "转入金额",
            "收款金额",
            "贷方(收入)",
            "贷方发生额(收入)",
            "收入(贷方)",
            "记账金额(收入)",
            "存入金额",
            *(f"{above} {below}" for above in _STACKED for below in ("贷方", "收入", "转入")),
        ),
    },
    also=ALSO,
    remarks=REMARKS,
    kinds=KINDS,
    proved_by_balance=True,
)

ONE_AMOUNT: tuple[str, ...] = ("交易金额", "发生额", "金额", "交易额", "入账金额")

FLAGGED = Layout(
    name="金额加借贷标志",
    direction=Direction.FLAG,
    columns={
        **FRAME,
        Meaning.AMOUNT: ONE_AMOUNT,
        Meaning.FLAG: (
            "借贷标志",
            "借/贷",
            "借贷",
            "收/支",
            "收支",
            "收付标志",
            "借贷方向",
            "收支标志",
            "往来标志",
        ),
    },
    also=ALSO,
    remarks=REMARKS,
    kinds=KINDS,
    proved_by_balance=True,
)

SIGNED = Layout(
    name="带符号的金额",
    direction=Direction.SIGN,
    columns={**FRAME, Meaning.AMOUNT: ONE_AMOUNT},
    also=ALSO,
    remarks=REMARKS,
    kinds=KINDS,
    proved_by_balance=True,
)
