"""Patients: asked for what is theirs when every payer has answered; their money counts once."""

from verify.promise import asked

PROMISES = (
    asked(
        "statements wait for payers",
        "No statement asks for an encounter on which a payer still owed when it was issued.",
        """
        SELECT s.statement_no || ' asks for ' || e.encounter_no
        FROM statement s JOIN statement_line l ON l.statement_id = s.id
        JOIN encounter e ON e.id = l.encounter_id
        LEFT JOIN outbox o ON o.id = s.outbox_id LEFT JOIN document d ON d.id = s.document_id
        JOIN LATERAL (
            SELECT p.charge_line_id, p.payer_id, sum(p.cents) AS cents
            FROM posting p JOIN entry n ON n.id = p.entry_id
            WHERE p.encounter_id = e.id AND p.account = 'ar:insurance'
              AND n.recorded_at <= coalesce(o.recorded_at, d.recorded_at)
            GROUP BY p.charge_line_id, p.payer_id
        ) owed ON owed.cents > 0
        """,
    ),
    asked(
        "statements are issued once",
        "A guarantor gets one statement for each cycle of a run, with a file of its own.",
        """
        SELECT 'statements ' || string_agg(statement_no, ', ' ORDER BY statement_no) FROM statement
        GROUP BY guarantor_id, run, cycle HAVING count(*) > 1
        UNION ALL
        SELECT 'statement ' || statement_no FROM statement
        GROUP BY statement_no HAVING count(*) > 1
        UNION ALL
        SELECT 'statements of file ' || outbox_id FROM statement WHERE outbox_id IS NOT NULL
        GROUP BY outbox_id HAVING count(*) > 1
        """,
    ),
    asked(
        "statements ask for their lines",
        "A statement asks for what its encounters and our own fees come to, of one guarantor.",
        """
        SELECT s.statement_no FROM statement s
        LEFT JOIN statement_line l ON l.statement_id = s.id
        LEFT JOIN encounter e ON e.id = l.encounter_id
        GROUP BY s.id
        HAVING s.amount_cents < coalesce(sum(l.cents), 0) OR s.amount_cents <= 0
            OR bool_or(e.guarantor_id <> s.guarantor_id)
        """,
    ),
    asked(
        "receipts are posted once",
        "Every guarantor's cash in the ledger is what was received less what was sent back.",
        """
        SELECT 'guarantor ' || g.account_no
        FROM guarantor g
        WHERE (SELECT coalesce(sum(cents), 0) FROM posting
               WHERE guarantor_id = g.id AND account = 'cash:patient')
           <> (SELECT coalesce(sum(cents), 0) FROM receipt WHERE guarantor_id = g.id)
            - (SELECT coalesce(sum(cents), 0) FROM refund WHERE guarantor_id = g.id)
        UNION ALL
        SELECT 'receipts ' || string_agg(id::text, ', ' ORDER BY id) FROM receipt
        GROUP BY source_key HAVING count(*) > 1
        UNION ALL
        SELECT 'receipt ' || c.returned_by_id || ' takes back another sum'
        FROM receipt c JOIN receipt b ON b.id = c.returned_by_id WHERE b.cents <> -c.cents
        """,
    ),
    asked(
        "patients owe only their share",
        "A remittance puts on the patient at most what the payer called the patient's (PR).",
        """
        SELECT 'answer ' || c.id FROM remit_claim c
        JOIN remittance r ON r.id = c.remittance_id JOIN payer y ON y.id = r.payer_id
        JOIN LATERAL (
            SELECT sum(p.cents) AS cents FROM remit_line l
            JOIN entry n ON n.remit_line_id = l.id JOIN posting p ON p.entry_id = n.id
            WHERE l.remit_claim_id = c.id AND p.account = 'ar:patient'
        ) posted ON posted.cents > 0
        WHERE y.is_payment_in_full OR posted.cents > (
            SELECT coalesce(sum(a.cents), 0) FROM remit_line l
            JOIN remit_adjustment a ON a.remit_line_id = l.id
            WHERE l.remit_claim_id = c.id AND a.group_code = 'PR')
        """,
    ),
    asked(
        "contractual obligations stay off patients",
        "No amount that a payer refused as our obligation (CO) is moved to the patient.",
        """
        SELECT 'denial ' || d.id FROM denial d
        JOIN entry n ON n.source = 'denial ' || d.id
        JOIN posting p ON p.entry_id = n.id
        WHERE d.group_code <> 'PR' AND p.account = 'ar:patient' AND p.cents > 0
        """,
    ),
    asked(
        "debtors have an account at work",
        "A guarantor who is asked to pay has an open account that sends statements.",
        """
        SELECT 'guarantor ' || g.account_no FROM guarantor g
        LEFT JOIN subject s ON s.key = 'patient-balance:' || g.account_no
        WHERE s.is_open IS NOT TRUE AND EXISTS (
            SELECT FROM encounter e JOIN posting p ON p.encounter_id = e.id
            WHERE e.guarantor_id = g.id AND e.stage = 'patient' AND p.account = 'ar:patient'
            GROUP BY e.id HAVING sum(p.cents) > 0)
          AND NOT EXISTS (SELECT FROM wake k WHERE k.subject = 'patient-balance:' || g.account_no)
        """,
    ),
)
