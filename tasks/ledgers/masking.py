"""The masked edition (脱敏) of a ledger: for readers outside the shop (domain 3.2); pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from models.values import mask_name, mask_plate, mask_report_no
from tasks.ledgers.book import Correction, LedgerBook, LedgerRow, Plain

MASKS: Mapping[str, Callable[[str], str]] = {
    "insured_name": mask_name,
    "plate_no": mask_plate,
    "report_no": mask_report_no,
    "refund_payee": lambda names: "、".join(mask_name(name) for name in names.split("、")),
}
"""The fields that name a customer or his car. Staff and claim numbers stay: they are the shop's own."""

_FREE_TEXTS = ("difference_resolution", "rejected_returned", "remark")
"""What people wrote: the customer's name may stand in it."""


def masked(book: LedgerBook) -> LedgerBook:
    """The same ledger without anything that names a customer."""
    return replace(
        book, masked=True, rows=tuple(_row(row) for row in book.rows),
        corrections=tuple(_correction(each) for each in book.corrections),
    )  # fmt: skip


def _row(row: LedgerRow) -> LedgerRow:
    hidden = {field: mask(row.text(field)) for field, mask in MASKS.items() if row.text(field)}
    for field in _FREE_TEXTS:
        text = row.text(field)
        for named in MASKS:
            if len(row.text(named)) > 1:
                text = text.replace(row.text(named), str(hidden[named]))
        hidden[field] = text
    return replace(row, cells={**row.cells, **hidden})


def _correction(each: Correction) -> Correction:
    mask = MASKS.get(each.field)
    return replace(each, was=_hidden(mask, each.was), now=_hidden(mask, each.now)) if mask else each


def _hidden(mask: Callable[[str], str], value: Plain) -> Plain:
    return mask(value) if isinstance(value, str) and value else value
