"""Cases: the dated facts that people record by hand.

Reads claim_case, submission_round, expected_line, payout, difference and customer_line. Writes the field,
round, prepared result or receipt that a fact is, its money entries, and an event with who recorded it and
on what proof. A repair whose money it changes is marked to be settled again.
"""
