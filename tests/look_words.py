"""The words of `make look`: letters as printed, and what SMS and the group robot say, as text."""

import subprocess
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from notifications import letters, parts, render, sms_text
from notifications.language import CATALOGUES, HOME
from notifications.notices import Words, kind_of
from tests.notifications.examples import DEMAND_BUNDLE, DEMAND_LETTER, EXAMPLES

LEVELS = {3: "第一次", 4: "", 5: "第二次", 6: "第三次"}


def letters_as_pictures(folder: Path) -> int:
    """Every level of the ladder on paper; returns how many letters, 0 where no PDF can be made here."""
    if not letters.can_make_pdf():
        return 0
    alone: dict[str, Words] = {
        f"letter_level_{step}": replace(DEMAND_LETTER, step=step, nth=nth) for step, nth in LEVELS.items()
    }
    shown = alone | {
        "letter_several": DEMAND_BUNDLE,
        "letter_many": replace(DEMAND_BUNDLE, rows=DEMAND_BUNDLE.rows * 6, case_count="12"),
    }
    for name, words in shown.items():
        made = letters.letter(kind_of(type(words)), asdict(words))
        assert made is not None  # both kinds have a page
        pdf = folder / f"{name}.pdf"
        pdf.write_bytes(made[1])
        subprocess.run(["pdftoppm", "-r", "80", "-png", pdf, folder / name], check=True)
    return len(shown)


def short_forms(folder: Path) -> Path:
    """What SMS and the group say in every language, with characters and segments of each SMS."""
    languages = [HOME, *sorted(path.name for path in CATALOGUES.iterdir())]
    said = "\n".join(line for language in languages for line in _in(language))
    path = folder / "short_forms.txt"
    path.write_text(said, encoding="utf-8")
    return path


def _in(language: str) -> Iterator[str]:
    for words in EXAMPLES:
        kind = kind_of(type(words))
        if parts.exists(kind, parts.SMS):
            text = render.sms(kind, asdict(words), "福源汽车服务", language).text
            yield f"{language} {kind} sms, {len(text)} characters, {sms_text.segments(text)} segments:\n{text}\n"
        if parts.exists(kind, parts.WECOM):
            yield f"{language} {kind} wecom:\n{render.markdown(kind, asdict(words), language)}"
