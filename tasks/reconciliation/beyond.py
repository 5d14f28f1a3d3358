"""What is too much on one claim may be other claims: a plate that stands for a whole settlement. Pure.

One insurer writes the plate of the first claim on a transfer for several (domain 6.3). So money beyond what
is open is held on the claim named (domain 6.4 no. 5) only where it is not just what others still wait for.
"""

from collections.abc import Sequence

from tasks.reconciliation.facts import Case, Facts


def pays_others(excess: int, case: Case, facts: Facts) -> bool:
    """Whether one or two other open claims of the insurer come to the excess, in fen above zero."""
    others = facts.cases_of(case.group_id)
    amounts = [other.open_amount for other in others if other.case_id != case.case_id]
    return excess > 0 and (excess in amounts or _two(sorted(a for a in amounts if a < excess), excess))


def _two(ascending: Sequence[int], total: int) -> bool:
    """Whether two of the amounts come to the total, from both ends inward."""
    low, high = 0, len(ascending) - 1
    while low < high:
        sum_ = ascending[low] + ascending[high]
        if sum_ == total:
            return True
        low, high = (low + 1, high) if sum_ < total else (low, high - 1)
    return False
