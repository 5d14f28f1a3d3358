"""Files that people bring: read, known, refused with a sentence, or laid ready for the night."""

from pathlib import Path

import openpyxl
import pytest

from tests.console.conftest import NIGHT, SHOP, Huikuan

LEDGER = SHOP / "ledger_2026-10.xlsx"


def test_the_first_ledger_makes_the_shop_that_its_title_names(huikuan: Huikuan) -> None:
    said = huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT, "--json")

    assert said.status == 0, said.err
    assert said.json["shop_is_new"]
    assert said.json["shop_name"] == "连云港福源汽车修理有限公司"
    assert said.json["changed"] == 165


def test_the_same_ledger_again_changes_nothing(huikuan: Huikuan) -> None:
    huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT)

    said = huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT)

    assert said.status == 0
    assert said.out == "ledger_2026-10.xlsx: read on 2026-11-21 already; nothing was changed.\n"


def test_a_ledger_brought_again_with_a_name_is_vouched_for(huikuan: Huikuan) -> None:
    huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT)

    said = huikuan(
        "intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT, "--authorised-by", "王敏", "--json"
    )
    case = huikuan("case", "show", "LP2026-0001", "--json")

    assert said.json["vouched"] > 0
    assert case.json["authorised_by"] == "王敏"


def test_a_dry_run_of_a_ledger_leaves_nothing(huikuan: Huikuan, home: Path) -> None:
    said = huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT, "--dry-run", "--json")
    after = huikuan("case", "list")

    assert said.json["would_write"]["claim_case"] == 165
    assert after.status == 1
    assert "There is no shop yet" in after.err
    assert not list((home / "files").glob("*"))


def broken(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / f"{kind}.xlsx"
    if kind == "text":
        path.write_bytes(b"\x00\x01 nothing that anybody could read")
    elif kind == "encrypted":
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096)
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(["日期", "天气", "备注"])
        book.save(path)
    return path


@pytest.mark.parametrize("kind", ["text", "encrypted", "no headings"])
def test_what_is_no_ledger_is_refused_and_makes_no_shop(kind: str, huikuan: Huikuan, tmp_path: Path) -> None:
    path = broken(tmp_path, kind)

    said = huikuan("intake", "ledger", path, "--shop", "NEW")
    shops = huikuan("case", "list")

    assert said.status == 1
    assert said.out == ""
    assert path.name in said.err
    assert "There is no shop yet" in shops.err


def test_a_file_that_is_not_there_is_refused(huikuan: Huikuan) -> None:
    said = huikuan("intake", "ledger", "nowhere.xlsx", "--shop", "FUYUAN")

    assert said.status == 1
    assert said.err == "There is no file nowhere.xlsx. Check the name and the folder.\n"


def test_a_ledger_of_a_known_shop_is_not_read_into_another(huikuan: Huikuan) -> None:
    huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT)

    said = huikuan("intake", "ledger", LEDGER, "--shop", "OTHER", "--date", NIGHT)

    assert said.status == 1
    assert "which is the shop FUYUAN, not OTHER" in said.err


@pytest.mark.parametrize("code", ["A+2", "A/B", "", "a b"])
def test_a_code_that_would_be_no_folder_or_scope_is_refused(code: str, huikuan: Huikuan) -> None:
    said = huikuan("intake", "ledger", LEDGER, "--shop", code, "--date", NIGHT)

    assert said.status == 1
    assert "can't be a shop's code" in said.err


def test_a_date_that_is_none_is_refused(huikuan: Huikuan) -> None:
    said = huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", "2026-02-30")

    assert said.status == 1
    assert "Write it as 2026-11-21." in said.err


def test_a_statement_is_kept_once_however_often_it_comes(huikuan: Huikuan) -> None:
    huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT)
    huikuan("account", "import", SHOP / "accounts.csv", "--shop", "FUYUAN", "--date", NIGHT)

    first = huikuan("intake", "statement", SHOP / "icbc.xlsx", SHOP / "cmb.xlsx", "--date", NIGHT, "--json")
    second = huikuan("intake", "statement", SHOP / "icbc.xlsx", "--date", NIGHT)
    lines = huikuan("reconcile", "report", "--json")

    assert [each["changed"] for each in first.json] == [16, 25]
    assert "nothing was changed" in second.out
    assert len(lines.json) == 16 + 25
    assert {line["outcome"] for line in lines.json} == {"unmatched"}


def test_one_statement_that_is_refused_does_not_stop_the_others(huikuan: Huikuan, tmp_path: Path) -> None:
    huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT)
    huikuan("account", "import", SHOP / "accounts.csv", "--shop", "FUYUAN", "--date", NIGHT)
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("日期,天气\n2026-11-01,晴\n", encoding="utf-8")

    said = huikuan("intake", "statement", unknown, SHOP / "ccb.xlsx", "--date", NIGHT, "--json")

    assert said.status == 1
    assert "unknown.csv is in no bank's layout known here" in said.err
    assert [each["file"] for each in said.json] == ["ccb.xlsx"]


def test_a_dry_run_of_bank_files_says_what_they_bring_and_leaves_nothing(
    huikuan: Huikuan, home: Path, tmp_path: Path
) -> None:
    huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT)
    huikuan("account", "import", SHOP / "accounts.csv", "--shop", "FUYUAN", "--date", NIGHT)
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("日期,天气\n2026-11-01,晴\n", encoding="utf-8")
    copies = set((home / "files").glob("*"))
    asked = (SHOP / "icbc.xlsx", unknown, SHOP / "cmb.xlsx", "--date", NIGHT)

    tried = huikuan("intake", "statement", *asked, "--dry-run", "--json")
    told = huikuan("intake", "statement", *asked, "--dry-run")
    kept = set((home / "files").glob("*"))
    read = huikuan("intake", "statement", *asked, "--json")

    assert tried.status == told.status == 1
    assert [(step["step"], step["count"]) for step in tried.json["steps"]] == [
        ("icbc.xlsx", 16),
        ("cmb.xlsx", 25),
    ]
    assert tried.json["would_write"]["bank_line"] == 41
    assert "unknown.csv is in no bank's layout known here" in tried.json["refused"][0]
    assert "unknown.csv is in no bank's layout known here" in told.err
    assert "nothing was written" in told.out
    assert kept == copies
    assert [each["changed"] for each in read.json] == [16, 25]


def test_a_refused_statement_can_be_brought_again_once_its_account_is_known(huikuan: Huikuan) -> None:
    huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT)
    number = "3207004012345678901"

    refused = huikuan("intake", "statement", SHOP / "icbc.xlsx", "--date", NIGHT)
    added = huikuan("account", "add", number, "--shop", "FUYUAN")
    read = huikuan("intake", "statement", SHOP / "icbc.xlsx", "--date", NIGHT)

    assert refused.status == 1
    assert f"huikuan account add {number} --shop FUYUAN" in refused.err
    assert (added.status, read.status) == (0, 0)


def test_a_folder_is_told_by_content_and_what_is_of_no_use_is_named(huikuan: Huikuan) -> None:
    said = huikuan("intake", "folder", SHOP, "--skip", "ledger_2026-11*", "--shop", "FUYUAN", "--json")

    kinds = {each["file"]: each["kind"] for each in said.json["laid"]}
    passed_over = {each["file"]: each["why"] for each in said.json["passed_over"]}
    assert kinds == {
        "ledger_2026-10.xlsx": "ledger", "accounts.csv": "accounts", "contacts.csv": "contacts", "abc.xlsx": "statement",
        "boc_utf8bom.csv": "statement", "ccb.xlsx": "statement", "cmb.xlsx": "statement", "icbc.xlsx": "statement",
        "icbc_gbk.csv": "statement",
    }  # fmt: skip
    assert set(passed_over) == {"ledger_2026-11.xlsx", "truth.json"}
    assert "is no table" in passed_over["truth.json"]


def test_a_folder_brought_again_after_the_night_lays_nothing(huikuan: Huikuan, sample: Path) -> None:
    said = huikuan("intake", "folder", SHOP, "--skip", "ledger_2026-11*", "--shop", "FUYUAN", "--json")

    assert said.json["laid"] == []
    assert len(said.json["known"]) == 9


def test_a_file_refused_in_the_night_can_be_read_again_from_its_copy(
    huikuan: Huikuan, home: Path, tmp_path: Path
) -> None:
    huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT)
    huikuan("intake", "folder", SHOP / "icbc.xlsx", "--shop", "FUYUAN")
    huikuan("night", "run", "--date", NIGHT)
    todo = huikuan("todo", "list", "--json")
    refused = next(item for item in todo.json if item["kind"] == "refused_file")

    huikuan("account", "add", "3207004012345678901", "--shop", "FUYUAN")
    again = huikuan(*refused["command"].split()[1:], "--date", NIGHT)
    left = huikuan("todo", "list", "--json")

    assert "huikuan account add 3207004012345678901" in refused["what"]
    assert again.status == 0, again.err
    assert "refused_file" not in {item["kind"] for item in left.json}


def unusual(tmp_path: Path) -> Path:
    """A ledger with headings that nobody has named so before."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["连云港福源汽车修理有限公司保险理赔台帐"])
    sheet.append(["理陪编号", "车牌号", "派工单号", "保险公司", "进店日期", "备注", "金额", "到账金额"])
    sheet.append(["LP2026-0001", "苏G869LH", "WX1", "人保财险", "2026-11-02", "", 5, None])
    path = tmp_path / "台账.xlsx"
    book.save(path)
    return path


def test_the_mapping_is_shown_confirmed_and_used(huikuan: Huikuan, tmp_path: Path) -> None:
    path = unusual(tmp_path)

    shown = huikuan("intake", "map", path, "--shop", "NEW", "--json")
    refused = huikuan("intake", "ledger", path, "--shop", "NEW")
    said = huikuan("intake", "map", path, "--shop", "NEW", "--confirm", "--set", "备注=", "--set", "金额=22")
    read = huikuan("intake", "ledger", path, "--shop", "NEW", "--date", NIGHT, "--json")

    by = {line["heading"]: (line["number"], line["how"], line["is_read"]) for line in shown.json["headings"]}
    assert by["理陪编号"] == (1, "proposed", False)
    assert by["车牌号"] == (8, "alias", True)
    assert by["金额"] == (21, "neighbours", True)
    assert by["备注"] == (None, "passed over", False)
    assert (refused.status, "looks like" in refused.err) == (1, True)
    assert "4 headings decided" in said.out
    assert read.json["rows"] == 1
    assert read.json["summary"]["sums"]["customer_received_amount"] == 500


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("没有=22", "is no heading of it"),
        ("车牌号=99", "names no single column"),
        ("金额=收款人", "24 收款人, 36 收款人"),
    ],
)
def test_what_cannot_be_meant_is_refused(huikuan: Huikuan, tmp_path: Path, said: str, why: str) -> None:
    refused = huikuan("intake", "map", unusual(tmp_path), "--shop", "NEW", "--set", said)

    assert refused.status == 1
    assert why in refused.err


def test_a_folder_with_a_ledger_whose_headings_were_confirmed_is_recognised(
    huikuan: Huikuan, tmp_path: Path
) -> None:
    path = unusual(tmp_path)
    huikuan("intake", "map", path, "--shop", "NEW", "--confirm")

    said = huikuan("intake", "folder", path, "--shop", "NEW", "--json")

    assert [each["kind"] for each in said.json["laid"]] == ["ledger"]


def test_findings_come_as_a_workbook_and_go_in_corrected(huikuan: Huikuan, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(LEDGER)
    sheet = book.worksheets[0]
    at = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "LP2026-0001")
    was, sheet.cell(at, 14).value = sheet.cell(at, 14).value, "不清楚"
    book.save(tmp_path / "十月.xlsx")
    huikuan("intake", "ledger", tmp_path / "十月.xlsx", "--shop", "FUYUAN", "--date", NIGHT)

    said = huikuan("finding", "export", "--shop", "FUYUAN", "--out", tmp_path, "--json")
    (written,) = said.json["written"]
    fixed = openpyxl.load_workbook(written["path"])
    fixed.worksheets[0].cell(at, 14).value = was
    fixed.save(tmp_path / "fixed.xlsx")
    read = huikuan("intake", "ledger", tmp_path / "fixed.xlsx", "--shop", "FUYUAN", "--date", NIGHT, "--json")
    again = huikuan("finding", "export", "--shop", "FUYUAN", "--out", tmp_path)

    assert written["rows"] == 1
    assert read.json["rows"] == 1
    assert huikuan("case", "show", "LP2026-0001").status == 0
    assert (again.status, "No row of FUYUAN's ledgers waits" in again.err) == (1, True)


def test_a_dry_run_shows_counts_sums_and_what_differs(huikuan: Huikuan) -> None:
    huikuan("intake", "ledger", LEDGER, "--shop", "FUYUAN", "--date", NIGHT)
    newer = SHOP / "ledger_2026-11.xlsx"

    said = huikuan("intake", "ledger", newer, "--shop", "FUYUAN", "--date", NIGHT, "--dry-run")
    document = huikuan(
        "intake", "ledger", newer, "--shop", "FUYUAN", "--date", NIGHT, "--dry-run", "--json"
    ).json

    (step,) = document["steps"]
    summary = step["notes"]["summary"]
    assert (summary["cases_new"], summary["cases_changed"], summary["cases_as_known"]) == (0, 44, 121)
    payouts = [each for each in step["notes"]["differs"] if each["field"] == "payout_received_amount"]
    assert sum(each["says"] - each["known"] for each in payouts) == sums(newer, 35) - sums(LEDGER, 35)
    assert summary["sums"]["repair_net_amount"] == sums(newer, 18)
    assert "Cases: 0 new, 44 changed, 121 as known. Rows passed over: 1 total." in said.out
    assert "实际收款金额 (payout_received_amount)" in said.out


def sums(path: Path, column: int) -> int:
    """The sum of a column of the sample's rows, in fen, as a spreadsheet reads it."""
    rows = openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows(min_row=3, values_only=True)
    named = [row for row in rows if str(row[0]).startswith("LP")]
    return sum(round(float(str(row[column - 1] or 0)) * 100) for row in named)
