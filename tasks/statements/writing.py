"""What this room writes: lines, accounts, what became of a file, and findings."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.source_file import Finding, SourceFile
from models.upsert import add_new, put
from models.values import Refusal, yuan
from models.words import FileState, FindingState, Severity
from tasks.statements.account_list import ListedAccount, problem
from tasks.statements.accounts import Registry
from tasks.statements.queries import account_id
from tasks.statements.reading import Reading
from tasks.statements.statement import StatementLine
from worker.job import Night

REFUSED = "file_refused"


def refuse(session: Session, night: Night, file: SourceFile, refusal: Refusal) -> None:
    """Keep the sentence with the file and as a finding; nothing of the file was taken."""
    file.state, file.refusal, file.read_on = FileState.REFUSED, str(refusal), night.date
    _find(session, file, code=REFUSED, severity=Severity.FILE_REFUSED, sentence=str(refusal))
    night.note(files_refused=1)


def keep_statement(session: Session, night: Night, file: SourceFile, found: Reading) -> int:
    """Add the lines that no earlier file brought; returns how many were new."""
    if found.owner.is_new:
        account = {"number": found.owner.number, "shop_id": file.shop_id, "holder": found.owner.holder}
        add_new(session, BankAccount, [account | {"provisional": True}])
    number = account_id(session, found.owner.number)
    lines = found.statement.lines
    new = add_new(session, BankLine, [_row(file, number, line) for line in lines])
    _mark_read(session, night, file, len(lines), {"new": new, **_figures(found), **_taken(session, file)})
    for sentence, row in _gap(file, found):
        _find(session, file, code="balance_gap", severity=Severity.NOTE, sentence=sentence, row=row)
    night.note(files_read=1, lines_read=len(lines), lines_new=new)
    return new


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


def _row(file: SourceFile, account: int, line: StatementLine) -> dict[str, Any]:
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
        "identity": line.identity,
        "raw": dict(line.raw),
    }


def _figures(found: Reading) -> dict[str, Any]:
    amounts = [line.amount for line in found.statement.lines]
    return {
        "layout": found.statement.format,
        "account": found.owner.number,
        "money_in": yuan(sum(amount for amount in amounts if amount > 0)),
        "money_out": yuan(sum(amount for amount in amounts if amount < 0)),
    }


def _taken(session: Session, file: SourceFile) -> dict[str, Any]:
    """The control total of the nightly proof: what this file alone brought, in fen."""
    amounts = session.scalars(select(BankLine.amount).where(BankLine.file_id == file.id)).all()
    return {
        "taken_fen": {
            "in": sum(each for each in amounts if each > 0),
            "out": sum(each for each in amounts if each < 0),
        }
    }


def _gap(file: SourceFile, found: Reading) -> Iterator[tuple[str, int]]:
    gaps = found.statement.gaps
    if gaps:
        (before, after), more = gaps[0], len(gaps) - 1
        elsewhere = f" and in {more} more places" if more else ""
        sentence = (
            f"{file.name}: the running balance doesn't follow between rows {before} and {after}{elsewhere}, "
            "so lines may be missing. Those there were taken. Export all lines of the period and bring them: "
            f"huikuan intake statement {file.name}"
        )
        yield sentence, after


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
