"""Amounts as Chinese vouchers write them (大写). Standard library only; used through models.values."""

import re

_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def in_words(amount: int) -> str:
    """大写: 123456 fen -> "人民币壹仟贰佰叁拾肆元伍角陆分"; for 0.01 to 9,999,999,999.99 yuan.

    After the bank rules for vouchers (支付结算办法): one 零 for a run of zeros inside, 零 where there is
    分 without 角, 整 after 元 and, so that nothing can be added, after 角.
    """
    if not 0 < amount < 10**12:
        raise ValueError(f"{amount} fen cannot be written in words: 1 to 999999999999 fen can")
    whole, cents = divmod(amount, 100)
    jiao, last = divmod(cents, 10)
    words = "人民币" + (_whole_words(whole) + "元" if whole else "")
    words += _DIGITS[jiao] + "角" if jiao else "零" if whole and last else ""
    return words + (_DIGITS[last] + "分" if last else "整")


def _whole_words(whole: int) -> str:
    words = ""
    for value, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, whole = divmod(whole, value)
        words += _group_words(group) + unit if group else "零"
    return re.sub("零+", "零", words).strip("零")


def _group_words(group: int) -> str:
    digits = (
        _DIGITS[int(digit)] + (unit if digit != "0" else "")
        for digit, unit in zip(f"{group:04d}", ("仟", "佰", "拾", ""), strict=True)
    )
    return "".join(digits).rstrip("零")
