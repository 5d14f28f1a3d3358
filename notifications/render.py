"""Notice + part -> words, from the templates of its kind; an unknown word is an error.

Text that a file brought may stand in any word. It cannot become markup (HTML is escaped, the marks of a group
robot are taken away), a header (every word is one line) or a link (mail programs find them in text too).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from css_inline import CSSInliner
from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, UndefinedError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models.values import Refusal
from notifications import parts
from notifications.language import HOME, Messages, catalogue, days, messages_in
from notifications.plain import one_line, plain, without_marks

__all__ = ["Mail", "Sms", "environment", "mail", "markdown", "one_line", "plain", "render", "sms"]


@dataclass(frozen=True)
class Mail:
    """The parts of a mail: a subject of one line, and the same content twice."""

    subject: str
    text: str
    html: str


# Providers take no empty variable.
_FOR_NOTHING = {"shop_contact": "派工单上的本店电话"}


@dataclass(frozen=True)
class Sms:
    """A short message as the reader sees it, and the words that vary in the approved template."""

    text: str
    variables: Mapping[str, str]


def mail(kind: str, words: Mapping[str, Any], language: str = HOME) -> Mail:
    """The mail of a notice. Raises Refusal naming the template, and the word it lacks."""
    said, language = _said(kind, words, language)
    return Mail(
        subject=one_line(as_written(kind, parts.SUBJECT, said, language)),
        text=as_written(kind, parts.TEXT, said, language),
        html=_inliner().inline(as_written(kind, parts.HTML, said, language)),
    )


def sms(kind: str, words: Mapping[str, Any], sign: str, language: str = HOME) -> Sms:
    """The short message of a notice, with the signature that the provider puts before it."""
    said, language = _said(kind, words, language)
    asked = sms_words(kind)
    # A second signature in the text would be taken for the sender's.
    said = {word: said[word] or _FOR_NOTHING.get(word, "") for word in said}
    varying = {word: re.sub("[【】]", " ", str(said[word])) for word in sorted(asked & said.keys())}
    return Sms(f"【{sign}】{one_line(as_written(kind, parts.SMS, varying, language))}", varying)


def markdown(kind: str, words: Mapping[str, Any], language: str = HOME) -> str:
    """The message of a notice for a group robot."""
    said, language = _said(kind, words, language)
    return as_written(kind, parts.WECOM, without_marks(said), language)


def render(kind: str, part: str, words: Mapping[str, Any], language: str = HOME) -> str:
    """One part of a notice as text. Raises Refusal naming the template, and the word it lacks."""
    said, language = _said(kind, words, language)
    return as_written(kind, part, without_marks(said) if part == parts.WECOM else said, language)


def sms_words(kind: str) -> set[str]:
    """The words that vary in the SMS of a kind: what its approved template has as ${word}."""
    short = environment(is_html=False)
    try:
        source, _, _ = short.loader.get_source(short, f"{kind}/{parts.SMS}")  # type: ignore[union-attr]  # it has one
    except TemplateNotFound as error:
        raise _no_template(kind, parts.SMS, error) from None
    return meta.find_undeclared_variables(short.parse(source))


def _no_template(kind: str, part: str, error: TemplateNotFound) -> Refusal:
    return Refusal(
        f"There is no template {error.name}: notices of kind {kind} cannot be written as {part}. "
        f"Add notifications/templates/{error.name}"
    )


def _said(kind: str, words: Mapping[str, Any], language: str) -> tuple[dict[str, Any], str]:
    """The words as they may stand in a notice, and the language it can be written in."""
    if language == HOME or not is_complete(kind, language):
        return plain(words), HOME
    return plain(words, lambda text: days(text, language)), language


def as_written(kind: str, part: str, words: Mapping[str, Any], language: str = HOME) -> str:
    """One part with exactly these words. Raises Refusal naming the template, and the word it lacks."""
    name = f"{kind}/{part}"
    try:
        written = (
            environment(is_html=part.endswith(".html"), language=language).get_template(name).render(words)
        )
    except TemplateNotFound as error:
        raise _no_template(kind, part, error) from None
    except UndefinedError as error:
        raise Refusal(
            f"The template {name} asks for a word its notice does not have ({error.message}). "
            f"Add it to the dataclass of {kind}, or take it out of the template."
        ) from None
    return re.sub(r"\n{3,}", "\n\n", written).strip() + "\n"


@lru_cache(maxsize=8)
def environment(*, is_html: bool, language: str = HOME) -> ImmutableSandboxedEnvironment:
    """The templates, compiled once. In a mail's HTML every included part is escaped, whatever its name."""
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(parts.TEMPLATES),
        undefined=StrictUndefined,
        autoescape=is_html,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=[Messages] if language != HOME else [],
    )
    known = catalogue(language)
    made.translate = lambda message: known.get(message, message)  # type: ignore[attr-defined]  # for Messages
    return made


@lru_cache(maxsize=256)
def is_complete(kind: str, language: str) -> bool:
    """Whether every message of a kind, and of what it includes, stands in the catalogue of a language."""
    known = catalogue(language)
    return bool(known) and all(message in known for message in messages_of(kind))


def messages_of(kind: str) -> set[str]:
    """Every message of a kind, and of what its parts include."""
    found: set[str] = set()
    names = [f"{kind}/{path.name}" for path in sorted((parts.TEMPLATES / kind).iterdir())]
    for name in names:
        here = environment(is_html=name.endswith(".html"))
        source, _, _ = here.loader.get_source(here, name)  # type: ignore[union-attr]  # it has one
        found |= {message for _, message in messages_in(source, here)}
        referred = meta.find_referenced_templates(here.parse(source))
        names += [other for other in referred if other and other not in names]
    return found


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    # Web mail of QQ and 163 drops style sheets; nothing is fetched.
    return CSSInliner(load_remote_stylesheets=False)
