"""One ledger as some forty people keep it: each is read to the same facts."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # XlsxWriter ships no types
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from tasks.intake.columns import BY_FIELD, FORM, Kind
from tasks.intake.reading import ledger_of
from worker.sheets import read_book

TODAY = dt.date(2026, 11, 21)
TITLE = "连云港福源汽车修理有限公司保险理赔台帐"
SAMPLES = Path(__file__).parents[2] / "samples"

FIELDS = (
    "claim_no", "dispatch_date", "is_agency_claim", "insured_name", "plate_no", "accident_liability", "insurer_name",
    "report_or_policy_no", "work_order_no", "labour_fee", "parts_fee", "other_fee", "repair_gross_amount",
    "repair_net_amount", "insurer_due_own_repair", "customer_payable_amount", "customer_received_amount",
    "customer_received_date", "customer_cashier", "file_handover_date", "insurer_accepted_date", "payout_received_date",
    "payout_received_amount", "payout_recorded_by", "refund_paid_date", "refund_paid_amount", "refund_payee",
)  # fmt: skip
DAY = dt.date(2026, 9, 3)
FACTS: list[tuple[Any, ...]] = [
    ("LP2026-0001", DAY, True, "罗秀", "苏G869LH", "单方", "人保财险连云港", "RDAA202632070057919460", "WX2600003", 170000,
     160000, 5050, 335050, 330000, 280000, 50000, 50000, dt.date(2026, 9, 8), "钱会", dt.date(2026, 9, 20),
     dt.date(2026, 9, 22), dt.date(2026, 10, 5), 280000, "孙颖", dt.date(2026, 10, 9), 40000, "罗秀"),
    ("LP2026-0002", dt.date(2026, 9, 12), True, "连云港某某物流有限公司", "苏GD96500", "主责", "太保产险", "6050120260123456789",
     "WX2600004", 20000000, 10050, 0, 20010050, 20010050, 20000000, 10050, 10050, dt.date(2026, 9, 12), "钱会", None, None,
     None, None, None, None, None, None),
    ("LP2026-0002B", dt.date(2026, 9, 12), True, "连云港某某物流有限公司", "苏GD96500", "主责", "平安产险", "8050120260123456780",
     "WX2600004", None, None, None, None, None, 100000, None, None, None, None, None, None, None, None, None, None, None,
     None),
    ("LP2026-0003", dt.date(2026, 10, 1), False, "张伟", "苏GA1234", "无责", "国寿财险", "805012026320700012345", "WX2600005",
     30000, 0, 0, 30000, 30000, None, 30000, 30000, dt.date(2026, 10, 2), "钱会", None, None, None, None, None, None,
     None, None),
]  # fmt: skip

Cells = list[list[Any]]
Way = Callable[[Path], Path]
WAYS: dict[str, Way] = {}


def cell(value: Any, kind: Kind) -> Any:
    """A fact as most people type it."""
    if value is None:
        return None
    if kind is Kind.FLAG:
        return "是" if value else "否"
    return value / 100 if kind is Kind.MONEY else value


def grid(**as_typed: Callable[[Any], Any]) -> Cells:
    """The facts as cells; `as_typed` says by kind (money, date, flag, plate) how else they are typed."""
    return [
        [
            as_typed[kind.value](value) if kind.value in as_typed and value is not None else cell(value, kind)
            for value, kind in zip(row, KINDS, strict=True)
        ]
        for row in FACTS
    ]


KINDS = [BY_FIELD[field].kind for field in FIELDS]
HEADINGS = [BY_FIELD[field].heading for field in FIELDS]
GROUPS = [BY_FIELD[field].group for field in FIELDS]
STAGES = [
    "阶段1" if BY_FIELD[f].number < 27 else "阶段2" if BY_FIELD[f].number < 34 else "阶段3" for f in FIELDS
]


def bands(names: Sequence[str]) -> list[str | None]:
    return [name if not at or names[at - 1] != name else None for at, name in enumerate(names)]


ABOVE: Cells = [[TITLE], bands(GROUPS)]


def way(function: Callable[[Worksheet], None]) -> Callable[[Worksheet], None]:
    """One way to keep a ledger in a workbook of one sheet."""

    def make(path: Path) -> Path:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        function(sheet)
        book.save(path / "台账.xlsx")
        return path / "台账.xlsx"

    WAYS[function.__name__] = make
    return function


def fill(sheet: Worksheet, rows: Cells) -> None:
    for row in rows:
        sheet.append(row)


def typed(name: str, **as_typed: Callable[[Any], Any]) -> None:
    """A way in which only the spelling of the cells is another."""

    def make(sheet: Worksheet) -> None:
        fill(sheet, [*ABOVE, HEADINGS, *grid(**as_typed)])

    make.__name__ = name
    way(make)


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def spelling(pattern: str) -> Callable[[Any], Any]:
    return lambda day: day.strftime(pattern)


typed("plain")
typed("amounts with a yen sign", money=lambda fen: f"¥{fen / 100:,.2f}")
typed("amounts with a full-width yen sign and a blank", money=lambda fen: f"￥ {fen / 100:.2f}")
typed("amounts with commas as text", money=lambda fen: f"{fen / 100:,.2f}")
typed("amounts with 元", money=lambda fen: f"{fen / 100:.2f}元")
typed(
    "amounts with 人民币 and 元整",
    money=lambda fen: f"人民币{fen // 100}元整" if fen % 100 == 0 else f"人民币{fen / 100:.2f}元",
)
typed("amounts in 万", money=lambda fen: f"{fen / 1_000_000:.6f}万".replace("000万", "万"))
typed("amounts in full-width digits", money=lambda fen: full_width(f"{fen / 100:,.2f}"))
typed("amounts as text with blanks and a tab", money=lambda fen: f" {fen / 100:.2f}\t")
typed("amounts as binary fractions", money=lambda fen: fen / 100 + 1e-9)
for number, spelled in enumerate(
    (
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y年%m月%d日",
        "%Y%m%d",
        "%Y-%m-%d 00:00:00",
        "%Y 年 %m 月 %d 日",
        "%Y-%m-%d 8:05",
    )
):
    typed(f"dates spelled {number}: {spelled}", date=spelling(spelled))
typed("dates without leading zeros", date=lambda day: f"{day.year}/{day.month}/{day.day}")
typed("dates in full-width digits", date=lambda day: full_width(f"{day:%Y-%m-%d}"))
typed("dates as serial numbers", date=lambda day: (day - dt.date(1899, 12, 30)).days)
typed("dates with a time", date=lambda day: dt.datetime(day.year, day.month, day.day, 15, 30))
typed("flags as ticks", flag=lambda yes: "√" if yes else "×")
typed("flags as other ticks", flag=lambda yes: "✔" if yes else "✘")
typed("flags as letters", flag=lambda yes: "Y" if yes else "n")
typed("flags as numbers", flag=lambda yes: 1 if yes else 0)
typed("flags as truth", flag=bool)
typed("flags with blanks", flag=lambda yes: " 是 " if yes else "　否")
typed("plates with a dot", plate=lambda plate: f"{plate[:2]}·{plate[2:]}")
typed("plates with blanks", plate=lambda plate: f"{plate[0]} {plate[1]} {plate[2:]}")
typed("plates in small letters", plate=str.lower)
typed("plates in full width with a dash", plate=lambda plate: full_width(f"{plate[:2]}-{plate[2:]}"))


@way
def no_title(sheet: Worksheet) -> None:
    fill(sheet, [bands(GROUPS), HEADINGS, *grid()])


@way
def many_title_rows(sheet: Worksheet) -> None:
    above: Cells = [[TITLE], ["制表:孙颖", None, None, "2026-11-20"], [], ["单位:元"], [], ["第1页 共3页"]]
    fill(sheet, [*above, bands(GROUPS), HEADINGS, *grid()])


@way
def one_band_with_unique_words(sheet: Worksheet) -> None:
    fill(sheet, [[TITLE], SYNONYMS_A, *grid()])


@way
def other_synonyms(sheet: Worksheet) -> None:
    fill(sheet, [[TITLE], SYNONYMS_B, *grid()])


@way
def no_bands_and_shared_words(sheet: Worksheet) -> None:
    fill(sheet, [[TITLE], HEADINGS, *grid()])


@way
def three_bands_merged(sheet: Worksheet) -> None:
    fill(sheet, [[TITLE], bands(STAGES), bands(GROUPS), HEADINGS, *grid()])
    for row, names in ((2, STAGES), (3, GROUPS)):
        merge_alike(sheet, row, names)


@way
def headings_merged_over_the_band_above(sheet: Worksheet) -> None:
    basic = [name if group == "基本信息" else None for name, group in zip(HEADINGS, GROUPS, strict=True)]
    top = [basic[at] or name for at, name in enumerate(bands(GROUPS))]
    low = [None if basic[at] else name for at, name in enumerate(HEADINGS)]
    fill(sheet, [[TITLE], top, low, *grid()])
    for at, name in enumerate(basic, 1):
        if name:
            sheet.merge_cells(start_row=2, start_column=at, end_row=3, end_column=at)


@way
def title_merged_and_split_over_lines(sheet: Worksheet) -> None:
    fill(
        sheet,
        [
            ["连云港福源汽车修理有限公司\n保险理赔台帐"],
            bands(GROUPS),
            [f"{name[:2]}\n{name[2:]}" for name in HEADINGS],
            *grid(),
        ],
    )
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(FIELDS))


@way
def headings_with_units_and_marks(sheet: Worksheet) -> None:
    units = {Kind.MONEY: "(元)", Kind.DATE: "：", Kind.FLAG: "*"}
    fill(
        sheet,
        [*ABOVE, [name + units.get(kind, " ") for name, kind in zip(HEADINGS, KINDS, strict=True)], *grid()],
    )


@way
def reordered(sheet: Worksheet) -> None:
    # The two 收款人 and 实收金额 stand under bands, so the order of the columns says nothing.
    fill(sheet, [[TITLE], *[row[::-1] for row in (GROUPS, HEADINGS, *grid())]])


@way
def extra_columns(sheet: Worksheet) -> None:
    def wider(row: Sequence[Any], first: Any, *more: Any) -> list[Any]:
        return [first, *row[:5], more[0], *row[5:], more[1], None, more[2]]

    rows = [wider(row, at, "推荐", "客户催问", "x") for at, row in enumerate(grid(), 1)]
    fill(
        sheet,
        [
            [TITLE],
            wider(GROUPS, None, None, None, None),
            wider(HEADINGS, "序号", "业务来源", "备注", "附件"),
            *rows,
        ],
    )


@way
def moved_to_the_right_and_down(sheet: Worksheet) -> None:
    rows: Cells = [[None, None, *row] for row in (*ABOVE, HEADINGS, *grid())]
    fill(sheet, [[], [], *rows])


@way
def two_claims_merged_over_rows(sheet: Worksheet) -> None:
    fill(sheet, [*ABOVE, HEADINGS, *grid()])
    own = {"claim_no", "insurer_name", "report_or_policy_no", "insurer_due_own_repair"}
    for at, field in enumerate(FIELDS, 1):
        if field not in own:
            sheet.merge_cells(start_row=5, start_column=at, end_row=6, end_column=at)


@way
def totals_blanks_notes_and_repeated_headings(sheet: Worksheet) -> None:
    first, second, third, fourth = grid()
    total = ["本页合计", *[None] * 8, 1700, 1600, 50.5, 3350.5, 3300]
    notes: Cells = [[], ["注:以上数据由孙颖提供"], ["制表:孙颖", None, None, "复核:王敏"]]
    fill(
        sheet,
        [
            *ABOVE,
            HEADINGS,
            first,
            [],
            second,
            third,
            total,
            *ABOVE,
            HEADINGS,
            fourth,
            ["合计", *[None] * 8, 99],
            *notes,
        ],
    )


@way
def notes_on_cells(sheet: Worksheet) -> None:
    fill(sheet, [*ABOVE, HEADINGS, *grid()])
    for at in (1, 5, 14):
        sheet.cell(4, at).comment = Comment("客户说年底前付清 5,000.00", "孙颖")


@way
def hidden_rows_and_columns(sheet: Worksheet) -> None:
    fill(sheet, [*ABOVE, HEADINGS, *grid()])
    sheet.row_dimensions[5].hidden = sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet.auto_filter.ref = "A3:AA7"


@way
def numbers_of_claims_typed_as_numbers(sheet: Worksheet) -> None:
    fill(sheet, [*ABOVE, HEADINGS, *grid()])
    for row in range(4, 8):
        sheet.cell(row, 9).value = f" {sheet.cell(row, 9).value}\n"


def months_on_separate_sheets(path: Path) -> Path:
    book = openpyxl.Workbook()
    nine, ten = book.worksheets[0], book.create_sheet("10月")
    nine.title = "9月"
    fill(nine, [*ABOVE, HEADINGS, *grid()[:3]])
    fill(ten, [[TITLE], SYNONYMS_A, *grid()[3:]])
    fill(book.create_sheet("汇总"), [["月份", "台次"], ["9月", 3], ["10月", 1]])
    book.save(path / "全年.xlsx")
    return path / "全年.xlsx"


def formulas_with_values(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path / "公式.xlsx"))
    sheet, day = book.add_worksheet("台账"), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate([*ABOVE, HEADINGS, *grid()]):
        for at, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, at, dt.datetime(value.year, value.month, value.day), day)
            elif FIELDS[at] == "repair_gross_amount" and number > 2 and value is not None:
                sheet.write_formula(number, at, f"=SUM(J{number + 1}:L{number + 1})", None, value)
            elif value is not None:
                sheet.write(number, at, value)
    book.close()
    return path / "公式.xlsx"


def lines() -> list[list[str]]:
    rows = [*ABOVE, HEADINGS, *grid(date=lambda day: f"{day:%Y-%m-%d}")]
    return [
        ["" if value is None else str(value) for value in [*row, *[None] * (len(FIELDS) - len(row))]]
        for row in rows
    ]


def csv_in_gbk(path: Path) -> Path:
    (path / "a.csv").write_bytes("\r\n".join(",".join(row) for row in lines()).encode("gb18030"))
    return path / "a.csv"


def text_with_tabs(path: Path) -> Path:
    (path / "a.txt").write_bytes("\r\n".join("\t".join(row) for row in lines()).encode("utf-16"))
    return path / "a.txt"


def html_named_xls(path: Path) -> Path:
    table = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in lines())
    (path / "a.xls").write_bytes(f"<html><meta charset=gbk><table>{table}</table></html>".encode("gbk"))
    return path / "a.xls"


def xls(_: Path) -> Path:
    """Made of `plain` by LibreOffice, once."""
    return SAMPLES / "ledger_biff8.xls"


for made in (
    months_on_separate_sheets, formulas_with_values, csv_in_gbk, text_with_tabs, html_named_xls, xls,
):  # fmt: skip
    WAYS[made.__name__] = made

SYNONYMS_A = [
    "理赔号", "接车日期", "代索赔", "车主", "车牌号码", "责任划分", "承保公司", "报案号", "工单号", "人工费", "配件费", "拖车费", "应收合计",
    "实收合计", "应赔金额", "客户应付金额", "客户实付金额", "客户付款日期", "收银员", "移交日期", "受理日期", "到帐日期", "到账金额", "回款登记人",
    "退款日期", "实退金额", "领取人",
]  # fmt: skip
SYNONYMS_B = [
    "台帐编号", "进厂日期", "是否代赔", "客户姓名", "号牌号码", "责任认定", "投保公司", "报案号码", "结算单号", "工时费用", "材料费", "其他费",
    "折前金额", "结算金额", "本店赔款额", "客户自付金额", "客户已付", "客户支付日期", "出纳", "资料递交日期", "保险公司受理日期", "回款日期",
    "回款金额", "赔款收款人", "实退日期", "退款金额", "客户领款人",
]  # fmt: skip


def merge_alike(sheet: Worksheet, row: int, names: Sequence[str]) -> None:
    start = 0
    for at in range(1, len(names) + 1):
        if at == len(names) or names[at] != names[start]:
            if at - start > 1:
                sheet.merge_cells(start_row=row, start_column=start + 1, end_row=row, end_column=at)
            start = at


def test_there_are_ways_enough_and_the_facts_use_columns_of_the_form() -> None:
    assert len(WAYS) >= 25
    assert set(FIELDS) <= {column.field for column in FORM}


@pytest.mark.parametrize("name", sorted(WAYS))
def test_however_it_is_kept_the_facts_are_the_same(name: str, tmp_path: Path) -> None:
    path = WAYS[name](tmp_path)

    ledger = ledger_of(read_book(path), TODAY)

    read = {row.claim_no: tuple(row.values.get(field) or None for field in FIELDS) for row in ledger.rows}
    assert read == {row[0]: tuple(value or None for value in row) for row in FACTS}
    assert [each for each in ledger.findings if each.severity.value != "note"] == []
