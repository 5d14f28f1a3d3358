"""What a bank line says around one key stands beside it as it is written, whoever writes it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.remark import one_key, remark_of
from models.shop import Shop
from models.upsert import add_new
from tests import factories


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("车险赔款 苏E12345", ("苏E12345", "车险赔款 苏#")),
        ("苏E·12345赔款支付", ("苏E12345", "苏#赔款支付")),
        ("苏 AD12345", ("苏AD12345", "苏 #")),
        ("报案号：RDAA20263205000000001234", ("RDAA20263205000000001234", "报案号：#")),
        ("9876543赔款", ("9876543", "#赔款")),
    ],
)
def test_a_plate_or_a_number_among_words_is_kept_with_the_words(text: str, kept: tuple[str, str]) -> None:
    assert one_key(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("赔款支付", id="no key"),
        pytest.param("苏E12345 苏E12346", id="two"),
        pytest.param("赔款 E12345", id="a plate without its province"),
        pytest.param("苏E1234挂", id="a trailer's plate"),
        pytest.param("苏E12345挂", id="a letter of a plate behind it"),
        pytest.param("苏e12345", id="small letters"),
        pytest.param("苏Ｅ12345", id="full-width letters"),
        pytest.param("3笔 9876543", id="digits among the words"),
        pytest.param("#9876543", id="the sign that stands for the key"),
        pytest.param("A" * 65, id="longer than any key"),
        pytest.param("赔" * 260 + "9876543", id="more words than are kept"),
    ],
)
def test_any_other_remark_is_read_whole(text: str) -> None:
    assert one_key(text) is None


def test_a_remark_that_stands_in_another_column_as_well_is_read_once() -> None:
    assert remark_of("赔款", "附言 赔款") == "附言 赔款"
    assert remark_of("赔款", "苏E12345") == "赔款 苏E12345"


def test_every_line_of_a_statement_keeps_its_own_key(session: Session, shop: Shop) -> None:
    account, file = factories.add_account(session, shop), factories.add_file(session, shop)
    common = {
        "shop_id": shop.id, "account_id": account.id, "file_id": file.id, "booked_on": factories.LONG_AGO.date(),
        "amount": 100, "raw": [],
    }  # fmt: skip
    texts = [("苏E12345赔款", "苏E12345赔款"), ("", "苏E12345 苏E12346"), ("赔款", "苏E12346")]

    add_new(
        session,
        BankLine,
        [
            common | {"row": row, "identity": f"S{row}", "memo": memo, "search_text": text}
            for row, (memo, text) in enumerate(texts)
        ],
    )

    kept = session.execute(select(BankLine.remark_key, BankLine.remark_words).order_by(BankLine.row)).all()
    assert [tuple(row) for row in kept] == [
        ("苏E12345", "苏#赔款"), (None, None), ("苏E12346", "赔款 苏#")
    ]  # fmt: skip
