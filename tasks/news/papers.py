"""Which papers of the customer a return of the insurer names (domain 7.1). Pure.

The reason is free text of somebody's hand: nothing of it reaches the customer but the names known here.
"""

_PAPERS = (
    ("三者行驶证", "对方车辆的行驶证复印件", ""),
    ("三者驾驶证", "对方驾驶人的驾驶证复印件", ""),
    ("对方行驶证", "对方车辆的行驶证复印件", ""),
    ("对方驾驶证", "对方驾驶人的驾驶证复印件", ""),
    ("索赔申请书", "索赔申请书", "由被保险人签名，单位加盖公章"),
    ("授权委托书", "授权委托书原件", "由被保险人签名，单位加盖公章"),
    ("行驶证", "行驶证", "正副页，年检在有效期内"),
    ("驾驶证", "驾驶证", "正副页，在有效期内"),
    ("身份证", "被保险人身份证", "原件，在店内复印"),
    ("营业执照", "营业执照复印件", "加盖公章"),
    ("事故认定书", "事故认定书", ""),
    ("责任认定书", "事故认定书", ""),
    ("协议书", "事故自行协商协议书", "由双方签名"),
    ("赔偿凭证", "向对方赔偿的凭证", ""),
    ("保单", "保险单", ""),
    ("保险单", "保险单", ""),
    ("差价确认书", "差价确认书", "由您签名"),
)
"""What a reason says, the paper's name to the customer, and what it must show; longer names first."""


def of_the_customer(reason: str) -> tuple[tuple[str, str], ...]:
    """The papers that only the customer can bring, by name and remark, each once."""
    rest, found = "".join(reason.split()), {}
    for said, name, remark in _PAPERS:
        if said in rest:
            found[name] = remark
            rest = rest.replace(said, "")
    return tuple(found.items())
