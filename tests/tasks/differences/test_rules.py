"""When a difference opens, changes and closes by itself."""

from datetime import date

import pytest

from models.words import Resolution
from tasks.differences.rules import Line, Patience, Step, review

TODAY = date(2026, 11, 21)
LONG_AGO = date(2026, 11, 14)
YESTERDAY = date(2026, 11, 20)
TOPUP, ABSORB, ROUNDING = Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING
DISPUTE, RECLAIM = Resolution.DISPUTE, Resolution.RECLAIM

CASES = [
    # name, line, steps
    ("equal", Line(1_000, 1_000, YESTERDAY), ()),
    ("nothing came yet", Line(1_000, 0, None), ()),
    ("nothing came and none will", Line(1_000, 0, None, told_final=True), (Step.OPEN,)),
    ("nothing expected, nothing came, none will", Line(0, 0, None, told_final=True), ()),
    ("too much, at once", Line(1_000, 1_001, YESTERDAY), (Step.OPEN,)),
    ("too much on a line that expects nothing", Line(0, 500, YESTERDAY), (Step.OPEN,)),
    ("short since yesterday", Line(1_000, 900, YESTERDAY), ()),
    ("short since yesterday, told final", Line(1_000, 900, YESTERDAY, told_final=True), (Step.OPEN,)),
    ("short for six days", Line(1_000, 900, date(2026, 11, 15)), ()),
    ("short for seven days", Line(1_000, 900, LONG_AGO), (Step.OPEN,)),
    ("short, on an unknown day", Line(1_000, 900, None), (Step.OPEN,)),
    ("a fen short", Line(1_000, 999, YESTERDAY), (Step.ROUND,)),
    ("five fen short", Line(1_000, 995, YESTERDAY), (Step.ROUND,)),
    ("six fen short", Line(1_000, 994, LONG_AGO), (Step.OPEN,)),
    ("five fen short of five", Line(5, 0, None), ()),
    ("five fen short, open before", Line(1_000, 995, YESTERDAY, open=6), (Step.ROUND,)),
    ("five fen too much is no rounding", Line(1_000, 1_005, YESTERDAY), (Step.OPEN,)),
    ("open, the same", Line(1_000, 900, YESTERDAY, open=100), ()),
    ("open, some more came yesterday", Line(1_000, 950, YESTERDAY, open=100), (Step.CHANGE,)),
    ("open, all came", Line(1_000, 1_000, YESTERDAY, open=100), (Step.CLOSE,)),
    ("open, too much came", Line(1_000, 1_100, YESTERDAY, open=100), (Step.CLOSE, Step.OPEN)),
    ("open, all was taken back", Line(1_000, 0, None, open=100), (Step.CLOSE,)),
    ("too much, more of it", Line(1_000, 1_200, YESTERDAY, open=-100), (Step.CHANGE,)),
    ("too much, some taken back", Line(1_000, 950, YESTERDAY, open=-100), (Step.CLOSE,)),
    ("too much, some taken back, told final", Line(1_000, 950, YESTERDAY, open=-100, told_final=True), (Step.CLOSE, Step.OPEN)),
    ("in dispute, nothing came", Line(1_000, 0, None, DISPUTE, open=100), (Step.CHANGE,)),
    ("in dispute, the same", Line(1_000, 900, YESTERDAY, DISPUTE, open=100), ()),
    ("in dispute before anything was opened", Line(1_000, 0, None, DISPUTE), (Step.OPEN,)),
    ("in dispute, all came", Line(1_000, 1_000, YESTERDAY, DISPUTE, open=100), (Step.CLOSE,)),
    ("claimed again, all came", Line(1_000, 1_000, YESTERDAY, RECLAIM), (Step.CLOSE,)),
    ("settled, the same", Line(1_000, 900, YESTERDAY, ABSORB, settled=100), ()),
    ("settled, all came", Line(1_000, 1_000, YESTERDAY, ABSORB, settled=100), (Step.UNSETTLE,)),
    ("settled, some came yesterday", Line(1_000, 950, YESTERDAY, ABSORB, settled=100), (Step.UNSETTLE,)),
    ("settled, some came long ago", Line(1_000, 950, LONG_AGO, ABSORB, settled=100), (Step.UNSETTLE, Step.OPEN)),
    ("settled, too much came", Line(1_000, 1_100, YESTERDAY, TOPUP, settled=100), (Step.UNSETTLE, Step.OPEN)),
    ("rounded, the last fen came", Line(1_000, 1_000, YESTERDAY, ROUNDING, settled=3), (Step.UNSETTLE,)),
    ("rounded, one more fen came", Line(1_000, 998, YESTERDAY, ROUNDING, settled=3), (Step.UNSETTLE, Step.ROUND)),
    ("a consent waits for approval", Line(1_000, 900, YESTERDAY, open=100, prepared=True), ()),
    ("a consent waits, nothing came", Line(1_000, 0, None, open=1_000, prepared=True), ()),
    ("a consent waits, and some came", Line(1_000, 950, YESTERDAY, open=100, prepared=True), (Step.CHANGE,)),
    ("a consent waits, and all came", Line(1_000, 1_000, YESTERDAY, open=100, prepared=True), (Step.CLOSE,)),
    ("consent recorded as a fact", Line(1_000, 900, YESTERDAY, TOPUP), (Step.ADOPT,)),
    ("consent recorded, the difference open", Line(1_000, 900, YESTERDAY, TOPUP, open=100), (Step.ADOPT,)),
    ("consent recorded, and all came", Line(1_000, 1_000, YESTERDAY, TOPUP), (Step.UNSETTLE,)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "steps"), CASES, ids=[case[0] for case in CASES])
def test_a_difference_follows_its_money(name: str, line: Line, steps: tuple[Step, ...]) -> None:
    assert review(line, TODAY, Patience(days=7, tolerance=5)) == steps


def test_a_shop_that_forgives_nothing_has_no_roundings() -> None:
    assert review(Line(1_000, 999, LONG_AGO), TODAY, Patience(days=7, tolerance=0)) == (Step.OPEN,)
