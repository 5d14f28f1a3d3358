"""What a case lacks of stage 1: review, bill, authorisation (domain 1.2, 1.6, 2.3). Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from tasks.gates.facts import Case, Lack, Patience, record


def review(case: Case, _: Patience, today: date) -> Iterator[Lack]:
    left = case.left_on
    if left is None or left > today:
        return
    other = f"somebody who is not {case.receptionist}" if case.receptionist else "a reviewer"
    if case.reviewer is None:
        what = "left" if case.released_on else "went to the insurer"
        yield Lack(
            "not_reviewed",
            f"{case.claim_no}: the car {what} on {left} without the review of stage 1 (审核签名). To be "
            f"reviewed by {other}: {record(case, 'review')}",
            left,
        )
    elif case.reviewer == case.receptionist:
        yield Lack(
            "reviewed_by_filler",
            f"{case.claim_no}: {case.reviewer} is 保险接车员 and 审核签名 at once; nobody reviews an entry "
            f"of their own. To be reviewed by somebody else: {record(case, 'review')}",
            case.reviewed_on or left,
        )


def bill(case: Case, _: Patience, today: date) -> Iterator[Lack]:
    if case.released_on and case.released_on <= today and case.settlement.bill is None:
        yield Lack(
            "no_bill",
            f"{case.claim_no}: the car left on {case.released_on} without a settled bill (实收费用). Record "
            f"it: huikuan case bill {case.claim_no} AMOUNT --customer AMOUNT",
            case.released_on,
        )
    if case.is_settling and case.settlement.unexplained:
        yield Lack(
            "identity",
            f"{case.claim_no}: {case.settlement.in_words()}. Correct the bill or who bears it: "
            f"huikuan case bill {case.claim_no} AMOUNT --customer AMOUNT",
            None,
        )


def authorisation(case: Case, _: Patience, today: date) -> Iterator[Lack]:
    left, until = case.left_on, case.authorisation_valid_to
    if not case.is_agency_claim or left is None or left > today:
        return
    if not case.authorised:
        yield Lack(
            "no_authorisation",
            f"{case.claim_no}: claimed for the customer without a 授权委托书 on record: nothing goes out to "
            f"the insurer. Record it: {record(case, 'authorisation')} 授权委托书",
            left,
        )
    elif until is not None and until < today and case.still_owed:
        yield Lack(
            "authorisation_expired",
            f"{case.claim_no}: the 授权委托书 ended on {until} and the insurer still owes. Record a new one: "
            f"{record(case, 'authorisation')} 授权委托书",
            until + timedelta(days=1),
        )
