"""What insurers write on transfers (domain 6.3): a key in one of its forms, a list, or nothing that helps."""

from collections.abc import Sequence

from tests.generated.dice import Dice
from tests.generated.facts import Claim


def keyed(dice: Dice, claim: Claim, what: str = "") -> str:
    """A plate, a report number, or its last twelve signs, which is all a short field holds."""
    plate, report = claim.plate_no, claim.report_no
    forms = [
        f"{plate}{what}赔款", f"车险理赔款 {plate}", f"{plate[:2]}·{plate[2:]}{what}赔款", f"{claim.insured}{plate}车损赔款",
        f"{plate.lower()}{what}赔款", f"{wide(plate)}赔款", f"赔款{report}", f"赔款 {report}", f"理赔款 {report[-12:]}",
    ]  # fmt: skip
    return dice.weighted(dict(zip(forms, (40, 12, 6, 10, 2, 2, 14, 7, 7), strict=True)))


def wide(text: str) -> str:
    """Letters and digits in full width."""
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() else sign for sign in text)


def listing(dice: Dice, claims: Sequence[Claim]) -> str:
    """Every plate, or every report number."""
    keys = [claim.plate_no for claim in claims] if dice.chance(0.8) else [claim.report_no for claim in claims]
    return "赔款 " + dice.one((" ", "、", "/")).join(keys)


def nothing(dice: Dice, claims: Sequence[Claim]) -> str:
    """No key; at times the number of claims, the month they were settled in, or a settlement number."""
    month = max(claim.settled_on for claim in claims).month
    forms = [
        "赔款支付", "集中支付", "理赔款", "", "车险赔款", f"赔款 共{len(claims)}笔", f"{month}月赔款",
        f"赔款 结算单号JS{dice.number(10_000_000, 99_999_999)}",
    ]  # fmt: skip
    return dice.weighted(dict(zip(forms, (25, 20, 12, 13, 8, 10, 6, 6), strict=True)))


def mistyped(dice: Dice, claim: Claim) -> tuple[str, str]:
    """A key with a slip, and which slip (domain 6.4 no. 13)."""
    plate = claim.plate_no
    if dice.chance(0.2):
        return f"赔款{claim.report_no[:14]}", "report number cut short"
    slips = {"missing province": plate[1:]}
    if "0" in plate[2:]:
        slips["O for 0"] = plate[:2] + plate[2:].replace("0", "O", 1)
    if "1" in plate[2:]:
        slips["I for 1"] = plate[:2] + plate[2:].replace("1", "I", 1)
    slip = dice.one(list(slips))
    return f"{slips[slip]}赔款", slip
