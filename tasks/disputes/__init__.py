"""Disputes: what the insurer decided, what is said against it, and by when it is to be answered (domain 2.4).

Reads claim_case, difference, legal_rule and business_day. Writes dispute, dispute_clock, an errand when an
answer is late or a 核查 can still be asked for, and events. The ladder reads what stands here, and a repair
whose refund waits for the dispute is marked to be settled again (`work_order.settle_on`).
"""
