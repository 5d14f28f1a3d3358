"""`make look`: the workbooks and the notices as pictures, and LibreOffice's opinion of our totals.

Takes the newest workbook of every shop and up to two mails of each kind from HUIKUAN_HOME (default
var/) and lays PNG files under var/look/. Every formula is calculated anew by LibreOffice, from a copy
without our values, and compared with what we wrote into the file. Exit status 1 where they differ,
where a printed cell shows ###, or where a program is missing.
"""

import email
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook

from tests import look_words

HOME = Path(os.environ.get("HUIKUAN_HOME", Path(__file__).parent.parent / "var"))
LOOK = HOME / "look"
NEEDED = {
    "soffice": "libreoffice-calc",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "chromium": "chromium",
}
FONTS = "fonts-noto-cjk"
MAILS_OF_A_KIND = 2
# A screen and a phone, in pixels.
WINDOWS = {"screen": "820,1500", "phone": "390,1800"}


class Compared(NamedTuple):
    """The formulas of one sheet: how many, and where LibreOffice comes to something else."""

    sheet: str
    formulas: int
    different: list[str]


def main() -> int:
    """Make the pictures and the comparison; returns the exit status."""
    missing = sorted({package for program, package in NEEDED.items() if not shutil.which(program)})
    if missing:
        return _refuse(f"Programs are missing. As root: apt-get install {' '.join(missing)} {FONTS}")
    workbooks = newest_workbooks()
    if not workbooks:
        return _refuse(f"There is no workbook under {HOME / 'ledgers'}. Make one first: make run")
    shutil.rmtree(LOOK, ignore_errors=True)
    LOOK.mkdir(parents=True)
    failed = False
    for workbook in workbooks:
        failed |= look_at_workbook(workbook)
    for mail in chosen_mails():
        look_at_mail(mail)
    count = look_words.letters_as_pictures(LOOK)
    say(f"{count} letters" if count else "No letters: WeasyPrint (extra `letters`) or Pango is not there.")
    say(f"SMS and group messages: {look_words.short_forms(LOOK)}")
    say(f"\n{len(list(LOOK.glob('*.png')))} pictures in {LOOK}")
    return 1 if failed else 0


def newest_workbooks() -> list[Path]:
    """The last workbook built in each shop's folder."""
    shops = [folder for folder in sorted((HOME / "ledgers").glob("*")) if folder.is_dir()]
    newest = (
        max(shop.glob("*.xlsx"), key=lambda path: path.stat().st_mtime_ns, default=None) for shop in shops
    )
    return [path for path in newest if path is not None]


def look_at_workbook(path: Path) -> bool:
    """Pictures of every page and the comparison; True where something is wrong."""
    name = f"ledger_{path.parent.name}"
    with tempfile.TemporaryDirectory() as folder:
        pdf = office(path, "pdf", Path(folder))
        subprocess.run(["pdftoppm", "-r", "110", "-png", pdf, LOOK / name], check=True)
        printed = subprocess.run(
            ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
        )
        compared = list(compare(path, Path(folder)))
    say(f"{path.name}\n\n{'sheet':<10}{'formulas':>10}{'differ':>10}")
    for sheet in compared:
        say(f"{sheet.sheet:<10}{sheet.formulas:>10}{len(sheet.different):>10}")
        for place in sheet.different[:10]:
            say(f"    {place}")
    too_narrow = printed.stdout.count("###")
    say(f"{'too narrow (###)':<20}{too_narrow:>10}")
    return bool(too_narrow) or any(sheet.different for sheet in compared)


def compare(path: Path, folder: Path) -> Iterator[Compared]:
    """Every formula's value in our file against LibreOffice's; openpyxl saves formulas without values."""
    formulas, ours = load_workbook(path), load_workbook(path, data_only=True)
    bare = folder / "bare.xlsx"
    formulas.save(bare)
    (folder / "calculated").mkdir()
    theirs = load_workbook(office(bare, "xlsx", folder / "calculated"), data_only=True)
    for sheet in formulas.worksheets:
        cells = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        pairs = [(at, ours[sheet.title][at].value, theirs[sheet.title][at].value) for at in cells]
        different = [
            f"{at}: {mine!r}, LibreOffice: {other!r}" for at, mine, other in pairs if not same(mine, other)
        ]
        yield Compared(sheet.title, len(cells), different)


def same(ours: object, theirs: object) -> bool:
    """Equal text, or the same fen: sums of binary fractions end in noise."""
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) < 0.000_001 and round(ours * 100) == round(theirs * 100)
    return ours == theirs


def office(path: Path, kind: str, folder: Path) -> Path:
    """Convert a file with LibreOffice, under a profile of its own so that an open one is not disturbed."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=180)
    made = folder / f"{path.stem}.{kind}"
    if not made.exists():
        raise RuntimeError(f"LibreOffice made nothing of {path.name}: {done.stdout}{done.stderr}")
    return made


def chosen_mails() -> list[Path]:
    """The first mails of every kind, as the file names tell them apart."""
    kinds: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((HOME / "outbox").rglob("*.eml")):
        found = re.match(r"\d{4}-\d\d-\d\d-([A-Za-z_]+)", path.name)
        kinds[found[1] if found else "mail"].append(path)
    return [path for mails in kinds.values() for path in mails[:MAILS_OF_A_KIND]]


def look_at_mail(path: Path) -> None:
    """The HTML part as a browser shows it, on a screen and on a phone."""
    mail = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    html = mail.get_body(("html",))
    if html is None:
        say(f"{path.name}: no HTML part")
        return
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "mail.html"
        page.write_text(html.get_content(), encoding="utf-8")
        for window, size in WINDOWS.items():
            picture = LOOK / f"notice_{path.stem}_{window}.png"
            screenshot(page, picture, size, Path(folder))
    say(f"{path.stem}: {mail['Subject']}")


def screenshot(page: Path, picture: Path, size: str, folder: Path) -> None:
    """One picture by Chromium, which needs no sandbox for a page of our own making."""
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={size}",
        f"--user-data-dir={folder / 'browser'}", f"--screenshot={picture}", page.as_uri(),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
