"""`huikuan money`: whether all money adds up."""

from typing import Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.house import reading, shop_codes
from console.options import AsJson, ShopCode
from console.output import answer, say, table
from models.shop import Shop
from models.values import fen, yuan, yuan_grouped
from tasks.proof import whole
from tasks.proof.figures import Figure

app = typer.Typer(help="Whether all money adds up.")
OFF = 1
"""Exit status where something does not add up, for whoever watches over this command."""


@app.callback()
def money() -> None:
    """Whether all money adds up."""


@app.command()
def check(shop: ShopCode = None, as_json: AsJson = False) -> None:
    """Hold all entries against the totals made without them, now; nothing is written."""
    with reading() as session:
        shops = [_shop(session, code) for code in shop_codes(session, shop)]
    answer(as_json, {"shops": shops}, lambda: _tell(shops))
    if any(each["off"] for each in shops):
        raise typer.Exit(OFF)


def _shop(session: Session, code: str) -> dict[str, Any]:
    shop_id = session.execute(select(Shop.id).where(Shop.code == code)).scalar_one()
    proof = whole.prove(session, shop_id)
    return {
        "shop": code,
        "repairs": proof.repairs,
        "figures": [
            {
                "figure": figure.name.lower(), "is": figure.value, "rows": yuan(proof.said[figure]),
                "entries": yuan(proof.booked[figure]),
                "difference": yuan(proof.said[figure] - proof.booked[figure]),
            }
            for figure in Figure
        ],
        "off": [
            {"subject": subject, "sentence": whole.told(session, subject, why)}
            for subject, why in sorted(proof.off.items())
        ],
    }  # fmt: skip


def _tell(shops: list[dict[str, Any]]) -> None:
    for each in shops:
        say(f"{each['shop']}: {each['repairs']} repairs (yuan)")
        rows = [
            {
                "is": row["is"],
                **{f"{name}_amount": _grouped(row[name]) for name in ("rows", "entries", "difference")},
            }
            for row in each["figures"]
        ]
        columns = {
            "": "is",
            "by the rows": "rows_amount",
            "by the entries": "entries_amount",
            "off": "difference_amount",
        }
        table(rows, columns, "")
        said = [f"  {off['sentence']}" for off in each["off"]]
        say(*(said or ["Everything adds up."]))


def _grouped(amount: str) -> str:
    return yuan_grouped(fen(amount))
