"""What a remark names, and how surely; and who paid."""

from datetime import date

import pytest

from tasks.reconciliation.facts import Alias, Case, ReportPattern
from tasks.reconciliation.keys import CaseIndex, Naming, name_cases, plates_in
from tasks.reconciliation.payer import group_of

PICC, LIFE = 1, 2
PATTERNS = [ReportPattern(r"RDA[A-Z]20\d{2}\d{6}[0-9NS]{7,12}", PICC), ReportPattern(r"605\d{18}", LIFE)]
ALIASES = [
    Alias("人保财险", PICC), Alias("中国人民财产保险", PICC), Alias("PICC", PICC),
    Alias("平安", 3), Alias("人寿财险", LIFE), Alias("中国人寿财产保险", LIFE), Alias("太平财险", 4), Alias("太平洋财险", 5),
]  # fmt: skip


def case(case_id: int, plate: str, report: str | None) -> Case:
    return Case(
        case_id,
        f"LP{case_id}",
        plate,
        report,
        "王小明",
        PICC,
        date(2026, 9, 1),
        True,
        False,
        500_000,
        500_000,
    )


CASES = [
    case(1, "苏G12345", "RDAA202632070058438867"),
    case(2, "苏GD12345", "605202632070069974510"),
    case(3, "苏G88888", "RDAA202632070011111111"),
    case(4, "苏G88888", "RDAA20263207002222N222"),
    case(5, "苏G10C01", None),
]


def read(text: str) -> Naming:
    return name_cases(text, CaseIndex(CASES, PATTERNS), PICC)


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        ("苏G12345赔款", ["苏G12345"]),
        ("张三苏g·12345 车损赔款", ["苏G12345"]),
        ("苏Ｇ１２３４５交强险赔款", ["苏G12345"]),
        ("苏 G 12345", ["苏G12345"]),
        ("苏GD12345赔款", ["苏GD12345"]),
        ("赔款 苏G5490A 苏G2MJ36 苏G4WX79", ["苏G5490A", "苏G2MJ36", "苏G4WX79"]),
        ("苏G1234挂车损", ["苏G1234挂"]),
        ("苏G12345 苏G12345", ["苏G12345"]),
        ("江苏G公司", []),
        ("苏G1234567890", []),
        ("赔款支付", []),
    ],
)
def test_plates_are_found_in_a_remark(text: str, plates: list[str]) -> None:
    assert plates_in([text]) == plates
    assert plates_in(["苏", text, "E12345"]) == plates


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("苏G12345赔款", {1}),
        ("苏GD12345赔款", {2}),
        ("赔款RDAA202632070058438867", {1}),
        ("赔款 rdaa 2026 320700 58438867", {1}),
        ("理赔款 070058438867", {1}),
        ("理赔款 0058438867", {1}),
        ("苏G88888赔款", {3, 4}),
        ("苏G88888 RDAA20263207002222N222", {4}),
        ("苏G12345 070058438867", {1}),
        ("苏G12345赔款 流水12345678901234", {1}),
    ],
)
def test_strong_keys_name_their_cases(text: str, cases: set[int]) -> None:
    naming = read(text)

    assert naming.cases == cases
    assert naming.trouble is None


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("苏G12345 RDAA202632070011111111", "keys_disagree"),
        ("苏G12345 RDAA202632070099999999", "other_report_no"),
        ("苏G54321赔款", "unknown_key"),
        ("赔款RDAA202632070099999999", "unknown_key"),
    ],
)
def test_a_key_that_is_not_surely_ours_names_nothing(text: str, trouble: str) -> None:
    naming = read(text)

    assert (naming.cases, naming.trouble) == (frozenset(), trouble)


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("苏GI2345赔款", {1}),
        ("苏G1OCO1赔款", {5}),
        ("G12345赔款", {1}),
        ("苏G12345A赔款", {1}),
        ("理赔款 58438867", {1}),
        ("京GI2345赔款", set()),
        ("赔款 8438867", set()),
    ],
)
def test_a_loose_fit_is_weak(text: str, cases: set[int]) -> None:
    naming = read(text)

    assert not naming.cases
    assert naming.weak == cases


def test_several_plates_are_a_list_and_not_one_case() -> None:
    naming = read("赔款 苏G12345 苏G88888 苏G54321")

    assert naming.cases == frozenset()
    assert naming.listed == (frozenset({1}), frozenset({3, 4}), frozenset())


@pytest.mark.parametrize(
    ("payer", "group"),
    [
        ("中国人民财产保险股份有限公司连云港市分公司", PICC),
        ("人保财险连云港市分公司", PICC),
        ("picc", PICC),
        ("太平洋财险江苏分公司理赔账户", 5),
        ("太平财险江苏分公司", 4),
        ("中国人寿财产保险股份有限公司", LIFE),
        ("李平安", None),
        ("平安银行股份有限公司", None),
        ("平安产险江苏分公司", 3),
        ("上海某某商务咨询有限公司", None),
        ("", None),
    ],
)
def test_the_longest_alias_in_the_name_says_who_paid(payer: str, group: int | None) -> None:
    assert group_of(payer, ALIASES) == group


def test_a_draw_between_two_groups_is_nobody() -> None:
    assert group_of("某某财险", [Alias("某某", 1), Alias("财险", 2)]) is None
