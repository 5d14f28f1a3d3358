"""Every job there is can be started by its name, or says which command does it."""

import pytest

from console import job_kinds
from models.values import Refusal
from tests.test_docs import is_command
from worker.parameters import TAKES
from worker.registry import load_jobs


def test_every_job_is_started_by_its_name_or_names_its_command() -> None:
    jobs = [name for name in load_jobs() if not job_kinds.can_be_started(name)]

    assert [name for name in jobs if name not in job_kinds.OWN_COMMANDS] == []


def test_what_has_a_command_of_its_own_is_never_started_by_its_name() -> None:
    assert [name for name in job_kinds.OWN_COMMANDS if job_kinds.can_be_started(name)] == []
    for name in job_kinds.OWN_COMMANDS:
        with pytest.raises(Refusal, match="has a command of its own"):
            job_kinds.check(name)


@pytest.mark.parametrize("command", sorted(set(job_kinds.OWN_COMMANDS.values())))
def test_the_commands_that_are_named_are_commands(command: str) -> None:
    assert is_command(command.split())


def test_what_is_no_step_and_may_be_started_is_this_and_nothing_else() -> None:
    """Whoever may run jobs may start these: a new one belongs here only if its own command asks for no more."""
    jobs = load_jobs()

    assert {name for name in TAKES if not job_kinds.is_step(name)} == {
        "rebuild_ledger", "export_ledger", "make_plan",
    }  # fmt: skip
    assert set(TAKES) <= set(jobs)
