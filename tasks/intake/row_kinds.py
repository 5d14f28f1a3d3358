"""What a row below a ledger's headings is: a case, a total, a heading again, a note, or blank."""

import re
from collections.abc import Callable, Sequence

from models.values import half_width
from tasks.intake.columns import BY_FIELD, Kind
from tasks.intake.headings import Headings, plain

Cells = dict[str, object]

TOTAL = re.compile(r"(本页|本月|本年|上页|累计|全年|以上)?(合计|小计|总计|共计|累计|汇总)(金额|数|\(元\))?")
CLAIM_NO_LENGTH = 40
# A number as most shops write it: such a row is a case, without a closer look.
CLAIM_NO, NOTHING_FITS = re.compile(r"(?=.{1,40}\Z)[A-Za-z-]*[0-9][A-Za-z0-9-]*"), re.compile("(?!)")
NUMERAL = re.compile(r"[\d一二三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]")


def plainly_a_claim(headings: Headings) -> Callable[[str], object]:
    """Tells of a text under 理赔编号 whether it is a number as most shops write it: a case at first sight."""
    # A heading that looks like such a number may be repeated on a page.
    is_like_one = any(word and word.isascii() for word in headings.known)
    return (NOTHING_FITS if is_like_one else CLAIM_NO).fullmatch


def other_kind(row: Sequence[object], cells: Cells, headings: Headings) -> str | None:
    """What a row is if it is no case: blank, total, heading or note; None for a case, however broken."""
    if _names_a_claim(cells.get("claim_no"), headings):
        return None
    if not any(says(cell) for cell in cells.values()):
        return "note" if any(isinstance(cell, str) and cell.strip() for cell in row) else "blank"
    claim_no = cells.get("claim_no")
    texts = [plain(cell) for cell in row if isinstance(cell, str)]
    if any(map(TOTAL.fullmatch, texts)) and (not says(claim_no) or TOTAL.fullmatch(plain(claim_no))):
        return "total"
    if len([text for text in texts if text in headings.known]) >= 3:
        return "heading"
    told = {field: cell for field, cell in cells.items() if says(cell)}
    only_words = all(
        isinstance(cell, str) and not _meant_as_amount(field, cell) for field, cell in told.items()
    )
    is_numbered = _is_number(claim_no, plain(claim_no))
    if only_words and len(told) <= 3 and not is_numbered and not cells.get("plate_no"):
        return "note"
    return None


def _names_a_claim(cell: object, headings: Headings) -> bool:
    """Digits that are no heading: such a row is a case, and nothing else of it need be looked at."""
    if not isinstance(cell, str):
        return False
    text = plain(cell)
    return _is_number(cell, text) and text not in headings.known


def says(cell: object) -> bool:
    """Whether a cell says anything: a formula dragged down leaves zeros behind."""
    return bool(cell.strip()) if isinstance(cell, str) else cell not in (None, 0)


def _meant_as_amount(field: str, text: str) -> bool:
    is_money = BY_FIELD[field].kind is Kind.MONEY
    return is_money and NUMERAL.search(text) is not None and ":" not in half_width(text)


def _is_number(cell: object, text: str) -> bool:
    """Whether a cell holds digits as numbers of claims do; `text` is the cell as it is compared."""
    return len(text) <= CLAIM_NO_LENGTH and any(map(str.isdecimal, text)) and ":" not in str(cell)
