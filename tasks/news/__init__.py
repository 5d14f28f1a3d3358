"""News for customers: what happened to their repair and claim since last night (domain 3.2).

Reads the events of the night and, of the repairs they name, claim_case, customer_line, payout, match, refund,
position, difference and submission_round. Writes notices: deposit received, claim accepted, payout received,
refund paid, refund waiting, top-up asked, papers missing. Only what is a few days old at most is news: a
ledger of old cases, brought for the first time, tells nobody anything.
"""
