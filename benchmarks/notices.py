"""Sending 10,000 notices: ours against a bare loop of render, EmailMessage and smtplib on one connection.

CPU of this process; the sink is a process of its own. It is postfix's smtp-sink where it is found (in the
PATH, or named by SMTP_SINK), else a plain loop over one socket: aiosmtpd would measure itself. Both sides
render the same notice by the same templates. Ours also claims, begins, settles and commits each one (SQLite).
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
from dataclasses import asdict
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from sqlalchemy import func, insert, select

from migrations.schema import upgrade
from models.notice import Notice
from models.shop import Setting, Shop
from models.words import Audience, ChannelName, NoticeState
from notifications import render
from notifications.channels.email import EmailChannel
from notifications.delivery import Sender
from tests.notifications.examples import REFUND_READY
from worker import db

MOST = 1.3
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FROM = "huikuan@shop.example"


def main(count: int) -> int:
    """Print both and their ratio; returns 1 above the goal or where a notice was lost."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUIKUAN_HOME"] = home
        db.forget()
        upgrade(db.engine())
        shop_id = _fill(count)
        with _sink() as (name, port):
            bare = _cpu(lambda: _bare(count, port))
            ours = _cpu(lambda: _ours(shop_id, port))
        with db.reading() as session:
            sent = session.scalar(select(func.count()).where(Notice.state == NoticeState.SENT))
    say(f"sink: {name}; notices: {count}, recorded as sent: {sent}")
    for what, cpu in (("bare loop", bare), ("ours", ours)):
        say(f"{what:<10}{cpu:8.2f} s CPU {cpu / count * 1e6:8.0f} us a notice")
    say(f"ratio {ours / bare:.2f} (goal: at most {MOST})")
    return 0 if sent == count and ours / bare <= MOST else 1


def _fill(count: int) -> int:
    words = asdict(REFUND_READY)
    with db.transaction() as session:
        shop = Shop(code="FUYUAN", name="福源汽车服务", created_at=AT)
        session.add(shop)
        session.flush()
        cap = {"key": "customer_notices_per_day", "value": 0, "valid_from": AT.date()}
        session.add(Setting(scope="all", scope_id=0, set_by="bench", set_at=AT, **cap))
        common = {
            "shop_id": shop.id, "kind": "refund_ready", "audience": Audience.CUSTOMER, "recipient": "王小明",
            "channel": ChannelName.EMAIL, "words": words, "state": NoticeState.WAITING, "send_after": AT,
            "attempts": 0, "written_at": AT,
        }  # fmt: skip
        rows = [
            common | {"occasion": f"refund_ready:{each}", "address": f"c{each}@example.com"}
            for each in range(count)
        ]
        session.execute(insert(Notice), rows)
        return shop.id


def _bare(count: int, port: int) -> None:
    words = asdict(REFUND_READY)
    with smtplib.SMTP("127.0.0.1", port, local_hostname="shop.example") as server:
        for each in range(count):
            written = render.mail("refund_ready", words)
            mail = EmailMessage(policy=SMTP)
            mail["From"], mail["To"] = FROM, f"c{each}@example.com"
            mail["Subject"] = written.subject
            mail.set_content(written.text, cte="base64")
            mail.add_alternative(written.html, subtype="html", cte="base64")
            server.send_message(mail)


def _ours(shop_id: int, port: int) -> None:
    channel = EmailChannel(f"smtp://127.0.0.1:{port}")
    Sender(db.transaction, lambda _session: AT, {ChannelName.EMAIL: channel}, FROM).deliver(shop_id)


def _cpu(work: Callable[[], None]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


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


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
