"""Bank files -> bank lines.

Reads: source_file (kind statement, waiting), bank_account, bank_line, statement_profile, shop, ledger_close.
Writes: bank_line, statement_period, statement_profile, bank_account (provisional, or from an account list),
source_file (read or refused), finding. A line is kept as it stood, with its file; money in is positive, money
out negative (the bank's 贷方 and 借方, domain 6.1). What a line pays is the business of reconciliation.
"""
