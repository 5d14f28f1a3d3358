"""How ICBC writes movements down: three layouts of domain 6.1."""

from tests.generated.export import Cells, Export, split, yuan


def vouchers(export: Export) -> list[Cells]:
    """Blanks and a trailing tab in each cell, a dash for nothing, a voucher number of zeros."""
    rows: list[Cells] = [["明细查询文件下载"], []]
    rows.append(
        [
            "凭证号",
            "本方账号",
            "对方账号",
            "交易时间",
            "借/贷",
            "借方发生额",
            "贷方发生额",
            "对方行号",
            "摘要",
            "用途",
            "对方单位名称",
            "余额",
            "个性化信息",
        ]
    )
    for each in export.lines:
        out, come = split(each)
        cells = (
            "000000000", export.account, each.other_account, each.move.on, "借" if out else "贷",
            out or "-", come or "-", "-", "", each.move.remark, each.move.other, yuan(each.balance), "",
        )  # fmt: skip
        rows.append([f"{cell}    \t" for cell in cells])
    return rows


def transfers(export: Export) -> list[Cells]:
    rows: list[Cells] = [["明细查询文件下载"]]
    rows.append(
        [
            "交易时间",
            "本方账号",
            "对方单位",
            "对方账号",
            "摘要",
            "附言",
            "用途",
            "转出金额",
            "转入金额",
            "余额",
        ]
    )
    for each in export.lines:
        move = each.move
        moment = f"{move.on} {move.at}"
        rows.append([moment, export.account, move.other, each.other_account, "转账", move.remark, None, *split(each), yuan(each.balance)])  # fmt: skip
    return rows


def plain(export: Export) -> list[Cells]:
    """Neither time nor serial: two equal receipts of a day differ in the balance alone."""
    rows: list[Cells] = [[f"户名: {export.holder}"], [f"账号: {export.account}"]]
    rows.append(["日期", "对方户名", "对方账号", "摘要", "借方发生额", "贷方发生额", "余额"])
    for each in export.lines:
        move = each.move
        rows.append(
            [
                f"{move.on:%Y/%m/%d}",
                move.other,
                each.other_account,
                move.remark,
                *split(each),
                yuan(each.balance),
            ]
        )
    return rows
