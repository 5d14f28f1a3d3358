"""Workbooks damaged in every way we could think of: read rightly, or refused with a sentence.

60 of them here, 300 with HUIKUAN_TEST_LONG=1 (`make long`).
"""

import io
import os
import random
import resource
import signal
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from models.values import Refusal
from tasks.intake.ledger import Ledger
from tasks.intake.reading import ledger_of
from tasks.ledgers.detail_sheet import FIRST_ROW, HEADING_ROW
from tasks.ledgers.workbook import workbook_bytes
from tests.tasks.ledgers.test_editions import generated
from worker.sheets import read_book

ON = date(2026, 11, 21)
CASES = 12
HOW_MANY = 300 if os.environ.get("HUIKUAN_TEST_LONG") else 60
SECONDS = 60
"""Far more than any of them needs on a busy machine: what takes longer hangs."""
GIBIBYTE = 1024 * 1024  # in kilobytes

NASTY_CELLS: tuple[Any, ...] = (
    "", " ", "=1/0", '=HYPERLINK("http://x","y")', "#REF!", "x" * 32_000, "\u200b\u202e", "１２，３４５．６７元", "¥-0.01", "1e308",
    "nan", -1, 10**15, 0.005, True, date(1901, 1, 1), datetime(2999, 1, 1), "2026年13月40日", "√", "未知", "合计", "苏Ｇ·12 345",
    "LP2026-00001", "\r\n\t", "_x0041_", "😀",
)  # fmt: skip


@cache
def whole() -> bytes:
    return workbook_bytes(generated(CASES))


def change_cells(dice: random.Random) -> tuple[bytes, frozenset[int]]:
    """One cell of a row is nonsense: the other rows are read as they were."""
    row = dice.randrange(CASES)

    def spoil(sheet: Any) -> None:
        sheet.cell(FIRST_ROW + row, dice.randint(2, 42)).value = dice.choice(NASTY_CELLS)

    return _changed(spoil), frozenset({row})


def change_headings(dice: random.Random) -> tuple[bytes, frozenset[int] | None]:
    def spoil(sheet: Any) -> None:
        cell = sheet.cell(HEADING_ROW, dice.randint(1, 43))
        cell.value = dice.choice((None, "", "金额", "客户", "理赔编号", "x" * 5000, 17, f"{cell.value}(新)"))

    return _changed(spoil), None


def change_shape(dice: random.Random) -> tuple[bytes, frozenset[int] | None]:
    def spoil(sheet: Any) -> None:
        dice.choice(
            (
                lambda: sheet.insert_rows(dice.randint(1, FIRST_ROW + CASES), dice.randint(1, 9)),
                lambda: sheet.delete_rows(dice.randint(1, FIRST_ROW), 1),
                lambda: sheet.insert_cols(dice.randint(1, 43)),
                lambda: sheet.delete_cols(dice.randint(1, 43), dice.randint(1, 5)),
                lambda: sheet.merge_cells(
                    start_row=6, end_row=9, start_column=1, end_column=dice.randint(1, 9)
                ),
                lambda: sheet.cell(1_000_000, 16_000).__setattr__("value", "far away"),
            )
        )()

    return _changed(spoil), None


def flip_bytes(dice: random.Random) -> tuple[bytes, frozenset[int] | None]:
    damaged = bytearray(whole())
    for _ in range(dice.choice((1, 1, 3, 50))):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged), None


def cut_off(dice: random.Random) -> tuple[bytes, frozenset[int] | None]:
    return whole()[: dice.randrange(len(whole()))], None


def damage_xml(dice: random.Random) -> tuple[bytes, frozenset[int] | None]:
    """A part is gone, twice there, cut off, or has other characters in it."""
    parts = _parts()
    name = dice.choice(sorted(parts))
    content = parts[name]
    place = dice.randrange(len(content) or 1)
    parts[name] = dice.choice(
        (
            b"", content[:place], content[:place] + b"\xff\x00<" + content[place:],
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            content.replace(b"<v>", b"<v>9", 7), content.replace(b't="s"', b't="b"', 5),
            content.replace(b'r="', b'r="ZZZ', 3), content.replace(b"<row ", b"<row><row ", 1),
            content.replace(b"><v>", b"><v>-", 4), b"<a>" * 5_000,
        )
    )  # fmt: skip
    if dice.random() < 0.2:
        del parts[name]
    return _zipped(parts), None


MUTATIONS: tuple[Callable[[random.Random], tuple[bytes, frozenset[int] | None]], ...] = (
    change_cells, change_headings, change_shape, flip_bytes, cut_off, damage_xml,
)  # fmt: skip


@pytest.mark.parametrize("number", range(HOW_MANY))
def test_a_damaged_workbook_is_read_rightly_or_refused_with_a_sentence(number: int, tmp_path: Path) -> None:
    dice = random.Random(number)  # noqa: S311 - the same damage every time, no secret
    content, spoiled = MUTATIONS[number % len(MUTATIONS)](dice)
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)

    with at_most(SECONDS):
        found = read(path)

    if isinstance(found, Refusal):
        assert len(str(found)) > 20
    elif spoiled is not None:
        assert untouched(found, spoiled) == untouched(original(), spoiled)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < GIBIBYTE


def read(path: Path) -> Ledger | Refusal:
    try:
        return ledger_of(read_book(path), ON)
    except Refusal as refusal:
        return refusal


@cache
def original() -> Ledger:
    path = Path(os.environ["HUIKUAN_HOME"]) / "whole.xlsx"
    path.write_bytes(whole())
    return ledger_of(read_book(path), ON)


def untouched(ledger: Ledger, spoiled: frozenset[int]) -> dict[str, list[str]]:
    """The rows that were left alone, each with what was read of it."""
    names = {f"LP2026-{number:05}" for number in range(1, CASES + 1) if number - 1 not in spoiled}
    fields = ("insured_name", "plate_no", "report_no", "insurer_name")
    return {
        str(row.text("claim_no")): [str(row.text(field)) for field in fields]
        for row in ledger.rows
        if row.text("claim_no") in names
    }


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    def hangs(*_: object) -> None:
        raise AssertionError(f"still reading after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _changed(spoil: Callable[[Any], None]) -> bytes:
    workbook = load_workbook(io.BytesIO(whole()))
    spoil(workbook["台账"])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
