"""Files that people bring: kept as they came under HUIKUAN_HOME, and laid ready for whoever reads them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.source_file import SourceFile
from models.words import FileKind, FileState
from worker import clock
from worker.files import sha256_of, write_whole
from worker.settings import settings
from worker.whole_file import whole_bytes


@dataclass(frozen=True)
class Brought:
    """A file in somebody's hands."""

    path: Path
    content: bytes
    sha256: str

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def stored_as(self) -> str:
        """Below the files folder; named by content, so that the same file is kept once."""
        return f"{self.sha256}{self.path.suffix.lower()}"


@dataclass(frozen=True)
class Laid:
    """A file in the list of files; `read_on` is set when it was read before and need not be read again."""

    file_id: int
    name: str
    kind: FileKind
    sha256: str
    is_new: bool
    read_on: date | None = None


def bring(path: Path) -> Brought:
    """Read a file whole. Raises Refusal."""
    content = whole_bytes(path)
    return Brought(path, content, sha256_of(content))


def keep(brought: Brought) -> bool:
    """Keep the content as it came; the same content is kept once. False where it was kept before."""
    path = settings().files / brought.stored_as
    if path.exists():
        return False
    write_whole(path, brought.content)
    return True


def take_back(brought: Brought) -> None:
    """Keep no copy of what was not taken."""
    (settings().files / brought.stored_as).unlink(missing_ok=True)


def keep_proof(path: Path) -> dict[str, str]:
    """Keep a file that proves a fact; returns what the record says of it."""
    brought = bring(path)
    keep(brought)
    return {"proof": brought.name, "proof_stored_as": brought.stored_as}


@dataclass(frozen=True)
class Laying:
    """What is said of a file when it is brought."""

    shop_id: int
    kind: FileKind
    by: str
    authorised_by: str | None = None
    account_number: str | None = None


def lay(session: Session, brought: Brought, laying: Laying) -> Laid:
    """Put a file on the list of those to be read, unless it was read before with the same to say of it."""
    found = session.execute(
        select(SourceFile).where(
            SourceFile.shop_id == laying.shop_id,
            SourceFile.kind == laying.kind,
            SourceFile.sha256 == brought.sha256,
        )
    ).scalar_one_or_none()
    if found is None:
        return _lay_new(session, brought, laying)
    if found.state is FileState.READ:
        return Laid(found.id, brought.name, found.kind, found.sha256, is_new=False, read_on=found.read_on)
    found.state, found.refusal = FileState.WAITING, None
    found.authorised_by = laying.authorised_by or found.authorised_by
    found.account_number = laying.account_number or found.account_number
    return Laid(found.id, brought.name, found.kind, found.sha256, is_new=False)


def _lay_new(session: Session, brought: Brought, laying: Laying) -> Laid:
    made = SourceFile(
        shop_id=laying.shop_id,
        kind=laying.kind,
        name=brought.name,
        sha256=brought.sha256,
        stored_as=brought.stored_as,
        state=FileState.WAITING,
        authorised_by=laying.authorised_by,
        account_number=laying.account_number,
        brought_by=laying.by,
        received_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return Laid(made.id, made.name, made.kind, made.sha256, is_new=True)
