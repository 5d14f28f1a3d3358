"""How CCB, ABC, BOC and CMB write movements down, in the layouts of domain 6.1."""

from tests.generated.export import Cells, Export, serial, split, yuan


def ccb_newer(export: Export) -> list[Cells]:
    rows: list[Cells] = [
        [
            "本方账户名称",
            "本方账号",
            "交易时间",
            "借方发生额（支取）",
            "贷方发生额（收入）",
            "余额",
            "币种",
            "对方户名",
            "对方账号",
            "记账日期",
            "摘要",
            "备注",
            "账户明细编号-交易流水号",
        ]
    ]
    for each in export.lines:
        move = each.move
        rows.append([
            export.holder, export.account, f"{move.on:%Y%m%d} {move.at}", *split(each), yuan(each.balance),
            "人民币元", move.other, each.other_account, f"{move.on:%Y%m%d}", move.bank_words, move.remark,
            serial(each),
        ])  # fmt: skip
    return rows


def ccb_older(export: Export) -> list[Cells]:
    """Two heading rows, and totals below."""
    rows: list[Cells] = [
        ["账户明细编号-交易流水号", "交易时间", "本方账户名称", "本方账号", "对方户名", "对方账号", "摘要", "备注", "发生额/元", None, "余额/元"],
        [None] * 8 + ["借方", "贷方", None],
    ]  # fmt: skip
    for each in export.lines:
        move = each.move
        rows.append([
            serial(each), f"{move.on} {move.at}", export.holder, export.account, move.other,
            each.other_account, move.bank_words, move.remark, *split(each), yuan(each.balance),
        ])  # fmt: skip
    return [*rows, [f"合计笔数：{len(export.lines)}"]]


def abc_details(export: Export) -> list[Cells]:
    rows: list[Cells] = [["账户明细"], ["账号:", export.account, "户名:", export.holder]]
    rows.append(["交易时间", "收入金额", "支出金额", "账户余额", "对方账号", "对方户名", "交易用途"])
    for each in export.lines:
        move, (out, come) = each.move, split(each)
        rows.append(
            [
                f"{move.on} {move.at}",
                come,
                out,
                yuan(each.balance),
                each.other_account,
                move.other,
                move.remark,
            ]
        )
    return rows


def boc_transactions(export: Export) -> list[Cells]:
    """Bilingual headings, one amount, and the own account is payer or payee."""
    rows: list[Cells] = [["查询账号[ Inquirer account number ]", export.account]]
    rows.append([
        "交易流水号[ Transaction reference number ]", "交易日期[ Transaction Date ]", "交易时间[ Transaction time ]",
        "付款人账号[ Debit Account No. ]", "付款人名称[ Payer's Name ]", "收款人账号[ Payee's Account Number ]",
        "收款人名称[ Payee's Name ]", "交易货币[ Trade Currency ]", "交易金额[ Trade Amount ]",
        "交易后余额[ After-transaction balance ]", "摘要[ Reference ]", "用途[ Purpose ]", "交易附言[ Remark ]", "备注[ Remarks ]",
    ])  # fmt: skip
    for each in export.lines:
        move = each.move
        ours, theirs = (export.account, export.holder), (each.other_account, move.other)
        comes = split(each)[1] is not None
        rows.append([
            serial(each), f"{move.on:%Y%m%d}", str(move.at), *(theirs if comes else ours),
            *(ours if comes else theirs), "CNY", f"{move.amount / 100:.2f}", f"{each.balance / 100:.2f}",
            None, None, move.remark, None,
        ])  # fmt: skip
    return rows


def cmb_transactions(export: Export) -> list[Cells]:
    """Numbers as numbers, date and time apart."""
    rows: list[Cells] = [["公司名称", export.holder], ["账号", export.account]]
    rows.append(
        [
            "流水号",
            "交易日",
            "交易时间",
            "借方金额",
            "贷方金额",
            "余额",
            "收(付)方名称",
            "收(付)方账号",
            "交易类型",
            "业务摘要",
            "其它摘要",
            "用途",
        ]
    )
    for each in export.lines:
        move = each.move
        out, come = (float(said.replace(",", "")) if said else None for said in split(each))
        rows.append([
            serial(each), f"{move.on:%Y%m%d}", f"{move.at:%H%M%S}", out, come, each.balance / 100,
            move.other, each.other_account, "转账", move.remark, None, None,
        ])  # fmt: skip
    return rows
