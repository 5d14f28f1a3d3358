"""Reconciliation: bank lines become payouts on expected lines, or stand on the worklist with a reason.

Reads bank lines that are not settled, cases with their expected lines and payouts, insurer names and report
patterns, refunds already paid. Writes matches and their parts, payouts with their money entries, refunds
that bounced, events, and the outcome of every bank line. What a person accepts or rejects goes the same way.
Other rooms meet this one in those rows only; a repair whose money moved is marked to be settled again.
"""
