"""A remark of words around one key, read in short, names what reading it whole names, and no less is asked."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.remark import one_key
from tasks.reconciliation.facts import Alias, Case, Facts, Line, ListItem, ReportPattern
from tasks.reconciliation.keys import CaseIndex
from tasks.reconciliation.kinds import set_apart
from tasks.reconciliation.one_key import OneKey
from tasks.reconciliation.reading import Reader
from tasks.reconciliation.returns import is_return

DAY = date(2026, 11, 9)
PAYER = "人保财险苏州市分公司"
WORDS = (
    "", "", "", "赔款", " ", "车险理赔款", "支付", "报案号", "：", "结算单号", "保费", "退汇", "冲正", "3笔", "·", "苏", "E", "挂", "学",
    "ａ", "\u030a", "付", "，", "-", "第二批次号",
)  # fmt: skip
KEYS = (
    "苏E12345", "苏E·12345", "苏E 12345", "苏E12346", "苏AD12345", "浙A00001", "E12345", "苏e12345", "苏E1234挂", "苏E123456",
    "RDAA20263205000000001234", "A20263205000000001234", "20263205000000001234", "RDAA20263205000000009999", "9876543",
    "12345", "苏B9876543", "ZZ98765", "苏Z98765",
)  # fmt: skip


def case(number: int, plate: str, report: str | None) -> Case:
    return Case(number, f"LP{number}", plate, report, "王小明", 1, None, True, False, 500, 500)


CASES = [
    case(1, "苏E12345", "RDAA20263205000000001234"), case(2, "苏E12345", None), case(3, "苏E12346", "12345"),
    case(4, "苏·AD12345", "rdaa 2026320500 000009999"), case(5, "", "9876543"), case(6, "苏E1234挂", "X9876543"),
    case(7, "未上牌", "B9876543"), case(8, "苏Z98765", "40000098765"),
]  # fmt: skip
PATTERNS = (ReportPattern(r"RDAA20\d{18}", 1), ReportPattern(r"ZZ?98765", 1))
remarks = st.lists(st.sampled_from([*WORDS, *KEYS]), min_size=1, max_size=4).map("".join)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(remarks, min_size=1, max_size=4),
    st.sampled_from([PAYER, "王小明", "保险经纪", "人保财险保费"]),
    st.lists(st.sampled_from(CASES), unique=True),
)
def test_read_in_short_is_read_whole(texts: list[str], payer: str, cases: list[Case]) -> None:
    facts = Facts({each.case_id: each for each in cases}, aliases=(Alias("人保财险", 1),), patterns=PATTERNS)
    in_short, whole = OneKey(facts), Reader(facts)
    for number, text in enumerate(texts):
        line = Line(number, DAY, 500, payer, text)
        named = in_short.read(line)
        if named is not None:
            read = whole.read(line)
            keys = [*read.naming.plates, *read.naming.reports]
            said = (frozenset(each.case_id for each in named.cases), named.group_id, [named.key])
            assert (read.naming.cases, read.group_id, keys) == said
            assert not read.naming.listed
            assert read.hints.number is None
            assert not is_return(read)
            assert set_apart(read, facts) is None


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("车险赔款 苏E12345", [1, 2]),
        ("苏E·12346赔款支付", [3]),
        ("理赔款报案号：RDAA20263205000000001234", [1]),
        ("赔款 浙A00001 理赔", []),
    ],
)
def test_what_banks_write_most_is_read_in_short(text: str, cases: list[int]) -> None:
    known = {each.case_id: each for each in CASES if each.report_no != "12345"} | {
        3: case(3, "苏E12346", None)
    }
    facts = Facts(known, aliases=(Alias("人保财险", 1),), patterns=PATTERNS)

    named = OneKey(facts).read(Line(1, DAY, 500, PAYER, text))

    assert named is not None
    assert [each.case_id for each in named.cases] == cases


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(remarks, st.lists(st.sampled_from(CASES), unique=True))
def test_what_was_kept_of_a_remark_names_what_the_remark_names(text: str, cases: list[Case]) -> None:
    facts = Facts({each.case_id: each for each in cases}, aliases=(Alias("人保财险", 1),), patterns=PATTERNS)
    line, kept = Line(1, DAY, 500, PAYER, text), Line(1, DAY, 500, PAYER, text, *(one_key(text) or ()))

    now, before = OneKey(facts).read(kept), OneKey(facts).read(line)

    assert (now and now[1:]) == (before and before[1:])


def test_a_line_with_a_payment_list_or_money_that_goes_out_is_read_whole() -> None:
    facts = Facts({1: CASES[0]}, aliases=(Alias("人保财险", 1),), lists={1: (ListItem("苏E12345", "", 500),)})
    line = Line(1, DAY, 500, PAYER, "赔款 苏E12345")

    assert OneKey(facts).read(line) is None
    assert OneKey(facts).read(line._replace(line_id=2, amount=-500)) is None
    assert OneKey(facts).read(line._replace(line_id=2)) is not None


def test_plates_and_numbers_are_compared_as_they_are_normalised() -> None:
    index = CaseIndex([case(1, "苏·e12345", "rdaa-2026 1234567"), case(2, "苏E12345", "RDAA20261234567")])

    assert index.plates["苏E12345"] == {1, 2}
    assert index.numbered("RDAA20261234567") == {1, 2}
