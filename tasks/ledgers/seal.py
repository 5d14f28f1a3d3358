"""Turns an openpyxl workbook into the bytes of its file: exact values in, no clock, the same every time."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from xml.sax.saxutils import escape

from openpyxl.workbook import Workbook

from tasks.ledgers.pen import Exact

_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(r"<f[ >].*?</f>", re.DOTALL)
_TYPE = re.compile(r' t="\w+"')
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def seal(workbook: Workbook, exact: Mapping[str, Mapping[str, Exact]], built_on: date) -> bytes:
    """The file's bytes; `exact` holds the values to put in, by sheet title and cell.

    The same workbook and day give the same bytes: every date in the file is `built_on`.
    """
    raw = io.BytesIO()
    workbook.save(raw)
    parts = {
        f"xl/worksheets/sheet{i}.xml": exact.get(ws.title, {}) for i, ws in enumerate(workbook.worksheets, 1)
    }
    sealed = io.BytesIO()
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name in parts:
                content = put_in(content.decode(), parts[name]).encode()
            elif name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + f"{built_on}T00:00:00Z".encode(), content)
            after.writestr(_entry(name, built_on), content)
    return sealed.getvalue()


def put_in(sheet: str, exact: Mapping[str, Exact]) -> str:
    """The sheet's XML with the exact values; every one of them must find its cell."""
    left = set(exact)

    def cell(found: re.Match[str]) -> str:
        reference, attributes, inside = found.groups()
        if reference not in exact:
            return found[0]
        left.discard(reference)
        formula = _FORMULA.search(inside or "")
        value = exact[reference]
        kind = ' t="str"' if value.is_text else ""
        body = f"{formula[0] if formula else ''}<v>{escape(value.value)}</v>"
        return f'<c r="{reference}"{_TYPE.sub("", attributes)}{kind}>{body}</c>'

    sealed = _CELL.sub(cell, sheet)
    if left:
        raise ValueError(f"cells to be sealed are not in the sheet: {sorted(left)[:5]}")
    return sealed


def _entry(name: str, built_on: date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (built_on.year, built_on.month, built_on.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
