"""What people see: moments are those of the shop's clock, to the minute."""

from datetime import UTC, datetime

import pytest

from console.output import table


def test_a_moment_is_shown_in_the_shops_time(capsys: pytest.CaptureFixture[str]) -> None:
    sent = {"sent": datetime(2026, 11, 21, 18, 30, 5, 374588, tzinfo=UTC)}

    table([sent], {"sent": "sent"}, "none")

    assert "2026-11-22 02:30" in capsys.readouterr().out
