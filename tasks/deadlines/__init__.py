"""Clocks: what the law gives the insurer for each open claim, and where each clock stands tonight.

Reads claim_case, expected_line, payout, submission_round, interruption, legal_rule, business_day and the
notes of what changed (case_change). Writes deadline, an event when a clock is missed for the first time, an
errand when a limitation comes near, and a warning when a year's holiday notice is missing.
"""
