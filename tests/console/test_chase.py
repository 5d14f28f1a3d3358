"""`huikuan chase|rule|calendar|dispute`, as people type them, on the sample shop after its night."""

import json
from pathlib import Path

import pytest

from tests.console.conftest import Huikuan
from tests.tasks.deadlines.test_notice_file import REST_2027, WORKED_2027, published

NIGHT = "2026-11-21"


def waiting_claim(huikuan: Huikuan) -> str:
    """A case that was chased tonight."""
    rows = huikuan("chase", "list", "--json").json
    return str(next(row["claim_no"] for row in rows if row["step"] == 0))


def test_a_case_is_held_promised_disputed_and_its_papers_laid_out(
    sample: Path, huikuan: Huikuan, tmp_path: Path
) -> None:
    claim = waiting_claim(huikuan)

    held = huikuan(
        "chase", "hold", claim, "--until", "2026-12-24", "--because", "核价", "--date", "2026-11-22"
    )
    assert (held.status, held.err) == (0, "")
    lifted = huikuan("chase", "hold", claim, "--lift", "--date", "2026-11-22")
    assert "goes on" in lifted.out
    promised = huikuan("chase", "promise", claim, "--pays", "2026-11-26", "--date", "2026-11-22")
    assert "2026-11-26" in promised.out
    assert [row["kind"] for row in huikuan("chase", "list", "--holds", "--json").json] == ["promise"]
    opened = huikuan(
        "dispute", "open", claim, "--kind", "refused", "--on", "2026-11-20", "--because", "未年检",
        "--date", "2026-11-22", "--json",
    )  # fmt: skip
    assert opened.json["next_due_on"] == "2026-11-23"
    assert opened.json["source"] == "保险法 24"
    done = huikuan(
        "dispute",
        "resolve",
        opened.json["number"],
        "--outcome",
        "raised",
        "--on",
        "2026-11-22",
        "--date",
        "2026-11-22",
    )
    assert "is resolved" in done.out
    pack = huikuan("chase", "pack", claim, "--lawyer", "--date", "2026-11-22", "--json")
    assert pack.json["papers"] >= 2
    assert "授权委托书原件" in pack.json["missing"]


def test_a_rehearsal_of_the_chase_leaves_nothing(sample: Path, huikuan: Huikuan) -> None:
    before = huikuan("chase", "list", "--plans", "--json").json

    said = huikuan("chase", "run", "--dry-run", "--date", "2026-11-24", "--json")

    assert said.status == 0
    assert said.json["would_send"]
    assert huikuan("chase", "list", "--plans", "--json").json == before


def test_rules_rates_and_levels_are_dated_rows(sample: Path, huikuan: Huikuan) -> None:
    gap = huikuan(
        "rule", "set", "decision", "20", "--from", "2010-01-01", "--to", "2010-12-31", "--source", "x"
    )
    changed = huikuan("rule", "set", "decision", "20", "--from", "2027-01-01", "--source", "保险法(修订)")
    rate = huikuan("rule", "rate", "set", "3.00", "--from", "2026-01-20")
    level = huikuan(
        "rule", "ladder", "set", "3", "--days", "2", "--floor", "200", "--insurer", "人保财险", "--json"
    )

    assert gap.status == 1
    assert "no rule would be valid" in gap.err
    assert "20 days from 2027-01-01" in changed.out
    rows = [row for row in huikuan("rule", "list", "--all", "--json").json if row["code"] == "decision"]
    assert [(row["length"], row["valid_to"]) for row in rows] == [(30, "2026-12-31"), (20, None)]
    assert "3.00%" in rate.out
    assert (level.json["days"], level.json["floor"]) == ("2", "200.00")
    levels = huikuan("rule", "ladder", "list", "--insurer", "人保财险", "--json").json["levels"]
    assert levels[3]["days"] == "2"


@pytest.mark.parametrize(
    "words, why",
    [
        (
            ("rule", "set", "nonsense", "1", "--from", "2027-01-01", "--source", "x"),
            "There is no rule nonsense",
        ),
        (("rule", "rate", "set", "300", "--from", "2027-01-01"), "between 0 and 24 %"),
        (("rule", "rate", "set", "three", "--from", "2027-01-01"), "is no rate in per cent"),
        (("rule", "ladder", "set", "7", "--form", "letter"), "levels 7 and 8 are a person's"),
        (("rule", "ladder", "set", "3", "--to", "everybody"), "names nobody at an insurer"),
        (("chase", "pack", "LP2026-0001"), "Say for what"),
        (("chase", "hold", "LP2026-0001"), "Say until when and why"),
        (("chase", "approve", "2026-11-20"), "nothing to approve"),
        (("chase", "done", "99", "--because", "x"), "no errand 99"),
        (
            ("dispute", "resolve", "ZY-1", "--outcome", "paid", "--on", "2026-11-20"),
            "see: huikuan dispute list",
        ),
    ],
)
def test_what_cannot_be_done_is_said_with_the_next_step(
    sample: Path, huikuan: Huikuan, words: tuple[str, ...], why: str
) -> None:
    said = huikuan(*words)

    assert said.status == 1
    assert why in said.err


def test_a_holiday_notice_is_taken_and_an_empty_one_refused(
    sample: Path, huikuan: Huikuan, tmp_path: Path
) -> None:
    empty, notice = tmp_path / "empty.json", tmp_path / "2027.json"
    empty.write_text(json.dumps({"year": 2027, "papers": [], "days": []}), "utf-8")
    notice.write_text(published(REST_2027, WORKED_2027), "utf-8")

    assert "2027 is missing" in huikuan("calendar", "check", "--date", "2026-11-22").out
    late = huikuan("calendar", "check", "--date", "2026-12-15")
    assert late.status == 1
    assert "names no days of 2027" in huikuan("calendar", "load", empty).err
    assert any(item["kind"] == "calendar" for item in huikuan("todo", "list", "--json").json)
    assert "18 days, 18 of them new" in huikuan("calendar", "load", notice).out
    assert huikuan("calendar", "check", "--date", "2026-12-15").status == 0
    assert huikuan("calendar", "show", "2027", "--json").json["known"] is True
    assert not any(item["kind"] == "calendar" for item in huikuan("todo", "list", "--json").json)
