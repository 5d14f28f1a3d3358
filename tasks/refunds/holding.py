"""Which short pay holds a refund: difference, insurer, since when, and in which dispute. Pure; in fen."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from models.values import yuan_grouped
from models.words import Cover, DisputeKind, Resolution

_STATE = {
    Resolution.DISPUTE: ("争议中", "in dispute"),
    Resolution.RECLAIM: ("再次索赔中", "claimed again"),
}
_KIND = {
    DisputeKind.APPROVED: "全额赔付决定",
    DisputeKind.PARTIAL: "部分赔付决定",
    DisputeKind.REFUSED: "拒赔决定",
    DisputeKind.OBJECTION: "异议",
    DisputeKind.COMPLAINT: "投诉",
    DisputeKind.REVIEW: "核查",
}


@dataclass(frozen=True)
class Entered:
    """A decision or complaint in the register of disputes."""

    number: str
    kind: DisputeKind
    happened_on: date
    institution: str | None = None

    @property
    def chinese(self) -> str:
        return f"{self.number}（{_KIND[self.kind]}，{self.institution or ''}{self.happened_on}）"

    @property
    def english(self) -> str:
        at = f" at {self.institution}" if self.institution else ""
        return f"{self.number} ({self.kind}{at}, {self.happened_on})"


@dataclass(frozen=True)
class Short:
    """An expected line that keeps a refund back, in fen: what is missing on it, and since when."""

    claim_no: str
    cover: Cover
    insurer: str | None
    missing: int
    result: Resolution
    difference: int | None
    since: date | None
    disputes: tuple[Entered, ...] = ()


@dataclass(frozen=True)
class Held:
    """So many fen that are due to the customer and do not go back yet, and the lines they wait for."""

    amount: int
    lines: tuple[Short, ...]

    @property
    def sentence(self) -> str:
        """What people read, in Chinese and English."""
        chinese = "；".join(_chinese(line) for line in self.lines)
        english = "; ".join(_english(line) for line in self.lines)
        amount = yuan_grouped(self.amount)
        return f"暂不退款{amount}元：{chinese}。{amount} yuan are held: {english}."

    def inputs(self) -> dict[str, object]:
        """The same for the row that keeps it: fen, dates and codes."""
        return {"held": self.sentence, "held_by": [_inputs(line) for line in self.lines]}


def _chinese(line: Short) -> str:
    since = f"自{line.since}" if line.since else ""
    number = [f"差额{line.difference}"] if line.difference else []
    named = "，".join([*number, *(each.chinese for each in line.disputes)])
    return (
        f"{line.claim_no} {line.cover}，{line.insurer or '保险公司'}少赔{yuan_grouped(line.missing)}元，"
        f"{since}{_STATE[line.result][0]}" + (f"（{named}）" if named else "")
    )


def _english(line: Short) -> str:
    since = f" since {line.since}" if line.since else ""
    number = [f"difference {line.difference}"] if line.difference else []
    named = ", ".join([*number, *(each.english for each in line.disputes)])
    return (
        f"{line.insurer or 'the insurer'} paid {yuan_grouped(line.missing)} yuan too little on "
        f"{line.claim_no} {line.cover}, {_STATE[line.result][1]}{since}" + (f": {named}" if named else "")
    )


def _inputs(line: Short) -> dict[str, object]:
    kept = asdict(line) | {"since": line.since and line.since.isoformat()}
    disputes: Sequence[Entered] = line.disputes
    kept["disputes"] = [asdict(each) | {"happened_on": each.happened_on.isoformat()} for each in disputes]
    return kept
