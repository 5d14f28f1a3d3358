"""Retained texts: every version of a rule has one, and events are told by the text of their version."""

import re
from pathlib import Path
from typing import Any

import pytest

from console import rule_texts
from console.rule_texts import fill
from models.words import Fact

CHECKOUT = Path(__file__).parent.parent.parent
VERSION = re.compile(r"^(?:VERSION|RULE) = \"([^\"]+)\"$", re.MULTILINE)


def versions() -> set[str]:
    found = (VERSION.findall(path.read_text(encoding="utf-8")) for path in (CHECKOUT / "tasks").rglob("*.py"))
    return {version for each in found for version in each}


@pytest.mark.parametrize("version", sorted(versions()))
def test_the_text_of_every_version_is_kept(version: str) -> None:
    text = rule_texts.rule(version, {})

    assert text, f"tasks/<room>/rule_texts holds no text with rule = {version!r}"
    assert len(text) > 100


def test_a_version_without_a_text_has_none() -> None:
    assert rule_texts.rule("refund/0", {}) is None
    assert rule_texts.rule(None, {}) is None


@pytest.mark.parametrize("fact", Fact)
def test_every_fact_that_people_record_is_told_in_a_sentence(fact: Fact) -> None:
    inputs = {"value": "1", "on": "2026-11-21", "now": {"stage1_reviewer": "李娜"}, "was": {}}

    said = rule_texts.sentence(f"recorded_{fact.replace('-', '_')}", None, inputs)

    assert not said.startswith("recorded ")
    assert "{" not in said


@pytest.mark.parametrize(
    ("template", "inputs", "said"),
    [
        ("{amount:yuan} yuan", {"amount": 123_456}, "1,234.56 yuan"),
        ("{amount:yuan} yuan", {}, ""),
        ("{amount:yuan} yuan of {total:yuan}", {"amount": 5}, "0.05 yuan of not known"),
        ("paid|, because {because}", {}, "paid"),
        ("paid|, because {because}", {"because": ""}, "paid"),
        ("paid|, because {because}", {"because": "迟到"}, "paid, because 迟到"),
        ("before: {was[invoice_amount]:yuan}", {"was": {"invoice_amount": 100}}, "before: 1.00"),
        ("x|; before: {was[invoice_amount]:yuan}", {"was": {"invoice_amount": None}}, "x"),
        ("x|; before: {was[invoice_amount]:yuan}", {"was": "odd"}, "x"),
        ("line {lines}", {"lines": [3, 4]}, "line 3, 4"),
        ("held: {hold:code}", {"hold": "manual"}, "held: a person holds it"),
        ("held: {hold:code}", {"hold": "new_code"}, "held: new_code"),
        ("x|, {days:some} days", {"days": 0}, "x"),
        ("x|, {days} days", {"days": 0}, "x, 0 days"),
        ("{kind}|: {rest}", {"kind": "a", "amount": 100, "to": "b"}, "a: amount 1.00, to b"),
        ("{kind}|: {rest}", {"kind": "a"}, "a"),
    ],
)
def test_a_sentence_is_filled_with_what_is_known(template: str, inputs: dict[str, Any], said: str) -> None:
    assert fill(template, inputs, {"manual": "a person holds it"}) == said


def test_an_event_is_told_by_the_version_that_decided_it() -> None:
    inputs = {"refund": 3, "amount": 100, "match": 1, "line": 9, "on": "2026-11-21"}

    by_bank = rule_texts.sentence("refund_paid", "match/2", inputs)
    by_hand = rule_texts.sentence("refund_paid", None, inputs)

    assert by_bank == "refund 3 was paid as bank line 9 shows: 1.00 yuan on 2026-11-21"
    assert by_hand == "refund 3 was paid: 1.00 yuan on 2026-11-21, bank line 9"


def test_an_event_without_a_sentence_is_told_in_plain_words() -> None:
    assert rule_texts.sentence("tax_paid", None, {"amount": 100}) == "tax paid: amount 1.00"
    assert rule_texts.sentence("tax_paid", "refund/1", None) == "tax paid"
