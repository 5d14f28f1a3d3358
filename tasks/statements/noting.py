"""What an accountant should know of a file that was taken: money found late in a closed month."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from models.values import Period, yuan_grouped
from tasks.statements import queries
from tasks.statements.taking import Taken


def notes(
    session: Session, shop_id: int, file_name: str, taken: Sequence[Taken]
) -> Iterator[tuple[str, str]]:
    """(code, sentence) of each. A late line keeps its day and is booked in the open month (domain 7.3)."""
    closed = {each.month: each for each in queries.closed_months(session, shop_id) if each.until is None}
    lines = [new.line for each in taken for new in each.new]
    for month, close in closed.items():
        late = [line.amount for line in lines if Period.of(line.booked_on) == month]
        if late:
            came = yuan_grouped(sum(amount for amount in late if amount > 0))
            went = yuan_grouped(-sum(amount for amount in late if amount < 0))
            sentence = (
                f"{file_name} brought {len(late)} lines of {month}, which was closed on {close.closed_on} "
                f"by {close.closed_by}: {came} in, {went} out. They keep their day; what they pay is in "
                f"the open month as a correction. If {month} has to be issued anew: "
                f"huikuan ledger reopen {month}"
            )
            yield f"late_{month}", sentence
