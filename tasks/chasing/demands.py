"""A letter of the ladder with its statement of account."""

from datetime import timedelta

from notifications.outbox import Attachment
from tasks.chasing import letters, shop_queries, statement
from tasks.chasing.interest import Rate
from tasks.chasing.letters import Ask, Sender
from tasks.chasing.writing import Writing
from worker.files import keep_content


def write(writing: Writing, bundle: list[Ask]) -> None:
    """Write the letter of a branch and level about all its cases, and keep it."""
    name = statement.file_name(writing.number)
    sender = _sender(writing, (name,), bundle)
    # A rehearsal leaves nothing behind.
    kept = "" if writing.desk.night.dry_run else keep_content(statement.workbook(bundle, sender), ".xlsx")
    alone = len(bundle) == 1
    words = letters.letter(bundle[0], sender) if alone else letters.letter_for_several(bundle, sender)
    writing.put(words, bundle, [Attachment(name, kept)] if kept else [])
    _keep(writing, bundle, sender, kept)


def _sender(writing: Writing, attachments: tuple[str, ...], bundle: list[Ask]) -> Sender:
    desk = writing.desk
    return Sender(
        letter_no=writing.number,
        written_on=desk.night.date,
        pay_by=desk.night.date + timedelta(days=desk.policy.common.pay_within),
        shop_name=desk.shop_name,
        phone=desk.policy.phone,
        account=desk.account,
        rates=[Rate(row.valid_from, row.millionths) for row in desk.rates],
        attachments=attachments,
        registrations=shop_queries.registrations(desk.session, {ask.facts.id for ask in bundle}),
    )


def _keep(writing: Writing, bundle: list[Ask], sender: Sender, statement_as: str) -> None:
    row = {
        "shop_id": writing.desk.night.shop_id,
        "letter_no": sender.letter_no,
        "occasion": writing.occasion,
        "insurer_id": bundle[0].facts.insurer_id,
        "level": bundle[0].step.step,
        "written_on": sender.written_on,
        "pay_by": sender.pay_by,
        "case_count": len(bundle),
        "amount": sum(ask.unpaid for ask in bundle),
        "statement": statement_as or None,
    }
    writing.desk.letters.append(row)
