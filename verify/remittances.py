"""Remittances: each balances, is posted once line by line, and its cash is what was paid."""

from verify.promise import asked

# Entries of the payment as a whole carry the remittance's id in their effect key (DESIGN 11).
_PARTS = {"is_of": "starts_with(n.effect_key, 'remit:' || r.id || ':')"}

PROMISES = (
    asked(
        "remittances are taken once",
        "No payment (originator, trace, date, amount; where two share them, their number) and no "
        "file is taken in twice; what was keyed and undone makes room for the same check.",
        """
        SELECT 'remittance ' || string_agg(id::text, ', ' ORDER BY id) FROM remittance
        WHERE undone_at IS NULL
        GROUP BY originator, trace_number, paid_on, paid_cents, namesake HAVING count(*) > 1
        UNION ALL
        SELECT 'raw file ' || string_agg(id::text, ', ' ORDER BY id) FROM raw_file
        GROUP BY sha256 HAVING count(*) > 1
        UNION ALL
        SELECT 'raw file ' || id || ' has other bytes than its hash' FROM raw_file
        WHERE encode(sha256(content), 'hex') <> sha256
        """,
    ),
    asked(
        "keyed EOBs are remittances once",
        "What a person keyed from paper and posted is one remittance, of its own file and its own "
        "person, and no check is both keyed and taken in.",
        """
        SELECT 'remittance ' || r.id FROM remittance r
        LEFT JOIN keyed_eob k ON k.remittance_id = r.id
        LEFT JOIN raw_file f ON f.id = r.raw_file_id
        WHERE starts_with(r.originator, 'keyed:')
              IS DISTINCT FROM (k.id IS NOT NULL AND k.ended_at IS NOT NULL AND f.route = 'keyed')
        UNION
        SELECT 'remittance ' || r.id || ' is ' || other.id || ', keyed'
        FROM remittance r JOIN remittance other
          ON other.payer_id = r.payer_id AND other.paid_on = r.paid_on AND other.id <> r.id
         AND other.paid_cents = r.paid_cents AND starts_with(other.originator, 'keyed:')
         AND ltrim(other.trace_number, '0') = ltrim(r.trace_number, '0')
        WHERE other.undone_at IS NULL AND r.undone_at IS NULL
        """,
    ),
    asked(
        "undone EOBs are taken back whole",
        "What a person undid was keyed, and one remittance takes back its payment, each of its "
        "answers and what stood beside them, to the cent.",
        """
        SELECT 'remittance ' || r.id FROM remittance r
        LEFT JOIN remittance back ON back.undoes_id = r.id
        WHERE r.undone_at IS NOT NULL
          AND (back.id IS NULL OR NOT starts_with(r.originator, 'keyed:')
               OR back.paid_cents <> -r.paid_cents OR back.payer_id <> r.payer_id
               OR (SELECT coalesce(sum(a.cents), 0) FROM remit_provider_adjustment a
                   WHERE a.remittance_id IN (r.id, back.id)) <> 0)
        UNION
        SELECT 'remittance ' || back.id || ' takes back what stands' FROM remittance back
        JOIN remittance r ON r.id = back.undoes_id WHERE r.undone_at IS NULL
        UNION
        SELECT 'answer ' || c.id || ' still stands' FROM remit_claim c
        JOIN remittance back ON back.undoes_id = c.remittance_id AND back.posted_at IS NOT NULL
        LEFT JOIN remit_claim r ON r.reverses_id = c.id AND r.remittance_id = back.id
        WHERE c.posting = 'posted' AND r.id IS NULL
        """,
    ),
    asked(
        "remittances balance",
        "A stored remittance balances: payment, claims, provider adjustments, lines and reasons.",
        """
        SELECT 'remittance ' || r.id FROM remittance r
        WHERE r.paid_cents <>
              coalesce((SELECT sum(c.paid_cents) FROM remit_claim c
                        WHERE c.remittance_id = r.id), 0)
              - coalesce((SELECT sum(a.cents) FROM remit_provider_adjustment a
                          WHERE a.remittance_id = r.id), 0)
        UNION
        SELECT 'answer ' || c.id FROM remit_claim c
        JOIN remit_line l ON l.remit_claim_id = c.id
        GROUP BY c.id
        HAVING sum(l.charge_cents) <> c.charge_cents OR sum(l.paid_cents) <> c.paid_cents
        UNION
        SELECT 'remittance line ' || l.id FROM remit_line l
        LEFT JOIN remit_adjustment a ON a.remit_line_id = l.id
        GROUP BY l.id HAVING l.charge_cents - coalesce(sum(a.cents), 0) <> l.paid_cents
        """,
    ),
    asked(
        "lines are posted once",
        "A remittance line has at most one entry for each charge line.",
        """
        SELECT DISTINCT 'remittance line ' || remit_line_id FROM (
            SELECT n.remit_line_id, p.charge_line_id
            FROM entry n JOIN posting p ON p.entry_id = n.id
            WHERE n.remit_line_id IS NOT NULL
            GROUP BY n.remit_line_id, p.charge_line_id HAVING count(DISTINCT n.id) > 1
        ) twice
        """,
    ),
    asked(
        "answers post what was paid",
        "A posted answer has moved exactly what was paid with it; any other has moved nothing.",
        """
        SELECT 'answer ' || c.id || ' posted ' || coalesce(sum(p.cents), 0) || ' of ' ||
               c.paid_cents || ' cents'
        FROM remit_claim c
        JOIN remit_line l ON l.remit_claim_id = c.id
        LEFT JOIN entry n ON n.remit_line_id = l.id
        LEFT JOIN posting p ON p.entry_id = n.id AND p.account = 'clearing'
        GROUP BY c.id
        HAVING coalesce(sum(p.cents), 0)
               <> CASE WHEN c.posting = 'posted' THEN c.paid_cents ELSE 0 END
        """,
    ),
    asked(
        "answered lines leave a trace",
        "A posted line with money or a patient's share has its entry, or the denial that holds it.",
        """
        SELECT 'remittance line ' || l.id
        FROM remit_line l JOIN remit_claim c ON c.id = l.remit_claim_id
        WHERE c.posting = 'posted' AND c.status <> '22' AND l.ordinal > 0
          AND (l.paid_cents <> 0 OR EXISTS (
              SELECT FROM remit_adjustment a WHERE a.remit_line_id = l.id
              AND a.group_code = 'PR' AND a.carc IN ('1', '2', '3') AND a.cents <> 0))
          AND NOT EXISTS (SELECT FROM remit_adjustment a
                          WHERE a.remit_line_id = l.id AND a.carc = '18')
          AND NOT EXISTS (SELECT FROM entry n WHERE n.remit_line_id = l.id)
          AND NOT EXISTS (SELECT FROM denial d WHERE d.remit_line_id = l.id)
        """,
    ),
    asked(
        "reversals take back once",
        "A posted reversal names the answer it takes back and contradicts each of its entries.",
        """
        SELECT 'answer ' || c.id FROM remit_claim c
        WHERE c.status = '22' AND c.posting = 'posted' AND c.reverses_id IS NULL
        UNION
        SELECT 'answer ' || c.id FROM remit_claim c
        JOIN remit_line l ON l.remit_claim_id = c.reverses_id
        JOIN entry n ON n.remit_line_id = l.id
        LEFT JOIN entry back ON back.reverses_id = n.id
        LEFT JOIN remit_line own ON own.id = back.remit_line_id AND own.remit_claim_id = c.id
        WHERE c.posting = 'posted' AND own.id IS NULL
        UNION
        SELECT 'answer ' || reverses_id FROM remit_claim WHERE reverses_id IS NOT NULL
        GROUP BY reverses_id HAVING count(*) > 1
        """,
    ),
    asked(
        "unposted answers have their task",
        "An answer that is not posted is a question to somebody, or waits with a deadline.",
        """
        SELECT 'answer ' || c.id FROM remit_claim c JOIN remittance r ON r.id = c.remittance_id
        WHERE (c.posting = 'exception' AND NOT EXISTS (
                  SELECT FROM task t WHERE t.remit_claim_id = c.id AND t.status = 'open'))
           OR (c.posting = 'deferred' AND NOT EXISTS (
                  SELECT FROM wait w
                  WHERE w.subject = 'remittance:' || r.id AND w.ended_at IS NULL))
           OR (c.posting IS NULL AND r.posted_at IS NOT NULL)
           OR (c.posting IN ('posted', 'dismissed')) <> (c.posted_at IS NOT NULL)
        """,
    ),
    asked(
        "cash is what the payer sent",
        "Each posted remittance has put exactly its payment (BPR02) into the bank, once.",
        """
        SELECT 'remittance ' || r.id
        FROM remittance r LEFT JOIN entry n ON $is_of
        LEFT JOIN posting p ON p.entry_id = n.id AND p.account = 'cash:bank'
        GROUP BY r.id
        HAVING coalesce(sum(p.cents), 0) <> CASE WHEN r.posted_at IS NOT NULL OR count(p.id) > 0
                                                 THEN r.paid_cents ELSE 0 END
            OR count(p.id) > 1
        UNION ALL
        SELECT 'posting ' || p.id || ' is cash of no remittance'
        FROM posting p JOIN entry n ON n.id = p.entry_id
        WHERE p.account = 'cash:bank' AND NOT EXISTS (SELECT FROM remittance r WHERE $is_of)
        AND NOT (p.cents < 0 AND starts_with(n.effect_key, 'payer-refund:'))
        """,
        parts=_PARTS,
    ),
    asked(
        "payers get back what was theirs",
        "No more is sent back to a payer than it has paid.",
        """
        SELECT 'payer ' || p.payer_id || ' got ' || -sum(p.cents) || ' cents too many'
        FROM posting p WHERE p.account = 'cash:bank'
        GROUP BY p.payer_id HAVING sum(p.cents) < 0
        """,
    ),
    asked(
        "clearing comes to zero",
        "A remittance whose answers are all settled leaves nothing in the payer's clearing.",
        """
        SELECT 'remittance ' || r.id || ' leaves ' || sum(p.cents) || ' cents'
        FROM remittance r JOIN posting p ON p.account = 'clearing'
        JOIN entry n ON n.id = p.entry_id AND $is_of
        WHERE r.posted_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM remit_claim c WHERE c.remittance_id = r.id
            AND coalesce(c.posting, '') NOT IN ('posted', 'dismissed'))
        GROUP BY r.id HAVING sum(p.cents) <> 0
        """,
        parts=_PARTS,
    ),
    asked(
        "bank lines agree",
        "A line of the bank is matched to one remittance, of its trace and amount, that stands.",
        """
        SELECT 'bank line ' || b.id FROM bank_line b JOIN remittance r ON r.id = b.remittance_id
        WHERE b.amount_cents <> r.paid_cents OR b.trace <> r.trace_number
           OR r.bank_matched_at IS NULL OR r.undone_at IS NOT NULL OR r.undoes_id IS NOT NULL
        UNION
        SELECT 'remittance ' || remittance_id FROM bank_line WHERE remittance_id IS NOT NULL
        GROUP BY remittance_id HAVING count(*) > 1
        """,
    ),
    asked(
        "denied money stays receivable",
        "What is refused and not yet resolved is still the payer's receivable; what is disputed as "
        "underpaid was posted as the payer said.",
        """
        SELECT 'charge line ' || d.charge_line_id
        FROM denial d JOIN claim c ON c.id = d.claim_id
        WHERE d.status <> 'resolved' AND NOT d.is_underpayment
        GROUP BY d.charge_line_id, c.payer_id
        HAVING sum(d.amount_cents) > (
            SELECT coalesce(sum(p.cents), 0) FROM posting p
            WHERE p.charge_line_id = d.charge_line_id AND p.payer_id = c.payer_id
              AND p.account = 'ar:insurance')
        """,
    ),
    asked(
        "denials are asked about",
        "An open denial has an open task, or its claim is about to move.",
        """
        SELECT 'denial ' || d.id FROM denial d
        JOIN claim c ON c.id = d.claim_id JOIN encounter e ON e.id = c.encounter_id
        WHERE d.status = 'open'
          AND NOT EXISTS (SELECT FROM task t WHERE t.claim_id = c.id AND t.status = 'open')
          AND NOT EXISTS (SELECT FROM wait w WHERE w.claim_id = c.id AND w.ended_at IS NULL)
          AND NOT EXISTS (SELECT FROM hold h WHERE h.released_at IS NULL
                          AND h.held_until_at > %(now_at)s
                          AND (h.encounter_id = e.id OR h.claim_id = c.id OR h.payer_id = c.payer_id
                               OR h.guarantor_id = e.guarantor_id))
          AND NOT EXISTS (SELECT FROM journal j WHERE j.subject = 'encounter:' || e.encounter_no
                          AND j.recorded_at > %(quiet_at)s)
          AND NOT EXISTS (SELECT FROM wake k WHERE k.subject = 'encounter:' || e.encounter_no)
        """,
    ),
)
