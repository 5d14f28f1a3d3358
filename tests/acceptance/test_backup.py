"""A house is backed up while it works and comes back whole: on SQLite and on PostgreSQL."""

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.acceptance.house import House, sample_commands
from tests.conftest import KEY


@pytest.fixture(params=["sqlite", "postgres"])
def houses(request: pytest.FixtureRequest, embedded: House, tmp_path: Path) -> Iterator[tuple[House, House]]:
    """Give a house with files (SQLite: and a night) behind it, and an empty one that has its keys."""
    if request.param == "sqlite":
        new = House(tmp_path / "new")
        (new.home / "keys").mkdir(parents=True)
        shutil.copy(embedded.home / "keys" / "data.keys", new.home / "keys")
        yield embedded, new
        return
    server = request.getfixturevalue("postgres_server")
    with servers.database(server) as first, servers.database(server) as second:
        keys = {"HUIKUAN_KEYS": KEY.decode()}
        old = House(tmp_path / "old", keys | {"HUIKUAN_DATABASE_URL": first})
        assert old.run("db", "upgrade").returncode == 0
        bring = next(words for words in sample_commands() if words[0] == "intake")
        assert old.run(*bring).returncode == 0
        yield old, House(tmp_path / "new", keys | {"HUIKUAN_DATABASE_URL": second})


def test_a_restored_house_is_the_house_and_works_on(houses: tuple[House, House], tmp_path: Path) -> None:
    old, new = houses

    made = old.ask("backup", str(tmp_path / "backup.tar.gz"))
    back = new.run("restore", made["file"])

    assert back.returncode == 0, back.stderr
    assert new.books() == old.books()
    assert new.papers() == old.papers()
    assert (tmp_path / "backup.tar.gz").stat().st_mode & 0o077 == 0
    assert new.run("night", "run", "--date", "2026-11-21").returncode == 0
    assert new.run("money", "check").returncode == 0
    refused = new.run("restore", made["file"])
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr


def test_the_rows_of_a_backup_are_one_file(embedded: House, tmp_path: Path) -> None:
    made = embedded.ask("backup", str(tmp_path))

    with tarfile.open(made["file"]) as tar:
        assert [name for name in tar.getnames() if name.startswith("rows/")] == ["rows/huikuan.db"]


def test_a_backup_holds_no_key(embedded: House, tmp_path: Path) -> None:
    made = embedded.ask("backup", str(tmp_path))
    key = (embedded.home / "keys" / "data.keys").read_bytes().strip()

    with tarfile.open(made["file"]) as tar:
        inside = [tar.extractfile(member) for member in tar.getmembers()]
        assert not any(key in stream.read() for stream in inside if stream)


def altered(source: Path, target: Path, name: str) -> None:
    """Write the backup again with one byte of a member changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            stream = old.extractfile(member)
            assert stream is not None
            content = stream.read()
            if member.name.endswith(name):
                content = content[:-1] + bytes([content[-1] ^ 1])
            path = target.parent / "member"
            path.write_bytes(content)
            new.add(path, member.name)
        if name == ADDED:
            new.add(target.parent / "member", ADDED)


ADDED = "home/payments/FK-2026-0001.csv"


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("damage", ["cut", "flipped", "altered", "added", "no backup"])
def test_a_damaged_backup_is_refused_and_nothing_is_made(
    damage: str, embedded: House, tmp_path: Path
) -> None:
    whole = Path(embedded.ask("backup", str(tmp_path))["file"])
    file = tmp_path / "damaged.tar.gz"
    content = whole.read_bytes()
    if damage in ("altered", "added"):
        altered(whole, file, "huikuan.db" if damage == "altered" else ADDED)
    else:
        damaged = {"cut": content[:5000], "flipped": flipped(content), "no backup": b"no tar at all"}
        file.write_bytes(damaged[damage])
    new = House(tmp_path / "new")

    said = new.run("restore", str(file))

    assert said.returncode == 1
    what = {"altered": "damaged: rows/huikuan.db", "added": f"damaged: {ADDED}", "flipped": "Take another"}
    assert what.get(damage, "is no whole backup") in said.stderr
    assert not (new.home / "huikuan.db").exists()


def test_a_backup_of_a_newer_version_is_refused(embedded: House, tmp_path: Path) -> None:
    whole = Path(embedded.ask("backup", str(tmp_path))["file"])
    newer = tmp_path / "newer.tar.gz"
    with tarfile.open(whole) as old, tarfile.open(newer, "w:gz") as new:
        manifest = json.loads(old.extractfile("manifest.json").read())  # type: ignore[union-attr] # it is there
        (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"revision": "9999", "sha256": {}}))
        new.add(tmp_path / "manifest.json", "manifest.json")

    said = House(tmp_path / "new").run("restore", str(newer))

    assert said.returncode == 1
    assert "a newer version made it" in said.stderr


@pytest.mark.parametrize("evil", ["../outside", "link"])
def test_a_backup_writes_nothing_outside_its_folder(evil: str, tmp_path: Path) -> None:
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        member = tarfile.TarInfo(evil)
        if evil == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)

    said = House(tmp_path / "new").run("restore", str(file))

    assert said.returncode == 1
    assert f"{evil} does not belong into a backup" in said.stderr
    assert not (tmp_path / "outside").exists()
