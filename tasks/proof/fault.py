"""What the proof finds, and whose money hangs on it."""

from typing import NamedTuple


class Fault(NamedTuple):
    """Something that is off: the repairs whose money hangs on it, else what it is about, and the sentence."""

    orders: tuple[int, ...]
    subject: str
    sentence: str
