"""Text as it is compared, and what an outsider may see of it (domain 3.2). Standard library only.

Used through models.values.
"""

import re
import unicodedata


def half_width(text: str) -> str:
    """Full-width letters, digits, brackets and blanks as their half-width twins."""
    return unicodedata.normalize("NFKC", text)


def normalise_plate(text: str) -> str:
    """A plate as it is compared: upper case, half-width, without blanks, dots and hyphens."""
    return re.sub(r"[\s·•・‧∙⋅.\-‐–—_]", "", half_width(text)).upper()


# Two characters each, cut from one line so that the list stays readable.
_SURNAMES = "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐长孙宇文司徒端木夏侯轩辕南宫独孤闻人太史申屠"
_COMPOUND = frozenset(re.findall("..", _SURNAMES))
_COMPANY = re.compile(r".{2,}(公司|集团|中心|学校|大学|委员会|办公室|合作社)|.{4,}[厂店行部局院社站队所处会]")


def mask_name(name: str) -> str:
    """张三 -> 张*, 欧阳娜 -> 欧阳*; a company keeps its first two and last two characters."""
    bare = name.strip()
    if _COMPANY.fullmatch(bare):
        return f"{bare[:2]}***{bare[-2:] if len(bare) > 5 else ''}"
    return (bare[:2] if bare[:2] in _COMPOUND and len(bare) > 2 else bare[:1]) + "*" * bool(bare)


def mask_plate(plate: str) -> str:
    """苏G12345 -> 苏G***45, 苏GD12345 -> 苏G****45; 挂, 港, 学, 警 count as characters like others."""
    bare = normalise_plate(plate)
    return bare[:2] + "*" * (len(bare) - 4) + bare[-2:] if len(bare) > 5 else "*" * len(bare)


def mask_phone(phone: str) -> str:
    """13812345678 -> 138****5678; a number too short to be masked so is all stars."""
    digits = re.sub(r"\D", "", half_width(phone)).removeprefix("86" if len(phone) > 12 else "")
    return digits[:3] + "*" * (len(digits) - 7) + digits[-4:] if len(digits) > 8 else "*" * len(digits)


def mask_account(number: str) -> str:
    """A bank account by its last four: ****1234."""
    return _last_four(number)


def mask_report_no(report_no: str) -> str:
    """A 报案号 by its last four: ****1234."""
    return _last_four(report_no)


def _last_four(text: str) -> str:
    bare = re.sub(r"\s", "", text)
    return "****" + (bare[-4:] if len(bare) > 4 else "") if bare else ""


def mask_email(address: str) -> str:
    """zhang@example.com -> z***@example.com."""
    name, at, host = address.strip().rpartition("@")
    return f"{name[:1]}***@{host}" if at else "***"
