"""`huikuan finding`: what files said that could not be taken as it stands."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import finding_export
from console.house import reading, shop_codes, writing
from console.options import AsJson, ShopCode, ThisShop
from console.output import answer, say, table
from console.permits import Act
from console.who import person
from models.shop import Shop
from models.source_file import Finding, SourceFile
from models.values import Refusal
from models.words import FindingState

app = typer.Typer(help="Findings in files.")


@app.command("list")
def list_(shop: ShopCode = None, as_json: AsJson = False) -> None:
    """List the findings that are still open."""
    with reading() as session:
        found = _open(session, shop_codes(session, shop))
    columns = {"id": "id", "file": "file", "sheet": "sheet", "row": "row", "cell": "cell", "what": "sentence"}
    answer(as_json, found, lambda: table(found, columns, "There is no open finding."))


def _open(session: Session, codes: list[str]) -> list[dict[str, object]]:
    rows = session.execute(
        select(Finding, SourceFile.name, Shop.code)
        .join(SourceFile, SourceFile.id == Finding.file_id)
        .join(Shop, Shop.id == Finding.shop_id)
        .where(Finding.state == FindingState.OPEN, Shop.code.in_(codes))
        .order_by(Finding.id)
    )
    return [
        {
            "id": row.Finding.id,
            "shop": row.code,
            "file": row.name,
            "file_id": row.Finding.file_id,
            "sheet": row.Finding.sheet,
            "row": row.Finding.row,
            "cell": row.Finding.cell,
            "heading": row.Finding.heading,
            "value": row.Finding.value,
            "code": row.Finding.code,
            "severity": row.Finding.severity.value,
            "sentence": row.Finding.sentence,
        }
        for row in rows
    ]


@app.command()
def export(
    shop: ThisShop,
    file: Annotated[
        int | None, typer.Option("--file", metavar="ID", help="Of one file only (its number in the list).")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write to.")] = None,
    notes: Annotated[bool, typer.Option("--notes", help="Rows that went in with a note as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the rows of ledgers that were not taken as workbooks with the reasons, to correct and feed in."""
    document = finding_export.export(shop, file, out, notes=notes)
    answer(as_json, document, lambda: finding_export.tell(document))


@app.command()
def resolve(
    ids: Annotated[list[int], typer.Argument(metavar="ID...", help="The numbers of the findings.")],
    as_json: AsJson = False,
) -> None:
    """Say that a finding was dealt with; it stays on record, with your name."""
    with writing() as session:
        who = person(session, Act.RESOLVE)
        for ident in ids:
            found = session.get(Finding, ident)
            if found is None:
                raise Refusal(f"There is no finding {ident}. See: huikuan finding list")
            if found.state is FindingState.RESOLVED:
                raise Refusal(
                    f"Finding {ident} was resolved by {found.resolved_by} already. See: huikuan finding list"
                )
            found.state, found.resolved_by = FindingState.RESOLVED, who.name
    answer(as_json, {"resolved": ids, "by": who.name}, lambda: say(f"Resolved: {', '.join(map(str, ids))}."))
