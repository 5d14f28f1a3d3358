"""Notice + part -> words, from the templates of its kind; an unknown word is an error.

Text that a file brought may stand in any word. It cannot become markup (HTML is escaped), a header
(every word is one line) or a link (mail programs find them in plain text too).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from css_inline import CSSInliner
from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models.values import Refusal

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Mail:
    """The parts of a mail: a subject of one line, and the same content twice."""

    subject: str
    text: str
    html: str


def mail(kind: str, words: Mapping[str, Any]) -> Mail:
    """The mail of a notice. Raises Refusal naming the template, and the word it lacks."""
    return Mail(
        subject=one_line(render(kind, "subject.txt", words)),
        text=render(kind, "email.txt", words),
        html=_inliner().inline(render(kind, "email.html", words)),
    )


def render(kind: str, part: str, words: Mapping[str, Any]) -> str:
    """One part of a notice as text. Raises Refusal naming the template, and the word it lacks."""
    name = f"{kind}/{part}"
    try:
        written = environment(is_html=part.endswith(".html")).get_template(name).render(plain(words))
    except TemplateNotFound as error:
        raise Refusal(
            f"There is no template {error.name}: notices of kind {kind} cannot be written as {part}. "
            f"Add notifications/templates/{error.name}"
        ) from None
    except UndefinedError as error:
        raise Refusal(
            f"The template {name} asks for a word its notice does not have ({error.message}). "
            f"Add it to the dataclass of {kind}, or take it out of the template."
        ) from None
    return re.sub(r"\n{3,}", "\n\n", written).strip() + "\n"


@lru_cache(maxsize=2)
def environment(*, is_html: bool) -> ImmutableSandboxedEnvironment:
    """The templates, compiled once. In a mail's HTML every included part is escaped, whatever its name."""
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=is_html,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    # Web mail of QQ and 163 drops style sheets; nothing is fetched.
    return CSSInliner(load_remote_stylesheets=False)


# Control characters, line and paragraph ends, and marks that turn the direction of writing or cannot be seen.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=//)")
# A dot between letters makes a host name; our own file names in a digest do not look like one.
_HOST = re.compile(r"(?<=[A-Za-z0-9_-])\.(?=[A-Za-z]{2,})(?!(?:xlsx?|csv|tsv|txt|eml)\b)")


def plain(word: Any) -> Any:
    """A word as it may stand in a notice: one line, and nothing a mail program takes for a link."""
    if isinstance(word, str):
        return _HOST.sub("．", _SCHEME.sub(r"\1：", one_line(word)))
    if isinstance(word, Mapping):
        return {name: plain(value) for name, value in word.items()}
    if isinstance(word, list | tuple):
        return [plain(value) for value in word]
    return word


def one_line(text: str) -> str:
    """Text without line ends, control characters and invisible marks."""
    return _UNSEEN.sub(" ", text).strip()
