"""The short forms: SMS with what a provider approves and charges, and markdown for a WeCom group."""

import re
from dataclasses import asdict, replace

import pytest
from jinja2 import nodes

from notifications import parts, render, sms_text
from notifications.channels.wecom import LONGEST_BYTES
from notifications.notices import KIND, Words, kind_of
from notifications.samples import sample
from tests.notifications.examples import EXAMPLES, MORNING_DIGEST, OVERDUE_TASKS, REFUND_READY

SIGN = "福源汽车服务"
SHORT = [each for each in EXAMPLES if parts.exists(kind_of(type(each)), parts.SMS)]
GROUPED = [each for each in EXAMPLES if parts.exists(kind_of(type(each)), parts.WECOM)]


def test_every_notice_to_a_customer_has_a_short_form_but_the_one_that_is_no_service() -> None:
    customers = {kind for kind, notice in KIND.items() if notice.audience == "customer"}

    assert {kind for kind in customers if not parts.exists(kind, parts.SMS)} == {"satisfaction_call"}


@pytest.mark.parametrize("notice", SHORT)
def test_a_short_message_is_at_most_two_segments_with_signature_and_amounts_in_yuan(notice: Words) -> None:
    words = asdict(notice) | {"notice_no": "TK20261122-12345"}
    if "amount" in words:
        words["amount"] = "123,456.78"

    text = render.sms(kind_of(type(notice)), words, SIGN).text

    assert text.startswith(f"【{SIGN}】")
    assert sms_text.segments(text) <= 2, len(text)
    assert "¥" not in text
    assert "￥" not in text
    assert not re.search(r"https?:|www|\.cn|\.com", text)


@pytest.mark.parametrize("notice", SHORT)
def test_a_short_message_names_neither_car_nor_person(notice: Words) -> None:
    words = asdict(notice) | {"plate": "苏E12345", "customer": "王小明", "report_no": "RDAA1234567788"}

    text = render.sms(kind_of(type(notice)), words, SIGN).text

    assert not any(secret in text for secret in ("苏E12345", "王小明", "RDAA1234567788"))


@pytest.mark.parametrize("notice", SHORT)
def test_what_a_provider_approves_is_the_text_with_its_variables(notice: Words) -> None:
    kind = kind_of(type(notice))
    approved = sms_text.for_approval(kind)
    written = render.sms(kind, asdict(notice), SIGN)

    for word, value in written.variables.items():
        approved = approved.replace(f"${{{word}}}", value)

    assert written.text == f"【{SIGN}】{approved}"
    assert all(written.variables.values())


@pytest.mark.parametrize("kind", sorted(KIND))
def test_the_text_a_provider_approves_has_no_conditions(kind: str) -> None:
    if not parts.exists(kind, parts.SMS):
        return
    here = render.environment(is_html=False)
    source = (parts.TEMPLATES / kind / parts.SMS).read_text("utf-8")

    tree = here.parse(source)

    assert not list(tree.find_all((nodes.If, nodes.For, nodes.Filter, nodes.Include)))


def test_a_shop_without_a_phone_leaves_no_empty_variable() -> None:
    written = render.sms("refund_ready", asdict(replace(REFUND_READY, shop_contact="")), SIGN)

    assert written.variables["shop_contact"] == "派工单上的本店电话"


def test_a_second_signature_cannot_be_brought_in() -> None:
    written = render.sms("refund_ready", asdict(replace(REFUND_READY, notice_no="【某银行】1")), SIGN)

    assert written.text.count("【") == 1
    assert "【" not in written.variables["notice_no"]


LENGTHS = [("中" * 70, 1), ("中" * 71, 2), ("中" * 134, 2), ("中" * 135, 3), ("a" * 70, 1), ("𠀀" * 36, 2)]


@pytest.mark.parametrize("text, count", LENGTHS)
def test_segments_are_counted_as_operators_count_them(text: str, count: int) -> None:
    assert sms_text.segments(text) == count


# ------------------------------------------------------------------ WeCom


@pytest.mark.parametrize(
    "kind", ["morning_digest", "errand_given", "overdue_tasks", "calendar_warning", "night_not_run"]
)
def test_what_staff_must_know_can_stand_in_the_group(kind: str) -> None:
    assert parts.exists(kind, parts.WECOM)


@pytest.mark.parametrize("notice", GROUPED)
def test_a_message_for_the_group_fits(notice: Words) -> None:
    text = render.markdown(kind_of(type(notice)), asdict(notice))

    assert len(text.encode()) <= LONGEST_BYTES
    assert text.startswith("# ")


def test_the_digest_keeps_its_commands_to_be_copied() -> None:
    text = render.markdown("morning_digest", asdict(MORNING_DIGEST))

    assert "`huikuan refund approve 12`" in text
    assert '<font color="warning">LP2026-0031 未能计算</font>' in text


def test_text_from_a_file_cannot_become_a_mention_a_link_or_a_colour() -> None:
    evil = '<@all> [点这里](https://evil.example) **急** `x` <font color="info">y</font> #1'
    task = replace(OVERDUE_TASKS.tasks[0], title=evil, claim_no="苏E***45")

    text = render.markdown("overdue_tasks", asdict(replace(OVERDUE_TASKS, tasks=(task,))))

    [line] = [line for line in text.splitlines() if "点这里" in line]
    assert "＜＠all＞ ［点这里］（https：//evil．example） ＊＊急＊＊ ｀x｀" in line
    assert "苏E＊＊＊45" in line
    assert line.count("<font") == 1


@pytest.mark.parametrize("kind", sorted(KIND))
def test_a_notice_can_be_looked_at_with_made_up_words(kind: str) -> None:
    words = sample(kind)

    assert render.mail(kind, words).subject
    assert not re.search(r"(?<!核)定金", render.mail(kind, words).text)


EVIL = "<@all> 【某银行】[退款](https://evil.example/a?b=c) **急**\r\nBcc: x@evil.example <b>y</b>"


@pytest.mark.parametrize("notice", EXAMPLES, ids=lambda notice: type(notice).__name__)
def test_no_form_of_any_notice_takes_orders_from_a_name(notice: Words) -> None:
    def hostile(value: object) -> object:
        if isinstance(value, str):
            return EVIL
        if isinstance(value, dict):
            return {name: hostile(each) for name, each in value.items()}
        return [hostile(each) for each in value] if isinstance(value, list | tuple) else value

    kind = kind_of(type(notice))
    words = {name: hostile(value) for name, value in asdict(notice).items()}

    mail = render.mail(kind, words)
    said = [mail.subject, mail.text, mail.html]
    assert "\n" not in mail.subject
    assert "\r" not in mail.text
    assert "<b>y" not in mail.html
    if parts.exists(kind, parts.SMS):
        short = render.sms(kind, words, SIGN)
        said += [short.text, *short.variables.values()]
        assert short.text.count("【") == 1
        assert not any("\n" in value or "【" in value for value in short.variables.values())
    if parts.exists(kind, parts.WECOM):
        group = render.markdown(kind, words)
        said.append(group)
        assert not any(mark in group for mark in ("<@all>", "](", "**急**"))
    assert not any("https://" in part or "evil.example" in part for part in said)
