"""The 42 columns of the form in their order (domain 1.2-1.4), and the system's own to their right.

The headings and groups are those of the paper form, so that a ledger written here reads
like one kept by hand.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the value of a column is written."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    YES_NO = "yes_no"
    AGE = "age"
    LESS = "less"
    """The amount two columns to the left less the one beside, as a formula with its value."""


@dataclass(frozen=True)
class Column:
    """One column: `number` is 1-based and is its place in the sheet; `field` names a cell of a row.

    Text wider than `most` characters wraps; amounts and dates never do.
    """

    number: int
    band: str
    group: str
    heading: str
    field: str
    kind: Kind
    most: float


STAGE_1 = "阶段1:事故车派工→离厂"
STAGE_2 = "阶段2:递交保险公司"
STAGE_3 = "阶段3:保险公司回款→客户退款→结案核查"
NOTES = "附注"
SYSTEM = "系统栏(不打印)"

# fmt: off
_GROUPS: tuple[tuple[str, str, tuple[tuple[str, str, Kind, float], ...]], ...] = (
    (STAGE_1, "基本信息", (
        ("理赔编号", "claim_no", Kind.TEXT, 14),
        ("派工日期", "dispatch_date", Kind.DATE, 10),
        ("保险接车员", "insurance_receptionist", Kind.TEXT, 8),
        ("是否代索赔", "is_agency_claim", Kind.YES_NO, 5.5),
        ("是否代交资料", "shop_submits_documents", Kind.YES_NO, 5.5),
        ("被保险人", "insured_name", Kind.TEXT, 11),
        ("车系", "vehicle_series", Kind.TEXT, 8.5),
        ("车牌号", "plate_no", Kind.TEXT, 11),
        ("事故责任", "accident_liability", Kind.TEXT, 6),
        ("保险公司", "insurer_name", Kind.TEXT, 22.5),
        ("报案号或保单号", "report_no", Kind.TEXT, 12),
        ("车辆出厂日期", "vehicle_release_date", Kind.DATE, 10),
    )),
    (STAGE_1, "维修结算单实录", (
        ("派工单号", "work_order_no", Kind.TEXT, 12),
        ("工时费", "labour_fee", Kind.MONEY, 11),
        ("零件费", "parts_fee", Kind.MONEY, 11.5),
        ("其它费用", "other_fee", Kind.MONEY, 10),
        ("应收费用", "repair_gross_amount", Kind.MONEY, 12),
        ("实收费用", "repair_net_amount", Kind.MONEY, 12),
    )),
    (STAGE_1, "保险公司应赔专营店金额", (
        ("本店维修赔款额", "insurer_due_own_repair", Kind.MONEY, 12),
        ("非本店维修的其他代索赔费用", "insurer_due_other_agency", Kind.MONEY, 11.5),
    )),
    (STAGE_1, "客户支付金额(含自付额、押金等)", (
        ("金额", "customer_payable_amount", Kind.MONEY, 11.5),
        ("实收金额", "customer_received_amount", Kind.MONEY, 11.5),
        ("收款日期", "customer_received_date", Kind.DATE, 10),
        ("收款人", "customer_cashier", Kind.TEXT, 8),
    )),
    (STAGE_1, "审核", (
        ("审核签名", "stage1_reviewer", Kind.TEXT, 7.5),
        ("审核日期", "stage1_review_date", Kind.DATE, 10),
    )),
    (STAGE_2, "开票信息", (
        ("开票金额", "invoice_amount", Kind.MONEY, 12),
        ("开票日期", "invoice_date", Kind.DATE, 10),
    )),
    (STAGE_2, "赔案资料交接信息", (
        ("赔案移交日期", "file_handover_date", Kind.DATE, 10),
        ("收案人", "file_receiver", Kind.TEXT, 8),
        ("保险公司接案日期", "insurer_accepted_date", Kind.DATE, 10),
        ("不合格案退回", "rejected_returned", Kind.TEXT, 13),
        ("再次移交日期", "resubmitted_date", Kind.DATE, 10),
    )),
    (STAGE_3, "代索赔案件回款信息", (
        ("赔款到账日期", "payout_received_date", Kind.DATE, 10),
        ("实际收款金额", "payout_received_amount", Kind.MONEY, 12),
        ("收款人", "payout_recorded_by", Kind.TEXT, 8),
        ("回款后应退客户金额", "refund_due_amount", Kind.MONEY, 11.5),
    )),
    (STAGE_3, "客户领取退款信息", (
        ("领款日期", "refund_paid_date", Kind.DATE, 10),
        ("领款金额", "refund_paid_amount", Kind.MONEY, 11.5),
        ("领款人", "refund_payee", Kind.TEXT, 9),
    )),
    (STAGE_3, "结案核查", (
        ("差额处理结果", "difference_resolution", Kind.TEXT, 13),
        ("结案签名", "closed_by", Kind.TEXT, 7.5),
    )),
    (NOTES, "结转及说明", (
        ("备注", "remark", Kind.TEXT, 15),
    )),
    (SYSTEM, "期末情况", (
        ("期末状态", "state", Kind.TEXT, 8.5),
        ("保险集团", "insurer_group", Kind.TEXT, 12),
        ("本期回款", "received_in_period", Kind.MONEY, 12),
        ("期末未回款", "outstanding", Kind.MONEY, 12),
        ("多收待核", "over_receipt", Kind.MONEY, 11),
        ("未退余额", "refund_open", Kind.MONEY, 12),
        ("账龄(天)", "age_days", Kind.AGE, 8),
    )),
)
# fmt: on


def _numbered() -> tuple[Column, ...]:
    flat = [(band, group, *column) for band, group, columns in _GROUPS for column in columns]
    return tuple(Column(number, *rest) for number, rest in enumerate(flat, start=1))


COLUMNS = _numbered()
FORM_COLUMNS = COLUMNS[:42]
PRINTED = 43  # the form and 备注; the columns behind serve the formulas on screen
BY_FIELD = {column.field: column for column in COLUMNS}
TOTALLED = tuple(column for column in COLUMNS if column.kind is Kind.MONEY)
