"""Settlements (结算费用的分配): the bill of a repair, and who is expected to pay it.

Reads work_order, claim_case, expected_line and entry. Writes the bill with its entry, expected lines (claim x
cover x work order), and an event. A repair whose money it changes is marked to be settled again.
"""
