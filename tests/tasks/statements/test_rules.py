"""Statements in the layouts of domain 6.1 with the traps of 6.2."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import pytest

from models.values import Refusal
from tasks.statements.rules import Given, statement
from tasks.statements.statement import Statement

OWN = "3207004012345678901"
OTHER = "8318955320492530"
PICC = "中国人民财产保险股份有限公司连云港市分公司"
SUPPLIER = "连云港新浦汽配商行"
SHOP = "连云港福源汽车修理有限公司"
REMARK = "苏G12345赔款"
LATEST = date(2026, 11, 22)

Row = Sequence[Any]


def read(*rows: Row, latest: date = LATEST, account: str | None = None, is_part: bool = False) -> Statement:
    return statement("bank.xlsx", {"Sheet1": rows}, latest, Given(account, is_part=is_part))


def refusal_of(*rows: Row, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        read(*rows, **given)
    return str(refused.value)


# Each layout says the same: 2,000.00 in from the insurer on the 4th, then 350.50 out to the supplier on the 5th.
LAYOUTS: dict[str, list[Row]] = {
    "工行 凭证号": [
        ("明细查询文件下载",),
        (),
        ("凭证号", "本方账号", "对方账号", "交易时间", "借/贷", "借方发生额", "贷方发生额", "对方行号", "摘要", "用途",
         "对方单位名称", "余额", "个性化信息", None),
        ("000000000\t", OWN + "\t", OTHER, "2026-11-04", "贷", "-", "2,000.00\t", "-", "-", REMARK, PICC, "12,000.00", ""),
        ("000000000\t", OWN, OTHER, "2026-11-05", "借", "350.50", "-", "-", "", "配件款", SUPPLIER, "11,649.50", "\t"),
        ("合计", None, None, None, None, "350.50", "2,000.00"),
    ],
    "工行 转入转出, 标题在下": [
        ("中国工商银行",), ("网上银行",), (), (), ("查询日期：2026-11-01 至 2026-11-20",),
        ("交易时间", "本方账号", "对方单位", "对方账号", "摘要", "附言", "用途", "转出金额", "转入金额", "余额",
         "回单个性化信息", "经办"),
        ("2026-11-04 15:43:38", OWN, PICC, OTHER, "转账", REMARK, "", "", "2000", "12,000.00", "", "王"),
        ("2026-11-05 08:00:00", OWN, SUPPLIER, OTHER, "转账", "", "配件款", "350.50", "0.00", "11,649.50", "", ""),
        ("借方笔数", "1", "贷方笔数", "1"),
    ],
    "工行 日期": [
        (f"户名: {SHOP}",), (f"账号: {OWN}",),
        ("日期", "对方户名", "对方账号", "摘要", "借方发生额", "贷方发生额", "余额"),
        ("20261104", PICC, OTHER, REMARK, None, "￥2,000.00", "12,000.00"),
        ("20261105", SUPPLIER, OTHER, "配件款", "３５０．５０", None, "11,649.50"),
    ],
    "建行 新": [
        ("账号", "交易时间", "借方发生额", "贷方发生额（收入）", "余额", "币种", "对方户名", "对方账号", "对方开户机构", "记账日期",
         "摘要", "备注", "账户明细编号-交易流水号", "企业流水号", "凭证种类", "凭证号", "交易介质编号"),
        (OWN, "20261104 17:25:44", "", "2,000.00", "12,000.00", "人民币元", PICC, OTHER, "", "20261104", "电子汇入", REMARK,
         "4019-20261104000000"),
        (OWN, "20261105 09:00:00", "350.50", "", "11,649.50", "人民币元", SUPPLIER, OTHER, "", "20261105", "电子汇出",
         "配件款", "4020-20261105000001"),
    ],
    "建行 旧, 两行表头": [
        ("账户明细编号-交易流水号", "交易时间", "本方账户名称", "本方账号", "对方户名", "对方账号", "摘要", "备注", "发生额/元", None,
         "余额/元"),
        (None, None, None, None, None, None, None, None, "借方", "贷方", None),
        ("310-20261104000001", "2026/11/4 17:25:44", SHOP, OWN, PICC, OTHER, "转账", REMARK, None, 2000.0, 12000.0),
        ("310-20261105000002", "2026/11/5 9:00:00", SHOP, OWN, SUPPLIER, OTHER, "转账", "配件款", 350.5, None, 11649.5),
    ],
    "农行": [
        ("账户明细", None, None),
        ("账号：", OWN, "户名：", SHOP),
        ("交易时间", "收入金额", "支出金额", "账户余额", "对方账号", "对方户名", "交易用途", "摘要"),
        (datetime.fromisoformat("2026-11-04T12:18:46"), 2000, None, 12000, OTHER, PICC, REMARK, "转账"),
        (datetime.fromisoformat("2026-11-05T12:18:46"), None, 350.5, 11649.5, OTHER, SUPPLIER, "配件款", "转账"),
    ],
    "中行": [
        ("查询账号[ Inquirer account number ]", OWN),
        ("交易流水号[ Transaction reference number ]", "交易日期[ Transaction Date ]", "交易时间[ Transaction time ]",
         "付款人账号[ Debit Account No. ]", "付款人名称[ Payer's Name ]", "收款人账号[ Payee's Account Number ]",
         "收款人名称[ Payee's Name ]", "交易货币[ Trade Currency ]", "交易金额[ Trade Amount ]",
         "交易后余额[ After-transaction balance ]", "摘要[ Reference ]", "用途[ Purpose ]", "交易附言[ Remark ]",
         "备注[ Remarks ]"),
        ("20261104000001", "20261104", "102345", OTHER, PICC, OWN, SHOP, "CNY", "2000.00", "12000.00", "", "", REMARK, ""),
        ("20261105000001", "20261105", "9:00:00", OWN, SHOP, OTHER, SUPPLIER, "CNY", "-350.50", "11649.50", "", "配件款"),
    ],
    "招行": [
        ("公司名称", SHOP), ("账号", OWN),
        ("流水号", "交易日", "交易时间", "借方金额", "贷方金额", "余额", "收(付)方名称", "收(付)方账号", "交易类型", "业务摘要",
         "其它摘要", "用途"),
        ("20261104000000", "20261104", 102345, None, 2000.0, 12000.0, PICC, OTHER, "转账", REMARK, "", ""),
        ("20261105000000", "20261105", "90000", 350.5, None, 11649.5, SUPPLIER, OTHER, "转账", "", "", "配件款"),
    ],
    "招行 新": [
        (f"账号名称：{SHOP}  账号：{OWN}",),
        ("交易日期", "交易时间", "借方（出账）", "贷方（入账）", "余额", "收（付）方名称", "收（付）方账号", "摘要", "流水号"),
        ("2026年11月4日", "10:23:45", "", "+2,000.00", "12,000.00", PICC, OTHER, REMARK, "C1"),
        ("2026年11月5日", "09:00:00", "350.50", "", "11,649.50", SUPPLIER, OTHER, "配件款", "C2"),
    ],
    "别家, 余额作证": [
        ("账号", OWN, "户名", SHOP),
        ("交易日期", "借贷标志", "发生额", "余额", "对方户名", "对方帐号", "摘要"),
        ("2026.11.4", "贷", "2,000.00", "12,000.00", PICC, OTHER, REMARK),
        ("2026.11.5", "借", "350.50", "11,649.50", SUPPLIER, OTHER, "配件款"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_says_what_came_and_what_went(name: str) -> None:
    found = read(*LAYOUTS[name])

    assert [
        (
            line.booked_on,
            line.amount,
            line.balance,
            line.counterparty_name,
            line.counterparty_account,
            line.memo,
        )
        for line in found.lines
    ] == [
        (date(2026, 11, 4), 200_000, 1_200_000, PICC, OTHER, REMARK),
        (date(2026, 11, 5), -35_050, 1_164_950, SUPPLIER, OTHER, "配件款"),
    ]
    assert found.account_number == OWN
    assert (found.opening, found.closing) == (1_000_000, 1_164_950)


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("工行 转入转出, 标题在下", time(15, 43, 38)),
        ("建行 新", time(17, 25, 44)),
        ("农行", time(12, 18, 46)),
        ("中行", time(10, 23, 45)),
        ("招行", time(10, 23, 45)),
        ("招行 新", time(10, 23, 45)),
        ("工行 日期", None),
    ],
)
def test_the_time_is_kept_where_the_bank_gives_one(name: str, at: time | None) -> None:
    assert read(*LAYOUTS[name]).lines[0].booked_at == at


def test_a_voucher_number_of_zeros_is_no_serial() -> None:
    assert read(*LAYOUTS["工行 凭证号"]).lines[0].serial is None
    assert read(*LAYOUTS["建行 新"]).lines[0].serial == "4019-20261104000000"


def test_the_row_as_it_stood_and_every_remark_are_kept() -> None:
    line = read(*LAYOUTS["工行 转入转出, 标题在下"]).lines[0]

    assert line.row == 7
    assert line.remarks == {"附言": REMARK, "摘要": "转账"}
    assert line.raw["转入金额"] == "2000"
    assert line.raw["经办"] == "王"


ABC = ("交易时间", "收入金额", "支出金额", "账户余额", "对方账号", "对方户名", "交易用途", "摘要", "备注")


def abc(moment: Any, coming: Any, going: Any, balance: Any, *remarks: Any, account: Any = OTHER) -> Row:
    return (moment, coming, going, balance, account, PICC, *remarks)


@pytest.mark.parametrize(
    ("remarks", "memo"),
    [
        ((REMARK, "转账"), REMARK),
        (("", "网银跨行转账", REMARK), REMARK),
        (("赔款", "", REMARK), REMARK),
        (("理赔款 864404917368", "电子汇入"), "理赔款 864404917368"),
        (("交强险赔款", "苏G12345"), "交强险赔款 苏G12345"),
        (("", "转账"), ""),
        (("-", "集中支付"), "集中支付"),
        (("退款", "冲账", "内部"), "退款 内部 冲账"),
    ],
)
def test_the_memo_is_what_was_written_and_not_what_the_bank_writes_on_every_line(
    remarks: Row, memo: str
) -> None:
    (line,) = read(ABC, abc("2026-11-04", "1.00", "", "", *remarks)).lines

    assert line.memo == memo


@pytest.mark.parametrize("word", ["退款", "内部", "借款", "更正", "冲账"])
def test_returned_and_corrected_payments_are_lines_like_any_other(word: str) -> None:
    assert len(read(ABC, abc("2026-11-04", "1.00", "", "", word)).lines) == 1


def test_a_reversal_is_a_negative_on_the_side_where_the_money_came() -> None:
    (line,) = read(ABC, abc("2026-11-04", "(2,000.00)", "", "", "冲正")).lines

    assert line.amount == -200_000


def test_a_number_of_a_spreadsheet_is_rounded_to_its_fen() -> None:
    (line,) = read(ABC, abc("2026-11-04", 8528.639999999999, "", "", REMARK)).lines

    assert line.amount == 852_864


@pytest.mark.parametrize("damaged", ["6.22E+18", 6.22e18, 6222021100000000000, "6.222E+15"])
def test_an_account_number_that_a_spreadsheet_rounded_is_unknown(damaged: Any) -> None:
    (line,) = read(ABC, abc("2026-11-04", "1.00", "", "", REMARK, account=damaged)).lines

    assert line.counterparty_account == ""


def test_a_repeated_heading_row_and_footnotes_are_no_lines() -> None:
    found = read(
        ABC, abc("2026-11-04", "1.00", "", "", REMARK), (), ABC, abc("2026-11-05", "2.00", "", "", REMARK),
        ("本页合计", "3.00"), ("", "", "总计", "9.00"), ("注：本明细仅供参考",), ("期初余额", "", "", "100.00"),
        ("2026-11-30", "", "", "100.00", "", "本月合计"), ("合计", "", "0.00"), ("制单：王敏", "复核：李会计"),
        ("2026-11-30", "期末余额", "", "103.00"), ("借方笔数", "0", "贷方笔数", "2"), ("12,345.00", "合计"),
    )  # fmt: skip

    assert [line.row for line in found.lines] == [2, 5]


# ------------------------------------------------------------------ what can't be read refuses the file whole


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (abc("2026-11-31", "1.00", "", "", REMARK), ["row 3", "A3", "「交易时间」", "2026-11-31"]),
        (abc("昨天", "1.00", "", "", REMARK), ["A3", "昨天", "not a date"]),
        (abc("", "1.00", "", "", REMARK), ["A3", "empty"]),
        (
            abc("2026-11-04", "一百", "", "", REMARK),
            ["row 3", "B3", "「收入金额」", "'一百' is not an amount"],
        ),
        (abc("2026-11-04", "1.005", "", "", REMARK), ["B3", "more than two decimals"]),
        (abc("2026-11-04", "=SUM(B1:B2)", "", "", REMARK), ["B3", "=SUM(B1:B2)"]),
        (abc("2026-11-04", "", "", "", REMARK), ["B3", "empty, and so is the column of money out"]),
        (abc("2026-11-04", "1.00", "2.00", "", REMARK), ["B3", "filled, and so is the column of money out"]),
        (abc("2026-11-04", "1.00", "", "?", REMARK), ["D3", "「账户余额」"]),
        (abc("2026-11-04 25:00:00", "1.00", "", "", REMARK), ["A3", "not a time of day"]),
        (abc("2031-01-05", "1.00", "", "", REMARK), ["row 3", "2031-01-05", "after 2026-11-22"]),
    ],
)
def test_a_row_that_cannot_be_read_refuses_the_whole_file_by_name(row: Row, words: list[str]) -> None:
    said = refusal_of(ABC, abc("2026-11-03", "1.00", "", "", REMARK), row)

    assert said.startswith("bank.xlsx, ")
    for word in words:
        assert word in said
    assert "huikuan intake statement bank.xlsx" in said


def test_a_foreign_currency_is_not_read_as_yuan() -> None:
    rows = [list(row) for row in LAYOUTS["建行 新"]]
    rows[1][5] = "美元"

    assert "not yuan" in refusal_of(*rows)


def test_a_direction_at_odds_with_its_column_is_refused() -> None:
    rows = [list(row) for row in LAYOUTS["工行 凭证号"]]
    rows[3][4] = "借"

    assert "at odds with the filled column" in refusal_of(*rows)


def test_an_unknown_layout_is_refused_with_what_was_found_and_what_is_missing() -> None:
    said = refusal_of(
        ("交易时间", "对方户名", "对方账号", "摘要", "净额"), ("2026-11-04", PICC, OTHER, REMARK, "1.00")
    )

    assert "「净额」" in said
    assert "also needs" in said
    assert "「账户余额」" in said


def test_a_ledger_is_no_statement() -> None:
    said = refusal_of(
        ("理赔编号", "派工日期", "车牌号", "实收费用"), ("LP2026-0001", "2026-11-04", "苏G12345", "1.00")
    )

    assert "no bank's layout" in said
    assert "「理赔编号」" in said


def test_two_statements_in_one_workbook_are_refused() -> None:
    with pytest.raises(Refusal, match="2 statements, in the sheets 「十月」, 「十一月」"):
        statement("bank.xlsx", {"十月": LAYOUTS["农行"], "十一月": LAYOUTS["农行"]}, LATEST)


def test_a_file_of_two_accounts_is_refused() -> None:
    rows = [list(row) for row in LAYOUTS["建行 新"]]
    rows[2][0] = "3207004012345678999"

    assert "mixes the accounts" in refusal_of(*rows)


# ------------------------------------------------------------------ direction where only the parties tell it


BOC = LAYOUTS["中行"]


def test_an_unsigned_amount_takes_its_direction_from_payer_and_payee() -> None:
    rows = [list(row) for row in BOC]
    rows[3][8] = "350.50"

    assert [line.amount for line in read(*rows).lines] == [200_000, -35_050]


def test_the_own_account_is_the_one_at_an_end_of_every_line() -> None:
    lines = [
        *BOC[2:],
        (
            "20261106000001",
            "20261106",
            "",
            "123456789",
            PICC,
            OWN,
            SHOP,
            "CNY",
            "1",
            "11650.50",
            "",
            "",
            REMARK,
        ),
    ]

    assert read(BOC[1], *lines).account_number == OWN


def test_without_any_own_account_direction_is_not_guessed() -> None:
    assert "--account NUMBER" in refusal_of(*BOC[1:])
    assert read(*BOC[1:], account=OWN).account_number == OWN


def test_a_line_between_two_strangers_is_refused() -> None:
    rows = [list(row) for row in BOC]
    rows[2][5] = "999999999"

    assert "no sign of direction" in refusal_of(*rows)


# ------------------------------------------------------------------ the running balance


def test_lines_may_stand_newest_first() -> None:
    found = read(
        ABC, abc("2026-11-05", "2.00", "", "103.00"), abc("2026-11-04", "1.00", "", "101.00", REMARK)
    )

    assert (found.opening, found.closing) == (10_000, 10_300)


def test_days_may_stand_oldest_first_and_their_lines_newest_first() -> None:
    found = read(
        ABC, abc("2026-11-04", "4.00", "", "107.00"), abc("2026-11-04", "2.00", "", "103.00"),
        abc("2026-11-04", "1.00", "", "101.00"), abc("2026-11-05", "", "9.00", "98.00"),
        abc("2026-11-06", "8.00", "", "115.00"), abc("2026-11-06", "9.00", "", "107.00"),
    )  # fmt: skip

    assert (found.opening, found.closing) == (10_000, 11_500)


def test_lines_of_one_second_may_stand_in_any_order() -> None:
    shuffled = [
        abc("2026-11-04", "1.00", "", "101.00"), abc("2026-11-04", "4.00", "", "107.00"),
        abc("2026-11-04", "2.00", "", "103.00"), abc("2026-11-05", "8.00", "", "115.00"),
    ]  # fmt: skip

    assert (read(ABC, *shuffled).opening, read(ABC, *shuffled).closing) == (10_000, 11_500)


def test_a_bank_may_print_the_balance_on_a_days_last_line_only() -> None:
    found = read(
        ABC, abc("2026-11-03", "1.00", "", ""), abc("2026-11-03", "2.00", "", "103.00"),
        abc("2026-11-04", "", "4.00", ""), abc("2026-11-04", "8.00", "", "107.00"), abc("2026-11-05", "1.00", "", ""),
    )  # fmt: skip

    assert (found.opening, found.closing) == (10_000, 10_800)


def test_where_the_balance_does_not_follow_the_file_is_refused_whole_by_rows_and_figures() -> None:
    rows = [
        ABC, abc("2026-11-03", "1.00", "", "101.00"), abc("2026-11-04", "2.00", "", "103.00"),
        abc("2026-11-05", "4.00", "", "207.00"),
    ]  # fmt: skip

    said = refusal_of(*rows)

    assert "after row 3 the balance is 103.00, row 4 moves 4.00, which makes 107.00, and says 207.00" in said
    assert "huikuan intake statement bank.xlsx --part" in said


def test_lines_left_out_on_purpose_are_no_contradiction_and_prove_no_ends() -> None:
    rows = [ABC, abc("2026-11-03", "1.00", "", "101.00"), abc("2026-11-05", "4.00", "", "207.00")]

    found = read(*rows, is_part=True)

    assert [line.amount for line in found.lines] == [100, 400]
    assert (found.opening, found.closing) == (None, None)


def test_a_cash_book_with_debit_and_credit_the_other_way_round_is_refused_even_as_a_part() -> None:
    rows = [
        ABC, abc("2026-11-03", "1.00", "", "99.00"), abc("2026-11-04", "2.00", "", "97.00"),
        abc("2026-11-05", "", "4.00", "101.00"),
    ]  # fmt: skip

    assert "借 and 贷 the other way round" in refusal_of(*rows)
    assert "借 and 贷 the other way round" in refusal_of(*rows, is_part=True)


def test_a_filtered_export_may_fit_the_other_way_round_by_chance_in_one_place() -> None:
    rows = [
        ABC, abc("2026-11-03", "1500.00", "", "10000.00"), abc("2026-11-04", "2000.00", "", "8000.00"),
        abc("2026-11-05", "2000.00", "", "50000.00"),
    ]  # fmt: skip

    assert "1 more such places" in refusal_of(*rows)
    assert len(read(*rows, is_part=True).lines) == 3


def test_a_layout_of_no_known_bank_needs_the_proof_of_its_balance() -> None:
    rows = [list(row) for row in LAYOUTS["别家, 余额作证"]]
    rows[3][3] = "11,000.00"

    said = refusal_of(*rows)

    assert "after row 3 the balance is 12,000.00, row 4 moves -350.50" in said
    assert "huikuan statement map bank.xlsx" in said


def test_a_layout_of_no_known_bank_says_what_it_took_for_what() -> None:
    mapping = read(*LAYOUTS["别家, 余额作证"]).mapping

    assert mapping is not None
    assert (mapping["amount"], mapping["direction"], mapping["remarks"]) == ("发生额", "借贷标志", "摘要")
    assert read(*LAYOUTS["农行"]).mapping is None


# ------------------------------------------------------------------ figures beside the lines

TWO = [
    abc("2026-11-03", "1.00", "", "", REMARK), abc("2026-11-04", "", "4.00", ""), abc("2026-11-04", "2.00", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    "printed",
    [
        ("合计", "3.00", "4.00"),
        ("总计：", "3.00", "4.00"),
        ("借方笔数", "1", "贷方笔数", "2"),
        ("借方笔数：1 笔  贷方笔数：2 笔",),
        ("贷方发生额合计：3.00  借方发生额合计：4.00",),
        ("总笔数", 3),
        ("共 3 笔",),
        ("期初余额", "", "", "100.00"),
        ("期初余额：100.00 期末余额：99.00",),
        ("本日合计", "2.00", "4.00"),
        ("本月合计", "3.00", "4.00"),
        ("收入总额", "3.00", "支出总额", "4.00"),
        ("累计借方发生额", "99,999.00"),
    ],
)
def test_sums_counts_and_balances_that_agree_are_no_lines(printed: Row) -> None:
    assert len(read(ABC, *TWO, printed).lines) == 3


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        (("合计", "3.00", "5.00"), ["row 5", "「合计」 5.00", "make 4.00"]),
        (("合计", "30.00", ""), ["row 5", "「合计」 30.00", "make 3.00"]),
        (("借方笔数", "2", "贷方笔数", "2"), ["「借方笔数」 2", "make 1"]),
        (("贷方合计：4.00",), ["「贷方合计」 4.00", "make 3.00"]),
        (("共 4 笔",), ["「共 4 笔」 4", "make 3"]),
        (("本日合计", "3.00", "4.00"), ["「本日合计」 3.00", "make 2.00"]),
        (("期初余额：100.00", "期末余额：103.00"), ["103.00", "99.00"]),
    ],
)
def test_sums_and_counts_that_contradict_the_lines_refuse_the_file_whole(
    printed: Row, words: list[str]
) -> None:
    said = refusal_of(ABC, *TWO, printed)

    for word in ("contradicts itself", *words):
        assert word in said


def test_each_page_has_its_own_subtotal() -> None:
    first, second, third = TWO

    assert (
        len(read(ABC, first, second, ("本页合计", "1.00", "4.00"), ABC, third, ("本页合计", "2.00")).lines)
        == 3
    )
    assert "row 6" in refusal_of(
        ABC, first, second, ("本页合计", "1.00", "4.00"), third, ("本页合计", "3.00")
    )


def test_a_closing_balance_above_the_table_is_held_against_the_last_line() -> None:
    rows = [("期初余额：100.00", "期末余额：102.00"), ABC, abc("2026-11-04", "1.00", "", "101.00")]

    assert "says 「期末余额」 102.00, and its lines make 101.00" in refusal_of(*rows)


def test_a_reversal_may_count_on_either_side() -> None:
    rows = [ABC, abc("2026-11-03", "5.00", "", ""), abc("2026-11-03", "-2.00", "", "")]

    assert len(read(*rows, ("合计", "3.00", "")).lines) == 2
    assert len(read(*rows, ("贷方笔数", "1", "借方笔数", "1")).lines) == 2


# ------------------------------------------------------------------ the days it speaks of


@pytest.mark.parametrize(
    ("label", "span"),
    [
        (("查询日期：2026-11-01 至 2026-11-20",), (date(2026, 11, 1), date(2026, 11, 20), True)),
        (("起始日期", "20261101", "截止日期", "20261120"), (date(2026, 11, 1), date(2026, 11, 20), True)),
        (("交易时间段", "2026年11月1日-2026年11月30日"), (date(2026, 11, 1), date(2026, 11, 21), True)),
        (("下载日期：2026-11-20",), (date(2026, 11, 3), date(2026, 11, 4), False)),
    ],
)
def test_the_period_is_the_one_it_names_as_far_as_it_is_over(
    label: Row, span: tuple[date, date, bool]
) -> None:
    found = read(label, ABC, *TWO).span

    assert found is not None
    assert (found.first, found.last, found.is_stated) == span
