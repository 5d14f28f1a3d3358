"""What we tell people.

A notice is a frozen dataclass (`notices`), written by `outbox.put` in the transaction of its reason,
rendered from the templates of the same name (`render`) and sent by `deliver` (`job`), later and once.
Reads contact, insurer, claim_case; writes notice and notice_attempt.
"""
