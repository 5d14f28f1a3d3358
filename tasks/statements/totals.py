"""Telling a statement's lines from what stands among and below them: totals, footnotes, headings again."""

import re
from collections.abc import Sequence

from models.values import UnreadableValue
from tasks.statements import cells
from tasks.statements.headings import Cell, Table, heading
from tasks.statements.layout import Meaning

# Words that never are a payment's remark, and words that are not where date and money are missing.
_TOTAL = re.compile(
    r"(本页|本月|本日|本期|本年|当日|当月|借方|贷方|收入|支出|转入|转出|发生额|交易)*(合计|总计|小计|累计|共计)[:：]?"
    r"|(期初|期末|上期|上年|上月)(余额|结转|结余)[:：]?|承前页|过次页"
)
_FOOT = re.compile(
    r"(借方|贷方|收入|支出|转入|转出|总|累计|合计)*(合计|总计|小计|笔数|金额|发生额|总额).*|共\s*\d+\s*[笔条].*"
    r"|(期初|期末|上期|承前|过次|上年|上月).*(余额|结转|页).*|(打印|制表|下载|导出|查询|制单|复核|经办|记账).*"
    r"|\*?(注|说明|备注|温馨提示|重要提示)[:：].*|[-*=]*(以下空白|结束|完)[-*=]*"
)
MOVED = (Meaning.MONEY_IN, Meaning.MONEY_OUT, Meaning.AMOUNT)


def is_line(table: Table, row: Sequence[Cell]) -> bool:
    """Whether the row is a line. In doubt it is: what then can't be read refuses the file."""
    said = [text for cell in row if (text := cells.text(cell))]
    if not said or all(heading(text) in table.headings for text in said):
        return False
    if any(_TOTAL.fullmatch(text) for text in said):
        return False
    money = any(cells.text(table.cell(row, meaning)) for meaning in MOVED)
    dated = cells.text(table.cell(row, Meaning.MOMENT))
    if any(_FOOT.fullmatch(text) for text in said[:2]) and not (money and _is_dated(dated)):
        return False
    # What has neither a date nor a number where money stands is a note under the table.
    return bool(re.search(r"\d", dated)) or money or bool(cells.text(table.cell(row, Meaning.BALANCE)))


def _is_dated(text: str) -> bool:
    try:
        cells.moment(text)
    except UnreadableValue:
        return False
    return True
