"""Telling people of their errands: the owner by name, or whoever leads the shop."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.errand import NewErrand
from models.shop import Shop
from models.words import ErrandKind, Role
from notifications import outbox, staff
from notifications.notices import ErrandGiven
from notifications.wording import day, money
from worker.job import Night

TITLES = {
    ErrandKind.COMPLAINT: "向 12378 投诉",
    ErrandKind.LAWYER: "移交律师",
    ErrandKind.LIMITATION: "诉讼时效提醒",
    ErrandKind.REPLY: "处理保险公司的回复",
    ErrandKind.DISPUTE: "处理争议",
    ErrandKind.CALLBACK: "回访客户",
}


def tell(session: Session, night: Night, errands: Iterable[NewErrand]) -> int:
    """Write a notice to the owner of each errand; returns how many notices."""
    shop_name = session.scalars(select(Shop.name).where(Shop.id == night.shop_id)).one()
    told = 0
    for errand in errands:
        words = _words(session, night, errand, shop_name)
        for name in staff.holders(session, night, errand.owner):
            occasion = f"errand:{errand.occasion}:{name}"[:160]
            told += outbox.put(
                session, words, occasion=occasion, recipient=name, night=night, case_id=errand.case_id
            )
    return told


def _words(session: Session, night: Night, errand: NewErrand, shop_name: str) -> ErrandGiven:
    claim_no = (
        session.scalar(select(Case.claim_no).where(Case.id == errand.case_id)) if errand.case_id else None
    )
    return ErrandGiven(
        date=day(night.date),
        shop_name=shop_name,
        owner="经理" if errand.owner in tuple(Role) else errand.owner,
        title=TITLES[errand.kind],
        claim_no=claim_no or "",
        amount=money(errand.amount),
        what=errand.what,
        command=errand.command,
        pass_on=day(errand.pass_on),
    )
