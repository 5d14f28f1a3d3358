"""Which insurer is meant, and what the number in column 11 is."""

import pytest

from tasks.intake.insurers import InsurerBook, InsurerMeant, insurer_of, numbers_of

PICC, PAIC, CPIC = 1, 2, 3
BOOK = InsurerBook(
    branches={"中国人民财产保险股份有限公司连云港市分公司": (7, PICC), "某互助社": (8, None)},
    aliases={
        "中国人民财产保险": PICC, "人保财险": PICC, "平安产险": PAIC, "中国平安财产保险": PAIC,
        "中国太平洋财产保险": CPIC, "太平财险": 4, "中国人寿财产保险": 5,
    },
    patterns={PICC: (r"RDA[A-Z]20\d{2}\d{6}[0-9NS]{7,12}",), PAIC: (r"9\d{20}",)},
)  # fmt: skip


@pytest.mark.parametrize(
    "name, meant",
    [
        (
            "中国人民财产保险股份有限公司连云港市分公司",
            InsurerMeant("中国人民财产保险股份有限公司连云港市分公司", 7, PICC),
        ),
        ("人保财险海州支公司", InsurerMeant("人保财险海州支公司", None, PICC)),
        ("平安", InsurerMeant("平安", None, PAIC, guessed=True)),
        ("太平洋", InsurerMeant("太平洋", None, CPIC, guessed=True)),
        ("太平", InsurerMeant("太平", None, None)),
        ("中国", InsurerMeant("中国", None, None)),
        ("某互助社", InsurerMeant("某互助社", 8, None)),
        ("东海车险互助", InsurerMeant("东海车险互助", None, None)),
    ],
)
def test_an_insurer_is_known_by_branch_then_by_group(name: str, meant: InsurerMeant) -> None:
    assert insurer_of(name, BOOK) == meant


@pytest.mark.parametrize(
    "text, group, numbers",
    [
        ("RDAA202632070058438867", PICC, ("RDAA202632070058438867", None)),
        ("rdaa202632070058438867", PICC, ("RDAA202632070058438867", None)),
        ("PDAA202632070000001234", PICC, (None, "PDAA202632070000001234")),
        (
            "RDAA202632070058438867 / PDAA202632070000001234",
            PICC,
            ("RDAA202632070058438867", "PDAA202632070000001234"),
        ),
        ("保单号:123456789 报案号:939081886751522916115", PAIC, ("939081886751522916115", "123456789")),
        ("4786896399032435755645", None, ("4786896399032435755645", None)),
        ("12345", PICC, ("12345", None)),
        (None, PICC, (None, None)),
    ],
)
def test_column_eleven_holds_a_report_number_or_a_policy_number(
    text: str | None, group: int | None, numbers: tuple[str | None, str | None]
) -> None:
    assert numbers_of(text, group, BOOK) == numbers
