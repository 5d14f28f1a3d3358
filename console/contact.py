"""`huikuan contact`: whom to tell, and where."""

import typer
from sqlalchemy import func, select

from console import reading_files
from console.files import Laying, bring
from console.house import reading, shop_codes, shop_id, writing
from console.options import AsJson, OnDate, OneFile, ShopCode, ThisShop
from console.output import answer, say, table
from console.permits import Act
from console.reading_files import Task
from console.who import person
from models.contact import Contact
from models.shop import Shop
from models.words import FileKind
from worker import clock

app = typer.Typer(help="Customers, insurers and staff: where they are told.")


@app.command("import")
def import_(file: OneFile, shop: ThisShop, day: OnDate = None, as_json: AsJson = False) -> None:
    """Take over a list (类型, 名称, 车牌号, 手机, 邮箱, 备注); notices held for want of an address go on."""
    with writing() as session:
        who = person(session, Act.BRING_LEDGER)
        laying = Laying(shop_id(session, shop), FileKind.CONTACTS, who.name)
    read = reading_files.read_now(bring(file), laying, Task(shop, day or clock.today(), who))
    answer(as_json, read, lambda: say(reading_files.sentence(read)))


@app.command("list")
def list_(shop: ShopCode = None, as_json: AsJson = False) -> None:
    """Count the contacts of each kind; their addresses are kept encrypted and are not listed."""
    with reading() as session:
        rows = session.execute(
            select(
                Shop.code,
                Contact.kind,
                func.count().label("contacts"),
                func.count(Contact.email).label("mails"),
            )
            .join(Shop, Shop.id == Contact.shop_id)
            .where(Shop.code.in_(shop_codes(session, shop)))
            .group_by(Shop.code, Contact.kind)
            .order_by(Shop.code, Contact.kind)
        ).all()
    found = [
        {"shop": row.code, "kind": row.kind.value, "contacts": row.contacts, "with_mail": row.mails}
        for row in rows
    ]
    columns = {"shop": "shop", "kind": "kind", "contacts": "contacts", "with a mail address": "with_mail"}
    answer(
        as_json,
        found,
        lambda: table(found, columns, "There is no contact: huikuan contact import FILE --shop CODE"),
    )
