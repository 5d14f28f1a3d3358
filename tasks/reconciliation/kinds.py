"""Lines that are no payout: kept and listed with their kind, never filtered away (domain 6.2)."""

import re

from tasks.reconciliation.facts import Facts
from tasks.reconciliation.payer import plain_name
from tasks.reconciliation.reading import Reading
from tasks.reconciliation.reversals import taken_back
from tasks.reconciliation.verdict import Verdict, ignored, left

Kinds = tuple[tuple[str, re.Pattern[str]], ...]

_CORRECTION = re.compile("冲正|冲销|冲账|抹账|错账|更正")
_PREMIUM = re.compile("保费|保险费|投保|续保|出单")
_NO_LOSS = re.compile("退保|保费|保险费|续保|佣金|代理费|手续费")
_PAID_FOR_LOSS = re.compile("赔")
"""Said of a claim's money and never of a premium; 交强 and 商业险 are said of both."""
_PAYOUT = re.compile("赔款|理赔|赔付|赔偿|保险金|交强|车损|商业险|三者")
_MONEY_IN = (
    ("interest", re.compile("结息|利息|息金")),
    ("tax", re.compile("税务|国库|退税")),
    ("supplier", re.compile("退货|货款|配件款")),
)
"""Few words only: what a customer pays for (维修服务费, 轮胎) is no noise."""

_MONEY_OUT = (
    ("interest", re.compile("结息|利息|息金")),
    ("salary", re.compile("工资|奖金|薪|社保|社会保险|公积金|个税代扣")),
    ("tax", re.compile("税务|国库|缴税|扣税|退税|增值税|所得税|税款|完税")),
    ("fee", re.compile("手续费|工本费|账户管理费|年费|短信费|服务费|汇费|回单费|网银费")),
    ("utility", re.compile("电费|水费|燃气|话费|宽带|房租|租金|物业")),
    ("supplier", re.compile("货款|配件|材料款|采购|进货|油漆|轮胎")),
)  # fmt: skip


def talks_of_payout(reading: Reading) -> bool:
    """Whether the line could be insurer money at all: a key of ours, or the words of a payout."""
    return reading.naming.has_key or bool(_PAYOUT.search(reading.words))


def set_apart(reading: Reading, facts: Facts) -> Verdict | None:
    """The verdict on a line that is no payout by its direction and words; None = look on."""
    if reading.line.amount == 0:
        return ignored("zero")
    return _outgoing(reading, facts) if reading.line.amount < 0 else _incoming(reading, facts)


def _outgoing(reading: Reading, facts: Facts) -> Verdict:
    if reading.group_id is not None:
        return ignored("premium") if _PREMIUM.search(reading.words) else taken_back(reading, facts)
    if _CORRECTION.search(reading.words):
        return taken_back(reading, facts) if talks_of_payout(reading) else left("correction_unclear")
    if reading.name in facts.own_names:
        return ignored("own_transfer")
    if _pays_a_refund(reading, facts):
        return ignored("refund_payment")
    return ignored(_kind(reading, _MONEY_OUT) or "outgoing")


def _incoming(reading: Reading, facts: Facts) -> Verdict | None:
    if _CORRECTION.search(reading.words):
        return left("correction_unclear")
    if reading.name in facts.own_names:
        return ignored("own_transfer")
    if reading.group_id is not None and _is_no_loss(reading.line.text):
        return left("premium_or_commission")
    if reading.group_id is not None or talks_of_payout(reading) or reading.insured_of:
        return None
    kind = _kind(reading, _MONEY_IN)
    return ignored(kind) if kind else None


def _is_no_loss(text: str) -> bool:
    """Whether an insurer says that it pays for something else than a loss, also under a plate of ours."""
    return bool(_NO_LOSS.search(text)) and not _PAID_FOR_LOSS.search(text)


def _pays_a_refund(reading: Reading, facts: Facts) -> bool:
    return any(
        refund.amount == -reading.line.amount and reading.name in map(plain_name, refund.names)
        for refund in facts.refunds
    )


def _kind(reading: Reading, kinds: Kinds) -> str | None:
    return next((kind for kind, words in kinds if words.search(reading.words)), None)
