"""The batch-transfer files that corporate e-banking takes: a declaration per layout."""

from tasks.refunds.layouts.ccb import CCB
from tasks.refunds.layouts.generic import GENERIC, GENERIC_CSV
from tasks.refunds.layouts.icbc import ICBC
from tasks.refunds.layouts.layout import Layout

LAYOUTS: dict[str, Layout] = {each.name: each for each in (GENERIC, GENERIC_CSV, ICBC, CCB)}
