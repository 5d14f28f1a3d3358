"""`huikuan ledger`: a month closed, opened again, looked into and checked, as people type it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests import factories
from worker import db

Huikuan = Callable[..., Any]
SHOP = ("--shop", "FUYUAN")
DAY = ("--date", "2026-11-03")


@pytest.fixture
def october(huikuan: Huikuan) -> None:
    """Give a shop with one case of October 2026."""
    huikuan("db", "upgrade")
    with db.transaction() as session:
        shop = factories.add_shop(session, code="FUYUAN", name="福源/汽车服务")
        order = factories.add_work_order(session, shop, repair_net_amount=None, repair_gross_amount=None)
        case = factories.add_case(
            session, order, claim_no="LP2026-0001", insured_name="林刚英", plate_no="苏G12345"
        )
        factories.add_expected_line(session, case, 480_000)


@pytest.mark.usefixtures("october")
def test_a_month_is_closed_verified_opened_again_and_issued_a_second_time(
    huikuan: Huikuan, home: Path
) -> None:
    closed = huikuan("ledger", "close", "2026-10", *SHOP, "--first", *DAY)
    late = huikuan(
        "case", "record", "LP2026-0001", "deposit", "500", "--on", "2026-10-20", "--date", "2026-11-05"
    )
    opened = huikuan(
        "ledger", "reopen", "2026-10", *SHOP, "--because", "漏记押金", "--until", "2026-11-06",
        "--date", "2026-11-05",
    )  # fmt: skip
    recorded = huikuan(
        "case", "record", "LP2026-0001", "deposit", "500", "--on", "2026-10-20", "--date", "2026-11-05"
    )
    changed = huikuan("ledger", "diff", "2026-10", *SHOP, "--json").json["changes"]
    again = huikuan("ledger", "close", "2026-10", *SHOP, "--date", "2026-11-06")
    issued = huikuan("ledger", "list", *SHOP, "--json").json["closes"]

    assert "2026-10 is closed: TZ-2026-0001, revision 1" in closed.out
    assert late.status != 0
    assert "2026-10 was closed on 2026-11-03 by operator" in late.err
    assert (opened.status, recorded.status, again.status) == (0, 0, 0)
    assert ("实收金额", "", "500.00") in [(each["heading"], each["was"], each["now"]) for each in changed]
    assert [(each["revision"], each["because"]) for each in issued] == [(1, "漏记押金"), (2, None)]
    assert huikuan("ledger", "verify").status == 0
    (home / issued[0]["path"]).write_bytes(b"x")
    assert huikuan("ledger", "verify").status == 1
    assert huikuan("ledger", "rebuild", "2026-10", *SHOP, "--revision", "1").status == 0
    assert huikuan("ledger", "verify").status == 0


@pytest.mark.usefixtures("october")
def test_the_masked_edition_names_no_customer_and_the_group_has_a_sheet_per_shop(huikuan: Huikuan) -> None:
    outside = huikuan("ledger", "build", "2026-10", *SHOP, "--masked", *DAY, "--json").json
    group = huikuan("ledger", "group", "2026-10", *DAY, "--json").json

    masked = load_workbook(outside["path"])["台账"]
    assert (masked["F6"].value, masked["H6"].value) == ("林*", "苏G***45")
    book = load_workbook(group["path"], data_only=True)
    assert book.sheetnames == ["集团汇总", "福源-汽车服务"]
    assert [book["集团汇总"].cell(4, column).value for column in (1, 2, 3)] == ["福源/汽车服务", 1, 4800]


@pytest.mark.usefixtures("october")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diff", "2026-10", *SHOP), "2026-10 is not closed: there is nothing to compare with"),
        (("rebuild", "2026-10", *SHOP), "2026-10 is not closed: there is nothing to rebuild"),
        (
            ("reopen", "2026-10", *SHOP, "--because", "x", "--until", "2026-12-01"),
            "2026-10 is not closed: there is nothing to open again",
        ),
        (("close", "2026-10", *SHOP, *DAY), "2026-09 is not closed. Close it first"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_next_step(
    huikuan: Huikuan, words: tuple[str, ...], said: str
) -> None:
    done = huikuan("ledger", *words)

    assert done.status != 0
    assert said in done.err
    assert "huikuan ledger" in done.err
