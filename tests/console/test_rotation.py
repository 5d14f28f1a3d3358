"""Keys are rotated: every value is read with the new key alone, and found by it."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select, text

from models import secrecy
from models.contact import Contact
from models.notice import Notice
from models.words import ContactKind
from tests import factories
from tests.conftest import KEY
from tests.console.conftest import Huikuan
from worker import db

NEW = Fernet.generate_key()
PHONE = "13800138000"


@pytest.fixture
def shop(huikuan: Huikuan, home: Path) -> None:
    """Give a house with a customer who can be reached and a notice to him."""
    assert huikuan("staff", "list").status == 0
    with db.transaction() as session:
        made = factories.add_shop(session, code="FUYUAN")
        session.add(
            Contact(
                shop_id=made.id, kind=ContactKind.CUSTOMER, name="张三", plate_no="", phone=PHONE,
                phone_fingerprint=secrecy.fingerprint(PHONE), email="zhang@example.com",
            )
        )  # fmt: skip
        factories.add_notice(session, made, "refund_ready", {})


def use(monkeypatch: pytest.MonkeyPatch, *keys: bytes) -> None:
    monkeypatch.setenv("HUIKUAN_KEYS", " ".join(key.decode() for key in keys))
    db.forget()
    secrecy.use_keys(list(keys))


def test_after_rotation_the_old_key_is_not_needed(
    huikuan: Huikuan, shop: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, NEW, KEY)

    said = huikuan("db", "rotate-keys", "--json")

    assert said.status == 0, said.err
    assert said.json["columns"]["contact.phone"] == 1
    use(monkeypatch, NEW)
    with db.reading() as session:
        found = session.scalars(
            select(Contact).where(Contact.phone_fingerprint == secrecy.fingerprint(PHONE))
        ).one()
        assert (found.phone, found.email) == (PHONE, "zhang@example.com")
        assert session.scalars(select(Notice.address)).one()
        stored = session.execute(text("SELECT phone FROM contact")).scalar_one()
    with pytest.raises(InvalidToken):
        Fernet(KEY).decrypt(stored)


def test_without_a_second_key_there_is_nothing_to_rotate_to(huikuan: Huikuan, shop: None) -> None:
    said = huikuan("db", "rotate-keys")

    assert said.status == 1
    assert "huikuan doctor --new-key" in said.err
