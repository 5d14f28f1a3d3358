"""How much speaks for a pairing, 0 to 100: kept with it, to rank and to look back; no reason to apply it."""

from tasks.reconciliation.facts import Case, Line
from tasks.reconciliation.reading import Reading, is_group, is_in_time

KEY, WEAK_KEY = 40, 15
INSURER, DATE, DATE_UNKNOWN = 20, 10, 5
EXACT, NEAR, FAR = 30, 15, 5


def score(reading: Reading, case: Case, amount: int, owed: int) -> int:
    """Points for the key, the insurer group, how near `amount` is to `owed` (fen), and the bank date."""
    named = case.case_id in reading.naming.cases or any(case.case_id in of for of in reading.naming.listed)
    key = KEY if named else WEAK_KEY if case.case_id in reading.naming.weak else 0
    return key + besides_key(reading.line, reading.group_id, case, amount, owed)


def besides_key(line: Line, group_id: int | None, case: Case, amount: int, owed: int) -> int:
    """Points for all but the key."""
    insurer = INSURER if is_group(group_id, case) else 0
    off = abs(amount - owed)
    near = EXACT if not off else NEAR if off * 10 <= owed else FAR
    day = 0 if not is_in_time(line, case) else DATE if case.accepted_on else DATE_UNKNOWN
    return insurer + near + day


def considered(reading: Reading, cases: list[Case]) -> list[dict[str, object]]:
    """The claims that were weighed for a line, each with what was open and its score."""
    return [weighed(c, score(reading, c, reading.line.amount, c.open_amount)) for c in cases]


def weighed(case: Case, points: int) -> dict[str, object]:
    """A claim that was weighed, as it is kept."""
    return {"claim_no": case.claim_no, "open": case.open_amount, "score": points}
