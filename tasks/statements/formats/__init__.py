"""Every layout that is read, known banks first. A new bank is a new declaration and a line here."""

from tasks.statements.formats import abc, boc, ccb, cmb, general, icbc
from tasks.statements.layout import Layout

KNOWN_BANKS: tuple[Layout, ...] = (
    icbc.VOUCHERS,
    icbc.TRANSFERS,
    icbc.PLAIN,
    ccb.NEWER,
    ccb.OLDER,
    abc.DETAILS,
    boc.TRANSACTIONS,
    cmb.TRANSACTIONS,
)
GENERAL: tuple[Layout, ...] = (general.IN_AND_OUT, general.FLAGGED, general.SIGNED)
