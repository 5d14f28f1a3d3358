"""The papers of a case in order: what is there, what is missing, and nothing accused on an estimate."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models import event, reference
from models.shop import Shop
from models.words import ContactKind
from tasks.chasing import job
from tests import factories as make
from tests.chase_nights import PICC, add_claim, run_nights
from worker.files import keep_content
from worker.job import Night
from worker.settings import settings

pytestmark = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


@pytest.mark.parametrize("kind, title", [("complaint", "12378投诉材料"), ("lawyer", "律师移交材料")])
def test_a_pack_lays_the_papers_in_order_and_says_what_is_missing(
    session: Session, shop: Shop, kind: str, title: str
) -> None:
    reference.load(session)
    make.add_contact(session, shop, ContactKind.INSURER, PICC)
    case = add_claim(session, shop, accepted=date(2026, 3, 2), report_no="RDAA/..1")
    run_nights(session, shop, date(2026, 3, 2), date(2026, 4, 9))
    night = Night(
        date(2026, 4, 20), shop.id, shop.code, "王敏", datetime(2026, 4, 20, tzinfo=UTC),
        parameters={"case_id": case.id, "kind": kind},
    )  # fmt: skip
    proof = {"proof": "签收单.pdf", "proof_stored_as": keep_content(b"signed", ".pdf"), "on": "2026-03-02"}
    event.record(session, [event.Happening("recorded_acceptance", proof, case.id)], **night.trail)

    job.make_pack(session, night)

    folder = Path(str(night.notes["folder"]))
    assert folder.parent.parent == settings().home / "packs"
    assert title in folder.name
    index = (folder / "00_目录.txt").read_text("utf-8")
    names = sorted(path.name for path in folder.iterdir())
    assert "授权委托书原件　（缺，请补）" in index
    assert [name for name in names if "接案凭据_2026-03-02.pdf" in name]
    assert len([name for name in names if name.endswith(".eml")]) == 2
    assert len([name for name in names if name.endswith("_对账单.xlsx")]) == 2
    assert all(name in index for name in names if not name.startswith("00_"))
    said = (folder / names[1]).read_text("utf-8")
    assert "2026-03-02 保险公司接案" in said
    assert "decision 到期日 2026-04-01，已逾期，依据 保险法 23(1)" in said
    assert "payment 到期日（推算）" in said
    assert "银保监会令" not in said
