"""The words of a pack that are the shop's own: who complains of what, the sum, and how it came about."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models.values import in_words, yuan_grouped
from models.words import Cover, DeadlineState, Fact
from tasks.chasing import pack_queries, shop_queries
from tasks.chasing.cases import open_of
from tasks.chasing.interest import Rate, estimate
from tasks.chasing.letters import TITLES, cover_name
from tasks.chasing.queries import CaseRow
from worker.job import Night

PROOFS = {
    "授权委托书原件": (Fact.AUTHORISATION,),
    "保单": ("policy",),
    "接案凭据": (Fact.ACCEPTANCE, Fact.HANDOVER),
    "定损单": (Fact.ASSESSMENT, Fact.AGREEMENT),
    "维修发票": (Fact.INVOICE,),
    "拒赔或赔付决定": ("dispute-refused", "dispute-partial", "dispute-complaint", "dispute-review"),
    "其他凭据": (Fact.RETURN, Fact.RESUBMISSION, Fact.PAYMENT_FINAL, Fact.CONSENT, Fact.THIRD_PARTY_PROOF),
}
"""Papers by title, and the facts whose proofs they are (domain 2.4, 3.1)."""

NEEDED = ("授权委托书原件", "接案凭据", "定损单")
"""Without these neither 12378 nor a court takes the matter up: the index says when one is missing."""


@dataclass(frozen=True)
class Facts:
    """A case as it stands on the day of the pack."""

    session: Session
    night: Night
    row: CaseRow


def title_of(level: int) -> str:
    return TITLES[level]


def statement(facts: Facts, kind: str) -> bytes:
    """The complaint of domain 2.4 (art. 13): complainant, institution, request, facts by date, evidence."""
    case, night = facts.row.facts, facts.night
    owed = sum(open_of(facts.row).values())
    shop = shop_queries.shop_name(facts.session, night.shop_id)
    lines = [
        "金融消费投诉书" if kind == "complaint" else "案情说明",
        "",
        f"投诉人（被保险人）：{case.insured_name}",
        "身份证件及联系方式：（由投诉人填写）",
        f"代理人：{shop}（凭授权委托书原件，附代理人身份证明及联系方式）",
        f"被投诉机构：{case.insurer or ''}",
        f"请求：支付保险赔款 {yuan_grouped(owed)} 元（{in_words(owed) if owed else ''}）及迟延支付造成的损失",
        "",
        "事实：",
        *_dates(facts),
        "",
        "期限：",
        *_clocks(facts.row),
        "",
        "证据：见目录。",
        "",
        "投诉人（签名）：　　　　　　　　日期：",
        "",
    ]
    return "\n".join(lines).encode("utf-8")


def _dates(facts: Facts) -> list[str]:
    case = facts.row.facts
    known = {
        "出险": case.accident_date,
        "资料递交": case.file_handover_date,
        "保险公司接案": case.insurer_accepted_date,
        "赔付协议": case.settlement_agreed_on,
    }
    dated = [(day, f"{day} {what}") for what, day in known.items() if day]
    for each in facts.row.rounds:
        dated += [(each.returned_on, f"{each.returned_on} 资料退回")] if each.returned_on else []
        dated += [(each.resubmitted_on, f"{each.resubmitted_on} 再次递交")] if each.resubmitted_on else []
    dated += [(each.taken_on, f"{each.taken_on} {TITLES[each.step]}") for each in facts.row.steps]
    return [f"  {line}" for _, line in sorted(dated)]


def _clocks(row: CaseRow) -> list[str]:
    """Every clock with its source; an estimate says so and accuses nobody (domain 0.6)."""
    return [f"  {_clock(clock)}" for clock in row.clocks] or ["  无"]


def _clock(clock: Any) -> str:
    sure = not (clock.estimate or clock.provisional)
    overdue = "，已逾期" if sure and clock.state is DeadlineState.MISSED else ""
    what = f"{cover_name(clock.cover)} {clock.rule_code} 到期日"
    return f"{what}{'' if sure else '（推算）'} {clock.due_on}{overdue}，依据 {clock.source}"


def reckoning(facts: Facts) -> bytes:
    """What is owed by cover, and what lateness costs where the due day is certain (domain 2.5)."""
    rates = [Rate(each.valid_from, each.millionths) for each in shop_queries.rates(facts.session)]
    lines = [f"计算表　{facts.row.facts.claim_no}　截至 {facts.night.date}", ""]
    for cover, owed in open_of(facts.row).items():
        lines.append(f"{cover_name(cover) or '赔款'}：未付 {yuan_grouped(owed)} 元")
        lines += [f"  {line}" for line in _loss(facts, cover, owed, rates)]
    return "\n".join([*lines, ""]).encode("utf-8")


def _loss(facts: Facts, cover: Cover, owed: int, rates: list[Rate]) -> list[str]:
    late = [
        clock
        for clock in facts.row.clocks
        if clock.cover is cover
        and clock.state is DeadlineState.MISSED
        and not (clock.estimate or clock.provisional)
        and "limitation" not in clock.rule_code
    ]
    if not late or not owed:
        return []
    first = min(late, key=lambda clock: clock.due_on)
    found = estimate(owed, first.due_on, facts.night.date, rates)
    if found is None:
        return [f"到期日 {first.due_on}，依据 {first.source}；未登记 LPR，未测算资金占用损失"]
    sum_of = f"{yuan_grouped(owed)} 元 × {found.rate} × {found.days} 日 ÷ 365"
    return [
        f"到期日 {first.due_on}，依据 {first.source}",
        f"资金占用损失（测算）：{sum_of} = {yuan_grouped(found.amount)} 元",
    ]


def history(facts: Facts) -> bytes:
    """Everything on the trail of the case, in order."""
    rows = pack_queries.happenings(facts.session, facts.row.facts.id)
    return "\n".join(
        [*(f"{row.business_date}　{row.kind}　{_short(row.inputs)}　{row.by}" for row in rows), ""]
    ).encode("utf-8")


def _short(inputs: Any) -> str:
    pairs = inputs.items() if isinstance(inputs, dict) else ()
    return "，".join(f"{name} {value}" for name, value in pairs if value not in (None, "", {}, []))
