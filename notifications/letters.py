"""Letters on paper: a PDF with the shop's letterhead, or a page to print where no PDF can be made.

WeasyPrint (extra `letters`) makes the PDF; it needs Pango. Without it the same page goes as letter.html.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from notifications import parts, render
from notifications.language import HOME


def letter(kind: str, words: Mapping[str, Any], language: str = HOME) -> tuple[str, bytes] | None:
    """Name and content of the letter of a notice; None for a kind that has none."""
    if not parts.exists(kind, parts.LETTER):
        return None
    page = render.render(kind, parts.LETTER, words, language)
    name = str(words.get("letter_no") or kind)
    made = as_pdf(page)
    return (f"{name}.pdf", made) if made else (f"{name}.html", page.encode())


def as_pdf(page: str) -> bytes | None:
    """The page as a PDF; None where WeasyPrint or its libraries are not there."""
    if not can_make_pdf():
        return None
    import weasyprint

    written: bytes = weasyprint.HTML(string=page, url_fetcher=_nothing).write_pdf()
    return written


@lru_cache(maxsize=1)
def can_make_pdf() -> bool:
    """Whether this installation has WeasyPrint and the libraries it draws with."""
    try:
        import weasyprint  # noqa: F401 - only to see whether it can be loaded
    except (ImportError, OSError):
        return False
    return True


def _nothing(address: str) -> Any:
    # A letter is made of its own text: nothing is fetched, whatever a name in it says.
    raise ValueError(f"a letter refers to {address[:60]}")
