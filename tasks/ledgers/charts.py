"""Charts on sheet 汇总: native ones, drawn by whatever opens the workbook from the cells themselves."""

from typing import Any

from openpyxl.chart import BarChart, PieChart, Reference
from openpyxl.chart.label import DataLabelList

from tasks.ledgers.pen import Pen

_BARS, _PIE, _HEIGHT = 14.0, 10.5, 7.5  # cm: beside each other they fill the page


def insurers(pen: Pen, anchor: str, heading: int, last: int) -> None:
    """应赔, 累计回款 and 未回款 of every insurer group, as bars; `heading` to `last` are its rows."""
    chart = BarChart()
    chart.type, chart.grouping = "col", "clustered"
    for column in (5, 6, 8):
        chart.add_data(
            Reference(pen.sheet, min_col=column, min_row=heading, max_row=last), titles_from_data=True
        )
    chart.set_categories(Reference(pen.sheet, min_col=1, min_row=heading + 1, max_row=last))
    chart.y_axis.numFmt = "#,##0"
    chart.y_axis.delete = chart.x_axis.delete = False  # some readers take a silent axis for a deleted one
    _place(pen, chart, anchor, "各保险集团应赔与回款（元）", _BARS)


def ageing(pen: Pen, anchor: str, heading: int, last: int) -> None:
    """How the outstanding money is spread over its age, as a pie."""
    chart = PieChart()
    chart.add_data(Reference(pen.sheet, min_col=3, min_row=heading, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(pen.sheet, min_col=1, min_row=heading + 1, max_row=last))
    chart.dataLabels = DataLabelList(showPercent=True, showVal=False, showSerName=False, showCatName=False)
    _place(pen, chart, anchor, "未回款账龄分布", _PIE)


def _place(pen: Pen, chart: Any, anchor: str, title: str, width: float) -> None:
    chart.title, chart.width, chart.height = title, width, _HEIGHT
    pen.sheet.add_chart(chart, anchor)
