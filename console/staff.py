"""`huikuan staff` and `huikuan login`: who works with the system."""

from pathlib import Path
from typing import Annotated

import typer
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console import who
from console.house import reading, writing
from console.options import AsJson
from console.output import answer, say, table
from console.permits import Act
from models.staff import Staff, StaffSession
from models.values import Refusal
from models.words import Role
from worker import clock

app = typer.Typer(help="People who work with the system.")

FEWEST_SIGNS = 8
Name = Annotated[str, typer.Argument(metavar="NAME")]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="FILE", help="Read the password from its first line."),
]


@app.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="What they may do.")],
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Let a person log in. The first must be an admin; after that, only an admin adds others."""
    with reading() as session:
        _refuse_unless_addable(session, name, role)
    password = _password(password_file, confirm=True)
    with writing() as session:
        first = not who.has_staff(session)
        _refuse_unless_addable(session, name, role)
        _put(session, name, role, PasswordHasher().hash(password))
    then = f" Log in: huikuan login {name}" if first else ""
    answer(
        as_json, {"name": name, "role": role.value}, lambda: say(f"{name} is {role} and can log in.{then}")
    )


def _refuse_unless_addable(session: Session, name: str, role: Role) -> None:
    if not who.has_staff(session):
        if role is not Role.ADMIN:
            raise Refusal(
                "The first staff member must be an admin, or nobody could add others: huikuan staff "
                f"add {name} --role admin"
            )
    else:
        who.person(session, Act.ADMINISTER)
    known = session.execute(select(Staff.role).where(Staff.name == name, Staff.active)).scalar_one_or_none()
    if known is not None:
        raise Refusal(f"{name} is on the staff already, as {known}. See: huikuan staff list")
    if not name.strip() or len(name) > 64:
        raise Refusal("A name has 1 to 64 signs. Write it: huikuan staff add NAME --role ROLE")


def _put(session: Session, name: str, role: Role, password_hash: str) -> None:
    """Add the person, or make one active whom a ledger named."""
    found = session.execute(select(Staff).where(Staff.name == name)).scalar_one_or_none()
    if found is None:
        found = Staff(name=name, role=role, active=True, created_at=clock.now())
        session.add(found)
    found.role, found.active, found.password_hash = role, True, password_hash


def _password(path: Path | None, *, confirm: bool) -> str:
    if path is None:
        password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=confirm, err=True)
    elif path.is_file():
        password = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    else:
        raise Refusal(f"There is no file {path}. Check the name, or leave out --password-file to be asked.")
    if confirm and len(password) < FEWEST_SIGNS:
        raise Refusal(
            f"A password has at least {FEWEST_SIGNS} signs. Choose a longer one and run the same "
            "command again."
        )
    return password


@app.command()
def remove(name: Name, as_json: AsJson = False) -> None:
    """Let a person log in no more; the name stays in the records. The last admin can't be removed."""
    with writing() as session:
        who.person(session, Act.ADMINISTER)
        found = session.execute(select(Staff).where(Staff.name == name, Staff.active)).scalar_one_or_none()
        if found is None:
            raise Refusal(f"{name} is not among those who can log in. See: huikuan staff list")
        admins = session.scalars(select(Staff.name).where(Staff.active, Staff.role == Role.ADMIN)).all()
        if admins == [name]:
            raise Refusal(f"{name} is the last admin. Add another first: huikuan staff add NAME --role admin")
        found.active, found.password_hash = False, None
        session.execute(delete(StaffSession).where(StaffSession.staff_id == found.id))
    answer(as_json, {"name": name}, lambda: say(f"{name} can no longer log in."))


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the people: those who can log in, and those whom ledgers name."""
    with reading() as session:
        rows = session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name)).all()
    found = [{"name": row.name, "role": row.role.value, "active": row.active} for row in rows]
    columns = {"name": "name", "role": "role", "can log in": "active"}
    answer(
        as_json,
        found,
        lambda: table(found, columns, "There is no staff yet: huikuan staff add NAME --role admin"),
    )


def login(name: Name, password_file: PasswordFile = None, as_json: AsJson = False) -> None:
    """Log in for eight hours."""
    with reading() as session:
        if not who.has_staff(session):
            raise Refusal(
                "There is no staff yet, and no login is needed. Add an admin: huikuan staff add NAME "
                "--role admin"
            )
    password = _password(password_file, confirm=False)
    with writing() as session:
        found = session.execute(select(Staff).where(Staff.name == name, Staff.active)).scalar_one_or_none()
        if not _is_right(found.password_hash if found else None, password):
            raise Refusal(
                f"{name} can't log in with this password, or can't log in at all. See: huikuan staff list"
            )
        assert found is not None
        who.open_session(session, found.id)
        role = found.role.value
    until = (clock.now() + who.LASTS).astimezone(clock.SHANGHAI).strftime("%H:%M")
    answer(
        as_json, {"name": name, "role": role}, lambda: say(f"{name} is logged in as {role} until {until}.")
    )


def _is_right(password_hash: str | None, password: str) -> bool:
    """Takes as long for a name that is not there as for a wrong password."""
    hasher = PasswordHasher()
    try:
        hasher.verify(password_hash or hasher.hash("nobody"), password)
    except Argon2Error:
        return False
    return password_hash is not None
