"""Sheet 汇总: cases, money per insurer, ageing, refunds, differences, repairs (domain 7.3).

Every figure that stands on sheet 台账 is a formula on it, so that it can be followed by a click.
"""

from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from tasks.ledgers import charts
from tasks.ledgers.book import AgeLine, InsurerLine, LedgerBook
from tasks.ledgers.detail_sheet import Detail
from tasks.ledgers.layout import A4, Page, headings, nothing, set_up_page, signatures, title_block, widths
from tasks.ledgers.pen import Pen, Style
from tasks.ledgers.summary_figures import Figure, case_figures, refund_figures, repair_figures

TITLE = "汇总"
COLUMNS = 9
HEADING_ROW = 2
HEIGHT = 20.0
_CHART_ROWS = 17
_MOST_ON_ONE_PAGE = 60  # rows; more of them would be too small to read
_INSURER_HEADINGS = (
    "保险集团", "本期新增(件)", "本期结案(件)", "期末未结(件)",
    "应赔金额", "累计回款", "其中本期回款", "期末未回款", "多收待核",
)  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """Which cells hold the totals that the checks compare."""

    insurer_total_row: int
    age_total_row: int

    def insurer_total(self, column: int) -> str:
        return f"'{TITLE}'!${get_column_letter(column)}${self.insurer_total_row}"

    @property
    def age_total(self) -> str:
        return f"'{TITLE}'!$C${self.age_total_row}"


def write(pen: Pen, book: LedgerBook, detail: Detail) -> Summary:
    """Write the sheet; see the module."""
    title_block(pen, book, f"{book.title}汇总表", COLUMNS)
    row = _figures(pen, 3, "一、案件", case_figures(book, detail))
    insurer_total = _insurers(pen, row + 1, book, detail)
    age_total = _ageing(pen, insurer_total + 2, book, detail)
    row = _figures(pen, age_total + 2, "四、客户退款", refund_figures(book, detail))
    row = _results(pen, row + 1, book)
    row = _figures(pen, row + 1, "六、维修结算（每张派工单只计一次）", repair_figures(book, detail))
    row = _charts(pen, row + 1, insurer_total, age_total, book)
    signatures(pen, row + 1, COLUMNS)
    widths(pen, (22, 13, 14, 13, 15, 15, 15, 15, 14))
    set_up_page(pen, book, Page(A4, HEADING_ROW, COLUMNS, f"A{HEADING_ROW + 1}", row <= _MOST_ON_ONE_PAGE))
    return Summary(insurer_total, age_total)


def _charts(pen: Pen, row: int, insurer_total: int, age_total: int, book: LedgerBook) -> int:
    """Charts of what is owed, where anything is. Returns the row after them."""
    if not any(line.expected for line in book.insurers):
        return row - 1
    _section(pen, row, "七、图示")
    charts.insurers(pen, f"A{row + 1}", insurer_total - len(book.insurers) - 1, insurer_total - 1)
    if any(line.outstanding for line in book.ageing):
        charts.ageing(pen, f"F{row + 1}", age_total - len(book.ageing) - 1, age_total - 1)
    return row + _CHART_ROWS


def _section(pen: Pen, row: int, label: str) -> None:
    pen.merge(row, 1, COLUMNS, label, Style.SECTION)
    pen.sheet.row_dimensions[row].height = 22


def _figures(pen: Pen, row: int, label: str, figures: tuple[Figure, ...]) -> int:
    """A section with one line of figures: labels above, values below. Returns the row after it."""
    _section(pen, row, label)
    headings(pen, row + 1, [figure.label for figure in figures], HEIGHT)
    for column, figure in enumerate(figures, start=1):
        if figure.is_money:
            pen.sum_money(row + 2, column, figure.formula, figure.value)
        else:
            pen.sum_count(row + 2, column, figure.formula, figure.value)
    return row + 3


def _insurers(pen: Pen, row: int, book: LedgerBook, detail: Detail) -> int:
    """Returns the row of the totals."""
    _section(pen, row, "二、保险公司应收款")
    headings(pen, row + 1, _INSURER_HEADINGS, HEIGHT)
    first = row + 2
    for number, line in enumerate(book.insurers, start=first):
        _insurer(pen, number, line, book, detail)
    if not book.insurers:
        nothing(pen, first, COLUMNS)
    total = first + max(1, len(book.insurers))
    pen.text(total, 1, "合计", Style.TOTAL)
    sums = [_insurer_values(line) for line in book.insurers]
    for column in range(2, COLUMNS + 1):
        value = sum(values[column - 2] for values in sums)
        formula = _column_sum(column, first, total - 1)
        if column <= 4:
            pen.sum_count(total, column, formula, value, Style.TOTAL_COUNT)
        else:
            pen.sum_money(total, column, formula, value, Style.TOTAL_MONEY)
    return total


def _insurer_values(line: InsurerLine) -> tuple[int, ...]:
    return (
        line.opened, line.closed, line.still_open, line.expected, line.received, line.received_in_period,
        line.outstanding, line.over_receipt,
    )  # fmt: skip


def _insurer(pen: Pen, row: int, line: InsurerLine, book: LedgerBook, detail: Detail) -> None:
    pen.text(row, 1, line.group)
    group, dispatched = detail.rows_of("insurer_group"), detail.rows_of("dispatch_date")
    state = detail.rows_of("state")
    began, ended = (f"DATE({day.year},{day.month},{day.day})" for day in (book.first, book.as_of))
    opened = f'COUNTIFS({group},$A{row},{dispatched},">="&{began},{dispatched},"<="&{ended})'
    pen.sum_count(row, 2, opened, line.opened)
    pen.sum_count(row, 3, f'COUNTIFS({group},$A{row},{state},"本期结案")', line.closed)
    pen.sum_count(row, 4, f'COUNTIFS({group},$A{row},{state},"未结")', line.still_open)

    def of_group(field: str) -> str:
        return f"SUMIFS({detail.rows_of(field)},{group},$A{row})"

    due = f"{of_group('insurer_due_own_repair')}+{of_group('insurer_due_other_agency')}"
    pen.sum_money(row, 5, due, line.expected)
    pen.sum_money(row, 6, of_group("payout_received_amount"), line.received)
    pen.sum_money(row, 7, of_group("received_in_period"), line.received_in_period)
    pen.sum_money(row, 8, of_group("outstanding"), line.outstanding)
    pen.sum_money(row, 9, of_group("over_receipt"), line.over_receipt)


def _ageing(pen: Pen, row: int, book: LedgerBook, detail: Detail) -> int:
    """Buckets down, 件数 and 金额 and the four largest debtors across. Returns the row of the totals."""
    _section(pen, row, "三、未回款账龄（自保险公司接案之日起的自然日）")
    groups = [line.group for line in book.insurers[: COLUMNS - 3]]
    headings(pen, row + 1, ["账龄", "件数", "未回款合计", *(f"其中：{group}" for group in groups)], HEIGHT)
    first = row + 2
    for number, line in enumerate(book.ageing, start=first):
        _age(pen, number, line, groups, detail)
    total = first + len(book.ageing)
    pen.text(total, 1, "合计", Style.TOTAL)
    count = sum(line.count for line in book.ageing)
    pen.sum_count(total, 2, _column_sum(2, first, total - 1), count, Style.TOTAL_COUNT)
    amounts = [sum(line.outstanding for line in book.ageing)]
    amounts += [sum(line.by_group[place] for line in book.ageing) for place in range(len(groups))]
    for column, amount in enumerate(amounts, start=3):
        pen.sum_money(total, column, _column_sum(column, first, total - 1), amount, Style.TOTAL_MONEY)
    return total


def _age(pen: Pen, row: int, line: AgeLine, groups: list[str], detail: Detail) -> None:
    bucket, age, owed = line.bucket, detail.rows_of("age_days"), detail.rows_of("outstanding")
    pen.text(row, 1, bucket.label)
    if bucket.since is None:
        within = f'{age},"{bucket.label}"'
    else:
        within = f'{age},">={bucket.since}"' + (
            f',{age},"<={bucket.upto}"' if bucket.upto is not None else ""
        )
    pen.sum_count(row, 2, f'COUNTIFS({within},{owed},">0")', line.count)
    pen.sum_money(row, 3, f"SUMIFS({owed},{within})", line.outstanding)
    for column, (group, amount) in enumerate(zip(groups, line.by_group, strict=False), start=4):
        of_group = f"{detail.rows_of('insurer_group')},{_quoted(group)}"
        pen.sum_money(row, column, f"SUMIFS({owed},{within},{of_group})", amount)


def _results(pen: Pen, row: int, book: LedgerBook) -> int:
    """Returns the row after the section."""
    _section(pen, row, "五、赔款差额（应赔减实收；负数为多收）")
    headings(pen, row + 1, ["差额处理结果", "笔数", "差额合计"], HEIGHT)
    first = row + 2
    for number, line in enumerate(book.results, start=first):
        pen.text(number, 1, line.result)
        pen.count(number, 2, line.count)
        pen.money(number, 3, line.amount)
    if not book.results:
        nothing(pen, first, 3)
    total = first + max(1, len(book.results))
    pen.text(total, 1, "合计", Style.TOTAL)
    count, amount = sum(line.count for line in book.results), sum(line.amount for line in book.results)
    pen.sum_count(total, 2, _column_sum(2, first, total - 1), count, Style.TOTAL_COUNT)
    pen.sum_money(total, 3, _column_sum(3, first, total - 1), amount, Style.TOTAL_MONEY)
    return total + 1


def _column_sum(column: int, first: int, last: int) -> str:
    letter = get_column_letter(column)
    return f"SUM({letter}{first}:{letter}{last})"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
