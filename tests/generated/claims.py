"""The claims of a shop: when they are taken in, accepted and agreed, and what each cover owes."""

from datetime import date, timedelta
from itertools import count

from models.values import Period
from models.words import Cover, LineKind
from tests.generated.dice import INSURERS, Dice, InsurerOf
from tests.generated.facts import Claim, Due

COMPULSORY = 200_000
"""交强: 2,000.00 for damage to things."""


class Desk:
    """Where claims are taken in: it numbers them, and remembers cars that came before."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self._numbers = count(1)
        self._before: list[Claim] = []

    def month(self, month: Period, claims: int) -> list[Claim]:
        """The claims taken in during a month; one in fifteen is of a car that came before."""
        found = []
        for _ in range(claims):
            day = month.first + timedelta(days=self.dice.number(0, (month.last - month.first).days))
            again = self._before and self.dice.chance(0.07)
            found.append(self.claim(day, self.dice.one(self._before) if again else None))
        self._before = found
        return found

    def claim(self, day: date, like: Claim | None = None, amount: int | None = None) -> Claim:
        """A claim; `like` another one it is of the same car, insured and insurer."""
        dice = self.dice
        weights = dict(zip(INSURERS, (40, 25, 20, 15), strict=True))
        insurer = _of(like.group) if like else dice.weighted(weights)
        accepted = dice.later(day, 5, 20)
        return Claim(
            claim_no=f"LP{day.year}-{next(self._numbers):05}",
            plate_no=like.plate_no if like else dice.plate(),
            report_no=dice.report_no(insurer.group, day),
            insured=like.insured if like else dice.insured(),
            group=insurer.group,
            branch=insurer.branch,
            dispatched_on=day,
            accepted_on=accepted,
            agreed_on=dice.later(accepted, 2, 20) if dice.chance(0.7) else None,
            dues=(Due(amount),) if amount else self._dues(),
            entered_on=dice.later(day, 20, 70) if like is None and dice.chance(0.04) else None,
            acceptance_known=dice.chance(0.93),
        )

    def _dues(self) -> tuple[Due, ...]:
        """Most claims are kept as one sum; some cover by cover, some with another car's repair."""
        amount, how = self.dice.amount(), self.dice.number(1, 10)
        own = Due(amount, Cover.OWN_DAMAGE)
        if how <= 2:
            return Due(COMPULSORY, Cover.COMPULSORY), own
        if how == 3:
            return own, Due(self.dice.amount(), Cover.THIRD_PARTY, LineKind.OTHER_AGENCY)
        return (own,) if how <= 5 else (Due(amount),)


def _of(group: str) -> InsurerOf:
    return next(insurer for insurer in INSURERS if insurer.group == group)


def payers_of(claim: Claim) -> tuple[str, ...]:
    """The names under which its insurer pays."""
    return _of(claim.group).payers
