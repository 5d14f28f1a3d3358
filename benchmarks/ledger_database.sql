-- A shop with a month of :n cases: a line and a deposit each, two payouts of three, a return in ten.
INSERT INTO shop (id, code, name, created_at) VALUES (1, 'BENCH', '福源', now());

INSERT INTO insurer_group (id, code, name)
SELECT 9000 + n, 'B' || n, '集团' || n
FROM generate_series(1, 9) n;

INSERT INTO insurer (id, group_id, name)
SELECT 9000 + n, 9001 + n % 9, '人保财险第' || n || '支公司'
FROM generate_series(1, 40) n;

INSERT INTO work_order (id, shop_id, work_order_no, plate_no, vehicle_series, vehicle_release_date,
    labour_fee, parts_fee, other_fee, repair_gross_amount, repair_net_amount, customer_payable_amount)
SELECT n, 1, 'WX' || n, '苏E' || n, '车系' || n % 60, date '2026-10-01' + n % 40, 10000 + n, 20000, 500,
    30500 + n, 30500 + n, 5000
FROM generate_series(1, :n) n;

INSERT INTO claim_case (id, shop_id, claim_no, work_order_id, is_lead, stage, dispatch_date,
    insurance_receptionist, is_agency_claim, shop_submits_documents, insured_name, plate_no,
    accident_liability, insurer_id, report_no, stage1_reviewer, stage1_review_date, invoice_amount,
    invoice_date, file_handover_date, file_receiver, insurer_accepted_date)
SELECT n, 1, 'LP2026-' || lpad(n::text, 6, '0'), n, true, 'payout', date '2026-09-20' + n % 40,
    '员工' || n % 12, true, true, '客户' || n, '苏E' || n, '全责', 9001 + n % 40, 'RDAA' || (10000000 + n),
    '审核' || n % 5, date '2026-10-05' + n % 40, 30500 + n, date '2026-10-06' + n % 40,
    date '2026-10-07' + n % 40, '员工' || n % 7, date '2026-10-09' + n % 40
FROM generate_series(1, :n) n;

INSERT INTO expected_line (id, case_id, work_order_id, cover, kind, amount)
SELECT n, n, n, '未分', 'own_repair', 25500 + n
FROM generate_series(1, :n) n;

INSERT INTO payout (case_id, expected_line_id, amount, received_on, state, recorded_by, origin)
SELECT n, n, 25500 + n, date '2026-11-01' + n % 20, 'asserted', '会计' || n % 3, 'bench:' || n
FROM generate_series(1, :n) n WHERE n % 3 > 0;

INSERT INTO customer_line (work_order_id, kind, amount, received_on, cashier, inferred, origin)
SELECT n, '押金', 6000, date '2026-10-02' + n % 40, '出纳' || n % 3, false, 'bench:' || n
FROM generate_series(1, :n) n;

INSERT INTO submission_round (case_id, round_no, returned_on, reason, resubmitted_on)
SELECT n, 1, date '2026-10-12', '缺发票', date '2026-10-20'
FROM generate_series(1, :n) n WHERE n % 10 = 0;

INSERT INTO entry (shop_id, work_order_id, kind, debit, credit, amount, business_date, occasion,
    recorded_by, recorded_at)
SELECT 1, n, 'bill', 'customer_owes', 'shop_earned', 30500 + n, date '2026-10-01', 'bill:' || n, 'system',
    now()
FROM generate_series(1, :n) n;

INSERT INTO entry (shop_id, work_order_id, kind, debit, credit, amount, value_date, business_date,
    occasion, recorded_by, recorded_at)
SELECT 1, n, 'deposit', 'bank', 'deposit_held', 6000, date '2026-10-02', date '2026-10-02',
    'deposit:' || n, 'system', now()
FROM generate_series(1, :n) n;

INSERT INTO entry (shop_id, work_order_id, kind, debit, credit, amount, value_date, business_date,
    occasion, recorded_by, recorded_at)
SELECT 1, n, 'payout', 'bank', 'customer_owes', 25500 + n, date '2026-11-01', date '2026-11-02',
    'payout:' || n, 'system', now()
FROM generate_series(1, :n) n WHERE n % 3 > 0;
