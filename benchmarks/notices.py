"""Sending 10,000 notices: ours against a bare loop of render, EmailMessage and smtplib on one connection.

    python -m benchmarks.notices [COUNT]

CPU of this process and of every process of PostgreSQL; the two sides take turns, so that a busy machine slows
both. Both render the same notice by the same templates and send it to the same sink, a process of its own:
postfix's smtp-sink where it is found (in the PATH, or named by SMTP_SINK), else a plain loop over one socket;
aiosmtpd would measure itself. Ours also claims, begins, settles and commits each one. Lost or doubled notices
count as a miss.
"""

import os
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from benchmarks import server_cpu
from migrations.schema import upgrade
from models.notice import Notice, NoticeAttempt
from models.shop import Setting, Shop
from models.words import Audience, ChannelName, NoticeState
from notifications import render
from notifications.channels.email import EmailChannel
from notifications.delivery import Sender
from tests import servers
from tests.notifications.examples import REFUND_READY
from worker import db
from worker.clock import DbClock

MOST = 1.3
BLOCK = 500
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FROM = "huikuan@shop.example"


@dataclass
class Side:
    """What one way of sending used so far, in seconds of CPU."""

    client: float = 0.0
    server: float = 0.0

    def __str__(self) -> str:
        return f"{self.client + self.server:8.2f} s CPU (PostgreSQL {self.server:.2f})"


@dataclass
class Comparison:
    """Both sides on one database, block by block."""

    count: int
    port: int
    server: Callable[[], float]
    """The CPU that the database's own processes have used."""
    bare: Side = field(default_factory=Side)
    ours: Side = field(default_factory=Side)

    def run(self) -> float:
        """Send all; returns ours as a multiple of the bare loop."""
        shop_id = _add_shop()
        _bare(range(10), self.port)  # compiles the templates, which both sides do once
        for start in range(0, self.count, BLOCK):
            block = range(start, min(start + BLOCK, self.count))
            _fill(shop_id, block)
            self._measure(self.bare, partial(_bare, block, self.port))
            self._measure(self.ours, partial(_ours, shop_id, self.port))
        return (self.ours.client + self.ours.server) / (self.bare.client + self.bare.server)

    def _measure(self, side: Side, work: Callable[[], None]) -> None:
        client, server = time.process_time(), self.server()
        work()
        side.client += time.process_time() - client
        side.server += self.server() - server


def main(count: int) -> int:
    """Print both sides and their ratio on each database; returns 1 above the goal or where one was lost."""
    missed = 0
    with _sink() as (name, port):
        say(f"{count} notices to {name}")
        with _home(), servers.postgres() as server, servers.database(server) as url:
            missed += _compare(url, count, port, lambda: server_cpu.used(url))
        with _home() as home:
            missed += _compare(f"sqlite:///{home}/huikuan.db", count, port, lambda: 0.0)
    return 1 if missed else 0


@contextmanager
def _home() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUIKUAN_HOME"] = home
        yield home


def _compare(url: str, count: int, port: int, server: Callable[[], float]) -> bool:
    """Whether the goal was missed on a database."""
    os.environ["HUIKUAN_DATABASE_URL"] = url
    os.environ["HUIKUAN_KEYS"] = Fernet.generate_key().decode()
    db.forget()
    upgrade(db.engine())
    comparison = Comparison(count, port, server)
    ratio = comparison.run()
    sent, calls = _recorded()
    db.forget()
    say(f"{url.partition(':')[0]}: recorded as sent {sent}, attempts {calls}")
    say(f"  bare loop{comparison.bare}", f"  ours     {comparison.ours}")
    say(f"  ratio {ratio:.2f} (goal: at most {MOST})")
    return ratio > MOST or (sent, calls) != (count, count)


def _recorded() -> tuple[int | None, int | None]:
    with db.reading() as session:
        sent = session.scalar(select(func.count()).where(Notice.state == NoticeState.SENT))
        return sent, session.scalar(select(func.count()).select_from(NoticeAttempt))


def _add_shop() -> int:
    with db.transaction() as session:
        shop = Shop(code="FUYUAN", name="福源汽车服务", created_at=AT)
        session.add(shop)
        cap = {"key": "customer_notices_per_day", "value": 0, "valid_from": AT.date()}
        session.add(Setting(scope="all", scope_id=0, set_by="bench", set_at=AT, **cap))
        session.flush()
        return shop.id


def _fill(shop_id: int, block: range) -> None:
    common = {
        "shop_id": shop_id, "kind": "refund_ready", "audience": Audience.CUSTOMER, "recipient": "王小明",
        "channel": ChannelName.EMAIL, "words": asdict(REFUND_READY), "state": NoticeState.WAITING,
        "send_after": AT, "attempts": 0, "written_at": AT,
    }  # fmt: skip
    rows = [
        common | {"occasion": f"refund_ready:{each}", "address": f"c{each}@example.com"} for each in block
    ]
    with db.transaction() as session:
        session.execute(insert(Notice), rows)


def _bare(block: range, port: int) -> None:
    words = asdict(REFUND_READY)
    with smtplib.SMTP("127.0.0.1", port, local_hostname="shop.example") as server:
        for each in block:
            written = render.mail("refund_ready", words)
            mail = EmailMessage(policy=SMTP)
            mail["From"], mail["To"] = FROM, f"c{each}@example.com"
            mail["Subject"] = written.subject
            mail.set_content(written.text, cte="base64")
            mail.add_alternative(written.html, subtype="html", cte="base64")
            server.send_message(mail)


def _ours(shop_id: int, port: int) -> None:
    channel = EmailChannel(f"smtp://127.0.0.1:{port}")
    clock = DbClock()

    def at_the_office(session: Session) -> datetime:
        # Customers sleep at night, whenever this runs; the database is asked for its time all the same.
        clock(session)
        return AT

    Sender(db.transaction, at_the_office, {ChannelName.EMAIL: channel}, FROM).deliver(shop_id)


# ------------------------------------------------------------------ the sink


@contextmanager
def _sink() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    found = os.environ.get("SMTP_SINK") or shutil.which("smtp-sink")
    plain = [sys.executable, "-m", "benchmarks.smtp_sink", str(port)]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [found, *user, f"127.0.0.1:{port}", "100"] if found else plain
    process = subprocess.Popen(command)  # noqa: S603 - our own program, or the one that was named
    try:
        _wait(port)
        yield Path(found or "benchmarks/smtp_sink.py").name, port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
