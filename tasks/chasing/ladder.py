"""The ladder of domain 2.6: its levels, when each comes, to whom and in which form. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.words import ChaseForm, Cover, Recipient

RECEIPT, PROGRESS, REMINDER, LETTER_1, ADVANCE, LETTER_2, FINAL, COMPLAINT, LAWYER = range(9)


@dataclass(frozen=True)
class Level:
    """The policy of one level. `delay` is in natural days from what the level hangs on (domain 2.6)."""

    delay: int
    form: ChaseForm
    recipients: tuple[Recipient, ...] = ()
    compulsory_delay: int | None = None
    """The delay for 交强; None = the same."""
    text: str = ""
    """A sentence of the shop's own; '' = none."""
    floor: int = 0
    """Fen: who owes less does not come to this level."""

    @property
    def days_compulsory(self) -> int:
        return self.delay if self.compulsory_delay is None else self.compulsory_delay

    def days(self, cover: Cover) -> int:
        return self.days_compulsory if cover is Cover.COMPULSORY else self.delay


ANCHORS = {
    RECEIPT: "接案或再次递交之日",
    PROGRESS: "接案或再次递交之日",
    REMINDER: "核定或付款到期日",
    LETTER_1: "核定或付款到期日",
    ADVANCE: "先予支付到期日",
    LETTER_2: "第一次催款函之日",
    FINAL: "第二次催款函之日",
    COMPLAINT: "最后催告函之日",
    LAWYER: "投诉期满之日，或时效将尽",
}
"""What the delay of each level is counted from."""

_HANDLER, _BRANCH = (Recipient.HANDLER,), (Recipient.HANDLER, Recipient.BRANCH)
DEFAULTS: Mapping[int, Level] = {
    RECEIPT: Level(2, ChaseForm.MESSAGE, _HANDLER, compulsory_delay=1),
    PROGRESS: Level(15, ChaseForm.MESSAGE, _HANDLER),
    REMINDER: Level(-3, ChaseForm.REMINDER, _HANDLER),
    LETTER_1: Level(1, ChaseForm.LETTER, _BRANCH),
    ADVANCE: Level(1, ChaseForm.LETTER, (Recipient.BRANCH,)),
    LETTER_2: Level(7, ChaseForm.LETTER, (Recipient.HEAD,)),
    FINAL: Level(7, ChaseForm.LETTER, (Recipient.BRANCH, Recipient.PARENT)),
    COMPLAINT: Level(7, ChaseForm.ERRAND),
    LAWYER: Level(1, ChaseForm.ERRAND),
}


@dataclass(frozen=True)
class Ladder:
    """The levels, and what holds for all of them: the whole numbers are settings `chasing.<name>`."""

    levels: Mapping[int, Level] = field(default_factory=lambda: DEFAULTS)
    days_between: int = 3
    """No two steps of a cover nearer than this: a case that comes in late is not flooded."""
    compulsory_days_between: int = 1
    pay_within: int = 7
    """Days that a letter gives for paying."""
    transfer_days: int = 5
    """Days for which an unplaced transfer of the same insurer holds the chase."""
    tolerance: int = 5
    """Fen; less than this is a rounding difference (domain 1.7)."""
