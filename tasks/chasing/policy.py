"""The ladder as the shop has it: rows of levels, newest first, for an insurer group, the shop, or all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.chase import LadderLevel
from models.shop import settings_of
from models.words import ChaseForm, Recipient
from tasks.chasing.ladder import DEFAULTS, Ladder, Level

SCOPES = ("insurer_group", "shop", "all")


@dataclass(frozen=True)
class Policy:
    """The ladders of one shop on one day, by insurer group, and what holds for the whole plan."""

    common: Ladder
    by_group: Mapping[int, Ladder]
    review: bool
    may_send: bool
    cap_times: int
    cap_least: int
    phone: str

    @property
    def ladders(self) -> list[Ladder]:
        return [self.common, *self.by_group.values()]

    def of(self, group_id: int | None) -> Ladder:
        return self.by_group.get(group_id or 0, self.common)


def read(session: Session, shop_id: int, on: date) -> Policy:
    """The policy of a shop on a day: rows where there are any, the defaults of domain 2.6 elsewhere."""

    defaults = Ladder()
    names = [name for name in vars(defaults) if name not in ("levels", "tolerance")]
    value = settings_of(
        session,
        {f"chasing.{name}": getattr(defaults, name) for name in names}
        | {"rounding_tolerance_fen": defaults.tolerance, "chase_review": "no", "send_enabled": "yes"}
        | {"chase_cap_times": 3, "chase_cap_least": 20, "shop_phone": ""},
        on=on,
        shop_id=shop_id,
    )
    figures = {name: int(str(value[f"chasing.{name}"])) for name in names}
    tolerance = int(str(value["rounding_tolerance_fen"]))
    rows = _rows(session, shop_id, on)
    common = Ladder(_levels(rows, shop_id, None), **figures, tolerance=tolerance)
    groups = {row.scope_id for row in rows if row.scope == "insurer_group"}
    return Policy(
        common=common,
        by_group={group: replace(common, levels=_levels(rows, shop_id, group)) for group in groups},
        review=value["chase_review"] == "yes",
        may_send=value["send_enabled"] == "yes",
        cap_times=int(str(value["chase_cap_times"])),
        cap_least=int(str(value["chase_cap_least"])),
        phone=str(value["shop_phone"]),
    )


def _rows(session: Session, shop_id: int, on: date) -> list[LadderLevel]:
    of_shop = and_(LadderLevel.scope == "shop", LadderLevel.scope_id == shop_id)
    query = (
        select(LadderLevel)
        .where(LadderLevel.valid_from <= on, or_(LadderLevel.scope.in_(("all", "insurer_group")), of_shop))
        .order_by(LadderLevel.valid_from, LadderLevel.id)
    )
    return list(session.scalars(query))


def _levels(rows: list[LadderLevel], shop_id: int, group_id: int | None) -> dict[int, Level]:
    """The level's own row of the nearest scope that has one."""
    levels = dict(DEFAULTS)
    wanted = {"insurer_group": group_id, "shop": shop_id, "all": 0}
    for scope in reversed(SCOPES):
        for row in rows:
            if row.scope == scope and row.scope_id == wanted[scope]:
                levels[row.level] = level_of(row)
    return levels


def level_of(row: LadderLevel) -> Level:
    """A row as the rules want it."""
    return Level(
        delay=row.delay,
        form=ChaseForm(row.form),
        recipients=tuple(Recipient(each) for each in row.recipients.split(",") if each),
        compulsory_delay=row.compulsory_delay,
        text=row.text,
        floor=row.floor,
    )
