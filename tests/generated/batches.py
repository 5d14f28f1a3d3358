"""One transfer for several claims (domain 6.4 no. 2, 9): listed, with a payment list, or naming nothing."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum

from tests.generated.claims import payers_of
from tests.generated.dice import Dice
from tests.generated.facts import Claim, Move, Pays
from tests.generated.remarks import listing, nothing
from tests.generated.words import Fault, Tier


class Batch(Enum):
    """How much a transfer for several claims says of them."""

    LISTED = "listed in the remark"
    ONE_NAMED = "one of several named"
    PAYMENT_LIST = "with a payment list"
    BLIND = "nothing named"


def batches(dice: Dice, kind: Batch, claims: Sequence[Claim]) -> Iterator[Move]:
    """Pay the claims of one insurer in settlement order, several at a time."""
    waiting = sorted(claims, key=lambda claim: (claim.settled_on, claim.claim_no))
    while waiting:
        taken = _next(dice, kind, waiting)
        waiting = [claim for claim in waiting if claim not in taken]
        last = max(claim.settled_on for claim in taken)
        yield _move(dice, kind, taken, dice.later(last, 3, 10))


def _next(dice: Dice, kind: Batch, waiting: Sequence[Claim]) -> list[Claim]:
    """A run in settlement order, each with 5 % left out, or any of a longer run; a list names few."""
    size = min(dice.size(), {Batch.LISTED: 6, Batch.ONE_NAMED: 2}.get(kind, 12))
    if kind is Batch.BLIND and dice.chance(0.3):
        window = waiting[: 2 * size]
        return dice.some(window, min(size, len(window)))
    run = waiting[:size]
    return [claim for claim in run if not dice.chance(0.05)] or list(run)


def _move(dice: Dice, kind: Batch, claims: Sequence[Claim], day: date) -> Move:
    pays = tuple(Pays(claim.claim_no, claim.amount) for claim in claims)
    tier = Tier.BLIND if kind is Batch.BLIND else Tier.LISTED
    remark, form = nothing(dice, claims), kind.value
    if kind is Batch.LISTED:
        remark, pays, form, tier = _listed(dice, claims, pays)
    if kind is Batch.ONE_NAMED:
        named = max(claims, key=lambda claim: claim.amount)
        remark, tier = f"{named.plate_no}赔款", Tier.PERSON if len(claims) > 1 else Tier.KEY
    alone = None if tier is Tier.KEY else Fault.NO_KEY
    fault = Fault.BATCH if len(claims) > 1 else alone
    amount = sum(each.amount for each in pays)
    payer = dice.one(payers_of(claims[0]))
    return Move(day, amount, payer, remark, tier, pays, fault, form, has_list=kind is Batch.PAYMENT_LIST)


def _listed(
    dice: Dice, claims: Sequence[Claim], pays: tuple[Pays, ...]
) -> tuple[str, tuple[Pays, ...], str, Tier]:
    """The list; one in ten speaks of more than it names, in one in ten a claim is short or something is over."""
    if len(claims) > 2 and dice.chance(0.1):
        return f"{listing(dice, claims[:2])}等{len(claims)}笔", pays, "listed in part", Tier.PERSON
    if len(claims) > 1 and dice.chance(0.1):
        first = Pays(pays[0].claim_no, max(100, pays[0].amount - 10_000))
        return listing(dice, claims), (first, *pays[1:]), "listed, one short", Tier.PERSON
    return listing(dice, claims), pays, Batch.LISTED.value, Tier.LISTED if len(claims) > 1 else Tier.KEY
