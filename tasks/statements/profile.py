"""A layout that somebody explained: which heading means what, checked and turned into a Layout. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.values import Refusal
from tasks.statements.headings import SEARCHED_ROWS, Cell, Rows, candidates, heading
from tasks.statements.layout import Direction, Layout, Meaning

Mapped = Mapping[str, str | Sequence[str]]
"""An option's name -> the heading meant, or the headings: {"date": "记账日", "memo": ["附言", "摘要"]}."""

OPTIONS: Mapping[str, Meaning] = {
    "date": Meaning.MOMENT,
    "time": Meaning.TIME,
    "booked": Meaning.BOOKED_ON,
    "in": Meaning.MONEY_IN,
    "out": Meaning.MONEY_OUT,
    "amount": Meaning.AMOUNT,
    "direction": Meaning.FLAG,
    "balance": Meaning.BALANCE,
    "name": Meaning.PARTY_NAME,
    "party-account": Meaning.PARTY_ACCOUNT,
    "payer": Meaning.PAYER_NAME,
    "payer-account": Meaning.PAYER_ACCOUNT,
    "payee": Meaning.PAYEE_NAME,
    "payee-account": Meaning.PAYEE_ACCOUNT,
    "own-account": Meaning.OWN_ACCOUNT,
    "serial": Meaning.SERIAL,
    "currency": Meaning.CURRENCY,
}
MEMO = "memo"


@dataclass(frozen=True)
class Profile:
    """An explained layout as it is kept: the headings it is recognised by, and what they mean."""

    number: int
    headings: Sequence[str]
    mapping: Mapped

    @property
    def layout(self) -> Layout:
        return layout_of(f"profile {self.number}", self.mapping, frozenset(self.headings))


def layout_of(name: str, mapping: Mapped, exactly: frozenset[str]) -> Layout:
    """The layout a mapping stands for; `exactly` are the headings of the table it is for."""
    columns = {OPTIONS[key]: (said,) for key, said in mapping.items() if isinstance(said, str)}
    memo = mapping[MEMO]
    return Layout(name, _direction(mapping), columns, tuple(memo), exactly=exactly)


def explained(file_name: str, sheets: Sequence[Rows], mapping: Mapped) -> tuple[str, ...]:
    """The headings of the table meant, sorted. Raises Refusal where the mapping is not whole or not there."""
    if missing := _missing(mapping):
        raise Refusal(
            f"{file_name}: {missing}. Its headings: {_shown(sheets)}. Say what they mean, each as it stands "
            f"there: huikuan statement map {file_name} --date HEADING --in HEADING --out HEADING "
            "--balance HEADING --name HEADING --memo HEADING"
        )
    meant = {
        heading(said) for each in mapping.values() for said in ([each] if isinstance(each, str) else each)
    }
    rows = [tuple(filter(None, said)) for sheet in sheets for _, said in candidates(sheet)]
    found = next((row for row in rows if meant <= set(row)), None)
    if found is None:
        lacking = meant - max((set(row) for row in rows), key=lambda row: len(meant & row), default=set())
        raise Refusal(
            f"{file_name}: none of its first {SEARCHED_ROWS} rows has the heading "
            f"{', '.join(f'「{each}」' for each in sorted(lacking))}. Its headings: {_shown(sheets)}. Say "
            f"them as they stand there: huikuan statement map {file_name}"
        )
    return tuple(sorted(set(found)))


def _missing(mapping: Mapped) -> str:
    """What a mapping can't do without, as a sentence; '' where it is whole."""
    parties = {"payer-account", "payee-account"} <= mapping.keys()
    if "date" not in mapping:
        return "the column of the date was not said (--date)"
    if "amount" not in mapping and not {"in", "out"} <= mapping.keys():
        return "the columns of the money were not said (--in and --out, or --amount)"
    if "amount" in mapping and {"in", "out"} & mapping.keys():
        return "--amount and --in or --out can't both be said"
    if not parties and "name" not in mapping:
        return "the column of the other side's name was not said (--name)"
    return "" if mapping.get(MEMO) else "no column of remarks was said (--memo)"


def _direction(mapping: Mapped) -> Direction:
    if "in" in mapping:
        return Direction.TWO_COLUMNS
    if "direction" in mapping:
        return Direction.FLAG
    return Direction.PARTIES if "payer-account" in mapping and "payee-account" in mapping else Direction.SIGN


def _shown(sheets: Sequence[Rows]) -> str:
    """The headings as they stand, of the row that has the most."""
    rows: list[list[Cell]] = [list(row) for sheet in sheets for row in sheet[:SEARCHED_ROWS]]
    widest = max(
        rows, key=lambda row: len([cell for cell in row if isinstance(cell, str) and cell]), default=[]
    )
    return ", ".join(f"「{str(cell)[:40]}」" for cell in widest if cell is not None) or "none"
