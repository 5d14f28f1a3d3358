"""Layouts that somebody explains, and what an account's statements leave open, by command."""

from pathlib import Path

import pytest

from tests.console.conftest import Huikuan

OWN = "3207004012345678901"
HEAD = "入帐日,进,出,结存,往来单位,说明文字\n"
TENTH = "20261110,2000.00,,12000.00,人保财险,苏G12345赔款\n20261110,,350.50,11649.50,新浦汽配,配件款\n"
TWENTIETH = "20261120,100.00,,11749.50,人保财险,赔款\n"
LATE = "20261120,100.00,,12749.50,人保财险,赔款\n"
MAPPED = (
    "--date", "入帐日", "--in", "进", "--out", "出", "--balance", "结存", "--name", "往来单位", "--memo", "说明文字",
    "--account", OWN,
)  # fmt: skip
DAY = "2026-11-21"


@pytest.fixture
def account(huikuan: Huikuan, tmp_path: Path) -> Path:
    """Give the folder of a shop with one account, and a file of it in a layout nobody knows."""
    ledger = Path(__file__).parent.parent / "samples" / "shop" / "ledger_2026-10.xlsx"
    assert huikuan("intake", "ledger", ledger, "--shop", "FUYUAN", "--date", DAY).status == 0
    assert huikuan("account", "add", OWN, "--shop", "FUYUAN").status == 0
    (tmp_path / "a.csv").write_text(HEAD + TENTH, "utf-8")
    return tmp_path


def bring(huikuan: Huikuan, folder: Path, name: str, content: str) -> str:
    (folder / name).write_text(content, "utf-8")
    said = huikuan("intake", "statement", folder / name, "--account", OWN, "--date", DAY)
    return said.out + said.err


def test_a_layout_is_explained_once_and_remembered_with_by_whom(huikuan: Huikuan, account: Path) -> None:
    refused = huikuan("intake", "statement", account / "a.csv", "--account", OWN)
    tried = huikuan("statement", "map", account / "a.csv", *MAPPED, "--dry-run")
    none = huikuan("statement", "profiles", "--json")
    mapped = huikuan("statement", "map", account / "a.csv", *MAPPED, "--json")

    assert "huikuan statement map a.csv" in refused.err
    assert "The running balance proves every line." in tried.out
    assert none.json == []
    assert (mapped.json["money_in"], mapped.json["money_out"], mapped.json["kept"]) == (
        "2000.00",
        "350.50",
        True,
    )
    (kept,) = huikuan("statement", "profiles", "--json").json
    assert (kept["made_by"], kept["made_from"], kept["account"]) == ("operator", "a.csv", OWN)
    assert huikuan("statement", "profile", kept["profile"], "--json").json["mapping"]["in"] == "进"

    taken = bring(huikuan, account, "b.csv", HEAD + TENTH)
    assert "2 lines, new: 2" in taken
    assert "profile 1, no known bank's layout, was read so: date, with the time or not: 入账日" in taken


def test_a_removed_explanation_reads_nothing_any_more_and_stays_on_record(
    huikuan: Huikuan, account: Path
) -> None:
    huikuan("statement", "map", account / "a.csv", *MAPPED)

    removed = huikuan("statement", "remove", 1)
    again = huikuan("statement", "remove", 1)

    assert removed.out == "Profile 1 is used no more.\n"
    assert "keeps no profile 1" in again.err
    assert "no bank's layout known here" in bring(huikuan, account, "b.csv", HEAD + TENTH)
    assert huikuan("statement", "profiles", "--json").json[0]["removed_by"] == "operator"


def test_explaining_the_same_headings_again_replaces_the_explanation(huikuan: Huikuan, account: Path) -> None:
    huikuan("statement", "map", account / "a.csv", *MAPPED)
    huikuan("statement", "map", account / "a.csv", *MAPPED, "--memo", "往来单位")

    assert [each["removed_by"] for each in huikuan("statement", "profiles", "--json").json] == [
        "operator",
        None,
    ]


def test_a_gap_between_statements_waits_until_what_is_missing_comes(huikuan: Huikuan, account: Path) -> None:
    huikuan("statement", "map", account / "a.csv", *MAPPED)
    bring(huikuan, account, "a.csv", HEAD + TENTH)
    bring(huikuan, account, "late.csv", HEAD + LATE)

    (waits,) = [x for x in huikuan("todo", "list", "--json").json if x["kind"] == "statement_gap"]
    listed = huikuan("statement", "list", "--json").json
    assert (waits["owner"], waits["amount"]) == ("accountant", "1000.00")
    assert "lines of 2026-11-11 to 2026-11-19 are missing" in waits["what"]
    assert [each["note"] for each in listed] == ["", "missing before it: 2026-11-11 to 2026-11-19, 1000.00"]

    bring(huikuan, account, "between.csv", HEAD + "20261115,1000.00,,12649.50,人保财险,赔款\n")
    assert not [x for x in huikuan("todo", "list", "--json").json if x["kind"] == "statement_gap"]


def test_an_overlap_is_recognised_and_adds_only_what_is_new(huikuan: Huikuan, account: Path) -> None:
    huikuan("statement", "map", account / "a.csv", *MAPPED)
    bring(huikuan, account, "a.csv", HEAD + TENTH)

    assert "3 lines, new: 1" in bring(huikuan, account, "month.csv", HEAD + TENTH + TWENTIETH)
    assert [each["note"] for each in huikuan("statement", "list", "--json").json] == ["", "overlaps a.csv"]


def test_a_file_that_names_somebody_else_is_not_this_accounts(huikuan: Huikuan, account: Path) -> None:
    huikuan("account", "add", OWN, "--shop", "FUYUAN", "--holder", "连云港福源汽车修理有限公司")
    head = "户名：别家公司\n日期,对方户名,对方账号,摘要,借方发生额,贷方发生额,余额\n"

    said = bring(huikuan, account, "x.csv", f"{head}20261104,人保财险,,赔款,,2000.00,12000.00\n")

    assert "names 别家公司 as the holder" in said
    assert f"huikuan account add {OWN} --shop FUYUAN --holder 别家公司" in said.replace("'", "")


def test_mt940_is_recognised_in_a_folder(huikuan: Huikuan, account: Path) -> None:
    samples = Path(__file__).parent.parent / "samples" / "statements"

    said = huikuan("intake", "folder", samples, "--only", "bank_*", "--shop", "FUYUAN", "--json")

    assert {each["kind"] for each in said.json["laid"]} == {"statement"}
    assert len(said.json["laid"]) == 4
