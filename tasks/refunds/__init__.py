"""Refunds: what goes back to the customer, why, who approved it, and how it was paid.

Reads work_order, expected_line, payout, customer_line and entry (written by intake and
reconciliation); writes position (the money of every repair), refund and its parts, payee_account,
payment_file and payment_item, the entries that reserve, release, pay or bring back a refund, and the
notices to the customer. `work_order.settle_on` says which repairs to look at; this room clears it.
`refund.remind_on` says when a customer is reminded. Reconciliation posts a refund as paid, too, by the
same `models.refund_paying`.
"""
