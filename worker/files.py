"""Files are whole or absent: written beside, flushed, and renamed into place."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.values import Refusal
from worker.settings import settings

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def write_whole(path: Path, content: bytes, mode: int = 0o640) -> None:
    """Write `content` to `path` so that a reader sees all of it or what was there before.

    Raises Refusal when the disk is full or may not be written to; then nothing is left behind.
    """
    with no_room(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_and_rename(path, content, mode)


@contextmanager
def no_room(path: Path) -> Iterator[None]:
    """Turn a full disk, or one that may not be written to, into a sentence about `path`."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Refusal(
                f"The disk is full: {path.name} was not written and nothing was changed. "
                f"Free some room on the disk of {path.parent} and run the same command again."
            ) from None
        if isinstance(error, PermissionError):
            raise Refusal(f"{path} may not be written. Give this user the right to write there.") from None
        raise


def _write_and_rename(path: Path, content: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    # A rename survives a power cut only when its folder was flushed as well.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_kept(stored_as: str) -> bytes:
    """A file that was kept below the files folder. Raises Refusal when it is not there any more."""
    path = settings().files / stored_as
    try:
        return path.read_bytes()
    except OSError:
        raise Refusal(f"The file {path} is not there any more. Restore it from the backup.") from None


def keep_content(content: bytes, suffix: str) -> str:
    """Keep a file below the files folder, named by its content; returns its name there."""
    stored_as = f"{sha256_of(content)}{suffix}"
    path = settings().files / stored_as
    if not path.exists():
        write_whole(path, content)
    return stored_as


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
