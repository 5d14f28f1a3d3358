"""Follow-ups (回访): after a case is closed the customer is called once, if he has not refused it (PIPL 24).

Reads the events of the night and claim_case; writes a notice that announces the call and an errand for
whoever calls. No service: a customer who opted out is left alone altogether.
"""
