"""A shop's life: seeded, pure, the same every time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from models.values import Period
from models.words import LineKind
from tests.generated import mishaps, singles
from tests.generated.batches import Batch, batches
from tests.generated.claims import Desk
from tests.generated.dice import INSURERS, Dice
from tests.generated.facts import Claim, Due, Life, Move, PaidRefund
from tests.generated.noise import month_of_noise, refunds_out
from tests.generated.singles import Fate, Told

DECK: tuple[tuple[Fate | Batch, int], ...] = (
    (singles.exact, 16), (singles.late, 2), (singles.compulsory_and_commercial, 6),
    (singles.advance_and_balance, 2), (Batch.LISTED, 8), (Batch.PAYMENT_LIST, 4), (Batch.BLIND, 6),
    (Batch.ONE_NAMED, 2),
    (mishaps.short, 4), (mishaps.cents, 2), (mishaps.over, 2), (mishaps.net_of_vat, 1),
    (mishaps.paid_twice, 1), (mishaps.equal_claims, 1), (mishaps.taken_back, 1), (mishaps.name_only, 1),
    (mishaps.forwarded, 1), (singles.institution, 1), (mishaps.after_closing, 1), (mishaps.to_customer, 1),
    (mishaps.slip, 2),
)  # fmt: skip
"""Sixty-five fates in shares; a shop goes through all of them before any comes again."""


def months_from(first: Period, count: int) -> tuple[Period, ...]:
    months = [first]
    while len(months) < count:
        months.append(Period.of(months[-1].last + timedelta(days=1)))
    return tuple(months)


def life(seed: object, shop_name: str, first: Period, months: int, claims: int = 14) -> Life:
    """So many months of a shop that takes in so many claims each month.

    One insurer of the shop pays all that has no other fate in transfers that name nothing.
    """
    dice = Dice(seed)
    desk, over = Desk(dice), months_from(first, months)
    told, noise, refunds = list[Told](), list[Move](), list[PaidRefund]()
    queues: dict[tuple[Batch, str], list[Claim]] = defaultdict(list)
    deck, silent, before = _shuffled(dice), dice.one(INSURERS).group, list[Claim]()
    for month in over:
        taken_in = desk.month(month, claims)
        for claim in taken_in:
            fate = next(deck)
            if claim.group == silent and fate is singles.exact:
                fate = Batch.BLIND
            if isinstance(fate, Batch):
                queues[fate, claim.group].append(claim)
            else:
                told.append(fate(desk, claim, dice.later(claim.settled_on, 3, 10)))
        noise += month_of_noise(dice, month, before, shop_name)
        before = taken_in
        refunds.append(_old_refund(desk, month))
        noise += refunds_out(dice, refunds[-1], bounces=dice.chance(0.5))
    lumps = [
        move
        for (kind, _), queue in sorted(queues.items(), key=lambda each: (each[0][0].value, each[0][1]))
        for move in batches(dice, kind, queue)
    ]
    queued = [claim for queue in queues.values() for claim in queue]
    moves = [*noise, *lumps, *(move for each in told for move in each.moves)]
    return Life(
        over,
        tuple(sorted((*queued, *(c for each in told for c in each.claims)), key=lambda c: c.claim_no)),
        tuple(refunds),
        _booked(dice, moves, over),
        frozenset(c.claim_no for each in told if not each.moves for c in each.claims),
    )


def _shuffled(dice: Dice) -> Iterator[Fate | Batch]:
    whole = [fate for fate, times in DECK for _ in range(times)]
    while True:
        rest = list(whole)
        while rest:
            yield rest.pop(dice.number(0, len(rest) - 1))


def _old_refund(desk: Desk, month: Period) -> PaidRefund:
    """A repair of long ago whose customer gets his deposit back in this month."""
    dice = desk.dice
    claim = replace(
        desk.claim(month.first - timedelta(days=120)), dues=(Due(dice.amount(), kind=LineKind.OWN_REPAIR),)
    )
    return PaidRefund(claim, dice.amount(), month.first + timedelta(days=dice.number(2, 20)))


def _booked(dice: Dice, moves: Iterable[Move], months: tuple[Period, ...]) -> tuple[Move, ...]:
    """The movements of these months with a time of day, mostly on the shop's first account, in order."""
    within = [move for move in moves if months[0].first <= move.on <= months[-1].last]
    timed = [
        replace(
            move, at=dice.moment(), account=move.account or int(dice.chance(0.25)), bank_words=_words(move)
        )
        for move in within
    ]
    return tuple(sorted(timed, key=lambda move: (move.account, move.on, move.at)))


def _words(move: Move) -> str:
    return "电子汇入" if move.amount > 0 else "电子汇出"
