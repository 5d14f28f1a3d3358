"""`huikuan statement`: what bank statements cover, and layouts that somebody explains."""

from typing import Annotated, Any

import typer

from console import by_hand, house, statement_view
from console.house import reading, shop_codes, shop_id, writing
from console.options import AsJson, DryRun, OnDate, OneFile, ShopCode
from console.output import answer, pairs, say, table
from console.permits import Act
from console.statement_mapping import Explained, explain, mapping_of
from console.who import person
from models.values import Refusal
from worker import clock

app = typer.Typer(help="Bank statements: what they cover, and layouts nobody declared.")


def _option(name: str, what: str) -> Any:
    return typer.Option(f"--{name}", metavar="HEADING", help=what)


@app.command("map")
def map_(
    file: OneFile,
    shop: ShopCode = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="NUMBER", help="For this account's files only.")
    ] = None,
    date: Annotated[str | None, _option("date", "The day, with the time or not.")] = None,
    time: Annotated[str | None, _option("time", "The time, where it has a column of its own.")] = None,
    booked: Annotated[str | None, _option("booked", "The booking day, where it is another.")] = None,
    in_: Annotated[str | None, _option("in", "Money in: the bank's 贷方.")] = None,
    out: Annotated[str | None, _option("out", "Money out: the bank's 借方.")] = None,
    amount: Annotated[str | None, _option("amount", "In and out in one column.")] = None,
    direction: Annotated[str | None, _option("direction", "A word such as 借 or 贷, 收 or 支.")] = None,
    balance: Annotated[str | None, _option("balance", "The balance after the line.")] = None,
    name: Annotated[str | None, _option("name", "The other side's name.")] = None,
    party_account: Annotated[str | None, _option("party-account", "The other side's account.")] = None,
    payer: Annotated[str | None, _option("payer", "Who paid, if payer and payee are told apart.")] = None,
    payer_account: Annotated[str | None, _option("payer-account", "Whose account paid.")] = None,
    payee: Annotated[str | None, _option("payee", "Who was paid.")] = None,
    payee_account: Annotated[str | None, _option("payee-account", "Whose account was paid.")] = None,
    own_account: Annotated[str | None, _option("own-account", "The account the file is of.")] = None,
    serial: Annotated[str | None, _option("serial", "The bank's serial number of a line.")] = None,
    currency: Annotated[str | None, _option("currency", "The currency.")] = None,
    memo: Annotated[
        list[str] | None, _option("memo", "Remarks, most telling first; may be repeated.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Say once what the headings of a bank file stand for; files with the same ones are then read so."""
    said = {
        "date": date, "time": time, "booked": booked, "in": in_, "out": out, "amount": amount,
        "direction": direction, "balance": balance, "name": name, "party-account": party_account,
        "payer": payer, "payer-account": payer_account, "payee": payee, "payee-account": payee_account,
        "own-account": own_account, "serial": serial, "currency": currency,
    }  # fmt: skip
    with writing() as session:
        who = person(session, Act.BRING_STATEMENT)
        code = house.the_shop(session, shop)
    today = clock.today()  # --date names a heading here
    found = explain(file, mapping_of(said, memo or []), account, today)
    if not dry_run:
        by_hand.do_again(
            "map_statement", code, today, f"headings:{found.fingerprint}", who,
            headings=found.headings, mapping=dict(found.mapping), made_from=file.name, account=account,
        )  # fmt: skip
    document = found.as_json() | {"shop": code, "kept": not dry_run}
    answer(as_json, document, lambda: _tell(found, kept=not dry_run))


def _tell(found: Explained, *, kept: bool) -> None:
    say(f"{found.file_name}, read so:")
    pairs(found.shown)
    columns = {
        "row": "row",
        "date": "date",
        "amount": "amount",
        "balance": "balance",
        "name": "name",
        "memo": "memo",
    }
    table(found.first_lines, columns, "It holds no line.")
    say(f"{found.lines} lines, {found.money_in} in, {found.money_out} out. {found.proved}")
    if kept:
        say(f"This is remembered. To take the lines: huikuan intake statement {found.file_name}")
    else:
        say("Nothing was remembered: the same command without --dry-run does it.")


@app.command()
def profiles(shop: ShopCode = None, as_json: AsJson = False) -> None:
    """List the layouts that were explained, by whom and when, those removed too."""
    with reading() as session:
        found = statement_view.profiles(session, shop_codes(session, shop))
    columns = {
        "profile": "profile", "shop": "shop", "account": "account", "from": "made_from", "by": "made_by",
        "on": "made_on", "removed by": "removed_by",
    }  # fmt: skip
    answer(
        as_json, found, lambda: table(found, columns, "None was explained yet: huikuan statement map FILE")
    )


@app.command()
def profile(number: Annotated[int, typer.Argument(metavar="PROFILE")], as_json: AsJson = False) -> None:
    """Show what the headings of one explained layout mean."""
    with reading() as session:
        found = statement_view.profile(session, number)
    answer(as_json, found, lambda: pairs((key, statement_view.plain(value)) for key, value in found.items()))


@app.command()
def remove(
    number: Annotated[int, typer.Argument(metavar="PROFILE")],
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Use an explained layout no more; what was read with it stays."""
    with writing() as session:
        who = person(session, Act.BRING_STATEMENT)
        found = statement_view.profile(session, number)
    business_date, code = day or clock.today(), str(found["shop"])
    by_hand.do_again("remove_profile", code, business_date, f"profile:{number}", who, profile=number)
    document = {"profile": number, "removed_by": who.name}
    answer(as_json, document, lambda: say(f"Profile {number} is used no more."))


@app.command("list")
def list_(
    shop: ShopCode = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="NUMBER", help="One account only.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what each account's statements cover: days, balances at both ends, overlaps and gaps."""
    with reading() as session:
        found = [
            row
            for code in shop_codes(session, shop)
            for row in statement_view.periods(session, shop_id(session, code))
            if account in (None, row["account"])
        ]
    if account and not found:
        raise Refusal(f"No statement of the account {account} was read. See: huikuan account list")
    columns = {
        "account": "account", "file": "file", "from": "first_on", "to": "last_on", "lines": "lines",
        "opening": "opening", "closing": "closing", "note": "note",
    }  # fmt: skip
    answer(
        as_json,
        found,
        lambda: table(found, columns, "No statement was read yet: huikuan intake statement FILE"),
    )
