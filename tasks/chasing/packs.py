"""The papers of a case in order, with an index: for a complaint to 12378, or for a lawyer (domain 3.1)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models import event
from models.case import Case
from models.shop import Shop
from models.values import Refusal
from notifications import render
from notifications.channels import Message
from notifications.channels.compose import compose
from tasks.chasing import pack_queries, pack_words
from tasks.chasing.queries import cases_named
from worker.files import read_kept, write_whole
from worker.job import Night
from worker.settings import settings

COMPLAINT, LAWYER = "complaint", "lawyer"
_TITLES = {COMPLAINT: "12378投诉材料", LAWYER: "律师移交材料"}
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f/\\:*?"<>|\s]+')


class Paper(NamedTuple):
    """One paper of the pack: its title, where it comes from, and its content; None = it is missing."""

    title: str
    origin: str
    suffix: str
    content: bytes | None


def make(session: Session, night: Night) -> int:
    """Write the pack under HUIKUAN_HOME/packs; returns how many papers it holds."""
    kind = str(night.parameters["kind"])
    case = session.get(Case, int(night.parameters["case_id"]))
    if case is None or case.shop_id != night.shop_id or kind not in _TITLES:
        raise Refusal(
            "There is no such case or pack. Write: huikuan chase pack CLAIM --complaint or --lawyer"
        )
    papers = list(_papers(session, night, case, kind))
    folder = folder_of(case.claim_no, kind, night)
    names = [_name(at, paper) for at, paper in enumerate(papers, 1)]
    for name, paper in zip(names, papers, strict=True):
        if paper.content is not None:
            write_whole(folder / name, paper.content)
    write_whole(folder / "00_目录.txt", _index(case, kind, night, names, papers).encode("utf-8"))
    held = sum(paper.content is not None for paper in papers)
    told = {"kind": kind, "folder": folder.name, "papers": held, "missing": len(papers) - held}
    event.record(session, [event.Happening("pack_made", told, case.id)], **night.trail)
    night.note(folder=str(folder), missing=[paper.title for paper in papers if paper.content is None])
    return held


def folder_of(claim_no: str, kind: str, night: Night) -> Path:
    """packs/<shop>/<claim>_12378投诉材料_20261121: made anew on the same day, it is the same folder."""
    name = f"{claim_no}_{_TITLES[kind]}_{night.date:%Y%m%d}"
    return settings().home / "packs" / night.shop_code / _NOT_IN_NAMES.sub("", name)


def _papers(session: Session, night: Night, case: Case, kind: str) -> Iterator[Paper]:
    """In the order in which they are read: who asks, what is so, and what proves it."""
    row = next(cases_named(session, night.shop_id, [case.id], night.date), None)
    if row is None:
        raise Refusal(f"{case.claim_no} is closed: there is nothing to complain of. See: huikuan case show")
    facts = pack_words.Facts(session, night, row)
    yield Paper(
        "投诉书" if kind == COMPLAINT else "案情说明", "本店", ".txt", pack_words.statement(facts, kind)
    )
    proofs = pack_queries.proofs(session, case.id)
    for title, wanted in pack_words.PROOFS.items():
        found = [each for each in proofs if each.fact in wanted]
        yield from (_proof(title, each) for each in found)
        if not found and (title in pack_words.NEEDED or kind == LAWYER):
            yield Paper(title, "", "", None)
    yield Paper("计算表", "本店", ".txt", pack_words.reckoning(facts))
    yield from _letters(session, night, case)
    if kind == LAWYER:
        yield Paper("经过", "本店", ".txt", pack_words.history(facts))


def _proof(title: str, each: Any) -> Paper:
    return Paper(f"{title}_{each.on}", each.name, Path(each.stored_as).suffix, read_kept(each.stored_as))


def _letters(session: Session, night: Night, case: Case) -> Iterator[Paper]:
    """Every letter as it was written, its statement of account, and the proof that it arrived."""
    for letter in pack_queries.letters(session, case.id):
        what = f"{pack_words.title_of(letter.level)}_{letter.letter_no}"
        yield Paper(what, f"{letter.written_on} 发函", ".eml", _as_mail(session, night, letter))
        if letter.statement:
            yield Paper(f"{what}_对账单", "随函", ".xlsx", read_kept(letter.statement))
        if letter.proof_stored_as:
            suffix = Path(letter.proof_stored_as).suffix
            yield Paper(
                f"{what}_送达凭证_{letter.delivered_on}",
                letter.proof,
                suffix,
                read_kept(letter.proof_stored_as),
            )
        else:
            yield Paper(f"{what}_送达凭证", "", "", None)


def _as_mail(session: Session, night: Night, letter: Any) -> bytes:
    mail = render.mail(letter.kind, letter.words)
    shop = session.get_one(Shop, night.shop_id)
    return compose(
        Message(
            reference=f"copy-{letter.letter_no}",
            occasion=letter.occasion,
            from_name=render.plain(shop.name),
            from_address=settings().mail_from,
            to_name=render.plain(letter.recipient),
            to_address=settings().mail_from,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            moment=letter.sent_at or letter.written_at,
        )
    )


def _name(at: int, paper: Paper) -> str:
    return _NOT_IN_NAMES.sub("", f"{at:02d}_{paper.title}")[:100] + paper.suffix


def _index(case: Case, kind: str, night: Night, names: list[str], papers: list[Paper]) -> str:
    lines = [f"{_TITLES[kind]}　{case.claim_no}　{case.plate_no}", f"编制日期 {night.date}", ""]
    for at, (name, paper) in enumerate(zip(names, papers, strict=True), 1):
        said = f"{name}　{paper.origin}" if paper.content is not None else f"{paper.title}　（缺，请补）"
        lines.append(f"{at:>2}. {said}")
    return "\n".join([*lines, ""])
