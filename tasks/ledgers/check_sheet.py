"""Sheet 校验: figures that must agree, each from two places; 通过, or 不符 in red."""

from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle

from tasks.ledgers.book import LedgerBook
from tasks.ledgers.deposit_sheet import Deposits, refunds_open
from tasks.ledgers.detail_sheet import Detail
from tasks.ledgers.layout import A4, Page, headings, set_up_page, signatures, title_block, widths
from tasks.ledgers.pen import Pen, Style
from tasks.ledgers.summary_sheet import Summary

TITLE = "校验"
COLUMNS = 5
HEADING_ROW = 3
PASSED, FAILED = "通过", "不符"


@dataclass(frozen=True)
class Check:
    """Two formulas that must give the same fen, and the values they have."""

    label: str
    left: tuple[str, int]
    right: tuple[str, int]

    @property
    def difference(self) -> int:
        return self.left[1] - self.right[1]


def checks(book: LedgerBook, detail: Detail, summary: Summary, deposits: Deposits) -> Iterator[Check]:
    """Within the ledger, and between the ledger and the sheets made of it."""

    def total(field: str) -> tuple[str, int]:
        return detail.total_of(field), book.total(field)

    def added(*fields: str) -> tuple[str, int]:
        return "+".join(detail.total_of(f) for f in fields), sum(book.total(f) for f in fields)

    fees = added("labour_fee", "parts_fee", "other_fee")
    expected = added("insurer_due_own_repair", "insurer_due_other_agency")
    yield Check("应收费用 = 工时费 + 零件费 + 其它费用", total("repair_gross_amount"), fees)
    yield Check("实收费用高于应收费用的部分应为零", _over_gross(book, detail), ("0", 0))
    owed = sum(line.expected for line in book.insurers)
    yield Check("应赔金额：汇总 = 台账(19栏+20栏)", (summary.insurer_total(5), owed), expected)
    received = sum(line.received for line in book.insurers)
    yield Check(
        "累计回款：汇总 = 台账(35栏)", (summary.insurer_total(6), received), total("payout_received_amount")
    )
    yield Check("应赔 - 累计回款 = 未回款 - 多收待核 + 已处理差额", *_settled(book, detail, expected))
    aged = sum(line.outstanding for line in book.ageing)
    yield Check("账龄合计 = 期末未回款", (summary.age_total, aged), total("outstanding"))
    unpaid = sum(line.amount - line.gone for line in refunds_open(book))
    yield Check("应退未退：附表 = 台账", (deposits.refund_open, unpaid), total("refund_open"))


def _over_gross(book: LedgerBook, detail: Detail) -> tuple[str, int]:
    gross, net = detail.rows_of("repair_gross_amount"), detail.rows_of("repair_net_amount")
    over = sum(
        row.amount("repair_net_amount") - row.amount("repair_gross_amount")
        for row in book.rows
        if row.amount("repair_net_amount") > row.amount("repair_gross_amount")
    )
    return f"SUMPRODUCT(({net}>{gross})*({net}-{gross}))", over


def _settled(
    book: LedgerBook, detail: Detail, expected: tuple[str, int]
) -> tuple[tuple[str, int], tuple[str, int]]:
    """What is neither outstanding nor held as too much has been settled; that figure is no formula."""
    settled = sum(
        difference.amount - difference.outstanding + difference.over_receipt
        for row in book.rows
        for difference in row.differences
    )
    paid, owed, over = (detail.total_of(f) for f in ("payout_received_amount", "outstanding", "over_receipt"))
    left = expected[1] - book.total("payout_received_amount")
    right = book.total("outstanding") - book.total("over_receipt") + settled
    return (f"{expected[0]}-{paid}", left), (f"{owed}-{over}+({settled}/100)", right)


def write(pen: Pen, book: LedgerBook, detail: Detail, summary: Summary, deposits: Deposits) -> None:
    """Write the sheet; amounts agree to the fen."""
    title_block(pen, book, f"{book.title}校验表", COLUMNS)
    headings(pen, HEADING_ROW, ("校验项目", "左方", "右方", "差异", "结果"))
    row = HEADING_ROW
    for row, check in enumerate(checks(book, detail, summary, deposits), start=HEADING_ROW + 1):
        pen.text(row, 1, check.label)
        pen.sum_money(row, 2, check.left[0], check.left[1])
        pen.sum_money(row, 3, check.right[0], check.right[1])
        pen.sum_money(row, 4, f"ROUND(B{row}-C{row},2)", check.difference)
        pen.verdict(
            row, 5, f'IF(D{row}=0,"{PASSED}","{FAILED}")', PASSED if check.difference == 0 else FAILED
        )
    red = DifferentialStyle(
        font=Font(color="FFC00000", bold=True), fill=PatternFill(bgColor="FFFFC7CE", fill_type="solid")
    )
    failed = Rule("cellIs", operator="equal", formula=[f'"{FAILED}"'], dxf=red)
    pen.sheet.conditional_formatting.add(f"E{HEADING_ROW + 1}:E{row}", failed)
    _notes(pen, row + 1, book)
    signatures(pen, row + 3, COLUMNS, (1, 2, 4))
    widths(pen, (52, 20, 20, 18, 14))
    set_up_page(pen, book, Page(A4, HEADING_ROW, COLUMNS, f"A{HEADING_ROW + 1}"))


def _notes(pen: Pen, row: int, book: LedgerBook) -> None:
    """What a reader must know of the figures."""
    said = "同一派工单的维修费、客户款和退款只在首行列示。"
    pen.merge(row, 1, COLUMNS, said, Style.LINE)
    if book.known_on:
        said = f"按{book.known_on:%Y-%m-%d}已录入的内容编制；"
        pen.merge(
            row + 1, 1, COLUMNS, f"{said}保险公司按现名，其后重算的可退、待补留空，不列更正。", Style.LINE
        )
