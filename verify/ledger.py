"""Money: every entry balances, every posting has its place, and each charge line adds up."""

from verify.promise import asked

# An encounter's lines are priced and posted from the stage `claims` on.
_PARTS = {
    "is_charged": "e.stage IN ('claims', 'patient', 'closed')",
    "price": "CASE WHEN l.is_void THEN 0 ELSE coalesce(l.charge_cents, 0) END",
}

PROMISES = (
    asked(
        "entries balance",
        "Every ledger entry sums to zero over at least two postings.",
        """
        SELECT 'entry ' || e.id || ' is off by ' || coalesce(sum(p.cents), 0) || ' over '
               || count(p.id) || ' postings'
        FROM entry e LEFT JOIN posting p ON p.entry_id = e.id
        GROUP BY e.id HAVING coalesce(sum(p.cents), 0) <> 0 OR count(p.id) < 2
        """,
    ),
    asked(
        "effects are single",
        "No effect key is used by two entries, and no entry is reversed twice.",
        """
        SELECT 'effect ' || effect_key FROM entry GROUP BY effect_key HAVING count(*) > 1
        UNION ALL
        SELECT 'entry ' || reverses_id || ' reversed' FROM entry
        WHERE reverses_id IS NOT NULL GROUP BY reverses_id HAVING count(*) > 1
        """,
    ),
    asked(
        "entries name their source",
        "Every entry says where it comes from and in which period it counts.",
        """
        SELECT 'entry ' || id FROM entry
        WHERE source = '' OR effect_key = '' OR words = ''
           OR period <> to_char(posted_on, 'YYYY-MM')
        """,
    ),
    asked(
        "dimensions exist",
        "Everything that a posting names exists and belongs together.",
        """
        SELECT 'posting ' || p.id
        FROM posting p
        LEFT JOIN entry n ON n.id = p.entry_id
        LEFT JOIN encounter e ON e.id = p.encounter_id
        LEFT JOIN charge_line l ON l.id = p.charge_line_id
        LEFT JOIN claim c ON c.id = p.claim_id
        LEFT JOIN payer y ON y.id = p.payer_id
        LEFT JOIN patient t ON t.id = p.patient_id
        LEFT JOIN guarantor g ON g.id = p.guarantor_id
        WHERE n.id IS NULL
           OR (p.encounter_id IS NOT NULL AND e.id IS NULL)
           OR (p.charge_line_id IS NOT NULL AND l.encounter_id IS DISTINCT FROM p.encounter_id)
           OR (p.claim_id IS NOT NULL AND c.id IS NULL)
           OR (p.payer_id IS NOT NULL AND y.id IS NULL)
           OR (p.patient_id IS NOT NULL AND t.id IS NULL)
           OR (p.guarantor_id IS NOT NULL AND g.id IS NULL)
        """,
    ),
    asked(
        "receivables name who owes",
        "What is receivable names its charge line, and its payer or its guarantor.",
        """
        SELECT 'posting ' || id FROM posting
        WHERE (account IN ('ar:insurance', 'ar:patient') AND charge_line_id IS NULL)
           OR (account = 'ar:insurance' AND payer_id IS NULL)
           OR (account IN ('ar:patient', 'ar:fees', 'liability:unapplied') AND guarantor_id IS NULL)
        """,
    ),
    asked(
        "reversals are exact",
        "A reversing entry takes back exactly what it names, account by account and line by line.",
        """
        SELECT 'entry ' || pair.id FROM (
            SELECT r.id, p.account, p.charge_line_id, p.payer_id, p.guarantor_id,
                   sum(p.cents) AS cents
            FROM entry r JOIN posting p ON p.entry_id IN (r.id, r.reverses_id)
            WHERE r.reverses_id IS NOT NULL
            GROUP BY r.id, p.account, p.charge_line_id, p.payer_id, p.guarantor_id
        ) pair GROUP BY pair.id HAVING bool_or(pair.cents <> 0)
        """,
    ),
    asked(
        "charges are posted",
        "Each charge line has posted exactly its price, and a void line nothing that remains.",
        """
        SELECT 'charge line ' || l.id
        FROM charge_line l JOIN encounter e ON e.id = l.encounter_id
        LEFT JOIN posting p ON p.charge_line_id = l.id AND p.account = 'revenue:charges'
        WHERE $is_charged AND (l.charge_cents IS NOT NULL OR p.id IS NOT NULL)
        GROUP BY l.id
        HAVING -coalesce(sum(p.cents), 0) <> $price
        """,
        parts=_PARTS,
    ),
    asked(
        "charge lines add up",
        "For each charge line the charge is what has left the receivables plus what is still open.",
        """
        SELECT 'charge line ' || l.id
        FROM charge_line l JOIN encounter e ON e.id = l.encounter_id
        LEFT JOIN LATERAL (
            SELECT
                sum(p.cents) FILTER (
                    WHERE p.account IN ('ar:insurance', 'ar:patient')
                ) AS still_open,
                sum(p.cents) FILTER (
                    WHERE p.account NOT IN ('ar:insurance', 'ar:patient', 'revenue:charges')
                ) AS settled,
                -sum(p.cents) FILTER (
                    WHERE p.account = 'ar:patient' AND EXISTS (
                        SELECT FROM posting m WHERE m.entry_id = p.entry_id
                        AND m.account IN ('cash:patient', 'liability:unapplied'))
                ) AS paid_by_patient
            FROM posting p WHERE p.charge_line_id = l.id
        ) m ON true
        WHERE $is_charged
          AND $price
              <> coalesce(m.still_open, 0) + coalesce(m.settled, 0)
                 + coalesce(m.paid_by_patient, 0)
        """,
        parts=_PARTS,
    ),
    asked(
        "large write-offs have two people",
        "What is written off above the practice's limit was approved by somebody else.",
        """
        WITH allowed AS (
            SELECT coalesce((SELECT (value ->> 'value')::bigint FROM setting
                             WHERE name = 'write_off_limit_cents'), 5000) AS cents
        ), given_up AS (
            SELECT n.source, sum(p.cents) AS cents
            FROM entry n JOIN posting p ON p.entry_id = n.id
            WHERE p.cents > 0 AND n.reverses_id IS NULL AND n.remit_line_id IS NULL
              AND p.account IN ('writeoff', 'adj:bundled')
            GROUP BY n.source, CASE WHEN starts_with(n.source, 'write-off ') THEN 0 ELSE n.id END
        )
        SELECT g.source || ' of ' || g.cents || ' cents'
        FROM given_up g CROSS JOIN allowed
        LEFT JOIN write_off_request r ON 'write-off ' || r.id = g.source
        WHERE g.cents > allowed.cents
          AND (r.id IS NULL OR r.approved_by_id IS NULL OR r.approved_by_id = r.asked_by_id)
        """,
    ),
    asked(
        "write-offs post what was asked",
        "A write-off that counts as posted has posted exactly its amount, any other nothing.",
        """
        SELECT 'write-off ' || r.id
        FROM write_off_request r
        LEFT JOIN entry n ON n.source = 'write-off ' || r.id AND n.reverses_id IS NULL
        LEFT JOIN posting p ON p.entry_id = n.id AND p.cents > 0
        GROUP BY r.id
        HAVING coalesce(sum(p.cents), 0)
               <> CASE WHEN r.status = 'posted' THEN r.amount_cents ELSE 0 END
        """,
    ),
)
