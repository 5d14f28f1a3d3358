"""How one claim is paid with one of the faults of domain 6.4; the same form as the fates of `singles`."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.values import Period, rate_of
from tests.generated.claims import Desk
from tests.generated.facts import Claim
from tests.generated.remarks import mistyped
from tests.generated.singles import Told, exact, paid
from tests.generated.words import Fault, Tier


def _differs(desk: Desk, claim: Claim, day: date, amount: int, fault: Fault, form: str) -> Told:
    if amount <= 0 or amount == claim.amount:
        return exact(desk, claim, day)
    return Told((claim,), (paid(desk.dice, claim, day, amount, Tier.DIFFERENCE, fault=fault, form=form),))


def short(desk: Desk, claim: Claim, day: date) -> Told:
    """Deductible or residual value in whole hundreds; price cut in whole tens; a share of the liability."""
    dice, form = desk.dice, desk.dice.one(("免赔额", "残值", "核价", "责任比例"))
    if form == "责任比例":
        return _differs(desk, claim, day, claim.amount * dice.one((30, 50, 70)) // 100, Fault.SHORT, form)
    less = dice.number(1, 9) * (1_000 if form == "核价" else 10_000)
    return _differs(desk, claim, day, claim.amount - less, Fault.SHORT, form)


def cents(desk: Desk, claim: Claim, day: date) -> Told:
    amount = claim.amount + desk.dice.one((-3, -2, -1, 1, 2))
    return _differs(desk, claim, day, amount, Fault.CENTS, "尾差")


def over(desk: Desk, claim: Claim, day: date) -> Told:
    more = desk.dice.number(1, 8) * 5_000
    return _differs(desk, claim, day, claim.amount + more, Fault.OVER, desk.dice.one(("施救费", "定损上调")))


def net_of_vat(desk: Desk, claim: Claim, day: date) -> Told:
    net = rate_of(claim.amount, 1 / Decimal(desk.dice.one(("1.13", "1.06"))))
    told = _differs(desk, claim, day, net, Fault.NET_OF_VAT, "net of VAT")
    return Told(told.claims, tuple(replace(move, tier=Tier.PERSON) for move in told.moves))


def paid_twice(desk: Desk, claim: Claim, day: date) -> Told:
    """The same transfer again, that day or later: the second one pays nothing that is owed."""
    dice, again = desk.dice, day if desk.dice.chance(0.5) else desk.dice.later(day, 1, 30)
    facts: dict[str, Any] = {
        "fault": Fault.SAME_TWICE,
        "form": "paid twice",
        "remark": f"{claim.plate_no}赔款",
    }
    first = paid(dice, claim, day, claim.amount, Tier.PERSON if again == day else Tier.KEY, **facts)
    return Told((claim,), (first, replace(first, on=again, pays=(), tier=Tier.PERSON)))


def equal_claims(desk: Desk, claim: Claim, day: date) -> Told:
    """Two claims of one car of the same amount, each paid under the plate: nobody can say which is which.

    Both are in the books: with one of them alone there, the other's money is the first one's to the fen.
    """
    dice, claim = desk.dice, replace(claim, entered_on=None)
    other = desk.claim(dice.later(claim.dispatched_on, 0, 10), like=claim, amount=claim.amount)
    facts: dict[str, Any] = {
        "fault": Fault.SAME_TWICE,
        "form": "two equal claims",
        "remark": f"{claim.plate_no}赔款",
    }
    first = paid(dice, claim, max(day, other.settled_on), claim.amount, Tier.PERSON, **facts)
    second = paid(dice, other, dice.later(first.on, 0, 20), claim.amount, Tier.PERSON, **facts)
    return Told((claim, other), (first, second))


def taken_back(desk: Desk, claim: Claim, day: date) -> Told:
    """Money out, or a negative receipt: both occur."""
    dice = desk.dice
    first = paid(dice, claim, day, claim.amount, Tier.KEY)
    back = replace(
        first, on=dice.later(day, 5, 30), amount=-claim.amount, remark=f"冲正{claim.plate_no}赔款", pays=(),
        tier=Tier.PERSON, fault=Fault.TAKEN_BACK, form=dice.one(("money out", "negative receipt")),
    )  # fmt: skip
    return Told((claim,), (first, back))


def name_only(desk: Desk, claim: Claim, day: date) -> Told:
    remark = desk.dice.one((f"理赔款-{claim.insured}", "赔款支付", "集中支付", "", f"{claim.insured} 车险"))
    facts: dict[str, Any] = {"fault": Fault.NO_KEY, "form": "one claim", "remark": remark}
    return Told((claim,), (paid(desk.dice, claim, day, claim.amount, Tier.BLIND, **facts),))


def forwarded(desk: Desk, claim: Claim, day: date) -> Told:
    """The insurer paid the customer, who passes it on, all of it or what he thinks is right."""
    dice = desk.dice
    amount = claim.amount if dice.chance(0.7) else max(100, claim.amount - 10_000)
    remark = dice.one((f"{claim.plate_no}赔款", "赔款转付", "", "保险赔款", f"修车款 {claim.plate_no}"))
    facts: dict[str, Any] = {
        "fault": Fault.FORWARDED,
        "form": "passed on",
        "remark": remark,
        "other": claim.insured,
    }
    return Told((claim,), (paid(dice, claim, dice.later(day, 3, 20), amount, Tier.PERSON, **facts),))


def after_closing(desk: Desk, claim: Claim, day: date) -> Told:
    """Most was paid, the case was closed, and the balance comes after all."""
    dice, rest = desk.dice, claim.amount // 4
    closed = Period.of(day + timedelta(days=dice.number(5, 15))).last
    if not rest:
        return exact(desk, claim, day)
    first = paid(dice, claim, day, claim.amount - rest, Tier.DIFFERENCE, fault=Fault.SHORT, form="残值")
    facts: dict[str, Any] = {"fault": Fault.AFTER_CLOSING, "form": "late balance"}
    balance = paid(dice, claim, dice.later(closed, 3, 25), rest, Tier.PERSON, **facts)
    return Told((replace(claim, closed_on=closed),), (first, balance))


def to_customer(desk: Desk, claim: Claim, day: date) -> Told:
    return Told((claim,))


def slip(desk: Desk, claim: Claim, day: date) -> Told:
    remark, form = mistyped(desk.dice, claim)
    facts: dict[str, Any] = {"fault": Fault.MISTYPED, "form": form, "remark": remark}
    return Told((claim,), (paid(desk.dice, claim, day, claim.amount, Tier.PERSON, **facts),))
