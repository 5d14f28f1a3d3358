"""MT940 statements, parsed by the library `mt-940` (extra `swift`), and held against the text.

The library's older reading takes RC for money in and ends a remark after nine lines: every one of its mends
is switched on, and what it returns must add up from :60: to :62: or the file is refused.
"""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from models.values import Refusal, UnreadableValue, fen
from tasks.statements import cells
from tasks.statements.messages import Message, entry, refuse_foreign_money
from tasks.statements.statement import StatementLine

if TYPE_CHECKING:
    from mt940.models import Transactions

KIND = "MT940"
_SUBFIELD = re.compile(r"\?(\d\d)")
_SLASHED = re.compile(r"/(NAME|REMI|ACCT|IBAN|EREF|ORDP|BENM|TRTP)/")
_START = re.compile(r"(?m)^:20:")
_ENVELOPE = re.compile(r"(?m)^(?:-\}[^\n]*?)?(?:\{[^\n]*?\{4:[ ]*\n?|\}?$)")
_NO_REFERENCE = frozenset({"", "NONREF", "NOREF", "NOTPROVIDED"})


def messages(file_name: str, text: str) -> list[Message]:
    """Every statement of the file. Raises Refusal."""
    parse, options = _library(file_name)
    bare = _ENVELOPE.sub("", text.lstrip("\ufeff").replace("\r\n", "\n"))
    try:
        found: list[Transactions] = parse(io.StringIO(bare), options=options)
    except (RuntimeError, ValueError, ArithmeticError, KeyError) as broken:
        raise _unreadable(file_name, str(broken.args[0] if broken.args else broken)) from broken
    # Counted in the text as it came: nothing is lost on the way.
    if sum(map(len, found)) != text.count(":61:") or len(found) != len(_START.findall(bare)):
        raise _unreadable(file_name, "not every :20: and :61: could be told apart")
    row, made = 0, []
    for number, each in enumerate(found, 1):
        made.append(_message(file_name, f"statement {number}", each, row))
        row += len(each)
    return made


def _library(file_name: str) -> tuple[Any, Any]:
    try:
        from mt940.options import Options
        from mt940.parser import parse_statements
    except ImportError:
        raise Refusal(
            f"{file_name} is an MT940 statement, and the library that reads those is not installed. Install "
            f'it: pip install "huikuan[swift]", then again: huikuan intake statement {file_name}'
        ) from None
    return parse_statements, Options.all()


def _message(file_name: str, label: str, found: "Transactions", row: int) -> Message:
    opening = _balance(file_name, label, found.data, "opening")
    closing = _balance(file_name, label, found.data, "closing")
    for balance in (opening, closing):
        refuse_foreign_money(file_name, label, balance.amount.currency)
    lines = tuple(_line(file_name, row + at, each.data) for at, each in enumerate(found, 1))
    last = _plain(closing.date)
    return Message(
        label=label, account=_account(found.data.get("account_identification")), holder=None,
        opening=_fen(file_name, label, opening), closing=_fen(file_name, label, closing),
        first=min([last, *(line.booked_on for line in lines)]), last=last, is_stated=False, lines=lines,
    )  # fmt: skip


def _balance(file_name: str, label: str, data: Mapping[str, Any], which: str) -> Any:
    for kind in ("final_", "intermediate_", ""):
        if (found := data.get(f"{kind}{which}_balance")) is not None:
            return found
    raise _unreadable(
        file_name, f"{label} has no {which} balance ({':60F:' if which == 'opening' else ':62F:'})"
    )


def _fen(file_name: str, label: str, balance: Any) -> int:
    try:
        return fen(balance.amount.amount)
    except UnreadableValue as why:
        raise _unreadable(file_name, f"a balance of {label} is {why}") from why


def _plain(day: date) -> date:
    """The library's dates are a class of their own."""
    return date(day.year, day.month, day.day)


def _account(said: object) -> str | None:
    """The number in :25:, which may hold the bank's code before it and the currency after it."""
    numbers = re.findall(r"\d{8,}", str(said or ""))
    return max(numbers, key=len) if numbers else None


def _line(file_name: str, row: int, data: Mapping[str, Any]) -> StatementLine:
    label = f"line {row}"
    refuse_foreign_money(file_name, label, data["amount"].currency)
    try:
        amount = fen(data["amount"].amount)
    except UnreadableValue as why:
        raise _unreadable(file_name, f"the amount of {label} is {why}") from why
    day = _plain(data.get("entry_date") or data["date"])
    said = _details(data)
    reference = str(data.get("bank_reference") or "").strip()
    remarks = {
        "86": said.get("text", ""),
        "61": _joined(data.get("extra_details")),
        "reference": _reference(data.get("customer_reference")),
    }
    return entry(
        row, day, amount, at=None,
        incoming=str(data["status"]).upper().endswith("C"), name=said.get("name", ""),
        account=cells.account_number(said.get("account")) or "", remarks=remarks,
        serial=None if reference.upper() in _NO_REFERENCE else cells.serial(reference),
        raw={key: str(value) for key, value in data.items() if value not in (None, "")},
    )  # fmt: skip


def _details(data: Mapping[str, Any]) -> dict[str, str]:
    """Text, name and account of :86:, whether free, in ?-subfields with or without a code, or in /KEYS/."""
    text = _joined(data.get("transaction_details"))
    if (name := data.get("applicant_name")) or data.get("purpose") is not None:
        text = " ".join(_joined(data.get(key)) for key in ("posting_text", "purpose", "additional_purpose"))
        return {"text": text.strip(), "name": _joined(name), "account": _joined(data.get("applicant_iban"))}
    if _SUBFIELD.match(text):
        return dict(_subfields(text))
    parts = _SLASHED.split(text)
    if len(parts) > 1:
        said = {key: value.strip("/ ") for key, value in zip(parts[1::2], parts[2::2], strict=True) if value}
        return {
            "text": f"{parts[0]} {said.get('REMI', '')}".strip(),
            "name": said.get("NAME", ""),
            "account": said.get("ACCT") or said.get("IBAN", ""),
        }
    return {"text": text}


def _subfields(text: str) -> Iterator[tuple[str, str]]:
    parts = _SUBFIELD.split(text)
    said = list(zip(parts[1::2], parts[2::2], strict=True))
    for name, wanted in (("text", ("0", "2", "6")), ("name", ("32", "33")), ("account", ("31",))):
        yield name, "".join(value for key, value in said if key.startswith(wanted)).strip()


def _joined(said: object) -> str:
    """Lines are cut after 65 characters, wherever that is."""
    return "".join(str(said or "").splitlines()).strip()


def _reference(said: object) -> str:
    text = str(said or "").strip()
    return "" if text.upper() in _NO_REFERENCE else text


def _unreadable(file_name: str, why: str) -> Refusal:
    return Refusal(
        f"{file_name} can't be read as MT940: {why[:200]}. Nothing was taken; export it again, or as .xlsx, "
        f"and run: huikuan intake statement {file_name}"
    )
