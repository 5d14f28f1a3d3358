"""What this room writes: lines, accounts, what became of a file, and findings."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.source_file import Finding, SourceFile
from models.statement import StatementPeriod
from models.upsert import add_new, put
from models.values import Refusal, yuan
from models.words import FileState, FindingState, Severity
from tasks.statements.account_list import ListedAccount, problem
from tasks.statements.accounts import Registry
from tasks.statements.noting import notes
from tasks.statements.placing import New
from tasks.statements.queries import account_id
from tasks.statements.reading import Reading
from tasks.statements.taking import Taken
from worker.job import Night

REFUSED = "file_refused"


def refuse(session: Session, night: Night, file: SourceFile, refusal: Refusal) -> None:
    """Keep the sentence with the file and as a finding; nothing of the file was taken."""
    file.state, file.refusal, file.read_on = FileState.REFUSED, str(refusal), night.date
    _find(session, file, code=REFUSED, severity=Severity.FILE_REFUSED, sentence=str(refusal))
    night.note(files_refused=1)


def keep_statements(session: Session, night: Night, file: SourceFile, taken: Sequence[Taken]) -> int:
    """Add the lines that no earlier file brought, and the time each statement covers; returns how many."""
    new, read = 0, 0
    for each in taken:
        account = _account(session, file, each.reading)
        lines = each.reading.statement.lines
        new += add_new(session, BankLine, [_row(file, account, line) for line in each.new])
        read += len(lines)
        _keep_period(session, file, account, each)
    found = [each.reading for each in taken]
    _mark_read(session, night, file, read, {"new": new, **_figures(found), **_taken(session, file)})
    for code, sentence in notes(session, file.shop_id, file.name, taken):
        _find(session, file, code=code, severity=Severity.NOTE, sentence=sentence)
    night.note(files_read=1, lines_read=read, lines_new=new)
    return new


def _account(session: Session, file: SourceFile, found: Reading) -> int:
    """The account's id: registered provisionally where only the file knows it, named where nobody did."""
    owner = found.owner
    if owner.is_new:
        account = {"number": owner.number, "shop_id": file.shop_id, "holder": owner.holder}
        add_new(session, BankAccount, [account | {"provisional": True}])
    elif owner.holder:
        nameless = update(BankAccount).where(BankAccount.number == owner.number, BankAccount.holder.is_(None))
        session.execute(nameless.values(holder=owner.holder[:128]))
    number = account_id(session, owner.number)
    assert number is not None
    return number


def _keep_period(session: Session, file: SourceFile, account: int, each: Taken) -> None:
    statement = each.reading.statement
    if statement.span is None:
        return
    facts = {
        "shop_id": file.shop_id,
        "first_on": statement.span.first,
        "last_on": statement.span.last,
        "is_stated": statement.span.is_stated,
        "opening": statement.opening,
        "closing": statement.closing,
        "lines": len(statement.lines),
        "is_part": each.is_part,
    }
    key = {"account_id": account, "file_id": file.id}
    put(session, StatementPeriod, [key | facts], list(key))


def keep_accounts(
    session: Session, night: Night, file: SourceFile, listed: Sequence[ListedAccount], registry: Registry
) -> int:
    """Register the accounts of a list; one known provisionally is confirmed. Returns how many are in."""
    count = 0
    for each in listed:
        if why := problem(each, registry.shop(file.shop_id), registry):
            _find(
                session, file, code="account_left_out", severity=Severity.ROW_LEFT_OUT, row=each.row,
                cell=each.cell, heading="账号", value=each.said, sentence=f"{file.name}, {why}",
            )  # fmt: skip
            continue
        _register(session, file, each)
        count += 1
    _mark_read(session, night, file, count, {"accounts": count})
    night.note(accounts_read=count)
    return count


def _register(session: Session, file: SourceFile, listed: ListedAccount) -> None:
    account = {"number": listed.number, "shop_id": file.shop_id, "provisional": False}
    facts = {"holder": listed.holder, "export_name": listed.export_name, "bank_name": listed.bank_name}
    if not add_new(session, BankAccount, [account | facts]):
        said = {name: value for name, value in facts.items() if value is not None}
        known = update(BankAccount).where(BankAccount.number == listed.number)
        session.execute(known.values(provisional=False, **said))


def _row(file: SourceFile, account: int, new: New) -> dict[str, Any]:
    line = new.line
    return {
        "shop_id": file.shop_id,
        "account_id": account,
        "file_id": file.id,
        "row": line.row,
        "booked_on": line.booked_on,
        "booked_at": line.booked_at,
        "amount": line.amount,
        "balance": line.balance,
        # The columns are as wide as any bank's; what is longer stays whole in `raw`.
        "payer": line.counterparty_name[:255],
        "payer_account": line.counterparty_account[:64],
        "memo": line.memo,
        "search_text": " ".join(line.remarks.values()),
        "serial": line.serial[:64] if line.serial else None,
        "identity": new.identity,
        "raw": dict(line.raw),
    }


def _figures(found: Sequence[Reading]) -> dict[str, Any]:
    amounts = [line.amount for each in found for line in each.statement.lines]
    mapping = next((each.statement.mapping for each in found if each.statement.mapping), None)
    figures = {
        "layout": found[0].statement.format,
        "account": ", ".join(each.owner.number for each in found),
        "money_in": yuan(sum(amount for amount in amounts if amount > 0)),
        "money_out": yuan(sum(amount for amount in amounts if amount < 0)),
    }
    return figures | ({"mapping": dict(mapping)} if mapping else {})


def _taken(session: Session, file: SourceFile) -> dict[str, Any]:
    """The control total of the nightly proof: what this file alone brought, in fen."""
    amounts = session.scalars(select(BankLine.amount).where(BankLine.file_id == file.id)).all()
    return {
        "taken_fen": {
            "in": sum(each for each in amounts if each > 0),
            "out": sum(each for each in amounts if each < 0),
        }
    }


def _mark_read(session: Session, night: Night, file: SourceFile, rows: int, summary: dict[str, Any]) -> None:
    file.state, file.refusal, file.read_on = FileState.READ, None, night.date
    file.rows, file.summary = rows, summary
    session.flush()
    session.execute(
        update(Finding)
        .where(Finding.file_id == file.id, Finding.code == REFUSED, Finding.state == FindingState.OPEN)
        .values(state=FindingState.RESOLVED, resolved_by=night.by)
    )


def _find(session: Session, file: SourceFile, **facts: Any) -> None:
    defaults = {"sheet": "", "row": 0, "cell": "", "heading": "", "value": "", "state": FindingState.OPEN}
    finding = {"shop_id": file.shop_id, "file_id": file.id, **defaults, **facts}
    put(session, Finding, [finding], ["file_id", "sheet", "row", "cell", "code"])
