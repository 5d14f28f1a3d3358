"""`huikuan reconcile try`: what a setting would have changed of past lines, before it is saved."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import house, reconcile_view
from console.insurer_view import group_named
from console.options import AsJson, OnDate, ShopCode, day
from console.output import answer, remark, say, table
from console.permits import Act
from console.setting import read_value
from console.who import SYSTEM, person
from models.bank import BankLine
from models.match import Match, MatchPart
from models.shop import Setting
from models.upsert import put
from models.values import Refusal
from models.words import MatchState
from tasks.reconciliation import undo
from tasks.reconciliation.policy import PREFIX
from worker import clock, db
from worker.job import Night
from worker.registry import find_job
from worker.run import night_of
from worker.seat import Order

Stands = dict[int, dict[str, Any]]


def try_(
    settings: Annotated[
        list[str], typer.Option("--setting", metavar="KEY=VALUE", help="Such as reconcile.short_percent=20.")
    ],
    insurer: Annotated[
        str | None, typer.Option("--insurer", metavar="GROUP", help="For this group only.")
    ] = None,
    shop: ShopCode = None,
    first: Annotated[
        date | None, typer.Option("--from", parser=day, metavar="DATE", help="The first bank date tried.")
    ] = None,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Decide past lines with and without a setting, and show what would differ; nothing is saved."""
    asked = [_setting(each) for each in settings]
    with house.reading() as session:
        code = house.the_shop(session, shop)
        person(session, Act.RUN)
    business_date = on or clock.today()
    replay = _Replay(code, business_date, first or date.min)
    before, kept = replay.decide({}, insurer)
    after, _ = replay.decide(dict(asked), insurer)
    changed = [
        {**stand, "was": before[line]["as"]}
        for line, stand in after.items()
        if stand["as"] != before[line]["as"]
    ]
    document = {
        "shop": code, "settings": dict(asked), "insurer": insurer, "lines": len(after), "kept": kept,
        "changed": changed,
    }  # fmt: skip
    answer(as_json, document, lambda: _tell(document))


def _setting(text: str) -> tuple[str, object]:
    key, found, value = text.partition("=")
    if not found or not (key.startswith(PREFIX) or key == "rounding_tolerance_fen"):
        raise Refusal(
            f'"{text}" is no setting of matching. Write it as --setting {PREFIX}short_percent=20. '
            "See: huikuan setting list"
        )
    return key, read_value(key, value)


class _Replay:
    """Past lines decided anew in a transaction that is rolled back."""

    def __init__(self, shop: str, on: date, first: date) -> None:
        self.shop, self.on, self.first = shop, on, first

    def decide(self, settings: Mapping[str, object], insurer: str | None) -> tuple[Stands, int]:
        """Where the lines would stand, and how many matches could not be opened for it."""
        house.ready()
        with db.rehearsal() as session:
            night = night_of(
                session, Order("match_lines", self.on, self.shop, "try", SYSTEM), "try", dry_run=True
            )
            kept = self._open(session, night)
            group = group_named(session, insurer) if insurer else None
            scope, scope_id = ("insurer_group", group.id) if group else ("shop", night.shop_id)
            rows = [
                {
                    "scope": scope, "scope_id": scope_id, "key": key, "value": value, "valid_from": self.on,
                    "set_by": night.by, "set_at": night.at,
                }
                for key, value in settings.items()
            ]  # fmt: skip
            put(session, Setting, rows, ["scope", "scope_id", "key", "valid_from"])
            find_job("match_lines").function(session, night)  # type: ignore[call-arg, arg-type] # it is no sender
            session.expire_all()
            lines = reconcile_view.report(session, reconcile_view.Asked([self.shop], self.first, self.on))
        return {line["line"]: _stand(line) for line in lines}, kept

    def _open(self, session: Session, night: Night) -> int:
        """Take back what runs applied by themselves since the first day, newest first."""
        of = select(MatchPart.match_id).join(BankLine).where(BankLine.booked_on >= self.first)
        found = session.scalars(
            select(Match)
            .where(
                Match.shop_id == night.shop_id, Match.state == MatchState.APPLIED,
                Match.decided_by == SYSTEM, Match.id.in_(of),
            )
            .order_by(Match.id.desc())
        ).all()  # fmt: skip
        kept = 0
        for match in found:
            try:
                with session.begin_nested():
                    undo.undo(session, night, [match], with_refunds=False, hold=False)
            except Refusal:
                kept += 1
        return kept


def _stand(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line with where it stands in one text, so that two of them can be compared."""
    pays = " ".join(f"{each['claim_no']} {each['amount']}" for each in line["pays"])
    shown = {name: line[name] for name in ("line", "date", "amount", "payer", "memo")}
    return shown | {"as": f"{line['outcome']} {line['reason']} {pays}".strip()}


def _tell(document: dict[str, Any]) -> None:
    if document["kept"]:
        remark(f"{document['kept']} matches stayed as they are: refunds or differences stand on them.")
    columns = {name: name for name in ("line", "date", "amount", "payer", "was")} | {"would be": "as"}
    table(document["changed"], columns, "Nothing would have been decided otherwise.")
    given = " ".join(f"{key}={value}" for key, value in document["settings"].items())
    counted = f"Of {document['lines']} lines {len(document['changed'])} would be decided otherwise"
    say("", f"{counted} with {given}. Nothing was saved.")
