"""Notices in other languages, from Babel's catalogues.

The templates are written in Chinese and carry no marks. Each line of a text and each paragraph of a page that
holds Chinese is one message, with the words of the notice as {word}; so is each Chinese string in
expressions. A template is translated once, when it is compiled.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from babel.dates import format_date
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

HOME = "zh_CN"
CATALOGUES = Path(__file__).parent / "locale"

Translate = Callable[[str], str]

_CHINESE = re.compile(r"[\u3400-\u9fff]")
# Where a message ends: a line, or a tag that is more than a mark inside a sentence.
_BOUNDARY = re.compile(r"(\n|</?(?!/?(?:b|span|br)\b)[A-Za-z!][^>]*>)")
_WORD = re.compile(r"\{([^{}\s][^{}]*)\}")


class Messages(Extension):
    """Puts the messages of a template into the environment's language while it is compiled."""

    def filter_stream(self, stream: TokenStream) -> TokenStream | Iterable[Token]:
        translate: Translate = getattr(self.environment, "translate", str)
        return _translated(stream, translate)


def _translated(stream: Iterable[Token], translate: Translate) -> Iterator[Token]:
    run: list[Token | list[Token]] = []
    tokens = iter(stream)
    for token in tokens:
        if token.type == "data":
            run.append(token)
        elif token.type == "variable_begin":
            run.append([token, *_until_end(tokens, translate)])
        else:
            yield from _messages(run, translate)
            run = []
            yield _string(token, translate)
    yield from _messages(run, translate)


def _until_end(tokens: Iterator[Token], translate: Translate) -> Iterator[Token]:
    for token in tokens:
        yield _string(token, translate)
        if token.type == "variable_end":
            return


def _string(token: Token, translate: Translate) -> Token:
    if token.type == "string" and _CHINESE.search(token.value):
        return Token(token.lineno, "string", _spaced(token.value, translate))
    return token


def _messages(run: list[Token | list[Token]], translate: Translate) -> Iterator[Token]:
    """The text between two statements, message by message."""
    message: list[Token | list[Token]] = []
    for part in run:
        if isinstance(part, list):
            if all(token.type in {"name", "dot"} for token in part[1:-1]):
                message.append(part)
                continue
            yield from _one(message, translate)
            message = []
            yield from part
            continue
        for piece in _BOUNDARY.split(part.value):
            token = Token(part.lineno, "data", piece)
            if _BOUNDARY.fullmatch(piece):
                yield from _one(message, translate)
                message = []
                yield token
            elif piece:
                message.append(token)
    yield from _one(message, translate)


def _one(message: list[Token | list[Token]], translate: Translate) -> Iterator[Token]:
    words = {_name(part): part for part in message if isinstance(part, list)}
    text = "".join(f"{{{_name(part)}}}" if isinstance(part, list) else part.value for part in message)
    is_message = any(_CHINESE.search(part.value) for part in message if isinstance(part, Token))
    said = _spaced(text, translate) if is_message else text
    if said == text:
        for part in message:
            yield from part if isinstance(part, list) else [part]
        return
    line = next(part[0] if isinstance(part, list) else part for part in message).lineno
    for at, piece in enumerate(_WORD.split(said)):
        if at % 2:
            yield from words[piece]
        elif piece:
            yield Token(line, "data", piece)


def _name(expression: list[Token]) -> str:
    return "".join(str(token.value) for token in expression[1:-1])


def _spaced(text: str, translate: Translate) -> str:
    """Blanks around a message belong to the template."""
    bare = text.strip()
    return text.replace(bare, translate(bare), 1)


# ------------------------------------------------------------------ catalogues


@lru_cache(maxsize=8)
def catalogue(language: str) -> Mapping[str, str]:
    """The messages of a language by their Chinese; those without a translation are left out."""
    path = CATALOGUES / language / "LC_MESSAGES" / "notices.po"
    if not path.is_file():
        return {}
    found = read_po(io.StringIO(path.read_text("utf-8")), locale=language)
    return {str(each.id): str(each.string) for each in found if each.id and each.string and not each.fuzzy}


def messages_in(source: str, environment: Environment) -> list[tuple[int, str]]:
    """Every message of a template with its line."""
    found: list[tuple[int, str]] = []
    tokens = iter(environment.lexer.tokenize(source))

    def keep(message: str) -> str:
        found.append((line[0], message))
        return message

    line = [1]

    def watched() -> Iterator[Token]:
        for token in tokens:
            line[0] = token.lineno
            yield token

    for _ in _translated(watched(), keep):
        pass
    return found


def extract(
    fileobj: IO[bytes],
    keywords: object,  # noqa: ARG001 - Babel names what it gives
    comment_tags: object,  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[tuple[int, None, str, list[str]]]:
    """What Babel asks of an extractor."""
    from notifications.render import environment

    text = fileobj.read().decode("utf-8")
    for line, message in messages_in(text, environment(is_html="<" in text[:400])):
        yield line, None, message, []


# ------------------------------------------------------------------ dates

_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def days(text: str, language: str) -> str:
    """Days as `wording.day` writes them, the way a language does."""
    if language == HOME:
        return text
    return _DAY.sub(
        lambda found: format_date(date(*map(int, found.groups())), format="medium", locale=language), text
    )
