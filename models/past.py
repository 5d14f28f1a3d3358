"""How rows were before they changed: the database itself keeps it, whoever writes. Append-only.

A row that came has a past row without values; one that changed has its values from before. Going back to a
day takes the first past row after that day of each row: those are its values on the day, or none if it was
not there yet. The day is the business date of the run that wrote (`record_on`), as entries and events bear.
"""

from datetime import date
from typing import Any

from sqlalchemy import DDL, String, bindparam, event, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.append_only import protect
from models.base import Base, Id, Json

KEPT = {
    "claim_case": (
        "claim_no", "is_lead", "stage", "dispatch_date", "insurance_receptionist", "is_agency_claim",
        "shop_submits_documents", "insured_name", "plate_no", "accident_liability", "insurer_id", "report_no",
        "policy_no", "stage1_reviewer", "stage1_review_date", "invoice_amount", "invoice_date",
        "file_handover_date", "file_receiver", "insurer_accepted_date", "difference_note", "closed_by",
        "closed_date",
    ),
    "work_order": (
        "work_order_no", "vehicle_series", "vehicle_release_date", "labour_fee", "parts_fee", "other_fee",
        "repair_gross_amount", "repair_net_amount", "customer_payable_amount",
    ),
    "customer_line": ("kind", "amount", "received_on", "cashier"),
    "submission_round": ("returned_on", "reason", "resubmitted_on"),
    "expected_line": ("kind", "amount", "resolution"),
    "payout": ("expected_line_id", "amount", "received_on", "state", "recorded_by"),
    "refund": ("amount", "state", "payee", "paid_on", "bounced_on"),
    "difference": ("state", "resolution", "resolved_on"),
}  # fmt: skip
"""The columns whose values are kept, by table: those that a ledger shows."""

_OF_ITS_CASE = "(SELECT work_order_id FROM claim_case WHERE id = NEW.case_id)"
_ORDER = {
    "work_order": "NEW.id",
    **dict.fromkeys(("submission_round", "expected_line", "payout", "difference"), _OF_ITS_CASE),
}
_DAY_SETTING = "huikuan.recorded_on"


class PastRow(Base):
    """A row of one of the tables KEPT as it was before something was recorded."""

    __tablename__ = "past_row"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    work_order_id: Mapped[int] = mapped_column(Id)
    kept_table: Mapped[str] = mapped_column(String(32))
    row_id: Mapped[int] = mapped_column(Id)
    recorded_on: Mapped[date | None] = mapped_column(index=True)
    """NULL where no run wrote it."""
    was: Mapped[object | None] = mapped_column(Json)
    """Its values of KEPT as JSON; NULL = it came."""


protect(PastRow.__table__)


class Recording(Base):
    """One row: since when the past is kept, and on SQLite the business date of whoever writes now."""

    __tablename__ = "recording"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    begins_on: Mapped[date | None]
    """The last business date that was recorded before; NULL = it is kept from the beginning."""
    day: Mapped[date | None]


def record_on(session: Session, day: date) -> None:
    """Say the business date of what this transaction writes."""
    if session.get_bind().dialect.name == "sqlite":  # a writer is alone there
        session.execute(_RECORD, {"on": day})
    else:
        session.execute(select(func.set_config(_DAY_SETTING, day.isoformat(), True)))


# Made once: every step of a night says it. No object of it is ever in a session.
_TABLE: Any = Recording.__table__
_RECORD = update(_TABLE).values(day=bindparam("on"))


def begins_on(session: Session) -> date | None:
    """The first day as of which the past is known; None = every day."""
    return session.scalar(select(Recording.begins_on))


def as_it_was(table: str, was: object) -> dict[str, Any]:
    """The values of a past row as Python has them: days, words and yes or no again."""
    assert isinstance(was, dict), f"not the values of a row: {was!r}"
    columns = Base.metadata.tables[table].columns
    return {name: _value(columns[name].type, value) for name, value in was.items()}


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if hasattr(kind, "words"):
        return kind.words(value)
    of = kind.python_type
    if of is date:
        return date.fromisoformat(value)
    return bool(value) if of is bool else value


def statements(table: str, dialect: str) -> list[str]:
    """The SQL that makes 'sqlite' or 'postgresql' keep the past of `table`; migrations run the same."""
    columns = KEPT[table]
    order = _ORDER.get(table, "NEW.work_order_id")
    into = "INSERT INTO past_row (work_order_id, kept_table, row_id, recorded_on, was)"
    pairs = ", ".join(f"'{column}', OLD.{column}" for column in columns)
    came = f"CREATE TRIGGER {table}_past_came AFTER INSERT ON {table}"
    changed = f"CREATE TRIGGER {table}_past_changed AFTER UPDATE OF {', '.join(columns)} ON {table}"
    if dialect == "sqlite":
        differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        written = f"{into} VALUES ({order}, '{table}', NEW.id, (SELECT day FROM recording), %s); END"  # noqa: S608 - our own names
        return [
            f"{came} BEGIN {written % 'NULL'}",
            f"{changed} WHEN {differs} BEGIN {written % f'json_object({pairs})'}",
        ]
    differs = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    day = f"NULLIF(current_setting('{_DAY_SETTING}', true), '')::date"
    was = f"CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_object({pairs}) END"
    body = f"$$ BEGIN {into} VALUES ({order}, '{table}', NEW.id, {day}, {was}); RETURN NULL; END $$"
    run = f"EXECUTE FUNCTION {table}_past()"
    return [
        f"CREATE OR REPLACE FUNCTION {table}_past() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"{came} FOR EACH ROW {run}",
        f"{changed} FOR EACH ROW WHEN ({differs}) {run}",
    ]


def keep() -> None:
    """Make `metadata.create_all` keep the past as the migrations do, once all the tables are there."""
    for dialect in ("sqlite", "postgresql"):
        for table in KEPT:
            for sql in statements(table, dialect):
                event.listen(
                    Base.metadata, "after_create", DDL(sql.replace("%", "%%")).execute_if(dialect=dialect)
                )


keep()
