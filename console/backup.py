"""`huikuan backup` and `huikuan restore`: everything but the keys, in one file that proves itself."""

import gzip
import hashlib
import json
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from console import backup_database
from console.house import reading, ready
from console.options import AsJson
from console.output import answer, say
from console.permits import Act
from console.who import person
from migrations import schema
from models.values import Refusal
from worker import clock, db
from worker.files import no_room
from worker.settings import settings

MANIFEST = "manifest.json"
ROWS, FILES = "rows", "home"
KEPT = ("files", "ledgers", "payments", "outbox")
"""The folders of HUIKUAN_HOME that belong to a backup. The keys do not: they are kept apart from it."""


def backup(
    to: Annotated[Path, typer.Argument(metavar="TO", help="A folder, or the name of the new file.")],
    as_json: AsJson = False,
) -> None:
    """Write database and files into one file while the house goes on working. The keys are not in it."""
    with reading() as session:
        person(session, Act.ADMINISTER)
    target = to / f"huikuan_{clock.now():%Y%m%d_%H%M%S}.tar.gz" if to.is_dir() else to
    if target.exists():
        raise Refusal(f"{target} is there already and is not written over. Name another file.")
    with no_room(target), tempfile.TemporaryDirectory(dir=target.parent) as work:
        document = _write(db.engine(), Path(work), target)
    answer(as_json, document, lambda: _tell(document))


def _write(engine: Engine, work: Path, target: Path) -> dict[str, Any]:
    rows = work / ROWS
    rows.mkdir()
    # Rows first, files after: whatever a row names was there when it was written.
    counts = backup_database.dump(engine, rows)
    members = dict(_members(rows, ROWS)) | dict(
        member for name in KEPT for member in _members(settings().home / name, f"{FILES}/{name}")
    )
    manifest = {
        "made_at": clock.now().isoformat(), "revision": schema.newest(), "database": engine.dialect.name,
        "rows": counts, "sha256": {name: _sha256(path) for name, path in members.items()},
    }  # fmt: skip
    (work / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
    part = work / "backup"
    part.touch(mode=0o600)
    with tarfile.open(part, "w:gz", compresslevel=3) as tar:
        tar.add(work / MANIFEST, MANIFEST)
        for name, path in members.items():
            tar.add(path, name)
    part.replace(target)
    return {"file": str(target), "bytes": target.stat().st_size, "files": len(members), "rows": counts}


def _members(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _tell(document: dict[str, Any]) -> None:
    rows = sum(document["rows"].values())
    say(
        f"{document['file']}: {rows} rows and {document['files']} files, {document['bytes'] // 1024} KB.",
        "Keep the keys apart from it; without them its personal data can't be read: huikuan doctor",
        f"To try it: HUIKUAN_HOME=/some/empty/folder huikuan restore {document['file']}",
    )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that huikuan backup wrote.")],
    as_json: AsJson = False,
) -> None:
    """Bring a backup back into an empty house: no database yet, or one without a table."""
    engine, home = db.engine(), settings().home
    if not backup_database.is_empty(engine) or any((home / name).exists() for name in KEPT):
        raise Refusal(
            f"This house is not empty ({home}), and nothing is written over. Point HUIKUAN_HOME and "
            "HUIKUAN_DATABASE_URL at an empty folder and an empty database, and run the same command again."
        )
    home.mkdir(parents=True, exist_ok=True)
    with no_room(home), tempfile.TemporaryDirectory(dir=home) as work:
        manifest = _unpacked(file, Path(work))
        _refuse_other(manifest, engine, file)
        backup_database.load(engine, Path(work) / ROWS, manifest["revision"])
        for name in KEPT:
            if (Path(work) / FILES / name).is_dir():
                (Path(work) / FILES / name).replace(home / name)
    schema.upgrade(db.engine())
    ready()
    document = {"file": str(file), "made_at": manifest["made_at"], "rows": manifest["rows"]}
    answer(as_json, document, lambda: _tell_restored(document))


def _unpacked(file: Path, work: Path) -> dict[str, Any]:
    """The manifest of a backup that is whole and unaltered; its members lie below `work`."""
    try:
        with tarfile.open(file, "r:gz") as tar:
            for member in tar:
                _take_out(tar, member, work)
        manifest: dict[str, Any] = json.loads((work / MANIFEST).read_text(encoding="utf-8"))
        named = manifest["sha256"]
        wrong = [name for name, digest in named.items() if _sha256(work / name) != digest]
        there = {path.relative_to(work).as_posix() for path in work.rglob("*") if not path.is_dir()}
        wrong += sorted(there - named.keys() - {MANIFEST})
    except (
        tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, KeyError, FileNotFoundError,
        FileExistsError, NotADirectoryError,
    ) as error:  # fmt: skip
        raise Refusal(
            f"{file} is no whole backup ({error}); nothing was restored. Take another: a backup is made by "
            "huikuan backup TO"
        ) from None
    if wrong:
        raise Refusal(f"{file} was altered or damaged: {wrong[0]} is not what was written. Take another.")
    return manifest


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, work: Path) -> None:
    """Plain files below `work` and nothing else: no link, no device, no way out.

    The library's own filter came with Python 3.11.4, and 3.11.2 is what some systems ship.
    """
    place = work / member.name
    stream = tar.extractfile(member) if member.isfile() else None
    if stream is None or not place.resolve().is_relative_to(work.resolve()):
        raise ValueError(f"{member.name} does not belong into a backup")
    place.parent.mkdir(parents=True, exist_ok=True)
    with stream, place.open("xb") as target:
        shutil.copyfileobj(stream, target)
    place.chmod(member.mode & 0o755)  # payment files are their owner's alone


def _refuse_other(manifest: dict[str, Any], engine: Engine, file: Path) -> None:
    if manifest["database"] != engine.dialect.name:
        raise Refusal(
            f"{file} comes from {manifest['database']} and this house has {engine.dialect.name}. "
            "Set HUIKUAN_DATABASE_URL to an empty database of that kind."
        )
    if manifest["revision"] not in {script.revision for script in schema.scripts().walk_revisions()}:
        raise Refusal(
            f"{file} is at revision {manifest['revision']}, which this program ({schema.newest()}) does not "
            "know: a newer version made it. Install that version and run the same command again."
        )


def _tell_restored(document: dict[str, Any]) -> None:
    say(
        f"Restored: {sum(document['rows'].values())} rows, as they were at {document['made_at']}.",
        "Put the keys of that house in place, then look: huikuan doctor, huikuan money check, "
        "huikuan ledger verify",
    )
