"""Chasing: what each open case is asked for tonight, on the ladder of domain 2.6, or why it is not.

Reads claim_case, expected_line, payout, submission_round, deadline, insurer and setting.
Writes chase_state (one row per open case), chase_step, an event per step, and notices to the insurers.
"""
