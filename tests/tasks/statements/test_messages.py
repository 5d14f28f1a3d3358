"""MT940 and CAMT.053 as different banks write them: signs, pages, encodings, several statements in a file."""

import builtins
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.values import Refusal
from tasks.statements.accounts import KnownAccount, KnownShop, Registry
from tasks.statements.reading import Reading, is_message, readings_of
from tasks.statements.rules import Given

SAMPLES = Path(__file__).parent.parent.parent / "samples" / "statements"
SHOP = KnownShop(1, "FY", "连云港福源汽车修理有限公司")
NUMBERS = [f"32070040123456789{last}" for last in range(11, 16)]
REGISTRY = Registry([SHOP], {number: KnownAccount(number, 1, None) for number in NUMBERS})


def read(name: str, change: tuple[str, str] = ("", ""), encoding: str = "utf-8") -> list[Reading]:
    """Read a sample, with one change in its text."""
    text = (SAMPLES / name).read_bytes().decode(encoding)
    assert change[0] in text
    data = text.replace(*change, 1).encode(encoding)
    return readings_of(name, data, Given(), REGISTRY, date(2026, 11, 22))


def lines(found: Reading) -> list[tuple[str, int, int | None, str, str]]:
    return [
        (f"{each.booked_on:%m-%d}", each.amount, each.balance, each.counterparty_name, each.memo)
        for each in found.statement.lines
    ]


def test_mt940_pages_become_one_statement_and_reversals_have_their_sign() -> None:
    pages, twins = read("bank_a.mt940")

    assert pages.owner.number == NUMBERS[0]
    assert [each[:3] for each in lines(pages)] == [
        ("11-04", 200_000, 1_200_000),
        ("11-04", -35_050, 1_164_950),
        ("11-05", -50_000, 1_114_950),  # RC: a credit taken back
        ("11-05", 5_000, 1_119_950),  # RD: a debit given back
    ]
    assert [each.serial for each in pages.statement.lines][:2] == ["B261104001", "B261104002"]
    assert (twins.owner.number, [each[1:3] for each in lines(twins)]) == (
        NUMBERS[1],
        [(100, 100), (100, 200)],
    )


def test_mt940_in_gb18030_with_subfields_names_the_other_side() -> None:
    (found,) = read("bank_b_gbk.sta", encoding="gb18030")

    assert lines(found) == [
        ("11-03", 695_225, 745_225, "中国人民财产保险股份有限公司连云港市分公司", "转账 苏GD96500商业险赔款"),
        ("11-04", -1_200, 744_025, "招商银行", "手续费 FEE"),
    ]


def test_camt_says_who_when_and_how_much_and_leaves_out_what_is_not_booked() -> None:
    (found,) = read("bank_c.xml")

    assert lines(found) == [
        ("11-04", 200_000, 1_200_000, "人保财险", "苏G12345赔款"),
        ("11-05", -35_050, 1_164_950, "连云港新浦汽配商行", "配件款"),
    ]
    assert found.statement.holder == SHOP.name
    assert found.statement.span is not None
    assert found.statement.span.is_stated


def test_camt_with_prefixes_reversals_and_batches_is_a_line_per_booking() -> None:
    (found,) = read("bank_d_prefixed.xml")

    assert lines(found) == [
        ("11-06", -50_000, 50_000, "人保财险", "冲正 苏G12345 赔款"),
        ("11-07", 30_000, 80_000, "", "苏G00001 苏G00002"),
    ]


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("bank_a.mt940", ("C2000,00", "C2000,01"), ["contradicts itself", "12,000.01", "11,649.50"][:1]),
        ("bank_a.mt940", ("C2000,00", "D2000,00"), ["contradicts itself", "statement 1"]),
        ("bank_a.mt940", (":61:2611041104D350,5NMSCNONREF//B261104002\n", ""), ["contradicts itself"]),
        ("bank_a.mt940", (":60M:C261104CNY11649,5", ":60M:C261104CNY11649,6"), ["contradicts itself"]),
        ("bank_a.mt940", (":62F:C261105CNY11199,5\n", ""), ["no closing balance"]),
        ("bank_a.mt940", (":61:2611041104C2000,00", ":61:99X"), ["can't be read as MT940"]),
        ("bank_a.mt940", (":60F:C261103CNY10000,00", ":60F:C261103USD10000,00"), ["USD, not yuan"]),
        ("bank_a.mt940", (":61:2611041104", ":61:2711041104"), ["after 2026-11-22"]),
        ("bank_c.xml", ("2000.00</Amt>", "2000.10</Amt>"), ["contradicts itself", "TtlCdtNtries"]),
        ("bank_c.xml", ("11649.50", "11649.51"), ["contradicts itself", "11,649.51"]),
        ("bank_c.xml", ("<NbOfNtries>1<", "<NbOfNtries>2<"), ["contradicts itself", "says 2 entries"]),
        ("bank_c.xml", ("<CdtDbtInd>DBIT</CdtDbtInd><Sts>", "<Sts>"), ["doesn't say CRDT or DBIT"]),
        ("bank_c.xml", ("2026-11-05</Dt>", "2026-11-35</Dt>"), ["2026-11-35"]),
        ("bank_c.xml", ('<Amt Ccy="CNY">2000.00', '<Amt Ccy="EUR">2000.00'), ["EUR, not yuan"]),
        ("bank_c.xml", ("</Stmt>", ""), ["broken XML"]),
        ("bank_c.xml", ("CLBD", "CLAV"), ["no closing balance"]),
        (
            "bank_c.xml",
            ("<Document", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document'),
            ["document type or entities"],
        ),
        (
            "bank_c.xml",
            ("<Document", '<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><Document'),
            ["document type or entities"],
        ),
    ],
)  # fmt: skip
def test_a_message_that_does_not_hold_together_is_refused_whole(
    name: str, change: tuple[str, str], words: list[str]
) -> None:
    with pytest.raises(Refusal) as refused:
        read(name, change)

    for word in (name, *words):
        assert word in str(refused.value)


def test_without_the_library_the_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = builtins.__import__

    def without(name: str, *args: Any, **named: Any) -> Any:
        if name.startswith("mt940"):
            raise ImportError(name)
        return plain(name, *args, **named)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(
        Refusal, match=r'pip install "huikuan\[swift\]", then again: huikuan intake statement'
    ):
        read("bank_a.mt940")


def test_messages_are_told_by_their_content_and_nothing_else_is_one() -> None:
    shop = SAMPLES.parent / "shop"

    assert all(is_message(path) for path in SAMPLES.glob("bank_*"))
    assert not any(is_message(path) for path in shop.iterdir())
