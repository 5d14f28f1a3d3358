"""Intake: the ledger workbooks and contact lists that shops keep today become cases and addresses.

Reads waiting source files of the shop, insurers with their aliases and number patterns, cases already known.
Writes work orders, cases, expected lines, customer lines, submission rounds, asserted payouts, refunds
already paid, the money entries of all these, contacts, inactive staff, and a finding for every row or cell
that needs a person. Other rooms meet this one in those rows only.
"""
