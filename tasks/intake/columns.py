"""The 42 columns of the paper ledger as declarations (domain 1.2 to 1.4).

A column is known by its heading or a synonym; a heading that two columns share (收款人, 金额) carries the
words of the bands under which it means this column.
"""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How the cells of a column are read."""

    TEXT = "text"
    NUMBER = "number"  # an identifying number: text that a spreadsheet may have turned into a number
    PLATE = "plate"
    MONEY = "money"
    DATE = "date"
    FLAG = "flag"
    RETURN = "return"  # 不合格案退回: a mark, a reason, or both


@dataclass(frozen=True)
class Column:
    """One ledger column: its place on the form, its words, the field it fills, how its cells are read.

    Words are parted by blanks. `synonyms` mean this column anywhere; `shared` mean it only under one of
    `bands` (or, where the sheet has no bands, beside its neighbours). A column with `on_lead` belongs to the
    work order: of two claims on one repair it stands on the first row (domain 1.8, scenario 7). `longest` is
    how many characters the field holds.
    """

    number: int
    group: str
    heading: str
    field: str
    kind: Kind
    synonyms: str = ""
    shared: str = ""
    bands: str = ""
    essential: bool = False
    on_lead: bool = False
    longest: int = 64


BASICS, BILL, REVIEW = "基本信息", "维修结算单实录", "审核"
INSURER_OWES, CUSTOMER_PAYS = "保险公司应赔专营店金额", "客户支付金额(含自付额、押金等)"
INVOICE, HANDOVER, PAYOUT = "开票信息", "赔案资料交接信息", "代索赔案件回款信息"
REFUND, CLOSING = "客户领取退款信息", "结案核查"

BASIC_BANDS = "基本信息 客户信息 车辆信息 阶段1"
CUSTOMER_BANDS = "客户支付 客户付款 客户交 自付 押金"
PAYOUT_BANDS = "回款 到账 赔款到 保险公司付款"
REFUND_BANDS = "退款 领款 领取 退客户"
REVIEW_BANDS = "审核"
CLOSING_BANDS = "结案"
INVOICE_BANDS = "开票 发票"
HANDOVER_BANDS = "交接 移交 递交 赔案资料"
BILL_BANDS = "结算单 维修结算 维修费"
INSURER_BANDS = "应赔 保险公司应 保险赔付"

STAGE_ONE = (
    Column(1, BASICS, "理赔编号", "claim_no", Kind.NUMBER,
           "理赔号 理赔编码 理赔单号 理赔案号 台账编号 赔案编号 案件编号 档案编号",
           shared="编号", bands=BASIC_BANDS, essential=True, longest=32),
    Column(2, BASICS, "派工日期", "dispatch_date", Kind.DATE,
           "派工时间 接车日期 进厂日期 开单日期 入厂日期 送修日期"),
    Column(3, BASICS, "保险接车员", "insurance_receptionist", Kind.TEXT,
           "接车员 接车人 保险专员 服务顾问 保险顾问 理赔专员 接待员"),
    Column(4, BASICS, "是否代索赔", "is_agency_claim", Kind.FLAG,
           "代索赔 是否代理索赔 代理索赔 代赔 是否代赔 代办索赔"),
    Column(5, BASICS, "是否代交资料", "shop_submits_documents", Kind.FLAG,
           "代交资料 是否代递资料 是否代交材料 代交材料 是否代递交资料"),
    Column(6, BASICS, "被保险人", "insured_name", Kind.TEXT,
           "被保人 被保险人名称 被保险人姓名 车主 车主姓名 客户 客户名称 客户姓名 投保人", longest=128),
    Column(7, BASICS, "车系", "vehicle_series", Kind.TEXT,
           "车型 车辆型号 车辆车系 品牌车系 厂牌型号"),
    Column(8, BASICS, "车牌号", "plate_no", Kind.PLATE,
           "车牌 车牌号码 牌照 牌照号 牌照号码 车号 号牌 号牌号码 车辆牌照", essential=True, longest=16),
    Column(9, BASICS, "事故责任", "accident_liability", Kind.TEXT,
           "责任 责任划分 事故责任划分 责任比例 责任认定 事故类型"),
    Column(10, BASICS, "保险公司", "insurer_name", Kind.TEXT,
           "承保公司 保险公司名称 承保保险公司 保险人 投保公司 赔付公司", longest=128),
    Column(11, BASICS, "报案号或保单号", "report_or_policy_no", Kind.NUMBER,
           "报案号 报案号码 报案编号 出险报案号 报案号/保单号 保单号/报案号 保单号或报案号 报案(保单)号"),
    Column(12, BASICS, "车辆出厂日期", "vehicle_release_date", Kind.DATE,
           "出厂日期 离厂日期 交车日期 提车日期 车辆离厂日期 出厂时间"),
    Column(13, BILL, "派工单号", "work_order_no", Kind.NUMBER,
           "工单号 派工单编号 派工号 维修工单号 结算单号 委托书号 维修单号 施工单号 工单编号",
           shared="单号", bands=BILL_BANDS),
    Column(14, BILL, "工时费", "labour_fee", Kind.MONEY,
           "工时费用 人工费 工费 工时金额", shared="工时", bands=BILL_BANDS, on_lead=True),
    Column(15, BILL, "零件费", "parts_fee", Kind.MONEY,
           "零件费用 配件费 材料费 配件费用 材料费用 零配件费 备件费", on_lead=True),
    Column(16, BILL, "其它费用", "other_fee", Kind.MONEY,
           "其它费 外协费 拖车费 施救费", shared="其它", bands=BILL_BANDS, on_lead=True),
    Column(17, BILL, "应收费用", "repair_gross_amount", Kind.MONEY,
           "应收金额 应收合计 维修应收 应收 折前金额 优惠前金额 应收维修费",
           shared="费用合计 合计金额", bands=BILL_BANDS, on_lead=True),
    Column(18, BILL, "实收费用", "repair_net_amount", Kind.MONEY,
           "实收合计 维修实收 折后金额 优惠后金额 实收维修费 维修总额 结算金额 维修金额",
           shared="实收金额 实收", bands=BILL_BANDS, on_lead=True),
    Column(19, INSURER_OWES, "本店维修赔款额", "insurer_due_own_repair", Kind.MONEY,
           "本店维修赔款 本店赔款额 本店赔款 本店维修赔款金额 本店应赔金额 保险应赔金额 应赔金额 "
           "保险赔款额", shared="本店维修 本店", bands=INSURER_BANDS),
    Column(20, INSURER_OWES, "非本店维修的其他代索赔费用", "insurer_due_other_agency", Kind.MONEY,
           "其它代索赔费用 非本店维修赔款额 非本店维修代索赔费用 非本店维修赔款 非本店赔款额 "
           "第三者赔款额 三者赔款 他店维修赔款额 非本店维修的代索赔费用",
           shared="非本店维修 非本店 三者", bands=INSURER_BANDS),
    Column(21, CUSTOMER_PAYS, "金额", "customer_payable_amount", Kind.MONEY,
           "客户支付金额 客户应付金额 客户应付 客户应交金额 客户自付金额 客户应支付金额",
           shared="金额 应收金额 应付金额", bands=CUSTOMER_BANDS, on_lead=True),
    Column(22, CUSTOMER_PAYS, "实收金额", "customer_received_amount", Kind.MONEY,
           "客户实付金额 客户实付 实收客户金额 客户实交金额 已收客户款 客户已付",
           shared="实收金额 实收 收款金额 实付金额", bands=CUSTOMER_BANDS, on_lead=True),
    Column(23, CUSTOMER_PAYS, "收款日期", "customer_received_date", Kind.DATE,
           "客户付款日期 客户支付日期 收客户款日期 收银日期",
           shared="收款日期 日期 付款日期", bands=CUSTOMER_BANDS, on_lead=True),
    Column(24, CUSTOMER_PAYS, "收款人", "customer_cashier", Kind.TEXT,
           "收银员 收银 客户款收款人 出纳", shared="收款人", bands=CUSTOMER_BANDS, on_lead=True),
    Column(25, REVIEW, "审核签名", "stage1_reviewer", Kind.TEXT,
           "审核人 审核签字 审核人签名 审核员 审核人签字", shared="签名 签字", bands=REVIEW_BANDS),
    Column(26, REVIEW, "审核日期", "stage1_review_date", Kind.DATE,
           "审核时间", shared="日期", bands=REVIEW_BANDS),
)  # fmt: skip


STAGE_TWO = (
    Column(27, INVOICE, "开票金额", "invoice_amount", Kind.MONEY,
           "发票金额 开票额 价税合计", shared="金额", bands=INVOICE_BANDS, on_lead=True),
    Column(28, INVOICE, "开票日期", "invoice_date", Kind.DATE,
           "发票日期 开票时间", shared="日期", bands=INVOICE_BANDS, on_lead=True),
    Column(29, HANDOVER, "赔案移交日期", "file_handover_date", Kind.DATE,
           "移交日期 资料移交日期 赔案交接日期 递交日期 赔案递交日期 交案日期 资料递交日期 赔案移交"),
    Column(30, HANDOVER, "收案人", "file_receiver", Kind.TEXT,
           "收案人(保险接车员) 收案员 接案人 赔案移交保险接车员 资料接收人 收件人"),
    Column(31, HANDOVER, "保险公司接案日期", "insurer_accepted_date", Kind.DATE,
           "接案日期 保险公司收案日期 保险接案日期 保险公司受理日期 受理日期 保司接案日期 "
           "保险公司接收日期"),
    Column(32, HANDOVER, "不合格案退回", "rejected_returned", Kind.RETURN,
           "不合格退回 退回 退回原因 退案原因 不合格案件退回 退件 退案 不合格原因 不合格案退回原因",
           longest=1000),
    Column(33, HANDOVER, "再次移交日期", "resubmitted_date", Kind.DATE,
           "再次递交日期 再次提交日期 重新递交日期 重新移交日期 补交日期 再次移交(递交)日期 二次移交日期 "
           "二次递交日期"),
)  # fmt: skip


STAGE_THREE = (
    Column(34, PAYOUT, "赔款到账日期", "payout_received_date", Kind.DATE,
           "到账日期 回款日期 赔款日期 赔款到账时间 到款日期 保险回款日期 赔款到位日期",
           shared="收款日期 日期", bands=PAYOUT_BANDS),
    Column(35, PAYOUT, "实际收款金额", "payout_received_amount", Kind.MONEY,
           "实际到账金额 到账金额 回款金额 实际回款金额 赔款到账金额 保险回款金额 实际赔款金额 赔款金额 "
           "实收赔款", shared="收款金额 实收金额 金额 实收", bands=PAYOUT_BANDS),
    Column(36, PAYOUT, "收款人", "payout_recorded_by", Kind.TEXT,
           "赔款收款人 回款收款人 回款登记人 到账登记人", shared="收款人 登记人", bands=PAYOUT_BANDS),
    Column(37, PAYOUT, "回款后应退客户金额", "refund_due_amount", Kind.MONEY,
           "应退客户金额 应退金额 应退客户 回款后应退金额 应退款金额 应退客户款 应退", on_lead=True),
    Column(38, REFUND, "领款日期", "refund_paid_date", Kind.DATE,
           "退款日期 客户领款日期 退款时间 领取日期 实退日期",
           shared="日期", bands=REFUND_BANDS, on_lead=True),
    Column(39, REFUND, "领款金额", "refund_paid_amount", Kind.MONEY,
           "实退金额 退款金额 实退客户金额 客户领款金额 实际退款金额 已退金额 领取金额",
           shared="金额 实付金额", bands=REFUND_BANDS, on_lead=True),
    Column(40, REFUND, "领款人", "refund_payee", Kind.TEXT,
           "退款领取人 领款人签字 领款人签名 客户签字 领取人 客户领款人",
           shared="签名 签字", bands=REFUND_BANDS, on_lead=True, longest=128),
    Column(41, CLOSING, "差额处理结果", "difference_resolution", Kind.TEXT,
           "差额处理 差额处理方式 差异处理结果 差额处理情况 差额说明", longest=1000),
    Column(42, CLOSING, "结案签名", "closed_by", Kind.TEXT,
           "结案人 结案签字 结案人签名 核查签名 结案核查人 结案核查签名",
           shared="签名 签字", bands=CLOSING_BANDS),
)  # fmt: skip


# Not on the form, but the work needs them (domain 1.4): shops that keep them have added a column.
ADDED = (
    Column(43, BASICS, "保单号", "policy_no", Kind.NUMBER,
           "保单号码 商业险保单号 保险单号"),
    Column(44, BASICS, "出险日期", "accident_date", Kind.DATE,
           "事故日期 出险时间 事故时间"),
    Column(45, HANDOVER, "退回日期", "returned_on", Kind.DATE,
           "退案日期 退件日期 不合格案退回日期"),
    Column(46, HANDOVER, "赔付协议日期", "settlement_agreed_on", Kind.DATE,
           "达成协议日期 赔款确认日期 协议日期 赔付协议达成日期 赔款确认书日期"),
    Column(47, CLOSING, "结案日期", "closed_date", Kind.DATE,
           "结案时间", shared="日期", bands=CLOSING_BANDS),
    # Not kept: which row of which file a corrected row stands for (tasks.intake.corrections).
    Column(48, CLOSING, "更正来源", "corrects", Kind.TEXT, longest=200),
)  # fmt: skip

FORM = STAGE_ONE + STAGE_TWO + STAGE_THREE
COLUMNS = FORM + ADDED
BY_FIELD = {column.field: column for column in COLUMNS}
