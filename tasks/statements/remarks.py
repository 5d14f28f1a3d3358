"""The words of a line: what was written for this payment, apart from what the bank writes on every one."""

import re
from collections.abc import Sequence

# A remark made of nothing but these says that money moved, which the amount says already.
_CHANNEL = (
    "网上银行|网上|网银|电子|跨行|行内|同城|异地|企业|对公|实时|普通|批量|大额|小额|他行|本行|柜面|柜台"
    "|手机银行|超级网银|系统内|二代支付|单笔|互联"
)
_MOVE = (
    "转账|转帐|转存|转支|转入|转出|汇款|汇入|汇出|汇兑|来账|往账|入账|收款|付款|支付|贷记|借记|业务|存入"
    "|支取|网转|电汇|交易|收入|支出"
)
_GENERIC = re.compile(f"(?:{_CHANNEL}|{_MOVE})+")


def memo(remarks: Sequence[str]) -> str:
    """The remark as a person reads it: what was written, most telling first, nothing twice.

    A remark that only names the kind of transfer (转账, 电子汇入) and one that another contains are left out.
    """
    kept: list[str] = []
    for remark in (_one_line(each) for each in remarks):
        if remark and not _GENERIC.fullmatch(remark) and not any(remark in other for other in kept):
            kept = [other for other in kept if other not in remark] + [remark]
    return " ".join(kept)


def _one_line(remark: str) -> str:
    return " ".join(remark.split())
