"""The six bank files of the sample shop and the personal exports, as they really come."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.values import Refusal, yuan
from tasks.statements.placing import new_lines
from tasks.statements.rules import statement
from tasks.statements.statement import Statement
from worker.sheets import read_book

SAMPLES = Path(__file__).parent.parent.parent / "samples"
TRUTH: dict[str, Any] = json.loads((SAMPLES / "shop" / "truth.json").read_text("utf-8"))
ACCOUNTS = {
    "icbc.xlsx": "3207004012345678901",
    "icbc_gbk.csv": "3207004012345678909",
    "ccb.xlsx": "3207004012345678902",
    "abc.xlsx": "3207004012345678903",
    "boc_utf8bom.csv": "3207004012345678904",
    "cmb.xlsx": "3207004012345678905",
}


def read(path: Path) -> Statement:
    sheets = {sheet.name: sheet.rows for sheet in read_book(path).sheets}
    return statement(path.name, sheets, latest=date(2026, 11, 22))


@pytest.mark.parametrize("name", ACCOUNTS)
def test_every_line_of_a_bank_file_is_read_as_it_is_true(name: str) -> None:
    true = [line for line in TRUTH["lines"] if line["file"] == name]

    found = read(SAMPLES / "shop" / name)

    assert Counter(
        (str(line.booked_on), line.counterparty_name, yuan(line.amount), line.memo) for line in found.lines
    ) == Counter((line["date"], line["payer"], line["amount"], line["memo"]) for line in true)
    assert len(new_lines(name, found, [])) == len({new.identity for new in new_lines(name, found, [])})
    assert found.account_number == ACCOUNTS[name]
    assert found.closing == (found.opening or 0) + sum(line.amount for line in found.lines)


@pytest.mark.parametrize(
    ("name", "holder"),
    [
        ("ccb.xlsx", TRUTH["shop"]),
        ("abc.xlsx", TRUTH["shop"]),
        ("cmb.xlsx", TRUTH["shop"]),
        ("icbc.xlsx", None),
    ],
)
def test_the_holder_is_known_where_the_file_names_him(name: str, holder: str | None) -> None:
    assert read(SAMPLES / "shop" / name).holder == holder


def test_the_old_workbook_holds_the_same_lines_as_the_new() -> None:
    old, new = read(SAMPLES / "statements" / "abc.xls"), read(SAMPLES / "shop" / "abc.xlsx")

    assert old == new


def test_a_personal_export_that_its_balance_proves_is_read() -> None:
    found = read(SAMPLES / "personal" / "example-boc-records.csv")

    assert len(found.lines) == 17
    assert found.account_number is None
    wage = next(line for line in found.lines if line.amount == 577_100)
    assert (wage.booked_on, wage.counterparty_name) == (date(2025, 8, 5), "美金数据有限公司")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("example-abc_debit-records.csv", "row 3 moves -10.00, which makes 10,990.00, and says 11,000.00"),
        ("example-cmb-records.csv", "row 4 moves -3.00, which makes 268.66, and says 81.22"),
        ("example-icbc-debit-v1-records.csv", "cell L8 .* 'xx,yyyy.zz' is not an amount"),
        ("example-alipay-records.csv", "in no bank's layout known here"),
    ],
)
def test_a_personal_export_that_cannot_be_trusted_is_refused(name: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        read(SAMPLES / "personal" / name)
