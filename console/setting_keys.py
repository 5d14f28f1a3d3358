"""The settings that jobs ask for: their defaults and what they mean. No other key can be set."""

from dataclasses import dataclass, fields

from models.words import ReleasePolicy
from notifications import parts
from notifications.choices import NEWS, ORDERS, news_key, sms_template_key
from notifications.notices import KIND
from tasks.chasing.rules import Ladder
from tasks.gates.facts import Patience
from tasks.reconciliation import policy


@dataclass(frozen=True)
class Key:
    key: str
    default: str | int
    meaning: str
    choices: tuple[str, ...] = ()


_REFUNDS = (
    Key(
        "release_policy",
        "FINAL",
        "when a surplus may go back to the customer (domain 1.7)",
        tuple(ReleasePolicy),
    ),
    Key("rounding_tolerance_fen", 5, "fen that count as a rounding difference (domain 1.7)"),
    Key("difference_after_days", 7, "days without money after which a short payment is a difference"),
    Key("write_off_limit_fen", 0, "fen up to which a reviewer may let the shop bear a difference"),
    Key("refund_promise_workdays", 5, "workdays in which an approved refund is paid, as its notice says"),
    Key("refund_limit_fen", 5_000_000, "fen above which a refund needs the manager's approval"),
    Key("refund_remind_days", 7, "days after approval on which the customer is reminded to collect a refund"),
    Key("refund_unclaimed_days", 30, "days after which a refund nobody collected is kept as owed (应付未领)"),
    Key("refund_object_days", 7, "days in which a customer may object to a refund, as its notice says"),
    Key("shop_phone", "", "the number that customers and insurers are asked to call"),
)
_GATES = tuple(
    Key(name, default, "days before something not done is listed, counted from the step before; 0 = never")
    for name, default in vars(Patience()).items()
)
_MATCHING = tuple(
    Key(
        f"{policy.PREFIX}{name}",
        policy.as_setting(getattr(policy.Policy(), name)),
        policy.MEANINGS[name],
        policy.ON_OFF if isinstance(getattr(policy.Policy(), name), bool) else (),
    )
    for name in policy.NAMES
)
_CHASING = tuple(
    Key(f"chasing.{each.name}", each.default, "days of the chasing ladder (domain 2.6)")
    for each in fields(Ladder)
    if each.name != "tolerance" and isinstance(each.default, int)
)
_YES_NO = ("yes", "no")
_SENDING = (
    Key("send_enabled", "yes", "no = nothing leaves the shop, and nobody is chased", _YES_NO),
    Key("chase_review", "no", "yes = every plan of chasing waits for approval", _YES_NO),
    Key("chase_cap_times", 3, "a plan of more than so many times the usual steps waits for approval"),
    Key("chase_cap_least", 20, "a plan of no more steps than this never waits for its size"),
    Key("chase_manager", "", "who sees to complaints, lawyers and limitations; '' = the managers"),
    Key("chase_deputy", "", "who does when nothing happened in time; '' = nobody"),
    Key("errand_days", 5, "days after which an errand passes to the deputy"),
)
_NOTICES = (
    Key("customer_notices_per_day", 300, "more notices to customers wait for the next day; 0 = any number"),
    *(
        Key(f"channels_{audience}", orders[0], "in which order the ways to somebody are tried", orders)
        for audience, orders in ORDERS.items()
    ),
    Key("sms_sign", "", "the signature that the SMS provider approved; '' = the name of the shop"),
    *(
        Key(sms_template_key(kind), "", "the provider's number of the approved SMS, such as SMS_123456789")
        for kind in sorted(KIND)
        if parts.exists(kind, parts.SMS)
    ),
    Key("language", "zh_CN", "in which language notices are written where they are translated"),
)
_NEWS = (
    Key("news_days", 7, "days after which a fact is no news to a customer any more; 0 = no news at all"),
    *(Key(news_key(kind), "yes", f"no = customers get no {kind}", _YES_NO) for kind in NEWS),
    Key("callback_after_days", 3, "workdays after closing on which a customer is called; 0 = nobody is"),
    Key("top_up_days", 7, "days a customer has to make up what is short, as the notice says"),
    Key("papers_days", 7, "days a customer has to bring papers the insurer misses, as the notice says"),
)
_ALL = (*_REFUNDS, *_GATES, *_MATCHING, *_CHASING, *_SENDING, *_NOTICES, *_NEWS)
KNOWN: dict[str, Key] = {each.key: each for each in _ALL}
