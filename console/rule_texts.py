"""The retained texts of rules: what a version of a rule says, and how its events are told.

Each room keeps `rule_texts/<version>.toml`: the rule in words (`text`), a sentence per kind of event
(`events`), and words for codes (`codes`). A placeholder is the name of an input: {name}, {name:yuan} of fen,
{name:some} if not zero, {name:code}, {name[key]}; {rest} is whatever no placeholder names. A sentence is cut
at "|": a part whose inputs are all unknown is left out. A text is never changed once released: a new version
gets a new one, so that an old decision is told as it was made.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any

from console.event_words import words
from models.values import yuan_grouped

Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class RuleText:
    """One retained text. `rule` is empty for plain facts, which no rule decided."""

    rule: str
    text: str
    events: Mapping[str, str]
    codes: Mapping[str, str]


@cache
def texts() -> tuple[RuleText, ...]:
    """Every retained text of every room."""
    return tuple(_read(path) for path in _files(resources.files("tasks")))


def _files(folder: Traversable) -> Iterator[Traversable]:
    for room in sorted(folder.iterdir(), key=lambda each: each.name):
        kept = room / "rule_texts"
        if room.is_dir() and kept.is_dir():
            yield from sorted(
                (each for each in kept.iterdir() if each.name.endswith(".toml")), key=lambda e: e.name
            )


def _read(path: Traversable) -> RuleText:
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    text = " ".join(found.get("text", "").split())
    return RuleText(found["rule"], text, found.get("events", {}), found.get("codes", {}))


def rule(version: str | None, inputs: object) -> str | None:
    """What the version of a rule says, with the numbers it was given; None where no text was kept."""
    found = next((each for each in texts() if version and each.rule == version), None)
    return fill(found.text, inputs if isinstance(inputs, Mapping) else {}, found.codes) if found else None


def sentence(kind: str, version: str | None, inputs: object) -> str:
    """What happened, by the text of the version that decided it; in plain words where none was kept."""
    known = inputs if isinstance(inputs, Mapping) else {}
    for wanted in (version, ""):
        for each in texts():
            if each.rule == wanted and kind in each.events:
                return fill(each.events[kind], known, each.codes)
    return words(kind, inputs)


def fill(template: str, inputs: Inputs, codes: Mapping[str, str]) -> str:
    """The template with its placeholders filled, without the parts that nothing is known of."""
    named = {name.partition("[")[0] for _, name, _, _ in Formatter().parse(template) if name}
    rest = {name: value for name, value in inputs.items() if name not in named}
    given = {**inputs, "rest": words("", rest).removeprefix(": ")}
    return "".join(_part(part, given, codes) for part in template.split("|"))


def _part(part: str, inputs: Inputs, codes: Mapping[str, str]) -> str:
    said, known, asked = "", False, False
    for literal, name, spec, _ in Formatter().parse(part):
        said += literal
        if name is not None:
            value = _value(name, inputs)
            value = None if spec == "some" and not value else value
            known, asked = known or value is not None, True
            said += "not known" if value is None else _shown(value, spec or "", codes)
    return said if known or not asked else ""


def _value(name: str, inputs: Inputs) -> Any:
    outer, _, key = name.partition("[")
    value = inputs.get(outer)
    if key:
        value = value.get(key.rstrip("]")) if isinstance(value, Mapping) else None
    return None if value in ("", [], {}) else value


def _shown(value: Any, spec: str, codes: Mapping[str, str]) -> str:
    if spec == "yuan" and isinstance(value, int):
        return yuan_grouped(value)
    if spec == "code":
        return codes.get(str(value), str(value))
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)
