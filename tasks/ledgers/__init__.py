"""ledgers: the month's workbook (保险理赔台账) of one shop.

Reads cases, work orders, expected lines, submission rounds, payouts, customer receipts,
positions and refunds; writes a workbook into the shop's folder and a row of what was built.
"""
