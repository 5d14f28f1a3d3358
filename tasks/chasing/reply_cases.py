"""Which case a row of an insurer's reply speaks of: by our number or by the insurer's. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Known:
    """The cases a reply may speak of."""

    by_claim_no: Mapping[str, int]
    by_report_no: Mapping[str, frozenset[int]]


class Problem(NamedTuple):
    """A row or value that could not be taken, and why."""

    row: int
    code: str
    heading: str
    value: str
    sentence: str


def plain(value: object) -> str:
    """A number or heading without what typing adds to it: width, blanks, case."""
    return re.sub(
        r"[\s()（）:：]+", "", unicodedata.normalize("NFKC", "" if value is None else str(value))
    ).upper()


def case_of(number: int, cells: Mapping[str, str], known: Known) -> int | Problem:
    """The case by its own number or the insurer's; where both are given they must name the same."""
    claim_no, report_no = plain(cells.get("claim_no")), plain(cells.get("report_no"))
    by_claim = known.by_claim_no.get(claim_no)
    by_report = known.by_report_no.get(report_no, frozenset()) if report_no else frozenset()
    said = f"本店编号 {cells.get('claim_no') or '-'}, 报案号 {cells.get('report_no') or '-'}"
    if by_claim is not None and by_report and by_claim not in by_report:
        return Problem(
            number,
            "reply_names_two_cases",
            "报案号",
            report_no,
            f"Row {number}: {said} are two different cases. Ask the insurer which is meant.",
        )
    if by_claim is not None:
        return by_claim
    if len(by_report) == 1:
        return next(iter(by_report))
    if by_report:
        return Problem(
            number,
            "reply_is_ambiguous",
            "报案号",
            report_no,
            f"Row {number}: {said} names several cases. Ask the insurer which is meant.",
        )
    return Problem(
        number,
        "reply_of_unknown_case",
        "本店编号",
        claim_no,
        f"Row {number}: {said} is no case of this shop. Correct the number, or leave the row.",
    )
