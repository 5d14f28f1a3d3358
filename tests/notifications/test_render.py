"""What a reader sees."""

from dataclasses import asdict, replace

import pytest

from models.values import Refusal
from notifications import render
from notifications.notices import Words, kind_of
from notifications.render import Mail
from tests.notifications.examples import (
    DEMAND_LETTER,
    EXAMPLES,
    INSURER_CHASE,
    MORNING_DIGEST,
    REFUND_READY,
    REFUND_WAITING,
    TOP_UP_ASKED,
)


def written(notice: Words) -> Mail:
    return render.mail(kind_of(type(notice)), asdict(notice))


def test_a_refund_notice_says_how_much_why_how_and_when() -> None:
    mail = written(REFUND_READY)

    assert mail.subject == "【福源汽车服务】理赔退款通知：苏E***45 应退 4,400.00 元"
    for part in (mail.text, mail.html):
        for words in (
            "王*", "苏E***45", "卡罗拉", "PG202608121", "LP2026-0831", "****7788", "TK-2026-0017", "2026年11月22日",
            "维修结算额", "12,400.00 元", "保险回款合计", "11,800.00 元", "其中押金", "5,000.00 元", "定损差价", "600.00 元",
            "4,400.00 元", "人民币肆仟肆佰元整", "人保财险苏州分公司", "2026年11月18日", "****1234", "2026年11月25日",
            "7 日内", "0512-65550188", "密码、验证码", "福源汽车服务",
        ):  # fmt: skip
            assert words in part, words


def test_sums_that_do_not_apply_are_left_out() -> None:
    mail = written(REFUND_READY)

    for words in ("代付第三方", "自付额", "本店承担", "多付", "已退给您", "差额处理结果", "身份证"):
        assert words not in mail.text
        assert words not in mail.html


def test_a_second_refund_shows_what_went_back_before() -> None:
    mail = written(replace(REFUND_READY, refund_due="4,700.00", refunded="4,400.00", amount="300.00"))

    assert "应退合计：4,700.00 元\n  减 已退给您：4,400.00 元\n  本次应退：300.00 元" in mail.text


def test_who_collects_in_person_is_told_what_to_bring() -> None:
    mail = written(replace(REFUND_READY, account_tail=""))

    for words in ("请到店领取", "身份证原件", "押金收据原件", "授权书"):
        assert words in mail.text
        assert words in mail.html


def test_a_shop_without_a_known_phone_names_the_one_on_the_order() -> None:
    mail = written(replace(REFUND_READY, shop_contact=""))

    assert "  请拨打派工单上的本店电话，报通知编号 TK-2026-0017 核实" in mail.text


def test_a_top_up_is_asked_for_at_the_counter_only() -> None:
    mail = written(TOP_UP_ASKED)

    assert "补交 600.00 元（人民币陆佰元整）" in mail.text
    assert "到店内收银台交款" in mail.text
    assert "保险少赔的 5,000.00 元由您补足" in mail.html


def test_a_waiting_refund_says_the_reason_and_what_comes_next() -> None:
    mail = written(REFUND_WAITING)

    assert "原因\n  保险公司少付了 800.00 元，本店正向保险公司再次索赔。" in mail.text
    assert "接下来\n  有结果后本店会通知您；您现在不需要做什么。" in mail.text


def test_a_branch_reads_every_case_of_the_night_in_one_mail() -> None:
    mail = written(INSURER_CHASE)

    for row in INSURER_CHASE.rows:
        for part in (mail.text, mail.html):
            assert row.plate_no in part
            assert row.report_no in part
            assert row.ask in part
    assert "共 2 件，未付金额合计 20,650.00 元" in mail.text
    assert "到期日：2026年11月25日" in mail.text
    assert "预计到期（推算，供参考）：2026年12月7日" in mail.text


LETTERS = [
    (3, "催款函（第一次）", ("请贵司核实", "支付上述未付金额")),
    (4, "先予支付请求函", ("已能确定的金额先予支付",)),
    (5, "催款函（第一次）", ("资金占用损失（测算）：44.61 元", "将升级处理")),
    (6, "最后催告函", ("12378", "国家金融监督管理总局", "提起诉讼")),
]


@pytest.mark.parametrize("step, title, says", LETTERS)
def test_each_letter_names_the_next_step_in_its_own_tone(
    step: int, title: str, says: tuple[str, ...]
) -> None:
    mail = written(replace(DEMAND_LETTER, step=step, nth="第一次"))

    assert mail.text.startswith(title)
    assert all(words in mail.text for words in says)
    assert "已超过到期日：46 日" in mail.text
    assert "1102020409000123456" in mail.html


@pytest.mark.parametrize("step", [3, 4, 5, 6])
def test_no_letter_claims_a_breach_on_an_estimated_date(step: int) -> None:
    mail = written(replace(DEMAND_LETTER, step=step, due_is_estimate=True))

    for part in (mail.subject, mail.text, mail.html):
        for words in (
            "催款函（",
            "催告",
            "已超过",
            "逾期",
            "第二十三条",
            "资金占用",
            "12378",
            "诉讼",
            "升级处理",
        ):
            assert words not in part, words
    assert "预计到期日（按接案日期推算）：2026年10月8日" in mail.text
    assert "请贵司核实" in mail.text


def test_the_digest_puts_failures_and_commands_first() -> None:
    mail = written(MORNING_DIGEST)

    assert mail.text.index("失败") < mail.text.index("等待处理") < mail.text.index("收到")
    assert "    huikuan refund approve 12\n" in mail.text


def test_a_quiet_night_says_so() -> None:
    mail = written(replace(MORNING_DIGEST, failed=(), waiting=()))

    assert "没有失败，也没有待办。" in mail.text


@pytest.mark.parametrize("notice", EXAMPLES)
def test_a_mail_keeps_its_looks_where_style_sheets_are_dropped(notice: Words) -> None:
    html = written(notice).html

    assert "<style" not in html
    assert "font-size: 16px" in html
    assert 'lang="zh-CN"' in html


EVIL = '卡<b onclick="x()">罗</b>拉<script>alert(1)</script>'


@pytest.mark.parametrize("notice", EXAMPLES)
def test_text_from_a_file_cannot_become_markup(notice: Words) -> None:
    evil = {
        name: EVIL if isinstance(value, str) else tuple({**row, **dict.fromkeys(row, EVIL)} for row in value)
        if isinstance(value, tuple) and value and isinstance(value[0], dict) else value
        for name, value in asdict(notice).items()
    }  # fmt: skip

    html = render.mail(kind_of(type(notice)), evil).html

    assert "<script" not in html
    assert "<b onclick" not in html
    assert "&lt;script&gt;" in html


def test_a_line_end_in_a_name_stays_in_its_line() -> None:
    mail = written(replace(REFUND_READY, shop_name="福源\r\nBcc: all@example.com"))

    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert mail.subject.startswith("【福源 Bcc: all@example．com】")


LINKS = [
    ("见 http://evil.example.com/a 领取", "见 http：//evil．example．com/a 领取"),
    ("www.evil.cn", "www．evil．cn"),
    ("javascript://x", "javascript：//x"),
    ("1.5T 自动", "1.5T 自动"),
    ("4,400.00", "4,400.00"),
    ("ledger_2026-11.xlsx", "ledger_2026-11.xlsx"),
    ("左\u202e右\u200b", "左 右"),
    ("a\x00b\x1bc\u2028d", "a b c d"),
]


@pytest.mark.parametrize("brought, shown", LINKS)
def test_text_from_a_file_cannot_become_a_link_or_hide(brought: str, shown: str) -> None:
    assert render.plain(brought) == shown


def test_a_word_that_is_missing_names_the_template_and_the_word() -> None:
    words = asdict(REFUND_READY)
    del words["amount_in_words"]

    with pytest.raises(Refusal, match=r"refund_ready/email\.txt asks for a word .*'amount_in_words'"):
        render.mail("refund_ready", words)


def test_a_word_that_is_missing_in_a_row_is_named_too() -> None:
    words = asdict(INSURER_CHASE)
    del words["rows"][0]["ask"]

    with pytest.raises(Refusal, match=r"insurer_chase/email\.txt .*'ask'"):
        render.mail("insurer_chase", words)


def test_a_kind_without_templates_is_refused() -> None:
    with pytest.raises(Refusal, match=r"There is no template birthday/subject\.txt"):
        render.mail("birthday", {})
