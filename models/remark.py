"""Remarks that are words around one key, a plate or another number.

A bank writes the same words around ten thousand plates. What a line says so is read when it is recorded, and
kept with it: whoever matches it finds its claim by the key, and reads the words once for all lines that have
them. Standard library only.
"""

import re

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
GAP = r"[\s·•・‧∙⋅.\-‐–—_]*"
_ONE_KEY = re.compile(r"([^A-Z0-9]*)(?:([A-Z])·?([A-Z0-9]{5,6})|([A-Z0-9]{6,}))([^A-Z0-9]*)")
"""Before; letter and rest as of a plate, or another number; after."""
_SIMPLE = re.compile(r"[\u4e00-\u9fa5、。：；，（） ·,:;/()\-_.]*")
"""Words without small or full-width letters, of which a normalised text holds other letters."""
_PROVINCE = re.compile(rf"([{PROVINCES}]){GAP}\Z")
_PLATE_TAILS = (*"挂学警港澳",)
_HERE = "#"
"""Where the key stood: a sign that stands in no simple words."""
MOST = 64
"""Letters of a key that is kept, and a quarter of those of its words; what is longer is read whole."""


def remark_of(memo: str, search_text: str) -> str:
    """Every remark column of a bank line joined, once."""
    return search_text if memo in search_text else f"{memo} {search_text}"


def one_key(text: str) -> tuple[str, str] | None:
    """The key of a remark, a plate with its province or a number as it stands, and the words around it.

    None for every other remark: no key, several, a plate without its province, letters to be normalised.
    """
    found = _ONE_KEY.fullmatch(text)
    if found is None:
        return None
    before, letter, rest, number, after = found.groups()
    if not _SIMPLE.fullmatch(before + after) or after[:1] in _PLATE_TAILS:
        return None
    key, words = number or _plate(before, letter + rest), before + _HERE + after
    return (key, words) if key and len(key) <= MOST and len(words) <= 4 * MOST else None


def _plate(before: str, bare: str) -> str:
    province = _PROVINCE.search(before)
    return province[1] + bare if province else ""
