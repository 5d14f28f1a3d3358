"""What a fact that somebody records changes in a case. Pure: values in, a frozen change out; amounts are fen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from models.values import Refusal, UnreadableValue, business_date, fen, yuan
from models.words import Fact, LineKind, Resolution

SETTLED = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING)


@dataclass(frozen=True)
class Recorded:
    """A fact as typed: what `value` means hangs on the fact. `today` is the business date of recording."""

    fact: Fact
    value: str
    on: date
    today: date
    by: str


@dataclass(frozen=True)
class Round:
    """A time the file came back."""

    number: int
    returned_on: date | None
    resubmitted_on: date | None


@dataclass(frozen=True)
class Line:
    """An expected line and what has come on it."""

    line_id: int
    kind: LineKind
    expected: int
    received: int
    resolution: Resolution | None
    is_proven: bool

    @property
    def short(self) -> int:
        return 0 if self.resolution in SETTLED else max(0, self.expected - self.received)


@dataclass(frozen=True)
class Known:
    """What is known of the case: dates, rounds in order, lines, and deposits already recorded by hand."""

    claim_no: str
    facts: Mapping[str, object]
    rounds: tuple[Round, ...] = ()
    lines: tuple[Line, ...] = ()
    deposit_is_known: bool = False


@dataclass(frozen=True)
class Change:
    """What to write: columns of the case, a round, lines to resolve or to prove, and a deposit."""

    facts: Mapping[str, object] = field(default_factory=dict)
    round: Round | None = None
    reason: str | None = None
    resolved: tuple[int, ...] = ()
    proven: tuple[Line, ...] = ()
    deposit: int = 0

    @property
    def moves_money(self) -> bool:
        return bool(self.resolved or self.proven or self.deposit)


def change(recorded: Recorded, known: Known) -> Change | None:
    """What the fact changes; None where it is known already. Raises Refusal where it can't be so."""
    if recorded.on > recorded.today:
        raise Refusal(
            f"{recorded.on} is after {recorded.today}: {recorded.fact} can be recorded when it has happened. "
            "Correct the day after --on."
        )
    return _DECIDE[recorded.fact](recorded, known)


def _of_case(recorded: Recorded, known: Known, **facts: object) -> Change | None:
    new = {name: value for name, value in facts.items() if known.facts.get(name) != value}
    return Change(facts=new) if new else None


def _acceptance(recorded: Recorded, known: Known) -> Change | None:
    return _of_case(recorded, known, insurer_accepted_date=recorded.on)


def _returned(recorded: Recorded, known: Known) -> Change | None:
    last = known.rounds[-1] if known.rounds else None
    if last and last.returned_on == recorded.on:
        return None
    if last and last.resubmitted_on is None and last.returned_on is not None:
        raise Refusal(
            f"The file of {known.claim_no} came back on {last.returned_on} and was not handed in again since. First: "
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
    return _of_case(recorded, known, assessed_amount=_amount(recorded))


def _agreement(recorded: Recorded, known: Known) -> Change | None:
    return _of_case(recorded, known, settlement_agreed_on=recorded.on)


def _consent(recorded: Recorded, known: Known) -> Change | None:
    """The customer makes up what the insurer did not pay (CUSTOMER_TOPUP, domain 1.7)."""
    short = [line for line in known.lines if line.kind is LineKind.OWN_REPAIR and line.short]
    total, amount = sum(line.short for line in short), _amount(recorded)
    if not short and any(line.resolution is Resolution.CUSTOMER_TOPUP for line in known.lines):
        return None
    if amount != total:
        raise Refusal(
            f"{yuan(total)} yuan are open on {known.claim_no}, not {yuan(amount)}: a consent is to the whole of it. "
            f"See: huikuan case show {known.claim_no}"
        )
    return Change(resolved=tuple(line.line_id for line in short))


def _authorisation(recorded: Recorded, known: Known) -> Change | None:
    valid_to = _valid_to(recorded.value)
    if valid_to is not None and valid_to < recorded.on:
        raise Refusal(
            f"An authorisation of {recorded.on} can't end before, on {valid_to}. Correct one of the days."
        )
    if known.facts.get("authorised_by") and known.facts.get("authorised_on") == recorded.on:
        return _of_case(recorded, known, authorisation_valid_to=valid_to) if valid_to else None
    return Change(
        facts={"authorised_by": recorded.by, "authorised_on": recorded.on, "authorisation_valid_to": valid_to}
    )


def _valid_to(value: str) -> date | None:
    try:
        return business_date(value)
    except UnreadableValue:
        return None


def _third_party_proof(recorded: Recorded, known: Known) -> Change | None:
    """The customer has paid the third party: its money is the customer's now (domain 1.7, Y)."""
    lines = [line for line in known.lines if line.kind is LineKind.OTHER_AGENCY]
    unproven = [line for line in lines if not line.is_proven]
    if lines and not unproven:
        return None
    amount = _amount(recorded)
    fitting = [line for line in unproven if line.expected == amount]
    if sum(line.expected for line in unproven) == amount:
        fitting = unproven
    if not fitting or (len(fitting) > 1 and fitting is not unproven):
        expected = " and ".join(yuan(line.expected) for line in unproven) or "nothing"
        raise Refusal(
            f"{expected} is expected for third parties on {known.claim_no}, not {yuan(amount)}: a proof is of the whole "
            f"of it. See: huikuan case show {known.claim_no}"
        )
    return Change(proven=tuple(fitting))


def _deposit(recorded: Recorded, known: Known) -> Change | None:
    amount = _amount(recorded)
    return None if known.deposit_is_known else Change(deposit=amount)


def _amount(recorded: Recorded) -> int:
    try:
        amount = fen(recorded.value)
    except UnreadableValue as why:
        raise Refusal(
            f'{recorded.fact} wants an amount in yuan; "{recorded.value}" is none ({why}). Write it as 1234.56.'
        ) from None
    if amount <= 0:
        raise Refusal(
            f'{recorded.fact} wants an amount above zero, not "{recorded.value}". Write it as 1234.56.'
        )
    return amount


_DECIDE: Mapping[Fact, Callable[[Recorded, Known], Change | None]] = {
    Fact.ACCEPTANCE: _acceptance,
    Fact.RETURN: _returned,
    Fact.RESUBMISSION: _resubmission,
    Fact.ASSESSMENT: _assessment,
    Fact.AGREEMENT: _agreement,
    Fact.CONSENT: _consent,
    Fact.AUTHORISATION: _authorisation,
    Fact.THIRD_PARTY_PROOF: _third_party_proof,
    Fact.DEPOSIT: _deposit,
}
