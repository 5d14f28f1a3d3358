"""What happened, in words for a person."""

import pytest

from console.event_words import words


@pytest.mark.parametrize(
    ("kind", "inputs", "said"),
    [
        ("case_imported", {"file": "ledger.xlsx", "row": 7}, "case imported: file ledger.xlsx, row 7"),
        (
            "payout_matched",
            {"amount": 895_225, "lines": [30, 79]},
            "payout matched: amount 8952.25, lines 30 79",
        ),
        ("refund_prepare", {"S": 895_225, "hold": None, "W": 0}, "refund prepare: S 8952.25, W 0.00"),
        ("recorded_return", {"value": "缺发票", "was": {}}, "recorded return: value 缺发票"),
        ("x", {"was": {"assessed_amount": 5}}, "x: was (assessed amount 5)"),
        ("closed", {}, "closed"),
        ("closed", None, "closed"),
    ],
)
def test_an_event_is_a_line_of_words_with_amounts_in_yuan(kind: str, inputs: object, said: str) -> None:
    assert words(kind, inputs) == said
