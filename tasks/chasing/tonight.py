"""What a night of a shop has to go through, part by part, and how it stands to tell anybody."""

from dataclasses import dataclass

from models.words import ChaseReason
from tasks.chasing.looks import Looks
from tasks.chasing.pauses import Transfer
from tasks.chasing.policy import Policy


@dataclass
class Tonight:
    """The cases to look at, in whole branches: a branch gets one message however long the night is."""

    house: Policy
    transfers: list[Transfer]
    branches: list[Looks]
    noted: set[int]
    """Cases that the database noted: the notes are taken away with the part that looks at them."""
    silent: ChaseReason | None = None
    """Why nothing is told tonight; None = it is."""

    @property
    def left(self) -> int:
        return sum(len(each.case_ids) for each in self.branches)

    def next(self, at_most: int, *, all_at_once: bool) -> list[int]:
        """Take the next branches, `at_most` cases if a single one has no more; their cases by id."""
        taken: list[int] = []
        while self.branches:
            if taken and not all_at_once and len(taken) + len(self.branches[0].case_ids) > at_most:
                break
            taken += self.branches.pop(0).case_ids
        return sorted(taken)
