"""`huikuan intake`: files that people and banks bring."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from console import intake_map, reading_files, rehearsal, rehearsed_statements, shops, statement_owner
from console.files import Laying, bring
from console.folder import Folder, lay_folder
from console.folder import tell as tell_folder
from console.house import reading, ready, writing
from console.options import AsJson, DryRun, OnDate, OneFile, ShopCode, ThisShop
from console.output import answer, say
from console.permits import Act
from console.reading_files import Task
from console.stored import again as _again
from console.who import person
from models.values import Refusal
from models.words import FileKind
from tasks.intake.job import shop_name_in
from tasks.intake.reading import ledger_of
from worker import clock
from worker.sheets import read_book

app = typer.Typer(help="Files that people and banks bring.")

AuthorisedBy = Annotated[
    str | None,
    typer.Option(
        "--authorised-by", metavar="NAME", help="Who vouches that the authorisations of its cases exist."
    ),
]
ShopName = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="A new shop's name, if no title says it.")
]
Part = Annotated[
    bool, typer.Option("--part", help="Lines were left out on purpose (a filter): balances need not follow.")
]
WholeDays = Annotated[
    bool, typer.Option("--whole-days", help="Every line of its days is in it: for days known in part.")
]
Paths = Annotated[list[Path], typer.Argument(metavar="FILE...")]


@app.command()
def ledger(
    file: OneFile,
    shop: ThisShop,
    authorised_by: AuthorisedBy = None,
    name: ShopName = None,
    day: OnDate = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Read a shop's ledger workbook: its rows become cases. A new shop is created by its first ledger."""
    brought = bring(file)
    business_date = day or clock.today()
    title = name or _title(file, shop, business_date)
    if dry_run:
        document = rehearsal.ledger(brought, shop, title, business_date, authorised_by)
        answer(as_json, document, lambda: rehearsal.tell(document))
        return
    with writing() as session:
        who = person(session, Act.BRING_LEDGER)
        its_shop, is_new = shops.shop_for(session, shop, title)
    laying = Laying(its_shop.id, FileKind.LEDGER, who.name, authorised_by=authorised_by)
    try:
        read = reading_files.read_now(brought, laying, Task(shop, business_date, who))
    except Refusal:
        if is_new:
            shops.take_back(its_shop.id)
        raise
    read |= {"shop": shop, "shop_name": its_shop.name, "shop_is_new": is_new}
    answer(as_json, read, lambda: _tell_ledger(read))


def _title(file: Path, shop: str, business_date: date) -> str | None:
    """The shop's name in the title. A ledger may have none; what is no ledger is refused as such first."""
    title = shop_name_in(file)
    if title is None:
        with reading() as session:
            remembered = intake_map.remembered_of(session, shop)
        ledger_of(read_book(file), business_date, remembered)
    return title


@app.command("map")
def map_(
    file: OneFile,
    shop: ThisShop,
    confirm: Annotated[bool, typer.Option("--confirm", help="Every proposed column is right.")] = False,
    said: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="HEADING=COLUMN", help="What one means; nothing after = for none."),
    ] = None,
    name: ShopName = None,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Show what each heading of a ledger is taken for and why; confirm or change it for this shop's files."""
    if confirm or said:
        document = intake_map.decide(file, shop, day or clock.today(), said or (), confirm=confirm, name=name)
    else:
        document = intake_map.show(file, shop)
    answer(as_json, document, lambda: intake_map.tell(document))


def _tell_ledger(read: dict[str, Any]) -> None:
    if read["shop_is_new"]:
        say(f"The shop {read['shop']} is new: {read['shop_name']}.")
    say(reading_files.sentence(read))


@app.command()
def statement(
    files: Paths,
    shop: ShopCode = None,
    account: Annotated[
        str | None,
        typer.Option("--account", metavar="NUMBER", help="Whose it is, for a file that does not say."),
    ] = None,
    part: Part = False,
    whole_days: WholeDays = False,
    day: OnDate = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Read bank files: every line is kept once, however often it is exported."""
    business_date, said = day or clock.today(), {"part": part, "whole_days": whole_days}
    if dry_run:
        document = rehearsed_statements.rehearse(files, shop, account, business_date, said)
        answer(as_json, document, lambda: rehearsal.tell(document))
        _refuse(document["refused"])
        return
    with writing() as session:
        who = person(session, Act.BRING_STATEMENT)
    read: list[dict[str, Any]] = []
    refused: list[str] = []
    for path in files:
        try:
            brought = bring(path)
            owner = statement_owner.shop_of(path, shop, account, business_date, is_part=part)
            laying = Laying(owner.shop_id, FileKind.STATEMENT, who.name, account_number=account)
            done = reading_files.read_now(brought, laying, Task(owner.code, business_date, who, said))
            read.append(done | {"shop": owner.code})
        except Refusal as refusal:
            refused.append(str(refusal))
    answer(as_json, read, lambda: say(*map(reading_files.sentence, read)))
    _refuse(refused)


def _refuse(sentences: Sequence[str]) -> None:
    if sentences:
        raise Refusal("\n".join(sentences))


@app.command()
def folder(
    paths: Annotated[list[Path], typer.Argument(metavar="DIR|FILE...", help="Folders and files.")],
    shop: ThisShop,
    authorised_by: AuthorisedBy = None,
    name: ShopName = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="PATTERN", help="Take such names only.")
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", metavar="PATTERN", help="Leave such names out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Lay ready whatever is of use in a folder, told by its content; the night reads it."""
    ready()
    asked = Folder(tuple(paths), tuple(only or ()), tuple(skip or ()), shop, name, authorised_by)
    document = lay_folder(asked)
    answer(as_json, document, lambda: tell_folder(document))


@app.command()
def again(
    file_id: Annotated[int, typer.Argument(metavar="ID", help="The number of a file that was refused.")],
    account: Annotated[
        str | None, typer.Option("--account", metavar="NUMBER", help="Whose statement it is.")
    ] = None,
    part: Part = False,
    whole_days: WholeDays = False,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Read once more, as it was kept, a file that was refused: when what it lacked is there now."""
    read = _again(file_id, account, day or clock.today(), {"part": part, "whole_days": whole_days})
    answer(as_json, read, lambda: say(reading_files.sentence(read)))
