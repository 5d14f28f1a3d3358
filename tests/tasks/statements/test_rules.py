"""Statements in the layouts of domain 6.1 with the traps of 6.2."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import pytest

from models.values import Refusal
from tasks.statements.rules import statement
from tasks.statements.statement import Statement

OWN = "3207004012345678901"
OTHER = "8318955320492530"
PICC = "中国人民财产保险股份有限公司连云港市分公司"
SUPPLIER = "连云港新浦汽配商行"
SHOP = "连云港福源汽车修理有限公司"
REMARK = "苏G12345赔款"
LATEST = date(2026, 11, 22)

Row = Sequence[Any]


def read(*rows: Row, latest: date = LATEST, account: str | None = None) -> Statement:
    return statement("bank.xlsx", {"Sheet1": rows}, latest, account)


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
    assert found.gaps == ()


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
        ("本页合计", "3.00"), ("", "", "总计", "3.00"), ("注：本明细仅供参考",), ("期初余额", "", "", "100.00"),
        ("2026-11-30", "", "", "100.00", "", "本月合计"), ("合计", "", "12,345.00"), ("制单：王敏", "复核：李会计"),
        ("2026-11-30", "期末余额", "", "103.00"), ("借方笔数", "1", "贷方笔数", "1"), ("12,345.00", "合计"),
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
    newest_first = [abc("2026-11-05", "2.00", "", "103.00"), abc("2026-11-04", "1.00", "", "101.00", REMARK)]

    assert read(ABC, *newest_first).gaps == ()


def test_lines_of_one_second_may_stand_in_any_order() -> None:
    shuffled = [
        abc("2026-11-04", "1.00", "", "101.00"), abc("2026-11-04", "4.00", "", "107.00"),
        abc("2026-11-04", "2.00", "", "103.00"), abc("2026-11-05", "8.00", "", "115.00"),
    ]  # fmt: skip

    assert read(ABC, *shuffled).gaps == ()


def test_where_the_balance_does_not_follow_lines_may_be_missing() -> None:
    found = read(
        ABC, abc("2026-11-03", "1.00", "", "101.00"), abc("2026-11-04", "2.00", "", "103.00"),
        abc("2026-11-05", "4.00", "", "207.00"),
    )  # fmt: skip

    assert len(found.lines) == 3
    assert found.gaps == ((3, 4),)


def test_a_cash_book_with_debit_and_credit_the_other_way_round_is_refused() -> None:
    said = refusal_of(
        ABC, abc("2026-11-03", "1.00", "", "99.00"), abc("2026-11-04", "2.00", "", "97.00"),
        abc("2026-11-05", "", "4.00", "101.00"),
    )  # fmt: skip

    assert "contradicts itself" in said


def test_a_filtered_export_may_fit_the_other_way_round_by_chance_in_one_place() -> None:
    found = read(
        ABC, abc("2026-11-03", "1500.00", "", "10000.00"), abc("2026-11-04", "2000.00", "", "8000.00"),
        abc("2026-11-05", "2000.00", "", "50000.00"),
    )  # fmt: skip

    assert found.gaps == ((2, 3), (3, 4))


def test_a_layout_of_no_known_bank_needs_the_proof_of_its_balance() -> None:
    rows = [list(row) for row in LAYOUTS["别家, 余额作证"]]
    rows[3][3] = "11,000.00"

    assert "isn't between rows 3 and 4" in refusal_of(*rows)


# ------------------------------------------------------------------ identity


def identities(*rows: Row) -> list[str]:
    return [line.identity for line in read(*rows).lines]


def test_two_truly_identical_lines_are_two_payments() -> None:
    twice = identities(
        ABC, abc("2026-11-04", "1.00", "", "", REMARK), abc("2026-11-04", "1.00", "", "", REMARK)
    )

    assert len(set(twice)) == 2


def test_overlapping_exports_name_the_same_lines_alike() -> None:
    first, second, third = (abc(f"2026-11-0{day}", "1.00", "", f"{day}.00", REMARK) for day in (3, 4, 5))

    month, rest = identities(ABC, first, second, third), identities(("title",), ABC, second, third)

    assert rest == month[1:]


def test_padding_and_width_do_not_make_another_line() -> None:
    plain = identities(ABC, abc("2026-11-04", "1.00", "", "", "苏G12345 赔款"))
    padded = identities(ABC, abc("2026/11/4", "￥１.00\t", "-", " ", "苏G12345\u3000赔款\t"))

    assert plain == padded


def test_a_payment_and_its_fee_may_share_a_serial() -> None:
    rows = [list(row) for row in LAYOUTS["建行 新"]]
    rows[2][12] = rows[1][12]

    assert len(set(identities(*rows))) == 2
