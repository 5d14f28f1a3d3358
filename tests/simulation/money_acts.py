"""What people decide about money and papers on a day, and how likely each of it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from tests.simulation.difference_acts import settle_differences
from tests.simulation.line_acts import clear_lines, undo_a_match
from tests.simulation.month_acts import close_cases, close_month, reopen_month
from tests.simulation.paper_acts import put_in_order
from tests.simulation.refund_acts import (
    approve_refunds,
    hold_refunds,
    pay_refunds,
    send_refunds,
    settle_files,
)

if TYPE_CHECKING:
    from tests.simulation.shop_days import ShopDays

ALL: tuple[tuple[Callable[[ShopDays, date], None], float], ...] = (
    (clear_lines, 0.5), (undo_a_match, 0.1), (settle_differences, 0.4), (approve_refunds, 0.6),
    (pay_refunds, 0.6), (send_refunds, 0.15), (settle_files, 0.3), (hold_refunds, 0.1), (close_cases, 0.3),
    (put_in_order, 0.3), (close_month, 0.25), (reopen_month, 0.02),
)  # fmt: skip
"""What may be done on a day, and how likely it is."""
