"""CAMT.053 statements (ISO 20022) of any version.

Read by defusedxml, which refuses document types and entities; no schema is asked of a bank that has its own.
"""

from collections.abc import Iterator
from datetime import date, time
from xml.etree.ElementTree import Element, ParseError  # noqa: TID251  # types only: defusedxml parses

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from models.values import Refusal, UnreadableValue, fen, yuan_grouped
from tasks.statements import cells
from tasks.statements.messages import Message, entry, refuse_foreign_money
from tasks.statements.statement import StatementLine

KIND = "CAMT.053"
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_NOT_BOOKED = frozenset({"PDNG", "INFO", "FUTR"})
_NO_REFERENCE = frozenset({"", "NOTPROVIDED", "NONREF"})


def messages(file_name: str, data: bytes) -> list[Message]:
    """Every statement of the file; entries not booked yet are none of its lines. Raises Refusal."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as unsafe:
        raise Refusal(
            f"{file_name} holds a document type or entities, which no bank's statement has; nothing was "
            "read. Export it from the bank again."
        ) from unsafe
    except (ParseError, ValueError, LookupError) as broken:
        raise _unreadable(file_name, f"it is broken XML ({broken})") from broken
    row, made = 0, []
    for number, statement in enumerate(root.iterfind(".//{*}BkToCstmrStmt/{*}Stmt"), 1):
        made.append(_Reader(file_name, f"statement {number}", row).message(statement))
        row += len(made[-1].lines)
    if not made:
        raise _unreadable(file_name, "it holds no statement (Stmt)")
    return made


class _Reader:
    """Reads one Stmt; `row` lines stand before it in the file."""

    def __init__(self, file_name: str, label: str, row: int) -> None:
        self.file_name, self.label, self.row = file_name, label, row

    def message(self, statement: Element) -> Message:
        refuse_foreign_money(self.file_name, self.label, _text(statement, "Acct/Ccy"))
        booked = [each for each in statement.iterfind("{*}Ntry") if _status(each) not in _NOT_BOOKED]
        lines = tuple(self._line(self.row + at, each) for at, each in enumerate(booked, 1))
        self._refuse_summary(statement, lines)
        closing = self._balance(statement, _CLOSING)
        if closing is None:
            raise _unreadable(self.file_name, f"{self.label} has no closing balance (CLBD)")
        opening = self._balance(statement, _OPENING)
        moved = sum(line.amount for line in lines)
        days = [line.booked_on for line in lines]
        stated = [self._day(text) for end in ("Fr", "To") if (text := _text(statement, f"FrToDt/{end}DtTm"))]
        asked = stated if len(stated) == 2 else [self._closing_day(statement, days)] * 2
        return Message(
            label=self.label, account=_account(statement), holder=_text(statement, "Acct/Ownr/Nm") or None,
            opening=closing - moved if opening is None else opening, closing=closing, lines=lines,
            first=min([asked[0], *days]), last=max([asked[1], *days]), is_stated=len(stated) == 2,
        )  # fmt: skip

    def _line(self, row: int, found: Element) -> StatementLine:
        amount, incoming = self._amount(found, f"line {row}")
        moment = _text(found, "BookgDt/DtTm")
        day = moment or _text(found, "BookgDt/Dt") or _text(found, "ValDt/Dt")
        details = list(found.iterfind("{*}NtryDtls/{*}TxDtls"))
        # A reversal keeps the parts of what it reverses.
        side = "Dbtr" if incoming is not (_text(found, "RvslInd") in ("true", "1")) else "Cdtr"
        names = _each(details, f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")
        accounts = _each(details, f"RltdPties/{side}Acct/Id/Othr/Id", f"RltdPties/{side}Acct/Id/IBAN")
        serial = _text(found, "AcctSvcrRef")
        remarks = {
            "Ustrd": " ".join(_each(details, "RmtInf/Ustrd")),
            "AddtlTxInf": " ".join(_each(details, "AddtlTxInf")),
            "AddtlNtryInf": _text(found, "AddtlNtryInf"),
            "EndToEndId": " ".join(set(_each(details, "Refs/EndToEndId")) - _NO_REFERENCE),
        }
        return entry(
            row, self._day(day), amount, at=self._time(moment), incoming=incoming, name=" / ".join(names),
            account=cells.account_number(accounts[0]) or "" if len(accounts) == 1 else "", remarks=remarks,
            serial=None if serial in _NO_REFERENCE else cells.serial(serial), raw=_raw(found),
        )  # fmt: skip

    def _amount(self, found: Element, label: str) -> tuple[int, bool]:
        """Signed fen, and whether it is a credit: CdtDbtInd is what happened, of a reversal too."""
        money = found.find("{*}Amt")
        refuse_foreign_money(self.file_name, label, None if money is None else money.get("Ccy"))
        direction = _text(found, "CdtDbtInd")
        try:
            amount = fen(_text(found, "Amt"))
        except UnreadableValue as why:
            raise _unreadable(self.file_name, f"the amount of {label} of {self.label} is {why}") from why
        if direction not in ("CRDT", "DBIT"):
            raise _unreadable(self.file_name, f"{label} of {self.label} doesn't say CRDT or DBIT")
        return (amount, True) if direction == "CRDT" else (-amount, False)

    def _balance(self, statement: Element, codes: tuple[str, ...]) -> int | None:
        found = {_text(each, "Tp/CdOrPrtry/Cd"): each for each in statement.iterfind("{*}Bal")}
        of_kind = next((found[code] for code in codes if code in found), None)
        return None if of_kind is None else self._amount(of_kind, "a balance")[0]

    def _closing_day(self, statement: Element, days: list[date]) -> date:
        for each in statement.iterfind("{*}Bal"):
            said = _text(each, "Dt/Dt") or _text(each, "Dt/DtTm")
            if said and _text(each, "Tp/CdOrPrtry/Cd") in _CLOSING:
                return self._day(said)
        return max(days) if days else self._day(_text(statement, "CreDtTm"))

    def _day(self, said: str) -> date:
        try:
            return date.fromisoformat(said[:10])
        except ValueError:
            raise _unreadable(self.file_name, f"a date of {self.label} is {said!r}") from None

    def _time(self, said: str) -> time | None:
        try:
            return cells.clock_time(said[:19]) if said else None
        except UnreadableValue:
            raise _unreadable(self.file_name, f"a time of {self.label} is {said!r}") from None

    def _refuse_summary(self, statement: Element, lines: tuple[StatementLine, ...]) -> None:
        """Counts and sums that the bank prints (TxsSummry)."""
        for tag, meant in (
            ("TtlNtries", list(lines)),
            ("TtlCdtNtries", [line for line in lines if line.incoming]),
            ("TtlDbtNtries", [line for line in lines if not line.incoming]),
        ):
            count, total = (_text(statement, f"TxsSummry/{tag}/{what}") for what in ("NbOfNtries", "Sum"))
            made = sum(abs(line.amount) for line in meant)
            if (count and count.lstrip("0") != str(len(meant) or "")) or (total and _fen(total) != made):
                raise Refusal(
                    f"{self.file_name} contradicts itself: {self.label} says {count or '?'} entries of "
                    f"{total or '?'} ({tag}), and its lines make {len(meant)} of {yuan_grouped(made)}. "
                    f"Nothing was taken; export it again and run: huikuan intake statement {self.file_name}"
                )


def _fen(said: str) -> int | None:
    """None for what is no amount, and so equals none."""
    try:
        return fen(said)
    except UnreadableValue:
        return None


def _text(found: Element, path: str) -> str:
    """What stands at a path, in whatever namespace; '' where nothing does."""
    return (found.findtext("/".join(f"{{*}}{step}" for step in path.split("/"))) or "").strip()


def _each(details: list[Element], *paths: str) -> list[str]:
    """What stands at these paths in all details, each once, in their order."""
    said = (
        (one.text or "").strip()
        for detail in details
        for path in paths
        for one in detail.iterfind("/".join(f"{{*}}{step}" for step in path.split("/")))
    )
    return list(dict.fromkeys(filter(None, said)))


def _status(found: Element) -> str:
    return _text(found, "Sts/Cd") or _text(found, "Sts")


def _account(statement: Element) -> str | None:
    said = _text(statement, "Acct/Id/Othr/Id") or _text(statement, "Acct/Id/IBAN")
    return cells.own_account_number(said)


def _raw(found: Element) -> dict[str, str]:
    """Every text of the entry under its path."""
    return dict(_leaves(found, ""))


def _leaves(found: Element, path: str) -> Iterator[tuple[str, str]]:
    for at, child in enumerate(found):
        here = f"{path}/{child.tag.rpartition('}')[2]}"
        if len(child):
            yield from _leaves(child, f"{here}[{at}]")
        elif said := (child.text or "").strip():
            yield here[1:], said


def _unreadable(file_name: str, why: str) -> Refusal:
    return Refusal(
        f"{file_name} can't be read as CAMT.053: {why[:200]}. Nothing was taken; export it again, or as "
        f".xlsx, and run: huikuan intake statement {file_name}"
    )
