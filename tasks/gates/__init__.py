"""Stage gates: what a case needs before its next stage, and the facts that bring it there.

Reads claim_case, work_order, submission_round, expected_line, customer_line and entry. Every night writes
what is missing as blocker rows (gate STAGE), with the command that mends each; they go by themselves when it
is there. Facts of stages 1 and 2 that people record (review, release, report number, liability, invoice,
hand-over) and papers of stage 3 (receipt of the deposit, signature for a refund) are written here: an act of
ours that the form forbids is refused, what happened outside is only listed (domain 1.2 to 1.4, 1.6).
"""
