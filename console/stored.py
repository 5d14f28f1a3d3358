"""Reading once more a file that was refused, from the copy that was kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from console import reading_files
from console.files import Laid
from console.house import writing
from console.permits import Act
from console.reading_files import Task
from console.who import person
from models.shop import Shop
from models.source_file import SourceFile
from models.values import Refusal
from models.words import FileKind, FileState

_ACT = {
    FileKind.LEDGER: Act.BRING_LEDGER,
    FileKind.CONTACTS: Act.BRING_LEDGER,
    FileKind.REPLY: Act.RECORD_FACT,
}


def again(file_id: int, account: str | None, day: date, said: Mapping[str, bool]) -> dict[str, Any]:
    """Read it; the job resolves the finding of its refusal. Raises Refusal as before if nothing changed."""
    with writing() as session:
        file = session.get(SourceFile, file_id)
        who = person(session, _ACT.get(file.kind, Act.BRING_STATEMENT) if file else Act.BRING_LEDGER)
        if file is None:
            raise Refusal(f"There is no file {file_id}. See: huikuan todo list")
        if file.state is FileState.READ:
            raise Refusal(
                f"{file.name} was read on {file.read_on}. A file is read once; see: huikuan todo list"
            )
        file.account_number = account or file.account_number
        shop = session.get_one(Shop, file.shop_id).code
        laid = Laid(file.id, file.name, file.kind, file.sha256, is_new=False)
    of_statements = said if laid.kind is FileKind.STATEMENT else {}
    return reading_files.read_laid(laid, Task(shop, day, who, of_statements))
