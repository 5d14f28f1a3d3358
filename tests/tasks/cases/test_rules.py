"""What a fact that somebody records changes in a case, and what cannot be so."""

from dataclasses import replace
from datetime import date

import pytest

from models.values import Refusal
from models.words import Cover, Fact, LineKind, Resolution
from tasks.cases.facts import Change, Known, Line, Recorded, Round
from tasks.cases.rules import change

TODAY = date(2026, 11, 21)
OWN = Line(1, LineKind.OWN_REPAIR, 1_180_000, 1_100_000, None, is_proven=False)
THIRD = Line(2, LineKind.OTHER_AGENCY, 690_000, 690_000, None, is_proven=False)


def recorded(fact: Fact, value: str = "", on: date = date(2026, 11, 20), *, alone: bool = False) -> Recorded:
    return Recorded(fact, value, on, TODAY, "王敏", alone)


def known(**facts: object) -> Known:
    given = {"rounds": (), "lines": (), "receipt_is_known": False} | facts
    return Known("LP2026-0001", given.pop("facts", {}), **given)  # type: ignore[arg-type] # a builder with defaults


def test_the_insurers_acceptance_starts_its_clocks() -> None:
    made = change(recorded(Fact.ACCEPTANCE, "理赔岗"), known())

    assert made == Change(facts={"insurer_accepted_date": date(2026, 11, 20)})
    assert not made.moves_money


def test_what_proves_the_acceptance_is_cited() -> None:
    made = change(replace(recorded(Fact.ACCEPTANCE), proof="接案回执"), known())

    assert made == Change(facts={"insurer_accepted_date": date(2026, 11, 20), "accepted_proof": "接案回执"})


def test_the_day_of_the_accident_is_kept() -> None:
    assert change(recorded(Fact.ACCIDENT), known()) == Change(facts={"accident_date": date(2026, 11, 20)})


REGISTRATIONS = [
    ("LA20260900123", {}, (Cover.UNSPLIT, "LA20260900123")),
    ("交强 LA20260900123", {}, (Cover.COMPULSORY, "LA20260900123")),
    ("交强 LA20260900124", {Cover.COMPULSORY: "LA20260900123"}, (Cover.COMPULSORY, "LA20260900124")),
]


@pytest.mark.parametrize("value, before, kept", REGISTRATIONS)
def test_a_registration_is_of_a_cover_or_of_the_whole_claim(
    value: str, before: dict[Cover, str], kept: tuple[Cover, str]
) -> None:
    made = change(recorded(Fact.REGISTRATION_NO, value), known(registrations=before))

    assert made == Change(registration=kept)
    assert change(recorded(Fact.REGISTRATION_NO, value), known(registrations=dict([kept]))) is None


@pytest.mark.parametrize("value", ["", "  ", "盗抢 LA1", "L" * 65])
def test_what_is_no_registration_is_refused(value: str) -> None:
    with pytest.raises(Refusal, match='registration-no "交强 NUMBER"'):
        change(recorded(Fact.REGISTRATION_NO, value), known())


def test_a_fact_that_is_known_changes_nothing() -> None:
    facts = {"insurer_accepted_date": date(2026, 11, 20), "settlement_agreed_on": date(2026, 11, 20)}

    assert change(recorded(Fact.ACCEPTANCE), known(facts=facts)) is None
    assert change(recorded(Fact.AGREEMENT), known(facts=facts)) is None


def test_a_fact_of_tomorrow_cannot_be_recorded_today() -> None:
    with pytest.raises(Refusal, match="2026-11-22 is after 2026-11-21"):
        change(recorded(Fact.ACCEPTANCE, on=date(2026, 11, 22)), known())


ROUNDS = [
    # what is known, what is recorded on 2026-11-20, the round that comes of it
    ((), Fact.RETURN, Round(1, date(2026, 11, 20), None)),
    ((Round(1, date(2026, 9, 1), date(2026, 9, 5)),), Fact.RETURN, Round(2, date(2026, 11, 20), None)),
    ((Round(1, None, None),), Fact.RETURN, Round(1, date(2026, 11, 20), None)),
    (
        (Round(1, date(2026, 11, 1), None),),
        Fact.RESUBMISSION,
        Round(1, date(2026, 11, 1), date(2026, 11, 20)),
    ),
    ((Round(1, None, None),), Fact.RESUBMISSION, Round(1, None, date(2026, 11, 20))),
]


@pytest.mark.parametrize(("before", "fact", "after"), ROUNDS)
def test_a_file_comes_back_and_is_handed_in_again(
    before: tuple[Round, ...], fact: Fact, after: Round
) -> None:
    made = change(recorded(fact, "缺维修发票"), known(rounds=before))

    assert made is not None
    assert made.round == after
    assert made.reason == ("缺维修发票" if fact is Fact.RETURN else None)


@pytest.mark.parametrize(
    ("before", "fact"),
    [
        ((Round(1, date(2026, 11, 20), None),), Fact.RETURN),
        ((Round(1, date(2026, 11, 1), date(2026, 11, 20)),), Fact.RESUBMISSION),
    ],
)
def test_a_round_recorded_twice_is_one(before: tuple[Round, ...], fact: Fact) -> None:
    assert change(recorded(fact), known(rounds=before)) is None


@pytest.mark.parametrize(
    ("before", "fact", "why"),
    [
        ((Round(1, date(2026, 11, 1), None),), Fact.RETURN, "was not handed in again since"),
        ((), Fact.RESUBMISSION, "is not back here"),
        ((Round(1, date(2026, 9, 1), date(2026, 9, 5)),), Fact.RESUBMISSION, "is not back here"),
        ((Round(1, date(2026, 11, 21), None),), Fact.RESUBMISSION, "is before 2026-11-21"),
    ],
)
def test_rounds_follow_each_other(before: tuple[Round, ...], fact: Fact, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        change(recorded(fact), known(rounds=before))


def test_an_assessment_is_an_amount_in_yuan() -> None:
    assert change(recorded(Fact.ASSESSMENT, "11,800.00"), known()) == Change(
        facts={"assessed_amount": 1_180_000}
    )


@pytest.mark.parametrize("value", ["", "about 100", "1.005", "0", "-3", "10000000000.01"])
@pytest.mark.parametrize("fact", [Fact.ASSESSMENT, Fact.DEPOSIT])
def test_an_amount_that_is_none_is_refused(fact: Fact, value: str) -> None:
    command = rf"^LP2026-0001: {fact} wants .*huikuan case record LP2026-0001 {fact} 1234\.56$"
    with pytest.raises(Refusal, match=command):
        change(recorded(fact, value), known())


def test_a_consent_to_the_whole_shortfall_waits_for_another_person() -> None:
    made = change(recorded(Fact.CONSENT, "800.00"), known(lines=(OWN, THIRD)))

    assert made == Change(prepared=(OWN,))
    assert not made.moves_money


def test_who_is_alone_resolves_it_with_the_consent() -> None:
    made = change(recorded(Fact.CONSENT, "800.00", alone=True), known(lines=(OWN, THIRD)))

    assert made == Change(resolved=(1,))
    assert made.moves_money


def test_a_consent_that_waits_is_recorded_once() -> None:
    waits = replace(OWN, prepared=80_000)

    assert change(recorded(Fact.CONSENT, "800.00"), known(lines=(waits,))) is None


def test_a_consent_to_what_was_missing_before_is_recorded_anew() -> None:
    before = replace(OWN, prepared=50_000)

    assert change(recorded(Fact.CONSENT, "800.00"), known(lines=(before,))) == Change(prepared=(before,))


def test_a_consent_to_another_sum_is_refused() -> None:
    with pytest.raises(Refusal, match=r"800\.00 yuan are open on LP2026-0001, not 700\.00"):
        change(recorded(Fact.CONSENT, "700"), known(lines=(OWN,)))


def test_a_shortfall_that_has_a_result_wants_no_consent() -> None:
    line = Line(1, LineKind.OWN_REPAIR, 1_180_000, 1_100_000, Resolution.CUSTOMER_TOPUP, is_proven=False)

    assert change(recorded(Fact.CONSENT, "800"), known(lines=(line,))) is None


def test_an_authorisation_is_vouched_for_by_whoever_records_it() -> None:
    made = change(recorded(Fact.AUTHORISATION, "授权委托书"), known())

    assert made == Change(
        facts={
            "authorised_by": "王敏", "authorised_on": date(2026, 11, 20), "authorisation_valid_to": None,
        }
    )  # fmt: skip


def test_an_authorisation_may_end() -> None:
    made = change(recorded(Fact.AUTHORISATION, "2027-06-30"), known())

    assert made is not None
    assert made.facts["authorisation_valid_to"] == date(2027, 6, 30)
    with pytest.raises(Refusal, match="can't end before"):
        change(recorded(Fact.AUTHORISATION, "2026-06-30"), known())


def test_a_proof_frees_the_third_partys_money() -> None:
    made = change(recorded(Fact.THIRD_PARTY_PROOF, "6900"), known(lines=(OWN, THIRD)))

    assert made == Change(proven=(THIRD,))


def test_a_proof_of_two_lines_may_be_of_both_together_or_of_one() -> None:
    compulsory = Line(3, LineKind.OTHER_AGENCY, 200_000, 0, None, is_proven=False)

    both = change(recorded(Fact.THIRD_PARTY_PROOF, "8900"), known(lines=(THIRD, compulsory)))
    one = change(recorded(Fact.THIRD_PARTY_PROOF, "2000"), known(lines=(THIRD, compulsory)))

    assert both is not None
    assert one is not None
    assert both.proven == (THIRD, compulsory)
    assert one.proven == (compulsory,)


def test_a_proof_of_another_sum_is_refused() -> None:
    with pytest.raises(Refusal, match=r"6900\.00 is expected for third parties"):
        change(recorded(Fact.THIRD_PARTY_PROOF, "5000"), known(lines=(OWN, THIRD)))


def test_a_deposit_typed_twice_is_one() -> None:
    assert change(recorded(Fact.DEPOSIT, "5000"), known()) == Change(received=500_000)
    assert change(recorded(Fact.DEPOSIT, "5000"), known(receipt_is_known=True)) is None
