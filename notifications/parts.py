"""The parts of a notice: a file of its folder of templates for each form it takes."""

from functools import lru_cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"

SUBJECT = "subject.txt"
TEXT = "email.txt"
HTML = "email.html"
SMS = "sms.txt"
WECOM = "wecom.md"
LETTER = "letter.html"


@lru_cache(maxsize=1024)
def exists(kind: str, part: str) -> bool:
    """Whether notices of a kind can be written as this part."""
    return (TEMPLATES / kind / part).is_file()
