"""Making the payment file: approved refunds of a shop leave as one batch transfer, each in one file only."""

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from models.payment import PaymentFile, PaymentItem
from models.refund import Refund
from models.shop import next_number
from models.values import Refusal, yuan
from models.words import RefundState
from tasks.refunds import duties, payment_queries
from tasks.refunds.asked import actor_of, keep, refund_asked
from tasks.refunds.layouts import LAYOUTS
from tasks.refunds.layouts.layout import Batch, Layout, Payer, Transfer
from tasks.refunds.layouts.writer import payment_bytes
from tasks.refunds.payment_queries import Account, FileMade
from tasks.refunds.payment_rules import LeftOut, Ready, sort_out
from worker.files import sha256_of, write_whole
from worker.job import Night
from worker.settings import settings

_PRIVATE = 0o600
"""It holds account numbers."""
_SHOWN = 3
"""Cases of a file that a refusal names."""


def make(session: Session, night: Night) -> int:
    """Write the file and move its refunds on. Raises Refusal where there is nothing to pay."""
    command = f"huikuan refund pay-file --shop {night.shop_code}"
    duties.refuse_unless(actor_of(night), duties.MAY_PAY, "a payment file is made", command)
    layout = _layout(night)
    waiting = payment_queries.ready(session, payment_queries.lock_ready(session, night.shop_id))
    going, left = sort_out(waiting, actor_of(night))
    if not going:
        raise Refusal(_nothing(session, night, left))
    account = _account(session, night, layout, command)
    year = night.date.year
    number = f"FK-{year}-{next_number(session, night.shop_id, 'FK', year):04d}"
    holder = account.holder if account else payment_queries.shop_name(session, night.shop_id)
    payer = Payer(holder, account.number if account else "")
    batch = Batch(number, night.date, payer, tuple(_transfer(at, each) for at, each in enumerate(going, 1)))
    content = payment_bytes(layout, batch)
    path = f"payments/{night.shop_code}/{number}_{layout.name}.{layout.suffix}"
    _keep(session, night, batch, PaymentFile(
        shop_id=night.shop_id, number=number, layout=layout.name, account_id=account.id if account else None,
        count=len(going), total=batch.total, sha256=sha256_of(content), path=path, made_by=night.by,
        made_on=night.date, made_at=night.at,
    ))  # fmt: skip
    night.note(
        payment_file=number, path=path, total_fen=batch.total, sha256=sha256_of(content),
        left_out=[{"sentence": out.sentence, "command": out.command} for out in left],
    )  # fmt: skip
    if not night.dry_run:
        # Last of all: what fails before leaves no file, and a file without its rows is written over.
        write_whole(settings().home / path, content, mode=_PRIVATE)
    return len(going)


def _layout(night: Night) -> Layout:
    wanted = str(night.parameters.get("layout") or "generic")
    if wanted not in LAYOUTS:
        raise Refusal(
            f"There is no payment layout {wanted}, only {', '.join(LAYOUTS)}. Say: --layout generic"
        )
    return LAYOUTS[wanted]


def _account(session: Session, night: Night, layout: Layout, command: str) -> Account | None:
    """The account that pays: the one named, or the only one there is."""
    known = payment_queries.accounts(session, night.shop_id)
    wanted = night.parameters.get("account")
    if wanted:
        found = [each for each in known if each.number == wanted]
        if not found:
            raise Refusal(f"The account {wanted} is none of this shop. See: huikuan account list")
        return found[0]
    if len(known) == 1:
        return known[0]
    if not layout.needs_account:
        return None
    if not known:
        raise Refusal(
            f"The layout {layout.name} names the account that pays, and this shop has none. Register it: "
            f"huikuan account add NUMBER --shop {night.shop_code}"
        )
    numbers = ", ".join(each.number for each in known)
    raise Refusal(f"This shop has several accounts: {numbers}. Say which pays: {command} --from NUMBER")


def _nothing(session: Session, night: Night, left: list[LeftOut]) -> str:
    reasons = "; ".join(f"{out.sentence}. {out.command}" for out in left)
    made = payment_queries.newest_file(session, night.shop_id)
    if made is None and left:
        return f"None of the approved refunds can leave in a payment file. {reasons}"
    if made is None:
        return f"No refund of {night.shop_code} is approved. See: huikuan refund list --state waiting"
    return (
        f"Every approved refund that can leave stands in a payment file already; the newest is {made.number} "
        f"of {made.made_on} with {made.refunds} refunds ({_claims(session, night, made)}) and "
        f"{yuan(made.total)} yuan, made by {made.made_by}: "
        f"{settings().home / made.path}. {reasons or 'See: huikuan refund list --state in_file'}"
    )


def _claims(session: Session, night: Night, made: FileMade) -> str:
    claims = payment_queries.claims_in(session, night.shop_id, made.number, _SHOWN + 1)
    return ", ".join([*claims[:_SHOWN], *(["..."] if claims[_SHOWN:] else [])])


def _transfer(position: int, each: Ready) -> Transfer:
    return Transfer(
        each.refund_id, position, each.cash, each.payee, each.account_no or "", each.bank_name, each.claim_no,
        each.work_order_no,
    )  # fmt: skip


def _keep(session: Session, night: Night, batch: Batch, file: PaymentFile) -> None:
    session.add(file)
    session.flush()
    items = [
        {
            "refund_id": each.refund_id, "payment_file_id": file.id, "position": each.position,
            "amount": each.amount, "payee": each.payee,
        }
        for each in batch.transfers
    ]  # fmt: skip
    session.execute(insert(PaymentItem), items)
    moved = update(Refund).where(Refund.id.in_([each.refund_id for each in batch.transfers]))
    session.execute(moved.values(state=RefundState.IN_FILE, remind_on=None))
    for each in batch.transfers:
        refund = refund_asked(session, night, each.refund_id)
        keep(session, night, refund, "refund_in_file", payment_file=batch.number, amount=each.amount)
