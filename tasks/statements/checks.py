"""A bank file against itself: one that contradicts itself is refused whole, by row and figures. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.values import Refusal, yuan_grouped
from tasks.statements.balance import Chain, chain_of
from tasks.statements.control import Figure
from tasks.statements.layout import Layout
from tasks.statements.statement import StatementLine


@dataclass(frozen=True)
class Proof:
    """The balances before and after all lines, as far as the file tells."""

    opening: int | None
    closing: int | None


def proof(
    file_name: str, layout: Layout, lines: Sequence[StatementLine], said: Sequence[Figure], *, is_part: bool
) -> Proof:
    """Hold balances, sums and counts against the lines. Raises Refusal.

    `is_part`: somebody said that lines are left out, so that balances need not follow and ends prove nothing.
    """
    chain = chain_of(lines)
    if chain.contradicts:
        raise Refusal(
            f"{file_name} contradicts itself: its running balance falls where its columns say that money "
            "came in. A company's own cash book has 借 and 贷 the other way round. Bring the bank's export."
        )
    _refuse_gaps(file_name, layout, lines, chain, is_part=is_part)
    _refuse_figures(file_name, lines, [each for each in said if not (is_part and each.what in _ENDS)])
    if is_part:
        return Proof(None, None)
    return _ends(file_name, lines, said, chain)


_ENDS = ("opening", "closing")


def _refuse_gaps(
    file_name: str, layout: Layout, lines: Sequence[StatementLine], chain: Chain, *, is_part: bool
) -> None:
    where = ""
    if chain.gaps:
        gap, more = chain.gaps[0], len(chain.gaps) - 1
        where = (
            f"after row {gap.before} the balance is {yuan_grouped(gap.balance)}, row {gap.after} moves "
            f"{yuan_grouped(gap.amount)}, which makes {yuan_grouped(gap.balance + gap.amount)}, and says "
            f"{yuan_grouped(gap.stated)}" + (f"; {more} more such places" if more else "")
        )
    if layout.proved_by_balance and lines and not chain.proves_all:
        raise Refusal(
            f"{file_name} is in no bank's layout known here ({layout.name} fits), so each line must be "
            f"proved by the running balance, and it isn't{': ' if where else ''}{where}. Export all lines of "
            f"the period from the bank's corporate e-banking, or say what its headings mean: "
            f"huikuan statement map {file_name}"
        )
    if where and not is_part:
        raise Refusal(
            f"{file_name} contradicts itself: {where}. A line is missing or changed. Nothing was taken; "
            f"export all lines of the period again and run: huikuan intake statement {file_name}. If lines "
            f"were left out on purpose: huikuan intake statement {file_name} --part"
        )


def _refuse_figures(file_name: str, lines: Sequence[StatementLine], said: Iterable[Figure]) -> None:
    for figure in said:
        if figure.what in _ENDS:
            continue
        meant = _meant(figure, lines)
        found = _found(figure.what, meant)
        if figure.value not in found:
            count = figure.what.startswith("count")
            shown = [str(each) if count else yuan_grouped(each) for each in (figure.value, found[0])]
            raise Refusal(
                f"{file_name} contradicts itself: row {figure.row} says 「{figure.label}」 {shown[0]}, and "
                f"its {len(meant)} lines make {shown[1]}. A line is missing or changed. Nothing was taken; "
                f"export it again and run: huikuan intake statement {file_name}"
            )


def _meant(figure: Figure, lines: Sequence[StatementLine]) -> Sequence[StatementLine]:
    """The lines a figure speaks of; they stand in the order of their rows."""
    above = lines[: bisect_left(lines, figure.row, key=_row)]
    if figure.unit and above:
        day = above[-1].booked_on
        return [
            line
            for line in above
            if line.booked_on == day or (figure.unit == "月" and f"{line.booked_on:%Y%m}" == f"{day:%Y%m}")
        ]
    return lines if figure.since is None else above[bisect_right(above, figure.since, key=_row) :]


def _row(line: StatementLine) -> int:
    return line.row


def _found(what: str, lines: Sequence[StatementLine]) -> list[int]:
    """What the lines make: by their side, and by their sign, for banks differ on where a reversal counts."""
    if what == "count":
        return [len(lines)]
    into = what.endswith("_in")
    ways = (
        [line for line in lines if line.incoming is into],
        [line for line in lines if line.amount and (line.amount > 0) is into],
    )
    if what.startswith("count"):
        return [len(way) for way in ways]
    return [abs(sum(line.amount for line in way)) for way in ways]


def _ends(file_name: str, lines: Sequence[StatementLine], said: Sequence[Figure], chain: Chain) -> Proof:
    """The balances at both ends: from the chain, from labels, and each from the other."""
    moved = sum(line.amount for line in lines)
    labelled = {figure.what: figure for figure in said if figure.what == "closing"}
    labelled |= {figure.what: figure for figure in reversed(said) if figure.what == "opening"}
    opening = chain.opening if "opening" not in labelled else labelled["opening"].value
    closing = chain.closing if "closing" not in labelled else labelled["closing"].value
    told_all = all(line.balance is not None for line in lines)
    opening = closing - moved if opening is None and closing is not None else opening
    closing = opening + moved if closing is None and opening is not None else closing
    for what, end, own in (("opening", opening, chain.opening), ("closing", closing, chain.closing)):
        if what in labelled and told_all and own is not None and own != end:
            raise _ends_refused(file_name, labelled[what], own)
    if labelled and opening is not None and closing is not None and opening + moved != closing:
        figure = labelled.get("closing") or labelled["opening"]
        raise _ends_refused(file_name, figure, opening + moved if "closing" in labelled else closing - moved)
    return Proof(opening, closing)


def _ends_refused(file_name: str, figure: Figure, own: int) -> Refusal:
    return Refusal(
        f"{file_name} contradicts itself: row {figure.row} says 「{figure.label}」 "
        f"{yuan_grouped(figure.value)}, and its lines make {yuan_grouped(own)}. A line is missing or "
        f"changed. Nothing was taken; export it again and run: huikuan intake statement {file_name}"
    )
