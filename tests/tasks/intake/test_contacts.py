"""Contacts: from the list a shop keeps to addresses that a notice can go to."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.contact import Contact
from models.secrecy import fingerprint
from models.source_file import Finding, SourceFile
from models.values import Refusal
from models.words import ContactKind, FileKind, FileState, Severity
from tasks.intake.contact_list import ListedContact, listed_contacts
from tasks.intake.job import read_contacts
from worker.job import Night

SAMPLE = Path(__file__).parents[2] / "samples" / "shop" / "contacts.csv"
HEADINGS = ["类型", "名称", "车牌号", "手机", "邮箱", "备注"]
THE_NIGHT = date(2026, 11, 21)


def listed(
    *rows: list[object], headings: list[str] = HEADINGS
) -> tuple[list[ListedContact], list[tuple[str, int]]]:
    contacts, findings = listed_contacts("contacts.csv", "contacts.csv", [headings, *rows])
    return contacts, [(finding.code, finding.row) for finding in findings]


def test_a_customer_is_known_by_name_and_plate() -> None:
    contacts, findings = listed(["客户", "林刚英", "苏G·d96500", 19910000000, "a.b@example.com", None])

    assert contacts == [
        ListedContact(ContactKind.CUSTOMER, "林刚英", "苏GD96500", "19910000000", "a.b@example.com", None)
    ]
    assert findings == []


def test_headings_are_found_by_their_words() -> None:
    contacts, _ = listed(
        ["x@example.com", "199 1000-0000", "罗秀", "苏G1", "车主"],
        headings=["电子邮箱", "联系电话", "姓名", "车牌", "类别"],
    )

    assert contacts == [
        ListedContact(ContactKind.CUSTOMER, "罗秀", "苏G1", "19910000000", "x@example.com", None)
    ]


def test_without_a_word_a_plate_makes_a_customer() -> None:
    contacts, findings = listed(
        [None, "罗秀", "苏G1", None, None, None], [None, "某人", None, None, None, None]
    )

    assert [each.kind for each in contacts] == [ContactKind.CUSTOMER]
    assert findings == [("unknown_kind", 3)]


@pytest.mark.parametrize(
    "address",
    ["a@example.com,b@example.com", "a@example.com\nBcc: x@example.com", "example.com", "a@b", "张三@", "a b@example.com",
     "<a@example.com>", "a@example.com;", "@example.com", "a@@example.com"],
)  # fmt: skip
def test_an_address_that_is_not_one_address_is_left_out(address: str) -> None:
    contacts, findings = listed(["客户", "罗秀", "苏G1", "19910000000", address, None])

    assert (contacts[0].email, contacts[0].phone) == (None, "19910000000")
    assert findings == [("bad_address", 2)]


@pytest.mark.parametrize("phone", ["199100", "无号码", "19910000000/19910000001", "1.99E+10"])
def test_a_number_that_is_not_one_number_is_left_out(phone: str) -> None:
    contacts, findings = listed(["客户", "罗秀", "苏G1", phone, "a@example.com", None])

    assert contacts[0].email == "a@example.com"
    assert (contacts[0].phone, findings) == (None, [("bad_phone", 2)])


def test_the_same_person_twice_counts_once() -> None:
    row: list[object] = ["客户", "罗秀", "苏G1", "19910000000", None, None]

    contacts, findings = listed(row, row, ["客户", "罗秀", "苏G1", "19910000009", None, None])

    assert [each.phone for each in contacts] == ["19910000000"]
    assert findings == [("contact_twice", 4)]


def test_a_list_without_the_headings_is_refused() -> None:
    with pytest.raises(Refusal, match="huikuan contact import"):
        listed(["1", "2"], headings=["月份", "金额"])


def test_the_sample_list_goes_in_once(
    session: Session, bring: Callable[..., SourceFile], night_of: Callable[[date], Night], tmp_path: Path
) -> None:
    file = bring(SAMPLE, FileKind.CONTACTS)

    count = read_contacts(session, night_of(THE_NIGHT))

    kinds = session.execute(select(Contact.kind, func.count()).group_by(Contact.kind))
    assert {row[0]: row[1] for row in kinds} == {
        ContactKind.INSURER: 4, ContactKind.STAFF: 5, ContactKind.CUSTOMER: 160,
    }  # fmt: skip
    assert (count, file.state) == (169, FileState.READ)
    assert session.scalars(select(Finding)).all() == []
    again = tmp_path / "again.csv"
    again.write_bytes(SAMPLE.read_bytes() + b"\n")
    bring(again, FileKind.CONTACTS)
    assert read_contacts(session, night_of(THE_NIGHT)) == 0


def test_a_later_list_changes_what_it_says_and_keeps_the_rest(
    session: Session, bring: Callable[..., SourceFile], night_of: Callable[[date], Night], tmp_path: Path
) -> None:
    for name, row in {
        "a.csv": "客户,罗秀,苏G1,19910000000,a@example.com,",
        "b.csv": "客户,罗秀,苏G1,19910000009,,老客户",
    }.items():
        (tmp_path / name).write_text(",".join(HEADINGS) + "\n" + row + "\n", encoding="utf-8")
        bring(tmp_path / name, FileKind.CONTACTS)

    count = read_contacts(session, night_of(THE_NIGHT))

    contact = session.scalars(select(Contact)).one()
    assert count == 2
    assert (contact.phone, contact.email, contact.note) == ("19910000009", "a@example.com", "老客户")
    assert contact.phone_fingerprint == fingerprint("19910000009")


def test_a_bad_address_is_a_finding_with_its_cell(
    session: Session, bring: Callable[..., SourceFile], night_of: Callable[[date], Night], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        '类型,名称,车牌号,手机,邮箱,备注\n客户,罗秀,苏G1,,"a@example.com,b@example.com",\n', encoding="utf-8"
    )
    bring(path, FileKind.CONTACTS)

    read_contacts(session, night_of(THE_NIGHT))

    finding = session.scalars(select(Finding)).one()
    assert (finding.cell, finding.code, finding.severity) == ("E2", "bad_address", Severity.VALUE_LEFT_OUT)
    assert "huikuan contact import contacts.csv --shop" in finding.sentence
