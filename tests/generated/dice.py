"""Seeded names, numbers and amounts as they occur."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import NamedTuple, TypeVar

T = TypeVar("T")

_FAMILY = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗"
_GIVEN = "伟芳娜敏静秀丽强磊军洋勇艳杰涛明超兰霞平刚桂英华建红玉梅鹏飞"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class InsurerOf(NamedTuple):
    """A group, the branch that policies name, and the names its money comes under (domain 6.3)."""

    group: str
    branch: str
    payers: tuple[str, ...]


INSURERS = (
    InsurerOf("人保财险", "中国人民财产保险股份有限公司连云港市分公司", (
        "中国人民财产保险股份有限公司连云港市分公司", "中国人民财产保险股份有限公司江苏省分公司",
        "中国人民财产保险股份有限公司连云港市海州支公司", "人保财险连云港市分公司", "PICC连云港",
    )),
    InsurerOf("平安产险", "中国平安财产保险股份有限公司连云港中心支公司", (
        "中国平安财产保险股份有限公司连云港中心支公司", "平安产险江苏分公司",
    )),
    InsurerOf("太保产险", "中国太平洋财产保险股份有限公司连云港中心支公司", (
        "中国太平洋财产保险股份有限公司连云港中心支公司", "太平洋财险江苏分公司理赔账户",
    )),
    InsurerOf("国寿财险", "中国人寿财产保险股份有限公司连云港市中心支公司", (
        "中国人寿财产保险股份有限公司连云港市中心支公司", "国寿财险江苏省分公司",
    )),
)  # fmt: skip


class Dice:
    """One stream of chance; the same seed tells the same story."""

    def __init__(self, seed: object) -> None:
        self._random = random.Random(str(seed))  # noqa: S311 - the same dice every time
        self._plates: set[str] = set()

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def one(self, some: Sequence[T]) -> T:
        return self._random.choice(some)

    def some(self, of: Sequence[T], count: int) -> list[T]:
        """Some of a sequence, in its order."""
        taken = sorted(self._random.sample(range(len(of)), count))
        return [of[at] for at in taken]

    def weighted(self, weights: Mapping[T, float]) -> T:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def later(self, day: date, low: int, high: int) -> date:
        return day + timedelta(days=self.number(low, high))

    def moment(self) -> time:
        return time(self.number(8, 17), self.number(0, 59), self.number(0, 59))

    def size(self) -> int:
        """How many claims a transfer pays together: few mostly, a dozen at times."""
        return min(12, max(2, round(self._random.lognormvariate(1.4, 0.5))))

    def amount(self) -> int:
        """Fen as insurers pay them: 35 % whole hundreds, 25 % whole tens, 20 % whole yuan, 20 % with cents;
        the median is 3,000 yuan.
        """
        yuan = self._random.lognormvariate(8.006, 0.8)
        grain = self._random.choices((10_000, 1_000, 100, 1), (35, 25, 20, 20))[0]
        return max(1, round(yuan * 100 / grain)) * grain

    def plate(self) -> str:
        """A plate that no other car of the shop has, with a 0 or a 1 in every second one."""
        while True:
            signs = [self.one("0123456789") for _ in range(5)]
            if self.chance(0.6):
                signs[self.number(0, 4)] = self.one(_LETTERS)
            if self.chance(0.2):
                signs.insert(0, self.one("DF"))
            plate = "苏G" + "".join(signs)
            if plate not in self._plates:
                self._plates.add(plate)
                return plate

    def person(self) -> str:
        return self.one(_FAMILY) + "".join(self.one(_GIVEN) for _ in range(self.number(1, 2)))

    def insured(self) -> str:
        return (
            self.person() if self.chance(0.85) else f"连云港{self.one(_GIVEN)}{self.one(_GIVEN)}物流有限公司"
        )

    def report_no(self, group: str, day: date) -> str:
        """A report number in the form of its group (domain 6.3)."""
        heads = {"人保财险": (f"RDAA{day.year}320700", 10), "平安产险": ("9", 20), "太保产险": ("4", 21)}
        head, digits = heads.get(group, ("605", 18))
        return head + "".join(self.one("0123456789") for _ in range(digits))

    def account_no(self) -> str:
        return str(self.number(1, 9)) + "".join(self.one("0123456789") for _ in range(15))
