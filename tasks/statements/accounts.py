"""Which account, and so which shop, a statement is of. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.values import Refusal, half_width, mask_account
from tasks.statements.statement import Statement


@dataclass(frozen=True)
class KnownAccount:
    """`export_name` is the file name its exports come under."""

    number: str
    shop_id: int
    export_name: str | None


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
        return Owner(number, statement.holder, registry.shop(known.shop_id), is_new=False)
    if shop := registry.holding(statement.holder):
        return Owner(number, statement.holder, shop, is_new=True)
    raise Refusal(
        f"{file_name} is of the account {number}, which is not registered, and names "
        f"{statement.holder or 'no holder'}. If it is a shop's: huikuan account add {number} "
        f"--shop {registry.code}, then again: huikuan intake statement {file_name}"
    )


def same_name(one: str, other: str) -> bool:
    return "".join(half_width(one).split()).casefold() == "".join(half_width(other).split()).casefold()
