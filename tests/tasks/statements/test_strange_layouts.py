"""Layouts nobody declared, from the traps of domain 6.2: read rightly, or refused with the mapping they need."""

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from models.values import Refusal
from tasks.statements.profile import Profile, explained
from tasks.statements.rules import Given, statement
from tasks.statements.statement import Statement
from worker.sheets import book_of

LATEST = date(2026, 11, 22)
TRUE = [
    (date(2026, 11, 4), 200_000, 1_200_000, "人保财险", "苏G12345赔款"),
    (date(2026, 11, 5), -35_050, 1_164_950, "新浦汽配", "配件款"),
    (date(2026, 11, 5), 200_000, 1_364_950, "人保财险", "退款"),
]


def html(*rows: str) -> bytes:
    cells = ("".join(f"<td>{cell}</td>" for cell in row.split(",")) for row in rows)
    return f"<html><table>{''.join(f'<tr>{each}</tr>' for each in cells)}</table></html>".encode()


def xlsx(*rows: tuple[object, ...]) -> bytes:
    book, target = Workbook(), io.BytesIO()
    sheet = book.create_sheet("明细", 0)
    for row in rows:
        sheet.append(row)
    book.save(target)
    return target.getvalue()


READ = {
    "signed, GB18030, padded with tabs, a comma too many.csv": (
        "交易日期,对方户名,交易金额,余额,附言,\n"
        '2026-11-04     \t,人保财险\t,"2,000.00",  "12,000.00"\t,苏G12345赔款,\n'
        '2026-11-05\t,新浦汽配,-350.50,"11,649.50",配件款,\n'
        '2026-11-05\t,人保财险,"+2,000.00","13,649.50",退款,\n'
    ).encode("gb18030"),
    "bom, tabs, direction in a word.txt": (
        "\ufeff记账日期\t收/支\t金额\t账面余额\t交易对方\t用途\n20261104\t收\t2000\t12000\t人保财险\t苏G12345赔款\n"
        "20261105\t支\t350.5\t11649.5\t新浦汽配\t配件款\n20261105\t收\t2000\t13649.5\t人保财险\t退款\n"
    ).encode(),
    "html in disguise.xls": html(
        "账户明细", "交易日,支出,收入,当前余额,对方名称,摘要", "2026年11月4日,-,¥2000.00,12000.00,人保财险,苏G12345赔款",
        "2026年11月5日,350.50,-,11649.50,新浦汽配,配件款", "2026年11月5日,,2000.00,13649.50,人保财险,退款",
    ),
    "bars and dashes.txt": (
        "日期|借方|贷方|余额|对手信息|备注\n2026/11/4|--|2000.00|12000.00|人保财险|苏G12345赔款\n"
        "2026/11/5|350.50|--|11649.50|新浦汽配|配件款\n2026/11/5|--|2000.00|13649.50|人保财险|退款\n"
    ).encode(),
    "bilingual, heading in row 15.xlsx": xlsx(
        *[(f"说明 {row}",) for row in range(14)],
        ("入账日期[ Date ]", "对方单位名称[ Name ]", "发生额[ Amount ]", "账户余额[ Balance ]", "交易摘要[ Text ]"),
        ("2026-11-04 10:00:00", "人保财险", 2000.0, 12000.0, "苏G12345赔款"),
        ("2026-11-05 10:00:00", "新浦汽配", -350.5, 11649.5, "配件款"),
        ("2026-11-05 11:00:00", "人保财险", 2000.0, 13649.5, "退款"),
    ),
    "two heading rows, totals below.xlsx": xlsx(
        ("记账日期", "对方户名", "发生额", None, "余额", "附言"), (None, None, "借方", "贷方", None, None),
        (date(2026, 11, 4), "人保财险", None, 2000, 12000, "苏G12345赔款"),
        (date(2026, 11, 5), "新浦汽配", 350.5, None, 11649.5, "配件款"),
        (date(2026, 11, 5), "人保财险", None, 2000, 13649.5, "退款"),
        ("合计", None, 350.5, 4000), ("借方笔数", 1, "贷方笔数", 2),
    ),
    "serial days, a time of its own, damaged accounts.xlsx": xlsx(
        ("交易日期", "交易时间", "对方名称", "对方账号", "收入金额", "支出金额", "账户余额", "说明"),
        (46330, 0.5, "人保财险", 6.22e18, 2000, None, 12000, "苏G12345赔款"),
        (46331, 93015, "新浦汽配", "6.22E+18", None, 350.5, 11649.5, "配件款"),
        (46331, "11:00", "人保财险", None, 2000, None, 13649.5, "退款"),
    ),
    "full width and brackets.csv": (
        "日期,交易对手,交易额,可用余额,客户摘要\n２０２６－１１－０４,人保财险,２０００．００,１２０００．００,苏G12345赔款\n"
        "2026-11-05,新浦汽配,(350.50),11649.50,配件款\n2026-11-05,人保财险,￥2000.00,13649.50,退款\n"
    ).encode(),
    "newest first.csv": (
        "交易日期,借贷标志,交易金额,余额,对方户名,摘要\n2026-11-05,贷,2000.00,13649.50,人保财险,退款\n"
        "2026-11-05,借,350.50,11649.50,新浦汽配,配件款\n2026-11-04,贷,2000.00,12000.00,人保财险,苏G12345赔款\n"
    ).encode(),
    "the heading again on each page.csv": (
        "账号：3207004012345678901 户名：福源\n日期,转出金额,转入金额,余额,对方单位,用途\n"
        "2026-11-04,0.00,2000.00,12000.00,人保财险,苏G12345赔款\n本页合计,0.00,2000.00\n"
        "日期,转出金额,转入金额,余额,对方单位,用途\n2026-11-05,350.50,0.00,11649.50,新浦汽配,配件款\n"
        "2026-11-05,0.00,2000.00,13649.50,人保财险,退款\n本页合计,350.50,2000.00\n总计,350.50,4000.00\n"
    ).encode(),
}  # fmt: skip

UNKNOWN = """入帐日,进,出,结存,往来单位,说明文字
20261104,2000.00,,12000.00,人保财险,苏G12345赔款
20261105,,350.50,11649.50,新浦汽配,配件款
20261105,2000.00,,13649.50,人保财险,退款
"""
UNSIGNED = """交易日期,交易金额,余额,对方户名,附言
2026-11-04,2000.00,12000.00,人保财险,赔款
2026-11-05,350.50,11649.50,新浦汽配,配件款
"""
MAPPING = {
    "date": "入帐日",
    "in": "进",
    "out": "出",
    "balance": "结存",
    "name": "往来单位",
    "memo": ["说明文字"],
}


def read(name: str, data: bytes, given: Given = Given()) -> Statement:  # noqa: B008  # frozen
    sheets = {sheet.name: sheet.rows for sheet in book_of(name, data).sheets}
    return statement(name, sheets, LATEST, given)


def told(found: Statement) -> list[tuple[object, ...]]:
    return sorted((x.booked_on, x.amount, x.balance, x.counterparty_name, x.memo) for x in found.lines)


@pytest.mark.parametrize("name", READ)
def test_a_layout_nobody_declared_is_read_rightly_and_says_how(name: str) -> None:
    found = read(name, READ[name])

    assert told(found) == sorted(TRUE)
    assert found.mapping is not None
    assert found.mapping["balance"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("no balance.csv", "交易日期,对方户名,交易金额,附言\n2026-11-04,人保财险,2000.00,赔款\n",
         ["--balance HEADING", "--date '交易日期'", "--amount '交易金额'", "statement map"]),
        ("words of its own.csv", UNKNOWN, ["no bank's layout", "「往来单位」", "huikuan statement map"]),
        ("a sign is missing.csv", UNSIGNED, ["contradicts itself"]),
        ("one line proves nothing.csv", "交易日期,交易金额,余额,对方户名,附言\n2026-11-04,2000.00,12000.00,人保财险,赔款\n",
         ["must be proved by the running balance", "huikuan statement map"]),
    ],
)  # fmt: skip
def test_what_cannot_be_proved_is_refused_with_the_command_that_explains_it(
    name: str, content: str, words: list[str]
) -> None:
    with pytest.raises(Refusal) as refused:
        read(name, content.encode())

    for word in (name, *words):
        assert word in str(refused.value)


def headings_of(content: str) -> tuple[str, ...]:
    sheets = [sheet.rows for sheet in book_of("x.csv", content.encode()).sheets]
    return explained("x.csv", sheets, MAPPING)


def test_a_layout_somebody_explained_is_read_so() -> None:
    profile = Profile(1, headings_of(UNKNOWN), MAPPING)

    found = read("x.csv", UNKNOWN.encode(), Given(profiles=[profile.layout]))

    assert (told(found), found.format) == (sorted(TRUE), "profile 1")


def test_an_explained_layout_is_for_exactly_its_headings() -> None:
    profile = Profile(1, headings_of(UNKNOWN), MAPPING)
    other = UNKNOWN.replace("说明文字", "说明文字,备用").encode()

    with pytest.raises(Refusal, match="no bank's layout known here"):
        read("x.csv", other, Given(profiles=[profile.layout]))


def test_an_explanation_the_balance_contradicts_is_refused() -> None:
    turned = MAPPING | {"in": "出", "out": "进"}
    profile = Profile(1, headings_of(UNKNOWN), turned)

    with pytest.raises(Refusal, match="contradicts itself"):
        read("x.csv", UNKNOWN.encode(), Given(profiles=[profile.layout]))


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ({key: said for key, said in MAPPING.items() if key != "date"}, "--date"),
        ({key: said for key, said in MAPPING.items() if key != "out"}, "--in and --out, or --amount"),
        (MAPPING | {"amount": "进"}, "can't both be said"),
        ({key: said for key, said in MAPPING.items() if key != "memo"}, "--memo"),
        (MAPPING | {"name": "没有这列"}, "has the heading 「没有这列」"),
    ],
)
def test_an_explanation_that_is_not_whole_is_refused_with_the_headings(
    mapping: dict[str, str], why: str
) -> None:
    sheets = [sheet.rows for sheet in book_of("x.csv", UNKNOWN.encode()).sheets]

    with pytest.raises(Refusal, match=f"(?s){why}.*「往来单位」"):
        explained("x.csv", sheets, mapping)


def test_the_kept_samples_of_the_shop_are_of_known_banks() -> None:
    shop = Path(__file__).parent.parent.parent / "samples" / "shop"

    assert read("abc.xlsx", (shop / "abc.xlsx").read_bytes()).mapping is None
