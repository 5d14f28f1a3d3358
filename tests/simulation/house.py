"""A whole house in this process: a database file, a clock that somebody turns, a broker in memory."""

import gc
import io
import logging
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cryptography.fernet import Fernet
from sqlalchemy import event

from migrations.schema import upgrade
from models import reference, secrecy
from models.words import ChannelName
from notifications import job as notices
from tests.simulation.post import PostOffice
from tests.simulation.trouble import Trouble
from worker import clock, db, log
from worker.app import QUEUES, app


@dataclass
class House:
    """What one seed lives in. `now` is the moment that everything in the house takes it to be."""

    seed: object
    now: datetime
    trouble: Trouble = field(default_factory=Trouble)
    post: PostOffice = field(init=False)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.post = PostOffice(self.trouble)
        self.chance = random.Random(f"house:{self.seed}")  # noqa: S311 - the same every time

    def turn_to(self, day: date, hour: int, minute: int = 0) -> None:
        """Set the clock to a time of day in Shanghai; it never goes back."""
        self.now = max(self.now, datetime.combine(day, time(hour, minute), clock.SHANGHAI).astimezone(UTC))

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def messages(self) -> list[tuple[str, int]]:
        """Take every wake-up off the broker, as (kind, row)."""
        found = []
        with app.connection_for_read() as connection:
            channel: Any = connection.default_channel
            for queue in QUEUES:
                while message := channel.basic_get(queue, no_ack=True):
                    kind, row = channel.message_to_python(message).payload[0]
                    found.append((str(kind), int(row)))
        return found


@contextmanager
def house(seed: object, first: date, template: Path | None = None) -> Iterator[House]:
    """Give an empty house at noon of a day. It is gone afterwards, and so is what it changed here."""
    made = House(seed, datetime.combine(first, time(12), clock.SHANGHAI).astimezone(UTC))
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        key = Fernet.generate_key()
        stack.enter_context(patch.dict(os.environ, {"HUIKUAN_HOME": str(home), "HUIKUAN_KEYS": key.decode()}))
        os.environ.pop("HUIKUAN_DATABASE_URL", None)
        db.forget()
        stack.callback(db.forget)
        if template is not None:
            shutil.copy2(template, home / "huikuan.db")
        secrecy.use_keys([key])
        event.listen(db.engine(), "connect", _without_waiting_for_the_disk)
        upgrade(db.engine())
        log.set_up(logging.CRITICAL)
        stack.enter_context(patch.object(clock, "now", lambda: made.now))
        stack.enter_context(patch.object(notices, "channels", lambda _: {ChannelName.FILE: made.post}))
        stack.enter_context(redirect_stderr(io.StringIO()))
        with db.transaction() as session:
            reference.load(session)
        stack.callback(gc.unfreeze)
        gc.freeze()  # a process that is killed is buried (trouble.bury) without looking through all this
        made.messages()  # what another house left on the broker of this process
        stack.enter_context(made.trouble.around(db.engine()))
        yield made


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    # Whoever is killed here is killed in the process; the machine stays up.
    connection.execute("PRAGMA synchronous=OFF")
