"""The plain lines, decided in one pass: a key, its insurer, the open amount to the fen, and nobody else asks.

Most lines of a month are so. A line is plain where no other line names its case or has its number, no ledger
tells of a receipt on the case, and just one case it names is open with its amount. The rest goes to `nights`,
which comes to the same for a plain line: there is nothing to weigh it against.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from models.words import MatchKind
from tasks.reconciliation.facts import Case, Facts, Line
from tasks.reconciliation.nights import may_be_made, ties
from tasks.reconciliation.one_key import Named
from tasks.reconciliation.reading import Reading, can_pay, is_group
from tasks.reconciliation.scores import KEY, besides_key, weighed
from tasks.reconciliation.strong import sure
from tasks.reconciliation.verdict import Pairing


class AtOnce:
    """Says of these lines which case each plainly pays; None where it has to be weighed."""

    def __init__(self, keyed: Iterable[Reading], named: Iterable[Named], facts: Facts) -> None:
        self._facts = facts
        self._wanted = Counter(tie for reading in keyed for tie in ties(reading))
        self._wanted.update([case.case_id for each in named for case in each.cases])
        self._told = {receipt.case_id for receipt in facts.receipts}

    def read(self, reading: Reading) -> Pairing | None:
        """Of a line that was read whole."""
        number, facts = reading.hints.number, self._facts
        if reading.naming.listed or (number and self._wanted[number] > 1):
            return None
        cases = [facts.cases[case] for case in reading.naming.cases]
        case = self.case_of(reading.line, reading.group_id, cases)
        if case is None:
            return None
        pairing = sure(MatchKind.PAYOUT, "exact", [reading], case, facts)
        return pairing if may_be_made(pairing, facts) else None

    def named(self, named: Named) -> Pairing | None:
        """Of a line of one key."""
        case = self.case_of(named.line, named.group_id, named.cases)
        if case is None:
            return None
        pairing = _paired(named, case)
        return pairing if may_be_made(pairing, self._facts) else None

    def case_of(self, line: Line, group_id: int | None, cases: Sequence[Case]) -> Case | None:
        """Which of the cases it names a line plainly pays, unless a person said no to it."""
        exact, amount, wanted, told = None, line.amount, self._wanted, self._told
        for case in cases:
            if wanted[case.case_id] > 1 or case.case_id in told:
                return None
            if case.open_amount == amount and can_pay(line, group_id, case, self._facts):
                if exact is not None:
                    return None
                exact = case
            elif case.expected == amount and is_group(group_id, case) and not case.owed:
                return None  # an equal claim of the car was paid: maybe a second time (domain 6.4 no. 6)
        return exact


def _paired(named: Named, case: Case) -> Pairing:
    """The same as `strong.sure` makes of it."""
    line, group_id = named.line, named.group_id
    others = sorted(named.cases, key=lambda each: (each.claim_no, each.case_id))
    points = {
        each.case_id: KEY + besides_key(line, group_id, each, line.amount, each.open_amount)
        for each in others
    }
    evidence = {
        "open_by_claim": {case.claim_no: case.open_amount},
        "keys": [named.key],
        "group": case.group_id,
        "booked_on": [line.booked_on.isoformat()],
        "candidates": [weighed(each, points[each.case_id]) for each in others],
    }
    parts = ((line.line_id, case.case_id, line.amount),)
    return Pairing(MatchKind.PAYOUT, "exact", parts, evidence, score=points[case.case_id])
