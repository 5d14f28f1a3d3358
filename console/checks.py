"""What the doctor looks at: one function each, with what is so and what to do."""

import platform
import shutil
from datetime import timedelta
from importlib import metadata
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from console import house, night_view
from models.notice import Notice
from models.shop import Shop
from models.words import NoticeState, RunState
from tasks.statements import queries
from tasks.statements.periods import gaps
from worker import clock, db
from worker.settings import settings

LEAST_FREE = 500 * 2**20
OLD_NOTICE = timedelta(days=1)


class Finding(NamedTuple):
    """Whether it is well, what is so, and what to do ('' = nothing)."""

    well: bool
    so: str
    remedy: str = ""


def database() -> Finding:
    from migrations import schema

    house.ready()
    url = make_url(settings().database).render_as_string(hide_password=True)
    return Finding(True, f"{url} is at revision {schema.newest()}")


def version() -> Finding:
    return Finding(True, f"huikuan {metadata.version('huikuan')} on Python {platform.python_version()}")


def migrations() -> Finding:
    """What an upgrade would do to the tables. Raises Refusal for a database of a newer version."""
    from migrations import schema

    waiting = schema.pending(db.engine())
    if not waiting:
        return Finding(True, "none is pending")
    so = f"{len(waiting)} pending: {', '.join(waiting)}"
    return Finding(False, so, "Make a backup, then: huikuan db upgrade")


def keys() -> Finding:
    if settings().keys is not None:
        return Finding(
            True,
            "HUIKUAN_KEYS is set",
            "Keep a copy apart from the backups: without it no address can be read.",
        )
    house.ready()
    path = settings().home / "keys" / "data.keys"
    if path.stat().st_mode & 0o077:
        return Finding(False, f"{path} can be read by others", f"Close it: chmod 600 {path}")
    return Finding(
        True, f"{path}, readable by its owner alone", "Copy it to a safe place: it is not part of a backup."
    )


def broker() -> Finding:
    if settings().embedded:
        return Finding(True, "in process; nights run while a command watches them, or under: huikuan up")
    from kombu.exceptions import OperationalError

    from worker.app import app

    url = make_url(settings().broker_url.get_secret_value()).render_as_string(hide_password=True)
    try:
        with app.connection_for_write(connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
    except (OSError, OperationalError) as error:
        return Finding(False, f"{url} can't be reached: {error}", "Start it, or correct HUIKUAN_BROKER_URL.")
    return Finding(True, f"{url} answers")


def disk() -> Finding:
    home = settings().home
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    so = f"{free // 2**20} MB free under {home}"
    return Finding(
        free >= LEAST_FREE, so, "" if free >= LEAST_FREE else "Free some room, or move HUIKUAN_HOME."
    )


def mail() -> Finding:
    found = settings()
    if not found.smtp_url:
        so = f"no HUIKUAN_SMTP_URL: mails are laid as files in {found.outbox}"
        return Finding(
            True, so, "" if found.embedded else "Set HUIKUAN_SMTP_URL and HUIKUAN_MAIL_FROM to send them."
        )
    url = make_url(found.smtp_url.get_secret_value()).render_as_string(hide_password=True)
    if found.mail_from.endswith("@localhost"):
        return Finding(
            False, f"{url}, from {found.mail_from}", "Set HUIKUAN_MAIL_FROM to an address of the shop."
        )
    return Finding(True, f"{url}, from {found.mail_from}")


def other_ways() -> Finding:
    """SMS, WeCom's group, the dead man's switch. Raises Refusal for a URL of no use; none is shown."""
    from models.words import ChannelName
    from notifications.channels.ping import check
    from notifications.job import channels

    ways = channels(settings())
    open_ones = [name.value for name in (ChannelName.SMS, ChannelName.WECOM) if name in ways]
    ping_url = settings().ping_url
    if ping_url is not None:
        check(ping_url.get_secret_value())
    watched = "a dead man's switch is" if ping_url else "no dead man's switch is"
    return Finding(True, f"sms and wecom: {' and '.join(open_ones) or 'neither'} set; {watched} called")


def calendar() -> Finding:
    from console.calendar import standing

    with house.reading() as session:
        found = standing(session, clock.today())
    remedy = "Bring the notice: huikuan calendar load FILE" if found["missing"] else ""
    return Finding(not found["is_error"], found["so"], remedy)


def last_night() -> Finding:
    with house.reading() as session:
        nights = night_view.latest(session)
        waiting = session.scalars(
            select(Shop.code).where(Shop.nights_from <= clock.night_to_run(clock.now()))
        ).all()
    if not nights:
        return Finding(not waiting, "there has been none yet", "Run it: huikuan night run" if waiting else "")
    newest = nights[0]
    so = f"{newest['date']} for {newest['shop']}: {newest['state']}, {newest['steps']} steps"
    if newest["state"] == RunState.FAILED:
        again = f"huikuan night run --date {newest['date']} --shop {newest['shop']}"
        return Finding(False, f"{so}: {newest['error']}", f"Mend what it names and run: {again}")
    return Finding(True, so)


def statements() -> Finding:
    with house.reading() as session:
        ids = session.scalars(select(Shop.id)).all()
        missing = [
            gap for each in ids for said in queries.covered(session, each).values() for gap in gaps(said)
        ]
    if not missing:
        return Finding(True, "no lines are missing between those read")
    so = f"between those read, lines of {len(missing)} times are missing, the first from {missing[0].first}"
    return Finding(True, so, "See which, and export them: huikuan statement list")


def notices() -> Finding:
    waiting = (NoticeState.WAITING, NoticeState.SENDING, NoticeState.UNCERTAIN, NoticeState.DEAD)
    with house.reading() as session:
        oldest = session.scalars(
            select(Notice).where(Notice.state.in_(waiting)).order_by(Notice.written_at).limit(1)
        ).one_or_none()
        held = session.execute(select(func.count()).where(Notice.state == NoticeState.HELD)).scalar_one()
    also = f"; {held} are held: huikuan todo list" if held else ""
    if oldest is None:
        return Finding(True, f"none is unsent{also}")
    written = oldest.written_at.astimezone(clock.SHANGHAI)
    so = f"the oldest unsent one is {oldest.id}, {oldest.state}, written {written:%Y-%m-%d %H:%M}{also}"
    old = clock.now() - oldest.written_at > OLD_NOTICE
    return Finding(not old, so, f"See why: huikuan notice show {oldest.id}" if old else "")
