"""The jobs of this room: read the ledgers and the contact lists that wait, or one of them by hand."""

from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from models.source_file import SourceFile
from models.values import Refusal
from models.words import FileKind
from tasks.intake import queries, rules
from tasks.intake.changes import changes_of, refund_above_held
from tasks.intake.contact_list import ListedContact
from tasks.intake.contacts import write_contacts
from tasks.intake.decided_headings import decide
from tasks.intake.differing import counts, differences
from tasks.intake.file_queries import remembered_headings, waiting_files
from tasks.intake.keeping import (
    keep_findings,
    keep_people,
    mark_read,
    record_changes,
    refuse,
    settle_older,
)
from tasks.intake.ledger import Ledger, title_of
from tasks.intake.ledger_row import Finding
from tasks.intake.money import taken, write_money
from tasks.intake.people import people_in
from tasks.intake.reading import or_refusal, stored_contacts, stored_ledger
from tasks.intake.writing import branches, forget_refunds, vouch, write_cases, write_lines, write_orders
from worker import aside
from worker.job import Night, job
from worker.sheets import read_book


@job
def read_ledgers(session: Session, night: Night) -> int:
    """Turn the rows of every ledger that waits into cases; a row that can't be read is a finding."""
    files = waiting_files(session, night.shop_id, FileKind.LEDGER)
    remembered = remembered_headings(session, night.shop_id)
    count = 0
    for file, found in night.decide(
        files, lambda file: or_refusal(lambda: stored_ledger(file, night.date, remembered)), _name
    ):
        if isinstance(found, Refusal):
            refuse(session, night, file, found)
        else:
            keep = partial(_keep_ledger, session, night, file, found)
            count += aside.write_one(session, night, _name(file), keep)
    return count


@job
def read_ledger(session: Session, night: Night) -> int:
    """Read the one ledger with the id `file_id` now; refused by a sentence to whoever asks."""
    file = session.get_one(SourceFile, int(night.parameters["file_id"]))
    remembered = remembered_headings(session, night.shop_id)
    return _keep_ledger(session, night, file, stored_ledger(file, night.date, remembered))


@job
def read_contacts(session: Session, night: Night) -> int:
    """Take over the addresses of every contact list that waits; a bad one is a finding."""
    files = waiting_files(session, night.shop_id, FileKind.CONTACTS)
    count = 0
    for file, found in night.decide(files, lambda file: or_refusal(lambda: stored_contacts(file)), _name):
        if isinstance(found, Refusal):
            refuse(session, night, file, found)
        else:
            keep = partial(_keep_contacts, session, night, file, *found)
            count += aside.write_one(session, night, _name(file), keep)
    return count


@job
def read_contact_list(session: Session, night: Night) -> int:
    """Read the one contact list with the id `file_id` now; refused by a sentence to whoever asks."""
    file = session.get_one(SourceFile, int(night.parameters["file_id"]))
    return _keep_contacts(session, night, file, *stored_contacts(file))


@job
def vouch_for_ledger(session: Session, night: Night) -> int:
    """Record who vouches for the cases of the ledger `file_id`, where nobody does yet."""
    file = session.get_one(SourceFile, int(night.parameters["file_id"]))
    file.authorised_by = str(night.parameters["authorised_by"])
    remembered = remembered_headings(session, night.shop_id)
    claims = [row.claim_no for row in stored_ledger(file, night.date, remembered).rows]
    return vouch(session, night, file.authorised_by, claims)


@job
def decide_headings(session: Session, night: Night) -> int:
    """Remember what a person says that headings mean (`meanings`: key to field, or to None for no column)."""
    return decide(session, night, dict(night.parameters["meanings"]))


def shop_name_in(path: Path) -> str | None:
    """The shop's name as a ledger's title says it. Raises Refusal for a file that is no workbook."""
    return title_of([sheet.rows for sheet in read_book(path).sheets])


def _keep_ledger(session: Session, night: Night, file: SourceFile, ledger: Ledger) -> int:
    """Decide what each repair of the ledger changes, and write it; returns how many cases came or changed."""
    book = queries.insurer_book(session)
    claims = [row.claim_no for row in ledger.rows]
    numbers = [row.text("work_order_no") or "" for row in ledger.rows]
    homes = queries.homes(session, night.shop_id, [*claims, *map(rules.lead_claim_no, claims)], numbers)
    repairs, findings = rules.repairs(ledger.rows, book, homes)
    known = queries.known_repairs(session, night.shop_id, [repair.work_order_no for repair in repairs])
    ids = branches(session, repairs, book)
    changes = [changes_of(repair, known.get(repair.work_order_no), ids) for repair in repairs]
    orders = write_orders(session, night, changes)
    cases = write_cases(session, night, file, changes, orders)
    write_lines(session, changes, orders, cases)
    above = write_money(session, night, file, changes, (orders, cases))
    left_out = [change for change, _ in above] + [change for change in changes if change.refund_promised]
    forget_refunds(session, left_out, cases)
    keep_people(session, night, people_in(ledger.rows))
    told = [*ledger.findings, *findings, *(finding for change in changes for finding in change.findings)]
    told += [refund_above_held(change, held) for change, held in above]
    settle_older(session, night, file, ledger.rows, told)
    keep_findings(session, night, file, told)
    summary = {**ledger.summary, **counts(changes), **taken(changes)}
    mark_read(session, night, file, len(ledger.rows), summary)
    if night.dry_run:
        night.note(summary=summary, differs=[each._asdict() for each in differences(changes)])
    count = record_changes(session, night, file, changes, cases)
    night.note(files_read=1, rows_read=len(ledger.rows), cases_changed=count)
    return count


def _keep_contacts(
    session: Session, night: Night, file: SourceFile, contacts: list[ListedContact], findings: list[Finding]
) -> int:
    count = write_contacts(session, night, contacts)
    keep_findings(session, night, file, findings)
    mark_read(session, night, file, len(contacts), {"contacts": len(contacts), "changed": count})
    night.note(files_read=1, contacts_read=len(contacts), contacts_changed=count)
    return count


def _name(file: SourceFile) -> str:
    return f"source_file:{file.id}"
