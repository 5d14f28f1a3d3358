"""A statement of account that an insurer sent back: rows may be moved, renamed or added. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.values import UnreadableValue, business_date
from models.words import ReplyState
from tasks.chasing.reply_cases import Known, Problem, case_of, plain

NAMES = {
    "claim_no": ("本店编号", "理赔编号", "编号"),
    "report_no": ("报案号", "报案编号"),
    "plate_no": ("车牌号", "车牌"),
    "cover": ("险别",),
    "state": ("处理状态", "状态", "处理结果"),
    "expected_on": ("预计付款日期", "预计付款日", "预计支付日期", "付款日期"),
    "reason": ("原因说明", "原因", "说明", "备注"),
}
_ANSWERS = ("state", "expected_on", "reason")
_WORDS = {
    ReplyState.PAID: ("已付款", "已支付", "已赔付", "已付", "已打款"),
    ReplyState.REFUSED: ("拒赔", "不予赔付", "不赔"),
    ReplyState.PAPERS_MISSING: ("待补资料", "补资料", "缺资料", "资料不全", "待补充"),
    ReplyState.IN_REVIEW: ("审核中", "核定中", "处理中", "待支付", "已核定", "流转中"),
    ReplyState.OTHER: ("其他", "其它"),
}
_SEARCHED_ROWS = 30
_FEWEST_HEADINGS = 3


class Answer(NamedTuple):
    """What one row says of a case; `row` as the spreadsheet counts, from 1."""

    row: int
    case_id: int
    cover: str
    state: ReplyState
    expected_on: date | None
    reason: str


@dataclass(frozen=True)
class Reply:
    """What one sheet came to; None for `answers` where it has no headings of a statement."""

    answers: tuple[Answer, ...]
    problems: tuple[Problem, ...]


Rows = Sequence[Sequence[object]]


def read_reply(rows: Rows, known: Known) -> Reply | None:
    """Read a sheet by its headings, wherever they stand; None where it has none of a statement."""
    found = _headings(rows)
    if found is None:
        return None
    at, columns = found
    read = list(_read(rows, at, columns, known))
    answers = [each for each in read if isinstance(each, Answer)]
    problems = [each for each in read if isinstance(each, Problem)]
    return Reply(tuple(answers), (*problems, *_twice(answers)))


def _headings(rows: Rows) -> tuple[int, dict[str, int]] | None:
    for at, row in enumerate(rows[:_SEARCHED_ROWS]):
        said = [plain(cell) for cell in row]
        columns = {
            field: said.index(name)
            for field, names in NAMES.items()
            for name in reversed(names)
            if name in said
        }
        has_key = "claim_no" in columns or "report_no" in columns
        if len(columns) >= _FEWEST_HEADINGS and has_key and any(name in columns for name in _ANSWERS):
            return at, columns
    return None


def _read(rows: Rows, at: int, columns: Mapping[str, int], known: Known) -> Iterator[Answer | Problem]:
    for number, row in enumerate(rows[at + 1 :], at + 2):
        cells = {field: _text(row, column) for field, column in columns.items()}
        if not any(cells[name] for name in ("claim_no", "report_no") if name in cells):
            if any(cells.get(name) for name in _ANSWERS):
                yield Problem(
                    number,
                    "reply_without_case",
                    "本店编号",
                    "",
                    f"Row {number} answers without 本店编号 or 报案号: whose it is can't be told.",
                )
            continue
        yield from _row(number, cells, row, columns, known)


def _text(row: Sequence[object], column: int) -> str:
    return "" if column >= len(row) or row[column] is None else str(row[column]).strip()


def _row(
    number: int, cells: Mapping[str, str], row: Sequence[object], columns: Mapping[str, int], known: Known
) -> Iterator[Answer | Problem]:
    case = case_of(number, cells, known)
    if isinstance(case, Problem):
        yield case
        return
    said, reason = cells.get("state", ""), cells.get("reason", "")
    day, problem = _day(number, row, columns)
    if problem:
        yield problem
    if not (said or reason or day):
        return
    state = _state(said)
    if said and state is None:
        yield Problem(
            number,
            "unknown_reply_state",
            "处理状态",
            said,
            f'Row {number}: "{said}" is none of {"、".join(ReplyState)}; it was kept as 其他.',
        )
    told = reason if state else "；".join(filter(None, (said, reason)))
    yield Answer(number, case, cells.get("cover", ""), state or ReplyState.OTHER, day, told[:1000])


def _day(
    number: int, row: Sequence[object], columns: Mapping[str, int]
) -> tuple[date | None, Problem | None]:
    column = columns.get("expected_on")
    value = row[column] if column is not None and column < len(row) else None
    if value is None or not str(value).strip():
        return None, None
    try:
        return business_date(value), None
    except UnreadableValue as why:
        return None, Problem(
            number,
            "unreadable_date",
            "预计付款日期",
            str(value),
            f'Row {number}: "{value}" is no date ({why}); it was left out.',
        )


def _state(said: str) -> ReplyState | None:
    text = plain(said)
    return next(
        (state for state, words in _WORDS.items() if any(plain(word) in text for word in words)), None
    )


def _twice(answers: Iterable[Answer]) -> Iterator[Problem]:
    seen: dict[tuple[int, str], int] = {}
    for each in answers:
        first = seen.setdefault((each.case_id, each.cover), each.row)
        if first != each.row:
            yield Problem(
                each.row,
                "reply_twice",
                "",
                "",
                f"Rows {first} and {each.row} answer for the same case; the later one counts.",
            )
