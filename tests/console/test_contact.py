"""How a customer is reached is shown masked; in plain only for a reason, and on the record."""

from pathlib import Path

import pytest
from sqlalchemy import select

from models.contact import Contact
from models.event import Event
from models.words import ContactKind
from tests import factories
from tests.console.conftest import Huikuan
from worker import db


@pytest.fixture
def shop(huikuan: Huikuan, home: Path) -> None:
    assert huikuan("staff", "list").status == 0
    with db.transaction() as session:
        made = factories.add_shop(session, code="FUYUAN")
        session.add(
            Contact(
                shop_id=made.id, kind=ContactKind.CUSTOMER, name="张三丰", plate_no="苏G12345",
                phone="13800138000", email="zhang@example.com",
            )
        )  # fmt: skip


def unmaskings() -> list[object]:
    with db.reading() as session:
        return list(session.scalars(select(Event.inputs).where(Event.kind == "contact_unmasked")))


def test_a_customer_is_shown_masked(huikuan: Huikuan, shop: None) -> None:
    said = huikuan("contact", "show", "张三丰", "--shop", "FUYUAN", "--json")

    assert said.status == 0, said.err
    assert not any(plain in said.out for plain in ("张三丰", "13800138000", "zhang@example.com", "苏G12345"))
    assert unmaskings() == []


def test_a_customer_in_plain_goes_on_the_record(huikuan: Huikuan, shop: None) -> None:
    asked = ("contact", "show", "张三丰", "--shop", "FUYUAN", "--unmask")

    without = huikuan(*asked)
    said = huikuan(*asked, "--because", "客户来电核对", "--json")

    assert without.status == 1
    assert "--because WHY" in without.err
    assert said.json[0]["phone"] == "13800138000"
    assert unmaskings() == [{"contact": 1, "because": "客户来电核对"}]


def test_a_customer_nobody_knows_is_refused(huikuan: Huikuan, shop: None) -> None:
    said = huikuan("contact", "show", "李四", "--shop", "FUYUAN")

    assert said.status == 1
    assert "There is no customer 李四" in said.err
