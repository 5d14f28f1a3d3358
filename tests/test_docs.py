"""What the documents name is there: files, commands, targets of make."""

import re
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from console.cli import app

CHECKOUT = Path(__file__).parent.parent
PAGES = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md")])
HOUSE = {
    path.relative_to(CHECKOUT).as_posix()
    for floor in sorted(CHECKOUT.glob("[a-z.]*"))
    if floor.name not in (".venv", ".git", "var")
    for path in ([floor] if floor.is_file() else floor.rglob("*"))
}
COMMANDS = typer.main.get_command(app)


def named(page: Path, pattern: str) -> set[str]:
    """Find what stands in code: between backticks, or in a block."""
    text = page.read_text(encoding="utf-8")
    code = re.findall(r"(?s)```.*?\n(.*?)```|`([^`\n]+)`", text)
    return {found for pair in code for part in pair for found in re.findall(pattern, part)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_files_a_page_names_are_there(page: Path) -> None:
    files = named(
        page, r"(?<![\w/.<>-])((?:[a-z_]+/)+[\w.-]+\.(?:py|csv|txt|html|md|toml|yml|json))(?![\w<>])"
    )

    missing = {file for file in files if not any(f"/{path}".endswith(f"/{file}") for path in HOUSE)}
    assert {file for file in missing if not file.startswith("var/")} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_a_page_names_are_commands(page: Path) -> None:
    typed = named(page, r"huikuan ([a-z][a-z-]*(?: [a-z][a-z-]*)?)")

    assert {words for words in typed if not is_command(words.split())} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_targets_a_page_names_are_targets(page: Path) -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")

    assert named(page, r"(?:^|\s)make ([a-z-]+)") <= set(re.findall(r"(?m)^([a-z-]+):", makefile))


def is_command(words: list[str]) -> bool:
    """Say whether these are a noun and its verb, or a command that stands alone."""
    assert isinstance(COMMANDS, TyperGroup)
    noun = COMMANDS.commands.get(words[0])
    if isinstance(noun, TyperGroup):
        return len(words) == 1 or words[1] in noun.commands or words[1].startswith("-")
    return noun is not None
