"""Where a customer's refunds are paid: recorded once per payee and car, encrypted."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.payment import PayeeAccount
from models.refund import Refund
from models.secrecy import decrypt
from models.upsert import put
from models.values import Refusal, mask_account
from models.words import RefundState
from tasks.refunds import duties, part_queries, payment_queries
from tasks.refunds.asked import actor_of, keep, refund_asked
from tasks.refunds.payment_rules import account_number, bank_name
from worker.job import Night

_TOO_LATE = (RefundState.IN_FILE, RefundState.PAID)


def record_account(session: Session, night: Night, refund_id: int) -> int:
    """Keep the account for this payee and car. Raises Refusal for a refund that has left already."""
    command = f"huikuan refund payee {refund_id} --account NUMBER --bank NAME"
    duties.refuse_unless(actor_of(night), duties.MAY_PREPARE, "a payee's account is recorded", command)
    refund = refund_asked(session, night, refund_id)
    if refund.state in _TOO_LATE:
        file = payment_queries.file_of(session, refund_id)
        where = f" in {file.number}" if file else ""
        raise Refusal(
            f"Refund {refund_id} is {refund.state}{where}; another account comes too late for it. If the "
            f'bank refused it: huikuan refund failed {refund_id} --because "..."'
        )
    # It comes encrypted: what a run was asked for is kept as it came.
    number = account_number(decrypt(str(night.parameters["account"])))
    bank = bank_name(str(night.parameters["bank"]))
    payee = part_queries.payee_of(session, refund_id)
    before = part_queries.account_of(session, night.shop_id, payee)
    was = mask_account(before.number) if before else None
    row = {
        "shop_id": night.shop_id, "payee": payee.name, "plate_no": payee.plate_no, "number": number,
        "bank_name": bank, "recorded_by": night.by, "recorded_on": night.date,
    }  # fmt: skip
    put(session, PayeeAccount, [row], ["shop_id", "payee", "plate_no"])
    # He is paid by transfer now: there is nothing to collect.
    session.execute(update(Refund).where(Refund.id == refund_id).values(remind_on=None))
    session.expire_all()
    keep(session, night, refund, "payee_account", account=mask_account(number), bank=bank, before=was)
    return 1
