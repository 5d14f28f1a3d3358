"""One notice of every kind, as the rooms would word it."""

from typing import Any

from notifications.notices import (
    Arrival,
    CalendarWarning,
    ChaseRow,
    ClosingBlocker,
    DemandBundle,
    DemandLetter,
    DemandRow,
    DepositReceived,
    DigestLine,
    EarlierContact,
    ErrandGiven,
    InsurerChase,
    MissingDocuments,
    MonthToClose,
    MorningDigest,
    NightNotRun,
    OverdueTask,
    OverdueTasks,
    Paper,
    Progress,
    RefundPaid,
    RefundReady,
    RefundUnclaimed,
    RefundWaiting,
    SatisfactionCall,
    TopUpAsked,
    Words,
)

CUSTOMER: dict[str, Any] = {
    "notice_no": "TK-2026-0017",
    "date": "2026年11月22日",
    "shop_name": "福源汽车服务",
    "shop_contact": "0512-65550188",
    "customer": "王*",
    "claim_no": "LP2026-0831",
    "work_order_no": "PG202608121",
    "vehicle_series": "卡罗拉",
    "plate": "苏E***45",
    "report_no": "****7788",
}

# Scenario 4 of domain 1.8, all of it paid: 5,000.00 + 11,800.00 - 12,400.00 = 4,400.00.
RECKONING: dict[str, Any] = {
    "bill": "12,400.00",
    "received": "11,800.00",
    "customer_paid": "5,000.00",
    "deposit": "5,000.00",
    "self_pay": "",
    "price_gap": "600.00",
    "non_claim": "",
    "third_party": "",
    "over_receipt": "",
    "write_off": "",
    "refunded": "",
    "resolution": "",
    "arrivals": (Arrival("人保财险苏州分公司", "2026年11月18日", "11,800.00"),),
}

REFUND_READY = RefundReady(
    **CUSTOMER,
    **RECKONING,
    amount="4,400.00",
    amount_in_words="人民币肆仟肆佰元整",
    refund_due="4,400.00",
    account_tail="****1234",
    expected_on="2026年11月25日",
    object_days="7",
)

TOP_UP_ASKED = TopUpAsked(
    **CUSTOMER,
    **{
        **RECKONING,
        "received": "6,800.00",
        "resolution": "保险少赔的 5,000.00 元由您补足。",
        "arrivals": (Arrival("人保财险苏州分公司", "2026年11月18日", "6,800.00"),),
    },
    amount="600.00",
    amount_in_words="人民币陆佰元整",
    pay_by="2026年12月2日",
    object_days="7",
)

REFUND_WAITING = RefundWaiting(
    **CUSTOMER,
    received="11,000.00",
    amount="3,600.00",
    short="800.00",
    is_reclaimed=True,
    is_disputed=False,
    arrivals=(Arrival("人保财险苏州分公司", "2026年11月18日", "11,000.00"),),
)

REFUND_UNCLAIMED = RefundUnclaimed(
    **CUSTOMER,
    amount="4,400.00",
    amount_in_words="人民币肆仟肆佰元整",
    ready_since="2026年10月23日",
    days="30",
    kept="这笔退款一直是您的，本店为您保留，您随时可以来领取。",
)

PROGRESS = Progress(
    **CUSTOMER,
    insurer="人保财险苏州分公司",
    accepted_on="",
    paid_on="2026年11月18日",
    paid="2,000.00",
    still_expected="9,800.00",
)

CHASE_ROWS = (
    ChaseRow(
        "收件确认",
        "LP2026-0901",
        "李雷",
        "苏E12345",
        "RDAA202632050000001234",
        "PDAA202632050000009999",
        "交强",
        "2026年11月20日",
        "2026年11月25日",
        False,
        "交强险条例 29",
        "2,000.00",
        "请确认资料已收到并且齐全。",
    ),
    ChaseRow(
        "核定提醒",
        "LP2026-0877",
        "苏州某某运输有限公司",
        "苏ED12345",
        "RDAA202632050000004321",
        "",
        "",
        "2026年10月26日",
        "2026年12月7日",
        True,
        "保险法 23(1)",
        "18,650.00",
        "请告知核定结果。",
    ),
)

INSURER_CHASE = InsurerChase(
    "CX-2026-0042",
    "2026年11月23日",
    "福源汽车服务",
    "0512-65550188",
    "人保财险苏州分公司",
    "2",
    "20,650.00",
    CHASE_ROWS,
)

DEMAND_LETTER = DemandLetter(
    step=5,
    letter_no="CK-2026-0009",
    nth="第二次",
    date="2026年11月23日",
    insurer="中国人民财产保险股份有限公司苏州市分公司",
    insurer_parent="",
    shop_name="福源汽车服务",
    capacity="被保险人的受托人",
    insured="李雷",
    plate_no="苏E12345",
    report_no="RDAA202632050000001234",
    policy_no="PDAA202632050000009999",
    registration_no="LA20260900123",
    cover="车损",
    accident_on="2026年8月30日",
    submitted_on="2026年9月15日",
    accepted_on="2026年9月16日",
    accepted_proof="签收单",
    supplemented_on="",
    assessed="11,800.00",
    agreed_on="2026年9月28日",
    payable="11,800.00",
    paid="0.00",
    unpaid="11,800.00",
    unpaid_in_words="人民币壹万壹仟捌佰元整",
    due_on="2026年10月8日",
    due_is_estimate=False,
    overdue_days="46",
    legal_basis="《中华人民共和国保险法》第二十三条",
    earlier=(EarlierContact("2026年11月12日", "函件 CK-2026-0003", "理赔部", "第一次催款函"),),
    interest_rate="3.00%",
    interest_days="46",
    interest_amount="44.61",
    pay_by="2026年11月30日",
    remark="本店已第二次致函。",
    account_name="福源汽车服务",
    account_bank="工商银行苏州分行",
    account_no="1102020409000123456",
    attachments=("授权委托书", "维修发票", "接案签收单"),
    contact_person="王敏",
    shop_contact="0512-65550188",
)

DEMAND_BUNDLE = DemandBundle(
    step=6,
    letter_no="CK-2026-0010",
    nth="第三次",
    date="2026年11月23日",
    insurer="中国人民财产保险股份有限公司苏州市分公司",
    insurer_parent="人保财险",
    shop_name="福源汽车服务",
    capacity="被保险人的受托人",
    case_count="2",
    unpaid="16,300.00",
    unpaid_in_words="人民币壹万陆仟叁佰元整",
    due_is_estimate=False,
    rows=(
        DemandRow(
            claim_no="LP2026-0831",
            insured="李雷",
            plate_no="苏E12345",
            report_no="RDAA202632050000001234",
            policy_no="PDAA202632050000009999",
            registration_no="LA20260900123",
            cover="车损",
            accident_on="2026年8月30日",
            submitted_on="2026年9月15日",
            accepted_on="2026年9月16日",
            accepted_proof="签收单",
            supplemented_on="2026年9月22日",
            assessed="11,800.00",
            agreed_on="2026年9月28日",
            due_on="2026年10月8日",
            overdue_days="46",
            legal_basis="保险法 23(1)",
            payable="11,800.00",
            paid="0.00",
            unpaid="11,800.00",
            interest="44.61 元（3.00%，46 日）",
        ),
        DemandRow(
            claim_no="LP2026-0840",
            insured="苏州某某运输有限公司",
            plate_no="苏ED12345",
            report_no="RDAA202632050000004321",
            policy_no="",
            registration_no="",
            cover="",
            accident_on="",
            submitted_on="",
            accepted_on="2026年9月1日",
            accepted_proof="",
            supplemented_on="",
            assessed="",
            agreed_on="",
            due_on="2026年10月8日",
            overdue_days="46",
            legal_basis="保险法 23(1)",
            payable="6,500.00",
            paid="2,000.00",
            unpaid="4,500.00",
            interest="",
        ),
    ),
    earlier=(EarlierContact("2026年11月12日", "函件", "理赔部门", "第二次催款函"),),
    interest_amount="44.61",
    pay_by="2026年11月30日",
    remark="",
    account_name="福源汽车服务",
    account_bank="工商银行苏州分行",
    account_no="1102020409000123456",
    attachments=("对账单_CK-2026-0010.xlsx",),
    shop_contact="0512-65550188",
)

MORNING_DIGEST = MorningDigest(
    date="2026年11月21日",
    shop_name="福源汽车服务",
    came_in=(DigestLine("银行流水 6 份", "118 笔", "", ""),),
    money=(DigestLine("收入：保险赔款", "12 笔 131,200.00 元", "", ""),),
    decided=(DigestLine("退款待审批", "12 笔 31,200.00 元", "", ""),),
    failed=(DigestLine("LP2026-0031 未能计算", "", "王敏", "huikuan case show LP2026-0031"),),
    waiting=(DigestLine("审批退款 LP2026-0012", "4,400.00 元", "王敏", "huikuan refund approve 12"),),
)

ERRAND_GIVEN = ErrandGiven(
    date="2026年11月21日",
    shop_name="福源汽车服务",
    owner="王敏",
    title="向 12378 投诉",
    claim_no="LP2026-0031",
    amount="11,800.00",
    what="最后催告期满，保险公司仍未付款。",
    command="huikuan chase pack LP2026-0031 --complaint",
    pass_on="2026年11月26日",
)

CALENDAR_WARNING = CalendarWarning(
    date="2026年11月21日",
    shop_name="福源汽车服务",
    year="2027",
    is_error=False,
    clocks="12",
    command="huikuan calendar load FILE",
)

DEPOSIT_RECEIVED = DepositReceived(
    **CUSTOMER, amount="5,000.00", amount_in_words="人民币伍仟元整", received_on="2026年8月12日"
)

REFUND_PAID = RefundPaid(
    **CUSTOMER,
    amount="4,400.00",
    amount_in_words="人民币肆仟肆佰元整",
    paid_on="2026年11月24日",
    account_tail="****1234",
    signed_by="",
    still_due="300.00",
)

MISSING_DOCUMENTS = MissingDocuments(
    **CUSTOMER,
    papers=(Paper("行驶证复印件", "正副页，年检有效"), Paper("事故认定书", "")),
    bring_by="2026年11月27日",
    handler="王敏",
)

SATISFACTION_CALL = SatisfactionCall(**CUSTOMER, closed_on="2026年11月30日", call_on="2026年12月3日")

OVERDUE_TASKS = OverdueTasks(
    date="2026年11月21日",
    shop_name="福源汽车服务",
    owner="王敏",
    count="2",
    tasks=(
        OverdueTask("向 12378 投诉", "LP2026-0031", "11,800.00", "3", "huikuan chase pack LP2026-0031"),
        OverdueTask("处理保险公司的回复", "", "", "1", "huikuan todo list"),
    ),
)

NIGHT_NOT_RUN = NightNotRun(
    date="2026年11月22日",
    shop_name="福源汽车服务",
    night="2026年11月21日",
    missed="2",
    error="OperationalError: could not connect",
    command="huikuan night run --date 2026-11-21 --shop FUYUAN",
)

MONTH_TO_CLOSE = MonthToClose(
    date="2026年11月1日",
    shop_name="福源汽车服务",
    month="2026-10",
    count="2",
    blockers=(
        ClosingBlocker("银行流水17（2026-10-30，4,800.00元）未对上", "huikuan reconcile show 17"),
        ClosingBlocker("款项核对不符：work_order:3", "huikuan money check --shop FUYUAN"),
    ),
    command="huikuan ledger close 2026-10 --shop FUYUAN",
)

EXAMPLES: tuple[Words, ...] = (
    DEPOSIT_RECEIVED,
    REFUND_PAID,
    MISSING_DOCUMENTS,
    SATISFACTION_CALL,
    OVERDUE_TASKS,
    NIGHT_NOT_RUN,
    REFUND_READY,
    TOP_UP_ASKED,
    REFUND_WAITING,
    REFUND_UNCLAIMED,
    PROGRESS,
    INSURER_CHASE,
    DEMAND_LETTER,
    DEMAND_BUNDLE,
    MORNING_DIGEST,
    ERRAND_GIVEN,
    CALENDAR_WARNING,
    MONTH_TO_CLOSE,
)
