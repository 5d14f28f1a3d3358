"""Clocks: what the law gives the insurer for each open claim, and where each clock stands tonight.

Reads claim_case, expected_line, payout, submission_round, legal_rule and business_day.
Writes deadline (and an event when a clock is missed for the first time).
"""
