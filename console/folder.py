"""A folder as somebody hands it over: each file told by its content and laid ready for the night."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from console import files, intake_map, reading_files, shops
from console.files import Laying
from console.output import say
from console.permits import Act
from console.reading_files import Task
from console.recognise import Recognised, recognise
from console.who import Person, person
from models.shop import Shop
from models.values import Refusal
from models.words import FileKind
from worker import clock, db

_ORDER = (FileKind.LEDGER, FileKind.ACCOUNTS, FileKind.CONTACTS, FileKind.STATEMENT)
_ACT = {FileKind.LEDGER: Act.BRING_LEDGER, FileKind.CONTACTS: Act.BRING_LEDGER}


@dataclass(frozen=True)
class Folder:
    """What was asked: paths, names to take or leave out, the shop, and who vouches for its cases."""

    paths: tuple[Path, ...]
    only: tuple[str, ...]
    skip: tuple[str, ...]
    shop: str
    shop_name: str | None
    authorised_by: str | None


def lay_folder(folder: Folder) -> dict[str, Any]:
    """Lay every file of use; returns what was laid, what was known, and what was passed over and why."""
    found: list[Recognised] = []
    passed_over: list[dict[str, str]] = []
    with db.reading() as session:
        remembered = intake_map.remembered_of(session, folder.shop)
    for path in _files(folder):
        if not _is_meant(path.name, folder):
            passed_over.append({"file": path.name, "why": "left out by --only or --skip"})
            continue
        try:
            found.append(recognise(path, remembered))
        except Refusal as refusal:
            passed_over.append({"file": path.name, "why": str(refusal)})
    found.sort(key=lambda each: (_ORDER.index(each.kind), each.path.name))
    with db.transaction() as session:
        who = _whoever_may(session, found)
        title = folder.shop_name or next((each.title for each in found if each.title), None)
        shop, is_new = shops.shop_for(session, folder.shop, title)
        laid = [_lay(session, each, shop, folder, who) for each in found]
    for each in laid:
        if each["read_on"] is not None and each["kind"] == FileKind.LEDGER and folder.authorised_by:
            task = Task(shop.code, clock.today(), who)
            reading_files.vouch(each["file_id"], each["sha256"], folder.authorised_by, task)
    return {
        "shop": shop.code,
        "shop_name": shop.name,
        "shop_is_new": is_new,
        "laid": [each for each in laid if each["read_on"] is None],
        "known": [each for each in laid if each["read_on"] is not None],
        "passed_over": passed_over,
    }


def _files(folder: Folder) -> Iterator[Path]:
    for path in folder.paths:
        if path.is_dir():
            yield from sorted(
                each for each in path.iterdir() if each.is_file() and not each.name.startswith((".", "~$"))
            )
        elif path.exists():
            yield path
        else:
            raise Refusal(f"There is no folder or file {path}. Check the name.")


def _is_meant(name: str, folder: Folder) -> bool:
    wanted = not folder.only or any(fnmatch(name, pattern) for pattern in folder.only)
    return wanted and not any(fnmatch(name, pattern) for pattern in folder.skip)


def _whoever_may(session: Session, found: list[Recognised]) -> Person:
    who = person(session, Act.RUN)
    for act in {_ACT.get(each.kind, Act.BRING_STATEMENT) for each in found}:
        who = person(session, act)
    return who


def _lay(session: Session, found: Recognised, shop: Shop, folder: Folder, who: Person) -> dict[str, Any]:
    brought = files.bring(found.path)
    files.keep(brought)
    vouched = folder.authorised_by if found.kind is FileKind.LEDGER else None
    laid = files.lay(session, brought, Laying(shop.id, found.kind, who.name, authorised_by=vouched))
    return {
        "file": laid.name,
        "file_id": laid.file_id,
        "kind": laid.kind.value,
        "sha256": laid.sha256,
        "read_on": laid.read_on,
    }


def tell(document: dict[str, Any]) -> None:
    """What became of the folder, for a person."""
    new = " (new)" if document["shop_is_new"] else ""
    say(f"Shop {document['shop']}{new}: {document['shop_name']}")
    for each in document["laid"]:
        say(f"  {each['file']}: {each['kind']}, laid ready")
    for each in document["known"]:
        say(f"  {each['file']}: {each['kind']}, read on {each['read_on']} already")
    for each in document["passed_over"]:
        say(f"  passed over: {each['file']}: {each['why']}")
    if document["laid"]:
        say(f"The night reads what lies ready: huikuan night run --shop {document['shop']}")
    else:
        say("Nothing new lies ready.")
