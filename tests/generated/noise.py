"""What else stands on a shop's statements: none of it is insurer money that is owed (domain 6.2, 6.4)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from models.values import Period
from tests.generated.dice import INSURERS, Dice
from tests.generated.facts import Claim, Move, PaidRefund
from tests.generated.words import Fault, Tier


def month_of_noise(dice: Dice, month: Period, claims: Sequence[Claim], shop_name: str) -> Iterator[Move]:
    """A month of everything else; `claims` are those that may be open in it."""
    yield from _household(dice, month)
    yield from _sales(dice, month, claims)
    yield from _of_insurers(dice, month, claims)
    yield from _transfers(dice, month, shop_name)
    yield from _corrections(dice, month)


def _other(day: date, amount: int, other: str, remark: str, form: str, seen: str | None) -> Move:
    return Move(day, amount, other, remark, Tier.OTHER, form=form, ignored_as=seen)


def _day(dice: Dice, month: Period) -> date:
    return month.first + timedelta(days=dice.number(0, (month.last - month.first).days))


def _household(dice: Dice, month: Period) -> Iterator[Move]:
    number = month.first.month
    costs = (
        ("代发工资", f"{number}月工资", "salary", 3, 800_000),
        ("连云港新浦汽配商行", "配件款", "supplier", 3, 300_000),
        ("连云港市供电公司", "电费", "utility", 1, 90_000),
        ("国家金库连云港市中心支库", "增值税", "tax", 1, 400_000),
        ("", "网银手续费", "fee", 3, 1_500),
    )
    for other, remark, kind, times, most in costs:
        for _ in range(times):
            yield _other(_day(dice, month), -dice.number(100, most), other, remark, kind, kind)
    yield _other(month.first + timedelta(days=20), dice.number(100, 9_000), "应付单位活期存款利息", "结息", "interest", "interest")  # fmt: skip
    yield _other(
        _day(dice, month),
        dice.amount() // 10 + 1,
        "连云港新浦汽配商行",
        "退货款",
        "goods returned",
        "supplier",
    )


def _sales(dice: Dice, month: Period, claims: Sequence[Claim]) -> Iterator[Move]:
    """Customers pay; two of them by chance what is open on a claim, one of these as its insured."""
    for _ in range(3):
        yield _other(_day(dice, month), dice.amount(), dice.person(), "维修费", "sale", None)
    yield _other(_day(dice, month), dice.amount(), "银联商务股份有限公司", "POS清算", "card sales", None)
    yield _other(_day(dice, month), dice.amount(), "上海某某商务咨询有限公司", "赔款", "unknown payer", None)
    if claims:
        claim, other = dice.one(claims), dice.one(claims)
        remark = dice.one(("维修费", f"{claim.plate_no}维修费", ""))
        yield _other(_day(dice, month), claim.amount, dice.person(), remark, "sale equal to a claim", None)
        yield _other(_day(dice, month), other.amount, other.insured, "押金", "deposit equal to a claim", None)
        yield _other(
            _day(dice, month), dice.number(1, 9) * 50_000, other.insured, "定损差价", "own share", None
        )


def _of_insurers(dice: Dice, month: Period, claims: Sequence[Claim]) -> Iterator[Move]:
    """Premiums out, commission and premiums back in, a payout for a car that is not ours."""
    insurer = dice.one(INSURERS)
    payer = dice.one(insurer.payers)
    yield _other(
        _day(dice, month), -dice.number(900, 9_000) * 100, insurer.branch, "车险保费", "premium", "premium"
    )
    if dice.chance(0.5):
        yield _other(
            _day(dice, month),
            dice.amount() // 5 + 1,
            payer,
            f"{month.first.month}月代理手续费",
            "commission",
            None,
        )
    if dice.chance(0.2):
        yield _other(_day(dice, month), dice.amount() // 3 + 1, payer, "退保费", "premium back", None)
    if claims and dice.chance(0.3):
        claim = dice.one(claims)
        amount = claim.amount * dice.number(40, 140) // 100
        remark = dice.one((f"{claim.plate_no}退保费", f"退保 {claim.plate_no}"))
        yield _other(_day(dice, month), amount, claim.branch, remark, "premium back for a car of ours", None)
    if dice.chance(0.5):
        yield _other(_day(dice, month), dice.amount(), payer, f"{dice.plate()}赔款", "a car not ours", None)


def _transfers(dice: Dice, month: Period, shop_name: str) -> Iterator[Move]:
    day, amount = _day(dice, month), dice.number(10, 99) * 100_000
    out = Move(
        day, -amount, shop_name, "内部转款", Tier.OTHER, form="own transfer", ignored_as="own_transfer"
    )
    yield out
    yield Move(
        day,
        amount,
        shop_name,
        "内部转款",
        Tier.OTHER,
        form="own transfer",
        ignored_as="own_transfer",
        account=1,
    )


def _corrections(dice: Dice, month: Period) -> Iterator[Move]:
    """The bank booked what is not ours and takes it back."""
    if dice.chance(0.3):
        day, amount, other = _day(dice, month), dice.amount(), dice.person()
        yield _other(day, amount, other, "往来款", "the bank's slip", None)
        yield _other(day, -amount, other, "冲正 记账错误", "the bank's correction", None)


def refunds_out(dice: Dice, refund: PaidRefund, bounces: bool) -> Iterator[Move]:
    """A refund of ours goes out; where it bounces it comes in again within days (domain 6.4 no. 7)."""
    payee = refund.claim.insured
    yield Move(
        refund.paid_on,
        -refund.amount,
        payee,
        "客户退款",
        Tier.OTHER,
        form="refund",
        ignored_as="refund_payment",
    )
    if bounces:
        form = dice.one(("under the payee's name", "under the bank's name"))
        named = form == "under the payee's name"
        yield Move(
            dice.later(refund.paid_on, 1, 6), refund.amount, payee if named else "待处理结算款项",
            dice.one(("户名不符退汇", "退票 账号不符", "账户已销户 退汇")), Tier.KEY if named else Tier.PERSON,
            fault=Fault.BOUNCED, form=form, refund=refund.claim.claim_no,
        )  # fmt: skip
