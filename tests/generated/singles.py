"""How one claim is paid when nothing is wrong, and in two transfers (domain 6.3).

Each fate takes the desk, a claim and the day it is paid on, and gives the claims as they then are and the
movements that came of it.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from models.words import Cover
from tests.generated.claims import COMPULSORY, Desk, payers_of
from tests.generated.dice import Dice
from tests.generated.facts import Claim, Move, Pays
from tests.generated.remarks import keyed
from tests.generated.words import Fault, Tier


class Told(NamedTuple):
    """What became of a claim."""

    claims: tuple[Claim, ...]
    moves: tuple[Move, ...] = ()


Fate = Callable[[Desk, Claim, date], Told]


def paid(
    dice: Dice,
    claim: Claim,
    day: date,
    amount: int,
    tier: Tier,
    *,
    cover: Cover | None = None,
    **facts: Any,
) -> Move:
    """A transfer of the claim's insurer for it."""
    given: dict[str, Any] = {
        "other": dice.one(payers_of(claim)),
        "pays": (Pays(claim.claim_no, amount, cover),),
    } | facts
    if "remark" not in given:
        given["remark"] = keyed(dice, claim)
    return Move(day, amount, tier=tier, **given)


def exact(desk: Desk, claim: Claim, day: date) -> Told:
    return Told((claim,), (paid(desk.dice, claim, day, claim.amount, Tier.KEY),))


def late(desk: Desk, claim: Claim, day: date) -> Told:
    return exact(desk, claim, desk.dice.later(day, 10, 60))


def compulsory_and_commercial(desk: Desk, claim: Claim, day: date) -> Told:
    """Two transfers on one day or some days apart; the shop may know the covers or only their sum."""
    dice = desk.dice
    first = next((due.amount for due in claim.dues if due.cover is Cover.COMPULSORY), COMPULSORY)
    if claim.amount <= first:
        return exact(desk, claim, day)
    known = any(due.cover is Cover.COMPULSORY for due in claim.dues)
    other = day if dice.chance(0.5) else dice.later(day, 1, 9)
    facts: dict[str, Any] = {"fault": Fault.TWO_TRANSFERS, "form": "交强 + 商业"}
    plate, rest = claim.plate_no, claim.amount - first
    moves = [
        paid(dice, claim, day, first, Tier.COVERS, remark=f"{plate}交强险赔款",
             cover=Cover.COMPULSORY if known else None, **facts),
        paid(dice, claim, other, rest, Tier.COVERS, remark=f"{plate}商业险赔款", **facts),
    ]  # fmt: skip
    return Told((claim,), tuple(moves))


def advance_and_balance(desk: Desk, claim: Claim, day: date) -> Told:
    dice = desk.dice
    first = claim.amount * dice.number(30, 70) // 100 // 10_000 * 10_000
    if not first:
        return exact(desk, claim, day)
    facts: dict[str, Any] = {"fault": Fault.TWO_TRANSFERS, "form": "advance + balance"}
    moves = [
        paid(dice, claim, day, first, Tier.COVERS, remark=keyed(dice, claim, "预付"), **facts),
        paid(dice, claim, dice.later(day, 12, 40), claim.amount - first, Tier.COVERS, **facts),
    ]
    return Told((claim,), tuple(moves))


def institution(desk: Desk, claim: Claim, day: date) -> Told:
    """A payment institution pays for the insurer: a name that says nothing of an insurer."""
    facts: dict[str, Any] = {"other": "银联商务支付股份有限公司客户备付金", "form": "payment institution"}
    return Told((claim,), (paid(desk.dice, claim, day, claim.amount, Tier.PERSON, **facts),))
