"""What the database itself refuses of an entry, on SQLite and PostgreSQL, whoever writes it.

Accounts that are not those of its kind; a reversal that is not the mirror of one entry; a refund above what
is held for the customer; money taken out of an account above what lies there. The revision that made the
guards says the same, word for word.
"""

from collections.abc import Mapping

from models.words import Account, EntryKind

Legs = Mapping[EntryKind, tuple[Account, Account]]

REFUSED = "entry refused"
"""How every refusal of these guards begins."""

_TWICE = ("entry.occasion", "uq_entry_occasion", "entry.reverses_id", "uq_entry_reverses_id")

_LAID_ASIDE = "'refund_reserved', 'third_party_owed', 'over_receipt_held'"
_MIRROR = (
    "SELECT 1 FROM entry AS was WHERE was.id = NEW.reverses_id AND was.kind <> 'reversal' "
    "AND was.work_order_id = NEW.work_order_id AND was.amount = NEW.amount "
    "AND was.debit = NEW.credit AND was.credit = NEW.debit"
)
_HELD = (
    "SELECT COALESCE(SUM(CASE WHEN credit IN ('deposit_held', 'customer_owes') THEN amount ELSE 0 END "
    "- CASE WHEN debit IN ('deposit_held', 'customer_owes') THEN amount ELSE 0 END), 0) "
    "FROM entry WHERE work_order_id = NEW.work_order_id"
)
_LIES_THERE = (
    "SELECT COALESCE(SUM(CASE WHEN credit = NEW.debit THEN amount ELSE -amount END), 0) FROM entry "
    "WHERE work_order_id = NEW.work_order_id AND (credit = NEW.debit OR debit = NEW.debit)"
)


_IS_NO_MIRROR = (
    "(NEW.kind = 'reversal' OR NEW.reverses_id IS NOT NULL) "
    f"AND NOT (NEW.kind = 'reversal' AND EXISTS ({_MIRROR}))"
)
_IS_NOT_HELD = f"NEW.kind = 'refund_reserved' AND NEW.amount > ({_HELD})"
# A reversed payout may leave less than was passed on; what is reserved for a refund is never short.
_IS_NOT_THERE = (
    f"NEW.debit IN ({_LAID_ASIDE}) AND (NEW.kind <> 'reversal' OR NEW.debit = 'refund_reserved') "
    f"AND NEW.amount > ({_LIES_THERE})"
)


def _guards(legs: Legs) -> list[tuple[str, str, str]]:
    """Name, what is refused (as SQL over the row NEW) and the sentence of each guard."""
    known = ", ".join(f"'{kind}:{debit}:{credit}'" for kind, (debit, credit) in legs.items())
    accounts = f"NEW.kind || ':' || NEW.debit || ':' || NEW.credit NOT IN ({known})"
    return [
        ("accounts", f"NEW.kind <> 'reversal' AND {accounts}", "these are not the accounts of its kind"),
        ("mirror", _IS_NO_MIRROR, "a reversal mirrors one entry"),
        ("held", _IS_NOT_HELD, "more than is held for the customer"),
        ("laid_aside", _IS_NOT_THERE, "more than lies on the account"),
    ]


def statements(legs: Legs, dialect: str) -> list[str]:
    """The SQL that puts the guards up on 'sqlite' or 'postgresql'; a migration runs the same."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER entry_{name} BEFORE INSERT ON entry WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}: {sentence}'); END"
            for name, refused, sentence in _guards(legs)
        ]
    # Two who take money of one repair at once come one after the other: the second sees what the first took.
    first = (
        f"IF NEW.debit IN ({_LAID_ASIDE}) OR NEW.kind = 'refund_reserved' THEN "
        "PERFORM 1 FROM work_order WHERE id = NEW.work_order_id FOR NO KEY UPDATE; END IF; "
    )
    checks = "".join(
        f"IF {refused} THEN RAISE EXCEPTION '{REFUSED}: {sentence}' "
        "USING ERRCODE = 'check_violation'; END IF; "
        for _, refused, sentence in _guards(legs)
    )
    body = f"BEGIN {first}{checks}RETURN NEW; END"
    return [
        f"CREATE OR REPLACE FUNCTION entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        "CREATE TRIGGER entry_guard BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION entry_guard()",
    ]


def in_words(error: str) -> str | None:
    """What a database's error about an entry says to people; None for one that is none of ours."""
    if REFUSED in error:
        return f"{error.splitlines()[0]}, perhaps taken by somebody else at this moment"
    if any(name in error for name in _TWICE):
        return "posted before, perhaps by somebody else at this moment"
    return None
