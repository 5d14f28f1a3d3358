"""`huikuan account`: the shops' bank accounts."""

import re
from typing import Annotated

import typer
from sqlalchemy import select

from console import reading_files
from console.files import Laying, bring
from console.house import reading, shop_codes, shop_id, writing
from console.options import AsJson, OnDate, OneFile, ShopCode, ThisShop
from console.output import answer, say, table
from console.permits import Act
from console.reading_files import Task
from console.who import person
from models.bank import BankAccount
from models.shop import Shop
from models.values import Refusal, half_width
from models.words import FileKind
from worker import clock

app = typer.Typer(help="The shops' bank accounts.")


@app.command()
def add(
    number: Annotated[str, typer.Argument(metavar="NUMBER")],
    shop: ThisShop,
    holder: Annotated[
        str | None, typer.Option("--holder", metavar="NAME", help="The name it is kept under.")
    ] = None,
    bank: Annotated[
        str | None, typer.Option("--bank", metavar="NAME", help="开户行, as letters name it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Register a bank account of a shop; one that a file brought provisionally is confirmed."""
    bare = re.sub(r"[\s-]", "", half_width(number))
    if not bare.isdecimal() or not 8 <= len(bare) <= 32:
        raise Refusal(f'"{number}" is not an account number: 8 to 32 digits. Type it as on the statement.')
    with writing() as session:
        person(session, Act.BRING_STATEMENT)
        ident = shop_id(session, shop)
        found = session.execute(select(BankAccount).where(BankAccount.number == bare)).scalar_one_or_none()
        if found is not None and found.shop_id != ident:
            other = session.get_one(Shop, found.shop_id).code
            raise Refusal(f"The account {bare} is registered for the shop {other}. See: huikuan account list")
        if found is None:
            found = BankAccount(shop_id=ident, number=bare)
            session.add(found)
        found.provisional, found.holder = False, holder or found.holder
        found.bank_name = bank or found.bank_name
        document = {"number": bare, "shop": shop, "holder": found.holder, "bank": found.bank_name}
    answer(as_json, document, lambda: say(f"The account {bare} is registered for {shop}."))


@app.command("import")
def import_(file: OneFile, shop: ThisShop, day: OnDate = None, as_json: AsJson = False) -> None:
    """Register the accounts of a list (账号, 户名, 开户行, 文件)."""
    with writing() as session:
        who = person(session, Act.BRING_STATEMENT)
        laying = Laying(shop_id(session, shop), FileKind.ACCOUNTS, who.name)
    read = reading_files.read_now(bring(file), laying, Task(shop, day or clock.today(), who))
    answer(as_json, read, lambda: say(reading_files.sentence(read)))


@app.command("list")
def list_(shop: ShopCode = None, as_json: AsJson = False) -> None:
    """List the accounts; a provisional one is known from a file only."""
    with reading() as session:
        rows = session.execute(
            select(BankAccount, Shop.code)
            .join(Shop, Shop.id == BankAccount.shop_id)
            .where(Shop.code.in_(shop_codes(session, shop)))
            .order_by(Shop.code, BankAccount.number)
        ).all()
    found = [
        {
            "number": row.BankAccount.number,
            "shop": row.code,
            "holder": row.BankAccount.holder,
            "bank": row.BankAccount.bank_name,
            "export_name": row.BankAccount.export_name,
            "provisional": row.BankAccount.provisional,
        }
        for row in rows
    ]
    columns = {
        "number": "number",
        "shop": "shop",
        "holder": "holder",
        "bank": "bank",
        "export": "export_name",
        "provisional": "provisional",
    }
    answer(
        as_json,
        found,
        lambda: table(found, columns, "There is no account: huikuan account add NUMBER --shop CODE"),
    )
