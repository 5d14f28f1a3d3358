"""`huikuan chase delivered|import-reply|pack`: letters that arrived, answers, papers in order."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from console import case_view, files, house, reading_files
from console.by_hand import do_again as do
from console.files import Laying, keep_proof
from console.house import reading, shop_codes, the_shop
from console.options import AsJson, OnDate, OneFile, ShopCode, day
from console.output import answer, say
from console.permits import Act
from console.reading_files import Task
from console.who import person
from models.shop import Shop
from models.values import Refusal
from models.words import FileKind
from worker import clock

ClaimNo = Annotated[str, typer.Argument(metavar="CLAIM_NO")]


def add_to(app: typer.Typer) -> None:
    """Let `huikuan chase` have these."""
    app.command("delivered")(delivered)
    app.command("import-reply")(import_reply)
    app.command("pack")(pack)


def delivered(
    letter_no: Annotated[str, typer.Argument(metavar="LETTER", help="As in: huikuan chase list --letters")],
    arrived: Annotated[date, typer.Option("--on", parser=day, metavar="DATE", help="The day it arrived.")],
    proof: Annotated[
        Path, typer.Option("--proof", metavar="FILE", help="What proves it: a receipt, a mail.")
    ],
    shop: ShopCode = None,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Record that a letter arrived: the limitation of each of its cases begins anew."""
    today = on or clock.today()
    with reading() as session:
        who = person(session, Act.RECORD_FACT)
        code = the_shop(session, shop)
    given = {"letter_no": letter_no, "on": str(arrived), **keep_proof(proof)}
    done = do("record_delivery", code, today, f"letter:{letter_no}", who, **given)
    document = {"letter_no": letter_no, "delivered_on": arrived, "cases": done.count}
    said = f"{letter_no} arrived on {arrived}; the limitation of {done.count} cases begins anew."
    answer(as_json, document, lambda: say(said))


def import_reply(path: OneFile, shop: ShopCode = None, on: OnDate = None, as_json: AsJson = False) -> None:
    """Take in a statement of account that an insurer filled in and sent back."""
    with reading() as session:
        who = person(session, Act.RECORD_FACT)
        code = the_shop(session, shop)
        its_shop = house.shop_id(session, code)
    laying = Laying(its_shop, FileKind.REPLY, who.name)
    read = reading_files.read_now(files.bring(path), laying, Task(code, on or clock.today(), who))
    answer(as_json, read, lambda: say(reading_files.sentence(read)))


def pack(
    claim_no: ClaimNo,
    complaint: Annotated[bool, typer.Option("--complaint", help="For a complaint to 12378.")] = False,
    lawyer: Annotated[bool, typer.Option("--lawyer", help="For handing over to a lawyer.")] = False,
    shop: ShopCode = None,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Lay the papers of a case in order in a folder, with an index that says what is missing."""
    if complaint == lawyer:
        raise Refusal("Say for what: huikuan chase pack CLAIM_NO --complaint, or --lawyer")
    today = on or clock.today()
    with reading() as session:
        who = person(session, Act.RECORD_FACT)
        case = case_view.find(session, claim_no, shop_codes(session, shop))
        code = session.get_one(Shop, case.shop_id).code
    kind = "complaint" if complaint else "lawyer"
    done = do("make_pack", code, today, f"case:{case.id}:{kind}", who, case_id=case.id, kind=kind)
    notes = dict(done.notes or {})
    document = {
        "claim_no": claim_no,
        "papers": done.count,
        "folder": notes["folder"],
        "missing": notes["missing"],
    }
    lacks = f"; missing: {'、'.join(document['missing'])}" if document["missing"] else ""
    answer(as_json, document, lambda: say(f"{done.count} papers in {document['folder']}{lacks}"))
