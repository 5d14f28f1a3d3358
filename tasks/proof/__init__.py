"""Proof: every night all entries are held against totals that were made without them.

Reads entry and, as control totals, work_order, customer_line, payout, expected_line, refund, payment files,
bank lines with the rows of their files, and position. Writes nothing but `settle_on` of repairs that stop or
begin to add up: what is off is set aside by name (`work_order:17`, `position:17`, `bank_line:5`,
`source_file:3`, `payment_file:2`, `shop:1`), the night is red, and the refunds room holds back what a
`work_order` of the step prove_money stands for.
"""
