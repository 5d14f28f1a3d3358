"""`huikuan contact`: whom to tell, and where."""

from collections.abc import Sequence
from typing import Annotated

import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console import reading_files
from console.files import Laying, bring
from console.house import reading, shop_codes, shop_id, writing
from console.options import AsJson, OnDate, OneFile, ShopCode, ThisShop
from console.output import answer, say, table
from console.permits import Act
from console.reading_files import Task
from console.who import person
from models.contact import Contact
from models.event import Happening, record
from models.shop import Shop
from models.values import Refusal, mask_email, mask_name, mask_phone, mask_plate, normalise_plate
from models.words import ContactKind, FileKind
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


@app.command("opt-out")
def opt_out(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The customer's full name.")],
    shop: ThisShop,
    plate: Annotated[str, typer.Option("--plate", metavar="PLATE", help="Where two share the name.")] = "",
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Record that a customer refuses all that is no service (calls, greetings); service notices still go."""
    with writing() as session:
        person(session, Act.RESOLVE)
        found = _customers(session, shop_id(session, shop), name, plate)
        for each in found:
            each.opted_out_on = day or clock.today()
    document = {"name": mask_name(name), "contacts": len(found), "since": day or clock.today()}
    answer(as_json, document, lambda: say(f"{mask_name(name)} gets service notices only from now on."))


def _customers(session: Session, of_shop: int, name: str, plate: str) -> Sequence[Contact]:
    query = select(Contact).where(
        Contact.shop_id == of_shop, Contact.kind == ContactKind.CUSTOMER, Contact.name == name
    )
    if plate:
        query = query.where(Contact.plate_no == normalise_plate(plate))
    found = session.scalars(query.order_by(Contact.id)).all()
    if not found:
        raise Refusal(f"There is no customer {name} in the address book. See: huikuan contact list")
    return found


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The customer's full name.")],
    shop: ThisShop,
    plate: Annotated[str, typer.Option("--plate", metavar="PLATE", help="Where two share the name.")] = "",
    unmask: Annotated[
        bool, typer.Option("--unmask", help="Show phone and mail in plain; who asked and why is recorded.")
    ] = False,
    because: Annotated[str, typer.Option("--because", metavar="WHY", help="Why they must be seen.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show how a customer is reached, masked; or in plain, which goes on the record."""
    with writing() as session:
        who = person(session, Act.RESOLVE)
        of_shop = shop_id(session, shop)
        found = _customers(session, of_shop, name, plate)
        if unmask:
            _record_unmasking(session, of_shop, found, who.name, because)
        document = [_shown(each, plain=unmask) for each in found]
    columns = {"name": "name", "plate": "plate_no", "phone": "phone", "mail": "email"}
    answer(as_json, document, lambda: table(document, columns, ""))


def _shown(contact: Contact, *, plain: bool) -> dict[str, str | None]:
    phone, mail = contact.phone, contact.email
    if plain:
        return {"name": contact.name, "plate_no": contact.plate_no, "phone": phone, "email": mail}
    return {
        "name": mask_name(contact.name),
        "plate_no": mask_plate(contact.plate_no),
        "phone": mask_phone(phone) if phone else None,
        "email": mask_email(mail) if mail else None,
    }


def _record_unmasking(
    session: Session, of_shop: int, found: Sequence[Contact], by: str, because: str
) -> None:
    if not because.strip():
        raise Refusal("Say why they must be seen in plain: --because WHY. Who asked and why is recorded.")
    seen = [Happening("contact_unmasked", {"contact": each.id, "because": because}) for each in found]
    record(session, seen, shop_id=of_shop, business_date=clock.today(), by=by, at=clock.now())


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
