"""How the named styles of the workbook look."""

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.workbook import Workbook

from tasks.ledgers.pen import Style


def add_styles(workbook: Workbook) -> None:
    """The styles, once per workbook: a style looked up by name is cheap, one built per cell is not."""
    thin = Side(style="thin", color="FF7F7F7F")
    box = Border(left=thin, right=thin, top=thin, bottom=thin)
    band, grey, pale = (PatternFill("solid", fgColor=f"FF{rgb}") for rgb in ("BDD7EE", "DDEBF7", "F2F2F2"))
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    left = Alignment(horizontal="left", vertical="center", wrap_text=True)
    right = Alignment(horizontal="right", vertical="center")
    plain, bold = Font(name="宋体", size=9), Font(name="宋体", size=9, bold=True)
    # Its digits are as wide as those of 宋体, and are so on every system: no #### where 宋体 is missing.
    digits, bold_digits = (
        Font(name="Times New Roman", size=9),
        Font(name="Times New Roman", size=9, bold=True),
    )
    money, none = "#,##0.00;[Red]-#,##0.00", PatternFill()
    looks: dict[Style, tuple[Font, Alignment, str, PatternFill, Border]] = {
        Style.TITLE: (Font(name="宋体", size=18, bold=True), middle, "@", none, Border()),
        Style.LINE: (Font(name="宋体", size=10), Alignment(vertical="center"), "@", none, Border()),
        Style.LINE_RIGHT: (Font(name="宋体", size=10), right, "@", none, Border()),
        Style.SECTION: (
            Font(name="宋体", size=11, bold=True),
            Alignment(vertical="center"),
            "@",
            none,
            Border(),
        ),
        Style.BAND: (Font(name="宋体", size=11, bold=True), middle, "@", band, box),
        Style.HEADING: (bold, middle, "@", grey, box),
        Style.TEXT: (plain, left, "@", none, box),
        Style.CENTRE: (plain, middle, "@", none, box),
        Style.DATE: (digits, Alignment(horizontal="center", vertical="center"), "yyyy\\-mm\\-dd", none, box),
        Style.MONEY: (digits, right, money, none, box),
        Style.COUNT: (digits, right, "0", none, box),
        Style.TOTAL: (bold, middle, "@", pale, box),
        Style.TOTAL_MONEY: (bold_digits, right, money, pale, box),
        Style.TOTAL_COUNT: (bold_digits, right, "0", pale, box),
    }
    for style, (font, alignment, number_format, fill, border) in looks.items():
        workbook.add_named_style(
            NamedStyle(
                style.value,
                font=font,
                alignment=alignment,
                number_format=number_format,
                fill=fill,
                border=border,
            )
        )
