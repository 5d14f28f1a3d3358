"""What a recorded fact changes in a case. Pure: values in, a frozen change out; amounts are fen."""

from collections.abc import Callable, Mapping
from datetime import date

from models.values import Refusal, UnreadableValue, business_date
from models.words import Cover, Fact
from tasks.cases import money
from tasks.cases.facts import Change, Known, Recorded, Round, amount_of

_LONGEST_NUMBER = 64


def change(recorded: Recorded, known: Known) -> Change | None:
    """What the fact changes; None where it is known already. Raises Refusal where it can't be so."""
    if recorded.on > recorded.today:
        raise Refusal(
            f"{known.claim_no}: {recorded.on} is after {recorded.today}; {recorded.fact} can be recorded "
            "when it has happened. Correct the day after --on."
        )
    return _DECIDE[recorded.fact](recorded, known)


def _of_case(known: Known, **facts: object) -> Change | None:
    new = {name: value for name, value in facts.items() if known.facts.get(name) != value}
    return Change(facts=new) if new else None


def _acceptance(recorded: Recorded, known: Known) -> Change | None:
    cited: dict[str, object] = {"accepted_proof": recorded.proof} if recorded.proof else {}
    return _of_case(known, insurer_accepted_date=recorded.on, **cited)


def _accident(recorded: Recorded, known: Known) -> Change | None:
    return _of_case(known, accident_date=recorded.on)


def _registration_no(recorded: Recorded, known: Known) -> Change | None:
    """立案号, alone or after its cover: 交强 and 商业 are registered apart (domain 1.4, 6.3)."""
    cover, _, number = recorded.value.strip().rpartition(" ")
    if not number or cover not in {"", *Cover} or len(number) > _LONGEST_NUMBER:
        raise Refusal(
            f'"{recorded.value}" is no 立案号. Write the number, with its cover before it where there are '
            f'several: huikuan case record {known.claim_no} registration-no "{Cover.COMPULSORY} NUMBER"'
        )
    of = Cover(cover or Cover.UNSPLIT)
    return None if known.registrations.get(of) == number else Change(registration=(of, number))


def _returned(recorded: Recorded, known: Known) -> Change | None:
    last = known.rounds[-1] if known.rounds else None
    if last and last.returned_on == recorded.on:
        return None
    if last and last.resubmitted_on is None and last.returned_on is not None:
        raise Refusal(
            f"The file of {known.claim_no} came back on {last.returned_on} and was not handed in again "
            "since. First: "
            f'huikuan case record {known.claim_no} resubmission "再次递交" --on {recorded.on}'
        )
    if last and last.resubmitted_on is None:
        return Change(round=Round(last.number, recorded.on, None), reason=recorded.value)
    return Change(round=Round(last.number + 1 if last else 1, recorded.on, None), reason=recorded.value)


def _resubmission(recorded: Recorded, known: Known) -> Change | None:
    last = known.rounds[-1] if known.rounds else None
    if last and last.resubmitted_on == recorded.on:
        return None
    if last is None or last.resubmitted_on is not None:
        raise Refusal(
            f"The file of {known.claim_no} is not back here. First record the return: "
            f'huikuan case record {known.claim_no} return "WHY" --on {recorded.on}'
        )
    if last.returned_on and recorded.on < last.returned_on:
        raise Refusal(
            f"{recorded.on} is before {last.returned_on}, when the file of {known.claim_no} came back. "
            "Correct the day after --on."
        )
    return Change(round=Round(last.number, last.returned_on, recorded.on))


def _assessment(recorded: Recorded, known: Known) -> Change | None:
    return _of_case(known, assessed_amount=amount_of(recorded, known.claim_no))


def _agreement(recorded: Recorded, known: Known) -> Change | None:
    return _of_case(known, settlement_agreed_on=recorded.on)


def _payment_final(recorded: Recorded, known: Known) -> Change | None:
    """The insurer says that no more will come: what is short is a difference now (domain 1.7)."""
    return _of_case(known, payment_final_on=recorded.on)


def _authorisation(recorded: Recorded, known: Known) -> Change | None:
    valid_to = _valid_to(recorded.value)
    if valid_to is not None and valid_to < recorded.on:
        raise Refusal(
            f"{known.claim_no}: an authorisation of {recorded.on} can't end before, on {valid_to}. Correct "
            "one of the days."
        )
    if known.facts.get("authorised_by") and known.facts.get("authorised_on") == recorded.on:
        return _of_case(known, authorisation_valid_to=valid_to) if valid_to else None
    return Change(
        facts={"authorised_by": recorded.by, "authorised_on": recorded.on, "authorisation_valid_to": valid_to}
    )


def _valid_to(value: str) -> date | None:
    try:
        return business_date(value)
    except UnreadableValue:
        return None


_DECIDE: Mapping[Fact, Callable[[Recorded, Known], Change | None]] = {
    Fact.ACCEPTANCE: _acceptance,
    Fact.RETURN: _returned,
    Fact.RESUBMISSION: _resubmission,
    Fact.ASSESSMENT: _assessment,
    Fact.AGREEMENT: _agreement,
    Fact.CONSENT: money.consent,
    Fact.AUTHORISATION: _authorisation,
    Fact.THIRD_PARTY_PROOF: money.third_party_proof,
    Fact.PAYMENT_FINAL: _payment_final,
    Fact.DEPOSIT: money.receipt,
    Fact.SELF_PAY: money.receipt,
    Fact.TOP_UP: money.receipt,
    Fact.ACCIDENT: _accident,
    Fact.REGISTRATION_NO: _registration_no,
}
