"""The settings of matching as they hold on a day, for all groups and for each that has its own."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.insurer import InsurerGroup
from models.shop import Setting, setting
from tasks.reconciliation.policy import NAMES, PREFIX, Policy, as_setting, from_setting

ROUNDING = "rounding_tolerance_fen"


def policy(session: Session, shop_id: int, on: date, group_id: int = 0) -> Policy:
    """What holds for a group, or for all where none is given."""
    default = Policy()

    def value(key: str, default: object) -> int:
        return from_setting(setting(session, key, on=on, default=default, shop_id=shop_id, group_id=group_id))

    named = {name: value(PREFIX + name, as_setting(getattr(default, name))) for name in NAMES}
    return Policy(**{"rounding_fen": value(ROUNDING, default.rounding_fen), **named})  # type: ignore[arg-type] # each as its field has it


def policies(session: Session, shop_id: int, on: date) -> Mapping[int, Policy]:
    """The groups for which something was set, each with what holds for it."""
    found: Iterable[int] = session.scalars(
        select(Setting.scope_id)
        .join(InsurerGroup, InsurerGroup.id == Setting.scope_id)
        .where(Setting.scope == "insurer_group", Setting.key.startswith(PREFIX) | (Setting.key == ROUNDING))
        .distinct()
        .order_by(Setting.scope_id)
    )
    return {group: policy(session, shop_id, on, group) for group in found}
