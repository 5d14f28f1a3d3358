"""A file that somebody brings is read whole, or refused: never half of one that is still being written."""

import hashlib
from pathlib import Path

from models.values import Refusal
from worker.sheet_guards import MAX_FILE_BYTES


def whole_bytes(path: Path, name: str | None = None) -> bytes:
    """Read a file that somebody brings; `name` is what people call it.

    Raises Refusal for one that is not there, may not be read, is too large, or changes while it is read:
    half of a file that is still being written can look like a whole one.
    """
    name = name or path.name
    if not path.is_file():
        raise Refusal(f"There is no file {path}. Check the name and the folder.")
    before = path.stat()
    if before.st_size > MAX_FILE_BYTES:
        raise Refusal(f"{name} is larger than {MAX_FILE_BYTES} bytes. Bring one month at a time.")
    try:
        content = path.read_bytes()
    except PermissionError:
        raise Refusal(f"{name} may not be read by this user. Change its permissions.") from None
    after = path.stat()
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, len(content)):
        raise _changed(name)
    return content


def refuse_changed(path: Path, name: str, sha256: str) -> None:
    """Refuse a file that is read a second time by its path and is not what it was at first."""
    try:
        with path.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError:
        same = False
    if not same:
        raise _changed(name)


def _changed(name: str) -> Refusal:
    return Refusal(
        f"{name} changed while it was read, so somebody is still writing it. Nothing was taken. Wait "
        "until it is whole and run the same command again."
    )
