"""The plain lines, decided in one pass: a key, its insurer, the open amount to the fen, and nobody else asks.

Most lines of a month are so. A line is plain where no other line names its case or has its number, no ledger
tells of a receipt on the case, and just one case it names is open with its amount. The rest goes to `nights`,
which comes to the same for a plain line: there is nothing to weigh it against.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from models.words import MatchKind
from tasks.reconciliation.facts import Facts
from tasks.reconciliation.nights import may_be_made, ties
from tasks.reconciliation.reading import Reading, fits
from tasks.reconciliation.strong import paid_before, sure
from tasks.reconciliation.verdict import Pairing

Decide = Callable[[Reading], Pairing | None]


def plain(keyed: Sequence[Reading], facts: Facts) -> Decide:
    """What says of each of these lines which case it plainly pays; None where it has to be weighed."""
    wanted = Counter(tie for reading in keyed for tie in ties(reading))
    told = {receipt.case_id for receipt in facts.receipts}

    def decide(reading: Reading) -> Pairing | None:
        cases, amount = reading.naming.cases, reading.line.amount
        if reading.naming.listed or any(wanted[tie] > 1 or tie in told for tie in ties(reading)):
            return None
        owed = [facts.cases[case] for case in cases]
        exact = [case for case in owed if case.open_amount == amount and fits(reading, case, facts)]
        if len(exact) != 1 or paid_before(reading, exact[0], facts):
            return None
        pairing = sure(MatchKind.PAYOUT, "exact", [reading], exact[0], facts)
        return pairing if may_be_made(pairing, facts) else None

    return decide
