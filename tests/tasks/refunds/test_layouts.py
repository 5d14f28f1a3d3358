"""The payment files as a bank reads them, against files kept as they were looked at."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tasks.refunds.layouts import LAYOUTS
from tasks.refunds.layouts.layout import Batch, Payer, Transfer
from tasks.refunds.layouts.writer import payment_bytes

SAMPLES = Path(__file__).parents[2] / "samples" / "payments"
BATCH = Batch(
    "FK-2026-0007",
    date(2026, 11, 21),
    Payer("连云港福源汽车修理有限公司", "32001234567890123456"),
    (
        Transfer(1, 1, 852_864, "王小明", "6222021107001234567", "中国工商银行连云港分行", "LP2026-0001", "PG202608121"),
        Transfer(2, 2, 1, "连云港市海州区港城物流有限公司", "32001987654321098765", "中国建设银行连云港海州支行", "LP2026-0002", "PG202608122"),
        Transfer(5, 3, 123_456_789, "欧阳·阿依古丽", "6217001234567890123", "江苏东海农村商业银行", "LP2026-0005", "PG202608125"),
    ),
)  # fmt: skip
ATTACK = Batch(
    "FK-2026-0008",
    date(2026, 11, 21),
    Payer("=HYPERLINK(1)", "32001234567890123456"),
    (Transfer(1, 1, 100, "=cmd|'/C calc'!A0\t\x00", "62220211", "@SUM(A1)", "+1", "-1"),),
)
WORKBOOKS = [name for name, layout in LAYOUTS.items() if layout.suffix == "xlsx"]


def rows(path: Path) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def written(tmp_path: Path, name: str, batch: Batch = BATCH) -> Path:
    path = tmp_path / f"{name}.{LAYOUTS[name].suffix}"
    path.write_bytes(payment_bytes(LAYOUTS[name], batch))
    return path


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_says_what_the_kept_one_says(tmp_path: Path, name: str) -> None:
    kept = SAMPLES / f"{BATCH.number}_{name}.xlsx"

    assert rows(written(tmp_path, name)) == rows(kept)


def test_a_csv_is_the_kept_one_to_the_byte() -> None:
    kept = SAMPLES / f"{BATCH.number}_generic-csv.csv"

    assert payment_bytes(LAYOUTS["generic-csv"], BATCH) == kept.read_bytes()


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_same_batch_gives_the_same_bytes(name: str) -> None:
    assert payment_bytes(LAYOUTS[name], BATCH) == payment_bytes(LAYOUTS[name], BATCH)


def test_icbc_gets_its_nineteen_columns(tmp_path: Path) -> None:
    heading, first, second, _ = rows(written(tmp_path, "icbc"))

    assert heading == [
        "币种", "日期", "明细标志", "顺序号", "付款账号开户行", "付款账号/卡号", "付款账号名称/卡名称", "收款账号开户行", "收款账号省份",
        "收款账号地市", "收款账号地区码", "收款账号", "收款账号名称", "金额", "汇款用途", "备注信息", "汇款方式", "收款账户短信通知手机号码", "自定义序号",
    ]  # fmt: skip
    assert first == [
        "RMB", "20261121", None, "1", "工商银行", "32001234567890123456", "连云港福源汽车修理有限公司", "中国工商银行连云港分行", None,
        None, "0200", "6222021107001234567", "王小明", "8528.64", "理赔退款", "LP2026-0001 FK-2026-0007-1", "0", None, "FK-2026-0007-1",
    ]  # fmt: skip
    assert (second[10], second[13]) == ("0000", "0.01")


def test_ccb_gets_its_twelve_columns(tmp_path: Path) -> None:
    heading, first, second, _ = rows(written(tmp_path, "ccb"))

    assert heading == [
        "*序号", "*付款方客户账号", "*付款方账户名称", "*收款方行别代码（01-本行 02-国内他行）", "*收款方客户账号", "*收款方账户名称",
        "收款方开户行名称", "收款方联行号", "客户方流水号", "*金额", "*用途", "备注",
    ]  # fmt: skip
    assert (first[3], first[9], second[3], second[9]) == ("02", "8528.64", "01", "0.01")


def test_the_generic_file_adds_up(tmp_path: Path) -> None:
    *_, third, totals = rows(written(tmp_path, "generic"))

    assert (third[4], third[5]) == (1_234_567.89, "人民币壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分")
    assert (totals[0], totals[1], totals[4]) == ("合计", "3 笔", 1_243_096.54)
    assert (totals[5], totals[12]) == ("人民币壹佰贰拾肆万叁仟零玖拾陆元伍角肆分", "FK-2026-0007")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_another_reader_sees_the_same(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name)
    seen = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

    assert [[cell if cell != "" else None for cell in row] for row in seen] == rows(path)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_no_name_becomes_a_formula(tmp_path: Path, name: str) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path, name, ATTACK)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "=cmd|'/C calc'!A0" in {cell.value for cell in cells}


def test_no_name_becomes_a_formula_in_a_csv(tmp_path: Path) -> None:
    _, first, _ = csv.reader(written(tmp_path, "generic-csv", ATTACK).read_text("gb18030").splitlines())

    assert (first[1], first[3], first[9]) == ("'=cmd|'/C calc'!A0", "'@SUM(A1)", "'=HYPERLINK(1)")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_long_numbers_keep_their_digits(tmp_path: Path, name: str) -> None:
    texts = {str(cell) for row in rows(written(tmp_path, name)) for cell in row}

    assert {"32001234567890123456", "6222021107001234567", "32001987654321098765"} <= texts
