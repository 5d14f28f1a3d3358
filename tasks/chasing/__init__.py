"""Chasing: what each open case is asked for tonight, on the ladder of domain 2.6, or why it is not.

Reads claim_case, expected_line, payout, submission_round, deadline, dispute, bank_line, insurer,
ladder_level, interest_rate and setting. Writes chase_state (one row per open case), chase_step, chase_letter,
chase_plan, chase_hold, insurer_reply, errand, an event per step, and notices to the insurers.
"""
