"""A list of contacts: 类型, 名称, 车牌号, 手机, 邮箱, 备注.

A customer is known by name and plate, a branch of an insurer and a member of staff by name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.values import Refusal, half_width, normalise_plate
from models.words import ContactKind, Severity
from tasks.intake.headings import SEARCHED_ROWS, Rows, plain
from tasks.intake.ledger_row import Finding

HEADINGS = {
    "kind": "类型 类别 联系人类型 身份 种类",
    "name": "名称 姓名 联系人 单位名称 客户姓名 客户名称",
    "plate_no": "车牌号 车牌 车牌号码 牌照 牌照号",
    "phone": "手机 手机号 手机号码 电话 联系电话 电话号码 联系方式",
    "email": "邮箱 电子邮箱 邮件 邮箱地址 电子邮件 email e-mail mail",
    "note": "备注 说明",
}
KINDS = {
    ContactKind.INSURER: "保险公司 保险 承保公司 保司 保险机构",
    ContactKind.STAFF: "员工 职员 职工 工作人员 本店员工",
    ContactKind.CUSTOMER: "客户 车主 被保险人 客户联系人",
}
ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
PHONE = re.compile(r"\+?\d{7,15}")
LONGEST = {"name": 128, "plate_no": 16, "note": 255}


@dataclass(frozen=True)
class ListedContact:
    """One person or branch; None where nothing is said, so that what is known stays."""

    kind: ContactKind
    name: str
    plate_no: str
    phone: str | None
    email: str | None
    note: str | None


def listed_contacts(file_name: str, sheet: str, rows: Rows) -> tuple[list[ListedContact], list[Finding]]:
    """Every contact below the headings, and what could not be taken. Raises Refusal without the headings."""
    at, places = _headings(file_name, rows)
    contacts: dict[tuple[ContactKind, str, str], ListedContact] = {}
    findings: list[Finding] = []
    for number, row in enumerate(rows[at + 1 :], at + 2):
        cells = {field: _text(row, place) for field, place in places.items()}
        if not any(cells.values()):
            continue
        problems = [
            Finding(
                code, severity, sheet, number, why, remedy,
                places.get(field), field, cells.get(field, ""), cells,
            )
            for field, code, severity, why, remedy in _problems(cells)
        ]  # fmt: skip
        findings += problems
        if not any(problem.severity is Severity.ROW_LEFT_OUT for problem in problems):
            contact = _contact(cells, {problem.heading for problem in problems})
            first = contacts.setdefault((contact.kind, contact.name, contact.plate_no), contact)
            if first != contact:
                findings.append(_twice(sheet, number, cells))
    return list(contacts.values()), findings


def _twice(sheet: str, row: int, cells: Mapping[str, str]) -> Finding:
    return Finding(
        "contact_twice", Severity.ROW_LEFT_OUT, sheet, row, "as an earlier row, which counts",
        "Leave one of the rows", value=cells["name"], cells=cells,
    )  # fmt: skip


def _headings(file_name: str, rows: Rows) -> tuple[int, dict[str, int]]:
    words = {plain(word): field for field, synonyms in HEADINGS.items() for word in synonyms.split()}
    for number, row in enumerate(rows[:SEARCHED_ROWS]):
        places: dict[str, int] = {}
        for column, cell in enumerate(row):
            if (field := words.get(plain(cell))) is not None:
                places.setdefault(field, column)
        if "name" in places and ("phone" in places or "email" in places):
            return number, places
    raise Refusal(
        f"{file_name} is no list of contacts: none of its first rows has the headings 「名称」 and 「手机」 "
        f"or 「邮箱」. Write 类型,名称,车牌号,手机,邮箱,备注 above the rows and run: "
        f"huikuan contact import {file_name} --shop CODE"
    )


def _text(row: Sequence[object], place: int) -> str:
    cell = row[place] if place < len(row) else None
    text = "" if cell is None else half_width(str(cell)).strip()
    return "" if text in ("-", "—", "/", "无") else text


Problem = tuple[str, str, Severity, str, str]


def _problems(cells: Mapping[str, str]) -> Iterator[Problem]:
    """(field, code, severity, why, what to do) of everything that cannot be taken from a row."""
    if not cells["name"]:
        yield "name", "no_name", Severity.ROW_LEFT_OUT, "empty", "Write whose contact it is"
    if kind_of(cells) is None:
        yield (
            "kind", "unknown_kind", Severity.ROW_LEFT_OUT, "none of 保险公司, 员工, 客户", "Write one of them"
        )  # fmt: skip
    if cells.get("email") and not ADDRESS.fullmatch(cells["email"]):
        yield (
            "email", "bad_address", Severity.VALUE_LEFT_OUT, "not one mail address; nothing is sent there",
            "Write one address such as name@example.com",
        )  # fmt: skip
    if cells.get("phone") and not PHONE.fullmatch(_digits(cells["phone"])):
        yield "phone", "bad_phone", Severity.VALUE_LEFT_OUT, "not one phone number", "Write digits only"
    for field, longest in LONGEST.items():
        if len(cells.get(field, "")) > longest:
            severity = Severity.VALUE_LEFT_OUT if field == "note" else Severity.ROW_LEFT_OUT
            yield field, f"long_{field}", severity, f"longer than {longest} characters", "Shorten it"


def kind_of(cells: Mapping[str, str]) -> ContactKind | None:
    """What the row says it is; without a word, a plate makes it a customer."""
    said = cells.get("kind", "")
    if not said:
        return ContactKind.CUSTOMER if cells.get("plate_no") else None
    return next((kind for kind, words in KINDS.items() if said in words.split()), None)


def _digits(phone: str) -> str:
    return re.sub(r"[\s()\-–—]", "", phone)


def _contact(cells: Mapping[str, str], left_out: set[str]) -> ListedContact:
    said = {field: value for field, value in cells.items() if value and field not in left_out}
    kind = kind_of(cells)
    assert kind is not None
    phone = said.get("phone")
    return ListedContact(
        kind, said["name"], normalise_plate(said.get("plate_no", "")), _digits(phone) if phone else None,
        said.get("email"), said.get("note"),
    )  # fmt: skip
