"""Jobs that people start: the row says what is asked, a wake-up has it done."""

from sqlalchemy import select

from models.run import Run
from models.values import Refusal
from worker import db
from worker.app import NOTICES, handles
from worker.run import run
from worker.seat import Order


@handles(NOTICES)
@handles("job")
def run_by_hand(run_id: int) -> None:
    """Do the job that stands in row `run_id`. Its failure is written in the row, for whoever asked."""
    with db.reading() as session:
        row = session.execute(select(Run).where(Run.id == run_id)).scalar_one()
    parameters = dict(row.parameters) if isinstance(row.parameters, dict) else {}
    shop = str(parameters.pop("shop"))
    order = Order(
        row.job, row.business_date, shop, row.scope, by=row.requested_by, why=row.why, parameters=parameters
    )
    try:
        run(order)
    except Refusal:
        return
