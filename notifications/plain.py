"""Words as they may stand in a notice: one line each, no links, no marks."""

import re
from collections.abc import Callable, Mapping
from typing import Any

# Control characters, line and paragraph ends, and marks that turn the direction of writing or cannot be seen.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=//)")
# A dot between letters makes a host name; our own file names in a digest do not look like one.
_HOST = re.compile(r"(?<=[A-Za-z0-9_-])\.(?=[A-Za-z]{2,})(?!(?:xlsx?|csv|tsv|txt|eml)\b)")

# What a group robot reads as a heading, quotation, list, link, colour, mention or code. It knows no escape
# character, so the wide twin stands in its place.
_MARKS = str.maketrans("<>*`[]()#@~\\", "＜＞＊｀［］（）＃＠～＼")


def plain(word: Any, also: Callable[[str], str] = str) -> Any:
    """A word as it may stand in a notice: one line, and nothing a mail program takes for a link."""
    if isinstance(word, str):
        return also(_HOST.sub("．", _SCHEME.sub(r"\1：", one_line(word))))
    if isinstance(word, Mapping):
        return {name: plain(value, also) for name, value in word.items()}
    if isinstance(word, list | tuple):
        return [plain(value, also) for value in word]
    return word


def without_marks(word: Any) -> Any:
    """A word as it may stand in markdown."""
    if isinstance(word, str):
        return word.translate(_MARKS)
    if isinstance(word, Mapping):
        return {name: without_marks(value) for name, value in word.items()}
    if isinstance(word, list | tuple):
        return [without_marks(value) for value in word]
    return word


def one_line(text: str) -> str:
    """Text without line ends, control characters and invisible marks."""
    return _UNSEEN.sub(" ", text).strip()
