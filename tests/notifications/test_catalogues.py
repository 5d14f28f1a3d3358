"""Every language says all of every notice, and says it with the words the notice has."""

import io
import re
from dataclasses import asdict
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from notifications import parts, render
from notifications.language import CATALOGUES, HOME
from notifications.notices import KIND, Words, kind_of
from tests.notifications.examples import EXAMPLES
from tests.notifications.test_templates import fields_of, row_fields_of

LANGUAGES = sorted(path.name for path in CATALOGUES.iterdir() if path.is_dir())
TRANSLATED = [each for each in EXAMPLES if each.audience != "insurer"]
CHINESE = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"\{([^{}\s][^{}]*)\}")


def catalogue(language: str) -> Catalog:
    path = CATALOGUES / language / "LC_MESSAGES" / "notices.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language, abort_invalid=True)


def test_there_is_a_second_language() -> None:
    assert "en" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_the_messages_of_the_templates_and_no_others(language: str) -> None:
    wanted = {
        message
        for kind, notice in KIND.items()
        if notice.audience != "insurer"
        for message in render.messages_of(kind)
    }
    held = {str(each.id) for each in catalogue(language) if each.id}

    assert held == wanted, "run: make catalogues"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete_and_compiles(language: str) -> None:
    read = catalogue(language)
    compiled = io.BytesIO()

    write_mo(compiled, read)

    assert [each.id for each in read if each.id and (not each.string or each.fuzzy)] == []
    assert len(read_mo(io.BytesIO(compiled.getvalue()))) == len(read)
    assert list(read.check()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_uses_only_words_of_its_message(language: str) -> None:
    for each in catalogue(language):
        assert set(WORD.findall(str(each.string))) <= set(WORD.findall(str(each.id))), each.id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind, notice", sorted(KIND.items()))
def test_a_translated_template_asks_only_for_words_of_its_notice(
    language: str, kind: str, notice: type[Words]
) -> None:
    known = fields_of(notice) | row_fields_of(notice) | {"arrival", "paper", "line", "task", "row", "contact"}
    translated = {str(each.id): str(each.string) for each in catalogue(language)}

    for message in render.messages_of(kind) & translated.keys():
        named = {name for word in WORD.findall(translated[message]) for name in word.split(".")}
        assert named <= known, message


def in_ascii(value: Any) -> Any:
    """Say the words of a notice without a Chinese character: all that is left of it is the template's."""
    if isinstance(value, str):
        return CHINESE.sub("x", value)
    if isinstance(value, dict):
        return {name: in_ascii(each) for name, each in value.items()}
    return [in_ascii(each) for each in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", TRANSLATED, ids=lambda notice: type(notice).__name__)
def test_a_notice_in_another_language_has_no_chinese_left(language: str, notice: Words) -> None:
    kind, words = kind_of(type(notice)), in_ascii(asdict(notice))

    mail = render.mail(kind, words, language)
    said = [mail.subject, mail.text, mail.html]
    if parts.exists(kind, parts.SMS):
        # The signature that an operator approved is in brackets of its own.
        said.append(render.sms(kind, words, "Fuyuan", language).text.partition("】")[2])
    if parts.exists(kind, parts.WECOM):
        said.append(render.markdown(kind, words, language))

    assert [CHINESE.findall(part) for part in said] == [[]] * len(said)
    assert said[1] != render.mail(kind, words, HOME).text


def test_a_day_is_written_the_way_of_the_language() -> None:
    [notice] = [each for each in EXAMPLES if kind_of(type(each)) == "deposit_received"]

    text = render.mail("deposit_received", asdict(notice), "en").text

    assert "On Aug 12, 2026 the shop received a deposit of CNY 5,000.00" in text


@pytest.mark.parametrize("kind", ["demand_letter", "demand_bundle", "insurer_chase"])
def test_an_insurer_is_always_written_to_in_chinese(kind: str) -> None:
    [notice] = [each for each in EXAMPLES if kind_of(type(each)) == kind]

    assert render.mail(kind, asdict(notice), "en") == render.mail(kind, asdict(notice), HOME)
