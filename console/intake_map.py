"""`huikuan intake map`: what each heading of a ledger is taken for, how that was decided, what people say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import by_hand, shops
from console.house import reading, writing
from console.output import say, table
from console.permits import Act
from console.who import person
from models.shop import Shop
from models.values import Refusal
from tasks.intake.columns import BY_FIELD, COLUMNS, Column
from tasks.intake.file_queries import remembered_headings
from tasks.intake.headings import Headings, Remembered, find_headings, plain
from tasks.intake.ledger import LedgerSheet, no_headings, title_of
from tasks.intake.likeness import proposals
from tasks.intake.reading import sheets_of
from worker.sheets import cell_name, read_book

Meanings = Mapping[str, str | None]


def remembered_of(session: Session, code: str) -> Remembered:
    """What was said of the headings of a shop's ledgers; nothing of a shop that is not there yet."""
    shop_id = session.execute(select(Shop.id).where(Shop.code == code)).scalar_one_or_none()
    return {} if shop_id is None else remembered_headings(session, shop_id)


def show(path: Path, code: str) -> dict[str, Any]:
    """How a ledger would be read now, heading by heading. Raises Refusal for what is no ledger."""
    with reading() as session:
        remembered = remembered_of(session, code)
    found = _headings(path, remembered)
    lines = [line for sheet, headings in found for line in _lines(sheet, headings)]
    return {"file": path.name, "shop": code, "headings": lines}


def decide(
    path: Path, code: str, day: date, said: Sequence[str], *, confirm: bool, name: str | None
) -> dict[str, Any]:
    """Write down what a person says; a shop that is not there yet is made of the ledger's title."""
    with reading() as session:
        found = _headings(path, remembered_of(session, code))
    meanings: dict[str, str | None] = dict(_confirmed(found)) if confirm else {}
    meanings |= dict(_said(found, each) for each in said)
    with writing() as session:
        who = person(session, Act.BRING_LEDGER)
        shops.shop_for(session, code, name or title_of([sheet.rows for sheet, _ in found]))
    done = by_hand.do_again("decide_headings", code, day, f"headings:{code}", who, meanings=meanings)
    again = list((done.notes or {}).get("read_again", ()))
    return show(path, code) | {"decided": done.count, "read_again": again}


def _headings(path: Path, remembered: Remembered) -> list[tuple[LedgerSheet, Headings]]:
    sheets = sheets_of(read_book(path))
    found = [(sheet, find_headings(sheet.rows, sheet.merged, remembered)) for sheet in sheets]
    there = [(sheet, headings) for sheet, headings in found if headings is not None]
    if not there:
        raise Refusal(no_headings(path.name, []))
    return there


def _lines(sheet: LedgerSheet, headings: Headings) -> Iterator[dict[str, Any]]:
    fields = {at: field for field, at in headings.places.items()}
    liked = {each.at: each.column for each in proposals(headings)}
    for at, text in sorted(headings.texts.items()):
        column = BY_FIELD[fields[at]] if at in fields else liked.get(at)
        how = headings.how[fields[at]].value if at in fields else "proposed" if at in liked else ""
        yield {
            "sheet": sheet.name,
            "cell": cell_name(headings.row, at),
            "heading": " ".join(text.split()),
            "key": headings.keys[at],
            "number": column.number if column else None,
            "means": column.heading if column else None,
            "field": column.field if column else None,
            "how": how or ("nothing, as was said" if at in headings.settled else "passed over"),
            "is_read": at in fields,
        }


def _confirmed(found: Sequence[tuple[LedgerSheet, Headings]]) -> Iterator[tuple[str, str]]:
    for _, headings in found:
        for each in proposals(headings):
            yield headings.keys[each.at], each.column.field


def _said(found: Sequence[tuple[LedgerSheet, Headings]], said: str) -> tuple[str, str | None]:
    """HEADING=COLUMN as typed: a heading of the file by its words or key, a column by number or words."""
    text, _, meant = said.rpartition("=")
    wanted = "/".join(map(plain, text.split("/")))
    keys = {key for _, headings in found for at, key in headings.keys.items()
            if wanted in (key, plain(headings.texts[at]))}  # fmt: skip
    if len(keys) != 1:
        what = f"names several: {'、'.join(sorted(keys))}" if keys else "is no heading of it"
        raise Refusal(f'"{text}" {what}. See how they are called: huikuan intake map FILE --shop CODE')
    return keys.pop(), _column(meant).field if meant.strip() else None


def _column(said: str) -> Column:
    meant = [each for each in COLUMNS if said.strip() in (str(each.number), each.heading, each.field)]
    if len(meant) != 1:
        numbers = ", ".join(f"{each.number} {each.heading}" for each in meant or COLUMNS)
        raise Refusal(f'"{said}" names no single column. Give its number: {numbers}')
    return meant[0]


def tell(document: dict[str, Any]) -> None:
    """The mapping, for a person."""
    rows = [
        line | {"column": f"{line['number']} {line['means']}" if line["number"] else "-"}
        for line in document["headings"]
    ]
    columns = {"sheet": "sheet", "cell": "cell", "heading": "heading", "column": "column", "by": "how"}
    table(rows, columns, "No sheet has a heading.")
    if "decided" in document:
        say(f"{document['decided']} headings decided; used from the next file on.")
        say(*(f"{name} waits to be read again: bring it again, or the night reads it."
              for name in document["read_again"]))  # fmt: skip
    proposed = sum(line["how"] == "proposed" for line in document["headings"])
    if proposed:
        say(
            f"{proposed} are only proposed and not read. If all of them are right: huikuan intake map "
            f"{document['file']} --shop {document['shop']} --confirm. One by one: --set HEADING=NUMBER, and "
            "--set HEADING= for nothing."
        )
