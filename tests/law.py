"""The rules of law as tests hold them: the numbers of domain 2.1, since ever."""

from datetime import date

from models.words import PeriodUnit, RuleCover
from tasks.deadlines.rules import LegalRule

SINCE = date(2015, 4, 24)


_COVER = {"limitation": RuleCover.OWN_DAMAGE, "limitation_liability": RuleCover.LIABILITY}


def rule(code: str, length: int, trigger: str, unit: str = "days") -> LegalRule:
    cover = RuleCover.COMPULSORY if code.startswith("compulsory") else _COVER.get(code, RuleCover.COMMERCIAL)
    return LegalRule(code, cover, length, PeriodUnit(unit), trigger, f"law of {code}", SINCE, None)


LAW = (
    rule("decision", 30, "insurer_accepted_date"),
    rule("payment", 10, "settlement_agreed_on"),
    rule("advance_payment", 60, "insurer_accepted_date"),
    rule("compulsory_documents", 1, "insurer_accepted_date"),
    rule("compulsory_decision", 5, "insurer_accepted_date"),
    rule("compulsory_payment", 10, "settlement_agreed_on"),
    rule("limitation", 24, "accident_date", "months"),
    rule("limitation_liability", 24, "liability_fixed_on", "months"),
    rule("compulsory_limitation", 24, "accident_date", "months"),
)
