"""Short messages: how many segments one takes, and the text a provider approves beforehand."""

from math import ceil

from notifications import parts, render

ONE, MORE = 70, 67
"""Characters of a message that stands alone, and of each segment of a longer one (UCS-2)."""


def segments(text: str) -> int:
    """How many segments the operator counts and charges."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= ONE else ceil(units / MORE)


def for_approval(kind: str) -> str:
    """The text to submit: ${word} where words vary, without the signature, which is approved by itself."""
    variables = {word: f"${{{word}}}" for word in render.sms_words(kind)}
    return render.one_line(render.as_written(kind, parts.SMS, variables))
