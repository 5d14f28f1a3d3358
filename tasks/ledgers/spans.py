"""What a ledger looks at: of which days, and as known when."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Select

Repairs = Select[int]
"""The work orders whose cases may stand in a ledger."""


class Span(NamedTuple):
    """Facts from the first day of a month to the last one shown."""

    first: date
    as_of: date
    known_on: date | None = None
    """What was recorded after this business date is not known yet; None = all that is known now."""
