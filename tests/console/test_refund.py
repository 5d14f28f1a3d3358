"""`huikuan refund`: from the preview of a split to money that came back, as people type it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models import secrecy
from tasks.refunds.job import compute_refunds
from tests import factories
from tests.tasks.refunds.repairs import ACCOUNT, BANK, newest, settled
from worker import db
from worker.job import Night

Huikuan = Callable[..., Any]
DAY = ("--date", "2026-11-21")
PLATE = "苏G12345"


@pytest.fixture
def refund(huikuan: Huikuan) -> int:
    """Give the number of a refund of 4,400.00 yuan in the shop FUYUAN; on another repair 600.00 are owed."""
    huikuan("db", "upgrade")
    with db.transaction() as session:
        shop = factories.add_shop(session, code="FUYUAN")
        night = Night(date(2026, 11, 21), shop.id, "FUYUAN", "system", factories.LONG_AGO)
        order = settled(session, night, shop, plate=PLATE)
        settled(session, night, shop, plate=PLATE, deposit=0)
        compute_refunds(session, night)
        return newest(session, order.id).id


def state(huikuan: Huikuan, refund: int) -> dict[str, Any]:
    return dict(huikuan("refund", "show", refund, "--json").json)


def test_a_split_is_shown_before_it_is_written(huikuan: Huikuan, refund: int) -> None:
    preview = huikuan("refund", "split", refund, "--offset", "600", "--dry-run", *DAY)

    assert preview.status == 0
    assert "money to the payee" in preview.out
    assert "3800.00" in preview.out
    assert "Nothing was written." in preview.out
    assert state(huikuan, refund)["parts"] == []

    huikuan("refund", "split", refund, "--offset", "600", *DAY)

    assert [(part["kind"], part["amount"]) for part in state(huikuan, refund)["parts"]] == [
        ("cash", "3800.00"), ("offset", "600.00"),
    ]  # fmt: skip


def test_a_refund_goes_by_file_bounces_and_goes_again(huikuan: Huikuan, refund: int) -> None:
    huikuan("refund", "approve", refund, *DAY)
    missing = huikuan("refund", "pay-file", "--shop", "FUYUAN", *DAY)
    assert (missing.status, f"huikuan refund payee {refund} --account NUMBER" in missing.err) == (1, True)

    huikuan("refund", "payee", refund, "--account", ACCOUNT, "--bank", BANK, *DAY)
    file = huikuan("refund", "pay-file", "--shop", "FUYUAN", *DAY, "--json").json
    twice = huikuan("refund", "pay-file", "--shop", "FUYUAN", *DAY)
    assert (file["number"], file["total"], Path(file["path"]).exists()) == ("FK-2026-0001", "4400.00", True)
    assert (twice.status, "FK-2026-0001" in twice.err) == (1, True)
    assert (state(huikuan, refund)["state"], state(huikuan, refund)["payment_file"]) == (
        "in_file",
        "FK-2026-0001",
    )

    assert huikuan("refund", "paid", refund, "--on", "2026-11-21", *DAY).status == 0
    back = huikuan("refund", "bounced", refund, "--on", "2026-11-21", "--because", "户名不符", *DAY)
    assert (back.status, state(huikuan, refund)["state"]) == (0, "bounced")
    assert [entry["kind"] for entry in state(huikuan, refund)["entries"]] == [
        "refund_reserved", "refund_paid", "refund_bounced",
    ]  # fmt: skip


def test_a_failed_payment_says_what_comes_next(huikuan: Huikuan, refund: int) -> None:
    huikuan("refund", "approve", refund, *DAY)
    huikuan("refund", "payee", refund, "--account", ACCOUNT, "--bank", BANK, *DAY)
    huikuan("refund", "pay-file", "--shop", "FUYUAN", "--layout", "generic-csv", *DAY)

    said = huikuan("refund", "failed", refund, "--because", "账号不存在", *DAY)

    assert said.out == (
        f"Refund {refund} was not paid. After the night a new refund waits for approval: huikuan refund list\n"
    )


def test_nobody_reads_an_account_number_where_it_is_not_needed(huikuan: Huikuan, refund: int) -> None:
    secrecy.use_keys([])  # as in a process that has just begun
    db.forget()

    said = huikuan("refund", "payee", refund, "--account", ACCOUNT, "--bank", BANK, *DAY)

    with db.reading() as session:
        runs = str(session.execute(text("SELECT parameters, result FROM run")).all())
        events = str(session.execute(text("SELECT inputs FROM event")).all())
    shown = huikuan("refund", "show", refund)
    assert "****4567" in said.out
    assert "****4567" in shown.out
    assert all(ACCOUNT not in each for each in (said.out, shown.out, runs, events))


def test_the_worklist_tells_the_cashier_what_to_pay(huikuan: Huikuan, refund: int) -> None:
    huikuan("refund", "approve", refund, *DAY)

    mine = huikuan("todo", "list", "--for", "cashier", *DAY, "--json").json

    assert [(item["kind"], item["command"]) for item in mine] == [
        ("refund_to_pay", "huikuan refund pay-file --shop FUYUAN")
    ]


REFUSED = [
    (("refund", "show", "4711"), "There is no refund 4711. See: huikuan refund list"),
    (("refund", "paid", "1", "--on", "2026-11-21"), "waits for approval first: huikuan refund approve 1"),
    (("refund", "split", "1", "--offset", "-1"), '"-1" is not above zero'),
    (("refund", "split", "1", "--cash", "nan"), "can't be read as an amount"),
    (("refund", "pay-file", "--shop", "NOWHERE"), "There is no shop NOWHERE, only FUYUAN"),
    (("refund", "payee", "1", "--account", "6.22E+18", "--bank", "工行"), "is not an account number"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=str)
def test_what_cannot_be_is_a_sentence(
    huikuan: Huikuan, refund: int, arguments: tuple[str, ...], sentence: str
) -> None:
    said = huikuan(*arguments, *(DAY if arguments[1] != "show" else ()))

    assert (said.status, said.out.replace("Refund 1 in parts:", "").strip()) == (1, "")
    assert sentence in said.err
