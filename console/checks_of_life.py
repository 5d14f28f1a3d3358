"""What the doctor looks at of nights and processes: who is alive, what was left behind."""

from sqlalchemy import func, select

from console import house
from console.checks import Finding
from models.run import SetAside
from models.sign_of_life import SignOfLife
from scheduler.due import left_behind
from worker import clock
from worker.settings import settings

MOST_SKEW = 5.0
"""Seconds by which this machine's clock and the database's may differ."""


def clocks() -> Finding:
    """Leases use the database's clock and notices this machine's: they must agree."""
    with house.reading() as session:
        apart = abs((clock.db_now(session) - clock.now()).total_seconds())
    so = f"this machine and the database are {apart:.1f} s apart"
    if apart > MOST_SKEW:
        return Finding(False, so, "Set the clocks by NTP on both machines.")
    return Finding(True, so)


def signs() -> Finding:
    """Whether the ticker ticks and each queue is heard."""
    from scheduler import signs

    with house.reading() as session:
        ever = session.execute(select(func.count()).select_from(SignOfLife)).scalar_one()
        late = signs.late(session)
    start = "huikuan up" if settings().embedded else "docker compose up --detach beat worker"
    if not ever:
        so = "the ticker never ran: nights run only while a command watches them"
        return Finding(settings().embedded, so, f"Start it: {start}")
    if not late:
        return Finding(True, "the ticker ticks and every queue is heard")
    so = "; ".join(
        f"{each.name} gave no sign since {each.seen_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"
        if each.seen_at
        else f"{each.name} never gave a sign"
        for each in late
    )
    return Finding(False, so, f"Start it, or start it anew: {start}")


def nights() -> Finding:
    """The nights that nobody will run by himself."""
    with house.reading() as session:
        left = left_behind(session, clock.now())
    if not left:
        return Finding(True, "none")
    first = left[0]
    why = f"it failed: {first.error}" if first.error else "it was missed"
    so = f"{len(left)}, the oldest of {first.date} for {first.shop}: {why}"
    again = f"huikuan night catch-up --from {first.date} --to {left[-1].date}"
    return Finding(False, so, f"Mend what it names, then: {again}")


def set_aside() -> Finding:
    """What the steps could not decide."""
    with house.reading() as session:
        rows = session.execute(
            select(SetAside.step, func.count(), func.min(SetAside.first_on))
            .group_by(SetAside.step)
            .order_by(SetAside.step)
        ).all()
    if not rows:
        return Finding(True, "nothing")
    so = "; ".join(f"{count} in {step} since {since}" for step, count, since in rows)
    return Finding(False, so, "See why: huikuan todo list. Then: huikuan night retry --failed")
