"""What a person keys at a portal or posts: it counts as sent when they say so, and only once."""

from verify.promise import asked

PROMISES = (
    asked(
        "portal claims are keyed once",
        "What counts as keyed at a portal has one answered task and one confirmation of its own.",
        """
        SELECT s.pcn FROM submission s
        LEFT JOIN ack a ON a.submission_id = s.id AND a.kind = 'portal' AND a.is_accepted
        LEFT JOIN task t ON t.kind = 'portal_claim' AND t.cause = 'portal:' || s.pcn
                        AND t.status = 'answered'
        WHERE s.channel = 'portal'
        GROUP BY s.id
        HAVING (s.sent_at IS NOT NULL) <> (count(DISTINCT a.id) = 1 AND count(t.id) > 0)
            OR count(DISTINCT a.id) > 1 OR bool_or(a.confirmation_no IS NULL) FILTER
               (WHERE a.id IS NOT NULL)
        UNION ALL
        SELECT s.pcn || ' is to be keyed, but nobody is asked' FROM submission s
        WHERE s.channel = 'portal' AND s.sent_at IS NULL AND s.ack_status IS NULL
          AND NOT EXISTS (SELECT FROM task t WHERE t.kind = 'portal_claim'
                          AND t.cause = 'portal:' || s.pcn AND t.status = 'open')
        UNION ALL
        SELECT 'confirmation ' || a.confirmation_no FROM ack a
        JOIN submission s ON s.id = a.submission_id
        JOIN claim_version v ON v.id = s.claim_version_id JOIN claim c ON c.id = v.claim_id
        WHERE a.kind = 'portal' GROUP BY c.payer_id, a.confirmation_no HAVING count(*) > 1
        """,
    ),
    asked(
        "claims posted here are mailed once",
        "What a person posts counts as sent from the moment somebody says when it was mailed; a "
        "reprint is of the same submission, and of what was mailed before.",
        """
        SELECT s.pcn || ' counts as sent, but nobody mailed it' FROM mail_piece p
        JOIN submission s ON s.id = p.submission_id
        WHERE p.replaces_id IS NULL AND p.mailing_id IS NULL AND s.sent_at IS NOT NULL
        UNION ALL
        SELECT s.pcn || ' was mailed, but does not count as sent' FROM mail_piece p
        JOIN submission s ON s.id = p.submission_id
        WHERE p.mailing_id IS NOT NULL
          AND (s.sent_at IS NULL OR s.channel <> 'paper' OR s.batch_id IS NOT NULL)
        UNION ALL
        SELECT 'mail piece ' || p.id || ' is of another claim than its submission'
        FROM mail_piece p JOIN submission s ON s.id = p.submission_id
        JOIN claim_version v ON v.id = s.claim_version_id
        JOIN claim c ON c.id = v.claim_id
        WHERE v.claim_id <> p.claim_id
           OR p.form <> CASE c.form WHEN 'I' THEN 'UB-04' ELSE 'CMS-1500' END
        UNION ALL
        SELECT 'mail piece ' || p.id || ' replaces what was not mailed, or another claim''s'
        FROM mail_piece p JOIN mail_piece o ON o.id = p.replaces_id
        WHERE o.mailing_id IS NULL OR o.submission_id <> p.submission_id
        UNION ALL
        SELECT s.pcn || ' is to be posted, but its claim is ' || c.stage FROM mail_piece p
        JOIN submission s ON s.id = p.submission_id JOIN claim c ON c.id = p.claim_id
        WHERE p.mailing_id IS NULL AND s.sent_at IS NULL AND s.ack_status IS NULL
          AND c.stage <> 'ready'
        UNION ALL
        SELECT 'mailing ' || m.id || ' holds nothing, or is of a day to come' FROM mailing m
        WHERE m.mailed_on > (m.at AT TIME ZONE 'UTC')::date + 1
           OR NOT EXISTS (SELECT FROM mail_piece p WHERE p.mailing_id = m.id)
          AND NOT EXISTS (SELECT FROM mail_paper p WHERE p.mailing_id = m.id)
        """,
    ),
    asked(
        "letters posted here wait on the list",
        "A letter that is not handed to a print service, and what it encloses, is on the list of "
        "what a person posts, and only its payer's claim names it; what is posted again was mailed "
        "before, and is the same.",
        """
        SELECT 'letter ' || a.reference || ' is signed, and neither a file nor on the list'
        FROM appeal_case a
        WHERE a.status = 'sent' AND a.outbox_id IS NULL
          AND NOT EXISTS (SELECT FROM mail_paper p
                          WHERE p.claim_id = a.claim_id AND p.reference = a.reference)
        UNION ALL
        SELECT 'paper ' || p.reference || ' is a file for a print service too' FROM mail_paper p
        JOIN appeal_case a ON a.reference = p.reference WHERE a.outbox_id IS NOT NULL
        UNION ALL
        SELECT 'paper ' || p.reference || ' has no letter' FROM mail_paper p
        WHERE p.kind = 'letter' AND NOT EXISTS (
            SELECT FROM appeal_case a WHERE a.claim_id = p.claim_id AND a.reference = p.reference)
        UNION ALL
        SELECT 'paper ' || p.reference || ' is posted again, but is no paper that was mailed'
        FROM mail_paper p JOIN mail_paper o ON o.id = p.replaces_id
        WHERE o.mailing_id IS NULL
           OR (o.claim_id, o.kind, o.reference, o.document_id, o.enclosed_ids)
              IS DISTINCT FROM (p.claim_id, p.kind, p.reference, p.document_id, p.enclosed_ids)
        UNION ALL
        SELECT 'paper ' || p.reference || ' encloses what is not there' FROM mail_paper p
        WHERE EXISTS (SELECT FROM jsonb_array_elements_text(p.enclosed_ids) e
                      WHERE NOT EXISTS (SELECT FROM document d WHERE d.id = e::bigint))
        """,
    ),
)
