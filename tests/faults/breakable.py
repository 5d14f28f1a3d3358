"""What can be broken: servers and our own processes, each started again at the same place."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.programs import running
from tests.servers import Made

CHECKOUT = Path(__file__).parents[2]
_GONE_SECONDS = 20.0


class Server:
    """A PostgreSQL or Redis server that is stopped, killed or frozen, and started again."""

    def __init__(self, made: Made, home: Path) -> None:
        self.made, self._home, self._stack = made, home, ExitStack()

    def start(self) -> None:
        self._stack.enter_context(running(self.made.command, self._home, self.made.answers))

    def stop(self) -> None:
        """End it as its operator does: sessions are cut, the server is told."""
        self._stack.close()

    def kill(self) -> None:
        """End it by SIGKILL, and wait until nothing of it is left."""
        before = _processes_in(self._home)
        self.signal(signal.SIGKILL)
        self._stack.close()
        _wait_until_gone(before)

    def signal(self, which: signal.Signals) -> None:
        os.kill(int(self.made.pid_file.read_text().split()[0]), which)


def _processes_in(home: Path) -> set[str]:
    """The processes that work in a folder, by number: a server's own children outlive its death for a moment."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").resolve().is_relative_to(home):
                found.add(process.name)
    return found


def _wait_until_gone(processes: set[str]) -> None:
    end = time.monotonic() + _GONE_SECONDS
    while any(Path(f"/proc/{each}/exe").exists() for each in processes):
        if time.monotonic() > end:
            raise TimeoutError(f"the server's processes {sorted(processes)} did not end")
        time.sleep(0.05)


class Program:
    """One Celery program of ours, in a process group of its own, with its log."""

    def __init__(self, place: Path, environment: Mapping[str, str], words: list[str]) -> None:
        self._command = [sys.executable, "-m", "tests.faults.launch", str(place), *words]
        self._environment, self.log = environment, place / f"{words[0]}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread()

    def start(self) -> None:
        # The log goes through a pipe: a limit on the size of files is to meet ledgers and not the log.
        self._process = subprocess.Popen(
            self._command, cwd=CHECKOUT, env=dict(self._environment), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self._keeper = threading.Thread(target=self._keep_log, args=(self._process,), daemon=True)
        self._keeper.start()

    def _keep_log(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout
        with self.log.open("ab") as log:
            for line in process.stdout:
                log.write(line)
                log.flush()

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def is_up(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(each) for each in listed.read_text().split()] if listed.exists() else []

    def kill(self) -> None:
        """SIGKILL to it and all its children, also those that outlived it."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._keeper.join()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    pipe.close()
