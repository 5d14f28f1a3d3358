"""Which account, and so which shop, a statement is of. Pure."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.values import Refusal, half_width, mask_account
from tasks.statements.statement import Statement


@dataclass(frozen=True)
class KnownAccount:
    """`export_name` is the file name its exports come under, `holder` the name it is kept under."""

    number: str
    shop_id: int
    export_name: str | None
    holder: str | None = None


@dataclass(frozen=True)
class KnownShop:
    shop_id: int
    code: str
    name: str


@dataclass(frozen=True)
class Registry:
    """Every shop and every registered account, by number."""

    shops: Sequence[KnownShop]
    accounts: Mapping[str, KnownAccount]

    def expected_for(self, file_name: str) -> str | None:
        """The account whose exports come under this file name, by the account list."""
        names = (
            a.number for a in self.accounts.values() if a.export_name and same_name(a.export_name, file_name)
        )
        return next(names, None)

    def shop(self, shop_id: int) -> KnownShop:
        return next(shop for shop in self.shops if shop.shop_id == shop_id)

    def holding(self, holder: str | None) -> KnownShop | None:
        """The shop of that name, if one is known."""
        return next((shop for shop in self.shops if holder and same_name(shop.name, holder)), None)

    @property
    def code(self) -> str:
        """What to write for --shop in a command: the shop's code where there is only one."""
        return self.shops[0].code if len(self.shops) == 1 else "CODE"


@dataclass(frozen=True)
class Owner:
    """The account of a statement; `is_new` when only the file knows it (it is registered provisionally)."""

    number: str
    holder: str | None
    shop: KnownShop
    is_new: bool


def owner(file_name: str, statement: Statement, given: str | None, registry: Registry) -> Owner:
    """Whose lines these are; `given` is the account named by hand.

    Raises Refusal with the command that settles it (design 5, bank accounts).
    """
    number = statement.account_number
    if number and given and number != given:
        raise Refusal(
            f"{file_name} is of the account {mask_account(number)} but was brought for "
            f"{mask_account(given)}. Bring the right file, or leave --account out: "
            f"huikuan intake statement {file_name}"
        )
    if not (number := number or given):
        raise Refusal(
            f"{file_name} doesn't say whose account it is. Say it: "
            f"huikuan intake statement {file_name} --account NUMBER"
        )
    if known := registry.accounts.get(number):
        _refuse_other_holder(file_name, statement.holder, known, registry.shop(known.shop_id))
        return Owner(number, statement.holder, registry.shop(known.shop_id), is_new=False)
    if shop := registry.holding(statement.holder):
        return Owner(number, statement.holder, shop, is_new=True)
    raise Refusal(
        f"{file_name} is of the account {number}, which is not registered, and names "
        f"{statement.holder or 'no holder'}. If it is a shop's: huikuan account add {number} "
        f"--shop {registry.code}, then again: huikuan intake statement {file_name}"
    )


def _refuse_other_holder(file_name: str, holder: str | None, known: KnownAccount, shop: KnownShop) -> None:
    """A file that names another company is not this account's, whatever number it was brought for."""
    names = [name for name in (known.holder, shop.name) if name]
    if holder and known.holder and not any(may_be_same(holder, name) for name in names):
        raise Refusal(
            f"{file_name} names {holder} as the holder, but the account {mask_account(known.number)} is kept "
            f"under {known.holder} ({shop.name}). Bring the right file; if that is its name: "
            f"huikuan account add {known.number} --shop {shop.code} --holder {shlex.quote(holder)}"
        )


def may_be_same(one: str, other: str) -> bool:
    """Whether one name is the other, or the other shortened or masked (连云港福源****, 福源汽修)."""
    short, long = sorted(
        ("".join(half_width(name).replace("*", "").split()).casefold() for name in (one, other)), key=len
    )
    rest = iter(long)
    return len(short) > 1 and all(sign in rest for sign in short)


def same_name(one: str, other: str) -> bool:
    return "".join(half_width(one).split()).casefold() == "".join(half_width(other).split()).casefold()
