"""Refunds: what goes back to the customer, why, and who approved it.

Reads work_order, expected_line, payout, customer_line and entry (written by intake and
reconciliation); writes position (the money of every repair), refund, the entries that reserve or
release one, and the notice of an approved refund. `work_order.settle_on` says which repairs to look
at; this room clears it.
"""
