"""Differences (赔款差额): what came on an expected line is not what was expected, and what becomes of it.

Reads expected_line, payout, claim_case and entry; writes difference, the resolution and the amount of
expected lines, payouts that are reversed or go to another claim, the money entries of all that, and the
trail. Also here: a payout that the insurer takes back, and third-party money that the shop passes on. What it
changes is marked to be settled again by the refunds room.
"""
