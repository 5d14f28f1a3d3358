"""The explanation of a case as a person reads it."""

from typing import Any

from console import case_gates
from console.output import say, table
from models.words import Gate

Explained = dict[str, Any]


def tell(case: Explained) -> None:
    """Everything, in the order in which one would ask."""
    shared = f", shared with {' '.join(case['shared_with'])}" if case["shared_with"] else ""
    say(
        f"{case['claim_no']}, {case['plate_no']}, {case['insured_name']}, {case['insurer'] or 'no insurer'}: "
        f"stage {case['stage']}",
        f"Repair {case['work_order_no']}{shared}. Amounts in yuan.",
    )
    if case["closed_date"]:
        say(f"Closed on {case['closed_date']} by {case['closed_by']}.")
    _money(case)
    _expected(case)
    _refunds(case)
    _clocks(case)
    say("")
    case_gates.tell(case["blockers"], Gate.STAGE)
    case_gates.tell(case["blockers"], Gate.CLOSING)
    say("", "What happened")
    say(*(f"  {each['date']}  {each['by']}: {each['sentence']}" for each in case["events"]))
    for rule in case["rules"]:
        say("", f"The rule {rule['version']}", f"  {rule['text']}")


def _money(case: Explained) -> None:
    say("", "Figures, and the entries behind each")
    for term in case["figures"]:
        if not term["entries"] and term["amount"] in (None, "0.00"):
            continue
        wrong = "" if term["adds_up"] else f"  <- the entries come to {term['entries_amount']}"
        say(f"  {term['symbol'] or ' '}  {term['amount']:>14}  {term['name']}{wrong}")
        for entry in term["entries"]:
            say(f"     {entry['amount']:>14}  {entry['date']}  {entry['kind']}: {entry['source']}")
    if case["rule"] is None:
        say("  Not computed yet; the next night does it.")
        return
    for each in case["derived"]:
        say(f"  {each['symbol'] or ' '}  {each['amount']:>14}  {each['name']}")
    rule = case["rule"]
    say("", f"By the rule {rule['version']}, on {rule['computed_on']}")
    say(f"  {rule['text'] or 'The text of this version was not kept.'}")
    if not rule["is_fresh"]:
        say("  The money of the repair changed since; the next night computes it anew.")


def _expected(case: Explained) -> None:
    say("", "What insurers owe, line by line")
    columns = {
        "claim": "claim_no", "cover": "cover", "kind": "kind", "expected amount": "expected",
        "received amount": "received", "result": "result",
    }  # fmt: skip
    table(case["lines"], columns, "  Nothing is expected.")
    if case["payouts"]:
        columns = {
            "payout": "id",
            "on": "received_on",
            "cover": "cover",
            "amount": "amount",
            "state": "state",
        }
        table(case["payouts"], columns, "")


def _refunds(case: Explained) -> None:
    for refund in case["refunds"]:
        by = f", approved by {refund['approved_by']}" if refund["approved_by"] else ""
        paid = f", paid on {refund['paid_on']} to {refund['payee']}" if refund["paid_on"] else ""
        say("", f"Refund {refund['id']} of {refund['amount']}: {refund['state']}{by}{paid}")
        if refund["sentence"]:
            say(f"  {refund['sentence']} ({refund['rule']}, {refund['computed_on']})")


def _clocks(case: Explained) -> None:
    say("", "Clocks of the law")
    for each in case["deadlines"]:
        notes = [f"{each['stopped_days']} days stopped"] if each["stopped_days"] else []
        notes += ["an estimate"] if each["estimate"] else []
        notes += ["provisional: next year's holidays are not out"] if each["provisional"] else []
        more = f" ({', '.join(notes)})" if notes else ""
        say(
            f"  {each['cover']} {each['rule']}: from {each['started_on']} to {each['due_on']}, "
            f"{each['state']}{more}. {each['source']}"
        )
    if not case["deadlines"]:
        say("  None runs.")
    _chase(case["chase"])


def _chase(chase: Explained | None) -> None:
    say("", "Chasing")
    if chase is None:
        say("  The case is not chased.")
        return
    why = f"no step now: {chase['reason']}" if chase["reason"] else f"step {chase['step']} was taken"
    again = f", looked at again on {chase['look_again_on']}" if chase["look_again_on"] else ""
    say(f"  Since {chase['since']}: {why}; {chase['open_amount']} open{again}.")
    for step in chase["steps"]:
        say(f"  {step['taken_on']}  step {step['step']} on {step['cover']}: {step['notice']}")
