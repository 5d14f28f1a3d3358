"""Every notice and its templates say the same words: no template asks for more, and none is left out."""

import dataclasses
import typing

import pytest
from jinja2 import meta, nodes

from models.words import Audience
from notifications.notices import KIND, Words, kind_of
from notifications.parts import TEMPLATES
from notifications.render import environment

KINDS = sorted(KIND.items())


def parts_of(kind: str) -> list[str]:
    return sorted(f"{kind}/{path.name}" for path in (TEMPLATES / kind).iterdir())


def parsed(name: str) -> list[nodes.Template]:
    """The template and all that it includes, imports or extends."""
    html = environment(is_html=name.endswith(".html"))
    source, _, _ = html.loader.get_source(html, name)  # type: ignore[union-attr]  # it has a loader
    tree = html.parse(source)
    below = [each for part in meta.find_referenced_templates(tree) if part for each in parsed(part)]
    return [tree, *below]


def words_asked_for(kind: str) -> set[str]:
    trees = [tree for part in parts_of(kind) for tree in parsed(part)]
    # A block does not see that its file imported a macro.
    macros = {name for tree in trees for each in tree.find_all(nodes.FromImport) for name in each.names}
    return {word for tree in trees for word in meta.find_undeclared_variables(tree)} - macros


def row_words_asked_for(kind: str) -> set[str]:
    trees = [tree for part in parts_of(kind) for tree in parsed(part)]
    found = {each.attr for tree in trees for each in tree.find_all(nodes.Getattr)}
    return found - {"index"}


def fields_of(notice: type[Words]) -> set[str]:
    return {field.name for field in dataclasses.fields(notice)}


def row_fields_of(notice: type[Words]) -> set[str]:
    rows = [
        each
        for hint in typing.get_type_hints(notice).values()
        for each in typing.get_args(hint)
        if dataclasses.is_dataclass(each)
    ]
    return {field.name for row in rows for field in dataclasses.fields(row)}


@pytest.mark.parametrize("kind, notice", KINDS)
def test_templates_use_only_the_words_of_their_notice(kind: str, notice: type[Words]) -> None:
    assert words_asked_for(kind) <= fields_of(notice)
    assert row_words_asked_for(kind) <= row_fields_of(notice)


@pytest.mark.parametrize("kind, notice", KINDS)
def test_no_word_of_a_notice_is_left_unsaid(kind: str, notice: type[Words]) -> None:
    assert fields_of(notice) <= words_asked_for(kind)
    assert row_fields_of(notice) <= row_words_asked_for(kind)


@pytest.mark.parametrize("kind, notice", KINDS)
def test_every_notice_can_go_by_mail(kind: str, notice: type[Words]) -> None:
    assert {f"{kind}/{part}" for part in ("subject.txt", "email.txt", "email.html")} <= set(parts_of(kind))
    assert notice.audience in Audience


@pytest.mark.parametrize("kind, notice", KINDS)
def test_no_row_has_a_field_that_a_mapping_has_too(kind: str, notice: type[Words]) -> None:
    assert not row_fields_of(notice) & set(dir(dict))


def test_every_folder_of_templates_belongs_to_a_notice() -> None:
    folders = {path.name for path in TEMPLATES.iterdir() if not path.name.startswith("_")}

    assert folders == set(KIND)


def test_a_deposit_is_never_called_earnest_money() -> None:
    for path in TEMPLATES.rglob("*.*"):
        written = path.read_text("utf-8")

        assert "定金" not in written, path
        assert "台帐" not in written, path
        assert "银保监会" not in written, path


def test_templates_hold_no_links_and_no_pictures() -> None:
    for path in TEMPLATES.rglob("*.*"):
        written = path.read_text("utf-8").lower()

        assert not any(bad in written for bad in ("<a ", "<img", "http:", "https:", "url(", "<script")), path


def test_a_kind_is_the_name_of_its_class() -> None:
    assert all(kind_of(notice) == kind for kind, notice in KINDS)
    assert "refund_ready" in KIND
