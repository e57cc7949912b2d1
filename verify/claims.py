"""Claims: their versions and numbers, what they bill, and that none is sent after its answer."""

from verify.promise import asked

PROMISES = (
    asked(
        "facilities bill for their places",
        "A facility charges for visits of a place and a day for which it bills, and no others.",
        """
        SELECT 'charge line ' || x.id || ' is a facility''s, but none bills for its place then'
        FROM charge_line x JOIN encounter e ON e.id = x.encounter_id
        JOIN location w ON w.id = e.location_id
        WHERE x.form = 'I' AND NOT x.is_void
          AND (w.facility_id IS NULL OR e.service_on < w.facility_from
               OR e.service_on > w.facility_to)
        """,
    ),
    asked(
        "versions are fixed before sending",
        "No submission exists whose version has no content, and none lacks its version.",
        """
        SELECT 'submission ' || s.pcn
        FROM submission s LEFT JOIN claim_version v ON v.id = s.claim_version_id
        WHERE v.id IS NULL OR v.content IS NULL OR v.content = 'null'::jsonb
        """,
    ),
    asked(
        "control numbers name submissions",
        "A patient control number is its claim, version and submission, and is used once.",
        """
        SELECT 'submission ' || s.id
        FROM submission s JOIN claim_version v ON v.id = s.claim_version_id
        WHERE s.pcn <> 'C' || v.claim_id || 'V' || v.version || 'S' || s.number
           OR s.pcn !~ '^[A-Z0-9]{1,20}$'
        UNION
        SELECT 'number ' || pcn FROM submission GROUP BY pcn HAVING count(*) > 1
        """,
    ),
    asked(
        "replacements name the original",
        "Frequency 7 and 8 carry the payer's claim number.",
        """
        SELECT 'claim version ' || id FROM claim_version
        WHERE frequency IN ('7', '8') AND coalesce(payer_claim_number, '') = ''
        """,
    ),
    asked(
        "late charges are a facility's",
        "Frequency 5 is an institutional claim's, and asks for late charges alone.",
        """
        SELECT 'claim version ' || v.id FROM claim_version v JOIN claim c ON c.id = v.claim_id
        WHERE v.frequency = '5' AND (c.form <> 'I' OR EXISTS (
            SELECT FROM jsonb_array_elements(v.charge_line_ids) line
            LEFT JOIN late_charge x ON x.charge_line_id = line::bigint
            WHERE x.charge_line_id IS NULL))
        """,
    ),
    asked(
        "claims wait to be sent once",
        "A claim has at most one unsent submission, and none is sent after its answer.",
        """
        SELECT 'claim ' || claim_id || ' has ' || count(*) || ' unsent submissions'
        FROM ($unsent) unsent GROUP BY claim_id HAVING count(*) > 1
        UNION ALL
        SELECT pcn || ' is to be sent, but its claim is ' || stage FROM ($unsent) unsent
        WHERE stage <> 'ready'
        UNION ALL
        -- A duplicate moves nothing and is not posted; a reversal answers what was sent before.
        SELECT s.pcn || ' was queued, then answered, and sent all the same'
        FROM submission s JOIN claim_version v ON v.id = s.claim_version_id
        WHERE EXISTS (
            SELECT FROM remit_claim a
            WHERE a.claim_id = v.claim_id AND a.posting = 'posted' AND a.status <> '22'
              AND s.queued_at < a.posted_at AND a.posted_at < s.sent_at)
        """,
        parts={
            "unsent": """
                SELECT c.id AS claim_id, c.stage, s.pcn
                FROM submission s JOIN claim_version v ON v.id = s.claim_version_id
                JOIN claim c ON c.id = v.claim_id
                WHERE s.sent_at IS NULL AND s.ack_status IS NULL
            """
        },
    ),
    asked(
        "charge lines are billed once",
        "Under one coverage a charge line stands on one claim, cancelled ones aside.",
        """
        SELECT 'charge line ' || l.charge_line_id || ' is on ' || count(*) || ' claims to payer '
               || c.payer_id
        FROM claim_line l JOIN claim c ON c.id = l.claim_id
        WHERE c.outcome IS DISTINCT FROM 'cancelled'
        GROUP BY l.charge_line_id, c.coverage_id, c.payer_id HAVING count(*) > 1
        """,
    ),
    asked(
        "claims bill one stay",
        "A claim bills one patient's visits, several of them only where they are one stay; one of "
        "them leads it.",
        """
        SELECT DISTINCT 'claim ' || c.id || ' bills ' || e.encounter_no || ' too'
        FROM claim c JOIN encounter h ON h.id = c.encounter_id
        JOIN claim_line l ON l.claim_id = c.id JOIN charge_line x ON x.id = l.charge_line_id
        JOIN encounter e ON e.id = x.encounter_id
        WHERE e.id <> h.id
          AND (e.patient_id <> h.patient_id OR e.stay_no IS DISTINCT FROM h.stay_no
               OR e.stay_no IS NULL)
        UNION ALL
        SELECT 'claim ' || c.id || ' bills nothing of the encounter that leads it' FROM claim c
        WHERE NOT EXISTS (
            SELECT FROM claim_line l JOIN charge_line x ON x.id = l.charge_line_id
            WHERE l.claim_id = c.id AND x.encounter_id = c.encounter_id)
        """,
    ),
    asked(
        "sent claims were submitted",
        "A claim that waits for a payer's word has a submission, or was forwarded to that payer.",
        """
        SELECT 'claim ' || c.id FROM claim c
        WHERE c.stage IN ('submitted', 'accepted')
          AND NOT EXISTS (
              SELECT FROM claim_version v JOIN submission s ON s.claim_version_id = v.id
              WHERE v.claim_id = c.id AND s.sent_at IS NOT NULL)
        """,
    ),
)
