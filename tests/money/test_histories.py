"""Random histories of money, in any order the business allows, against a small model of their own.

HUIKUAN_TEST_HISTORIES=300 plays as many histories as that; by default a run plays a few.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.money.model import Line, Repair
from tests.money.play import Play
from worker import db

HISTORIES = int(os.environ.get("HUIKUAN_TEST_HISTORIES", "4"))
Act = tuple[str, dict[str, Any]]

SMALL = (50_000, 100_000, 300_000, 400_000)
TOO_LITTLE = ("CUSTOMER_TOPUP", "SHOP_ABSORB", "RECLAIM", "DISPUTE")
TOO_MUCH = ("RETURN_TO_INSURER", "ENTITLED", "CUSTOMER_COST", "REASSIGN")
NEXT = {
    "waiting": ("approve", "approve", "decline"), "approved": ("pay", "decline"),
    "in_file": ("pay", "fail"), "paid": ("bounce",),
}  # fmt: skip
EVERY_VERB = ("approve", "decline", "pay", "bounce", "fail")
ONCE = frozenset({"take", "proof", "pay_file", "decide"})
"""Acts of which a second one is none."""


def chosen(play: Play, number: int) -> Act:
    """Mostly what the business allows now, by the model; every ninth time something that it may not."""
    allowed = list(_allowed(play, number))
    if number % 9 == 0:
        allowed = [("decide", {"at": at, "verb": verb}) for at in (0, 1) for verb in EVERY_VERB]
        allowed += [("proof", {"at": 0}), ("pass_on", {"at": 1, "amount": 10**7}), ("pay_file", {})]
    return allowed[number % len(allowed)]


def _allowed(play: Play, number: int) -> Iterator[Act]:
    size = number // 100
    yield from [("night", {})] * 3
    for at, repair in enumerate(play.model.repairs):
        owed = sum(max(0, line.expected - line.received) for line in repair.lines)
        amount = (owed or 200_000, owed or 100_000, owed + 300_000, owed // 200_000 * 100_000 or 500_000)[
            size % 4
        ]
        yield "insurer_pays", {"at": at, "amount": amount}
        fact = ("deposit", "self-pay", "top-up")[size % 3]
        yield "take", {"at": at, "amount": SMALL[size % len(SMALL)], "fact": fact, "number": number}
        if repair.bill != repair.own.expected + 100_000 + repair.own.borne:
            yield from [("bill", {"at": at})] * 3
        if repair.received > 0:
            yield "insurer_takes_back", {"at": at, "which": size}
        if not repair.third.proven and not repair.passed_on:
            yield "proof", {"at": at}
        if repair.third.owed_on - repair.passed_on >= 50_000:
            yield "pass_on", {"at": at, "amount": 50_000}
        yield from _differences(at, repair, size)
        yield from _of_refund(at, repair, size)


def _differences(at: int, repair: Repair, size: int) -> Iterator[Act]:
    for third, line in ((False, repair.own), (True, repair.third)):
        if line.settled is None and line.expected != line.received:
            results = TOO_LITTLE if line.expected > line.received else TOO_MUCH
            yield "resolve", {"at": at, "result": results[size % 4], "third": third}


def _of_refund(at: int, repair: Repair, size: int) -> Iterator[Act]:
    state = repair.refund.state if repair.refund else ""
    for verb in NEXT.get(state, ()):
        yield from [("decide", {"at": at, "verb": verb})] * 3
    if state == "waiting":
        yield from [("split", {"at": at, "amount": SMALL[size % 2]})] * 2
    if state == "approved":
        yield from [("pay_file", {})] * 3


@contextmanager
def a_session(engine: Engine) -> Iterator[Session]:
    """A session on a migrated database whose work is rolled back."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture(scope="module")
def engine(sqlite_template: Path) -> Iterator[Engine]:
    made = db.make_engine(f"sqlite:///{sqlite_template}")
    yield made
    made.dispose()


@given(
    progressive=st.sampled_from([True, True, False]),
    numbers=st.lists(st.sampled_from(range(9_973)), min_size=20, max_size=26),
    twice=st.sets(st.integers(0, 29), max_size=8),
)
@settings(
    max_examples=HISTORIES, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
def test_in_any_order_rows_and_model_agree_and_a_replay_gives_the_same(
    engine: Engine, progressive: bool, numbers: list[int], twice: set[int]
) -> None:
    history: list[Act] = []
    with a_session(engine) as session:
        play = Play(session, progressive=progressive)
        for place, number in enumerate(numbers):
            history.append(chosen(play, number))
            _act(play, history[-1])
            if place % 4 == 0:
                play.check_proof()
            if place in twice and history[-1][0] in ONCE:
                history.append(history[-1])
                assert not _act(play, history[-1]), f"{history[-1]} was done twice"
        history.append(("night", {}))
        _act(play, history[-1])
        dump = play.dump()
    with a_session(engine) as session:
        again = Play(session, progressive=progressive)
        for name, given_ in history:
            again.act(name, **given_)
        assert again.dump() == dump, "the same history came out differently"


def _act(play: Play, act: Act) -> bool:
    name, given_ = act
    done = play.act(name, **given_)
    play.check()
    if name == "night":
        assert done
        play.check_night()
    return done


def test_the_model_itself_gives_the_sums_of_scenario_four() -> None:
    """Deposit 5,000.00, bill 12,400.00, 11,800.00 of 11,800.00 came: 4,400.00 go back (domain 1.8)."""
    repair = Repair(Line(1_180_000), Line(0, is_third_party=True), bill=1_240_000, customer_paid=500_000)

    repair.receive(1_210_000)

    assert (repair.surplus, repair.own.over) == (440_000, 30_000)
