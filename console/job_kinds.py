"""Which jobs can be started by hand, with what; every other one has a command of its own.

Started generically may be what the night does by itself, and what declares its parameters
(`worker.parameters.takes`): whoever may run jobs may start these. All else decides for a person or moves
money: its own command asks for the role that may.
"""

from typing import Any

from models.values import Refusal
from scheduler.timetable import STEPS
from worker.parameters import TAKES
from worker.registry import find_job, load_jobs

OWN_COMMANDS = {
    "night": "night run",
    "read_account_list": "account import",
    "read_contact_list": "contact import",
    "read_ledger": "intake ledger",
    "read_statement": "intake statement",
    "vouch_for_ledger": "intake ledger",
    "decide_headings": "intake map",
    "map_statement": "statement map",
    "remove_profile": "statement remove",
    "accept_match": "reconcile accept",
    "reject_match": "reconcile reject",
    "undo_match": "reconcile undo",
    "undo_run": "reconcile undo",
    "apply_plan": "reconcile apply",
    "read_payment_list": "reconcile list-import",
    "record_fact": "case record",
    "record_stage_fact": "case record",
    "record_bill": "case bill",
    "expect_payout": "case expect",
    "close_case": "case close",
    "reopen_case": "case reopen",
    "reverse_payout": "case reverse-payout",
    "pay_third_party": "case pay-third-party",
    "unpay_third_party": "case unpay-third-party",
    "approve_refund": "refund approve",
    "decline_refund": "refund decline",
    "hold_refund": "refund hold",
    "unhold_refund": "refund unhold",
    "split_refund": "refund split",
    "record_payee": "refund payee",
    "make_payment_file": "refund pay-file",
    "pay_refund": "refund paid",
    "bounce_refund": "refund bounced",
    "fail_refund": "refund failed",
    "resolve_difference": "difference resolve",
    "approve_difference": "difference approve",
    "decline_difference": "difference decline",
    "undo_difference": "difference undo",
    "hold_chase": "chase hold",
    "take_promise": "chase promise",
    "lift_chase": "chase hold",
    "finish_errand": "chase done",
    "record_delivery": "chase delivered",
    "import_reply": "chase import-reply",
    "make_pack": "chase pack",
    "open_dispute": "dispute open",
    "answer_dispute": "dispute answered",
    "resolve_dispute": "dispute resolve",
    "close_period": "ledger close",
    "reopen_period": "ledger reopen",
}

_STEPS = {step.job: number for number, step in enumerate(STEPS, 1)}


def is_step(job: str) -> bool:
    return job in _STEPS


def can_be_started(job: str) -> bool:
    # What jobs declare is known once they are imported.
    return is_step(job) or (job in load_jobs() and job in TAKES)


def check(job: str) -> None:
    """Raise Refusal for a job that does not exist, or that has a command of its own."""
    if job not in OWN_COMMANDS:
        find_job(job)
    if can_be_started(job):
        return
    own = f": huikuan {OWN_COMMANDS[job]}" if job in OWN_COMMANDS else ". See: huikuan --help"
    raise Refusal(f"{job} has a command of its own, which asks for what it needs{own}")


def kinds() -> list[dict[str, Any]]:
    """Every job: its place in the night, what can be set, what it does, and how it is started."""
    found = [
        {
            "job": each.name,
            "step": _STEPS.get(each.name),
            "takes": ", ".join(TAKES.get(each.name, {})),
            "purpose": each.purpose,
            "command": "job start" if can_be_started(each.name) else OWN_COMMANDS.get(each.name, ""),
        }
        for each in load_jobs().values()
    ]
    return sorted(found, key=lambda each: (each["step"] is None, each["step"] or 0, each["job"]))
