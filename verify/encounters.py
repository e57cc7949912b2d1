"""Encounters: what is closed is at zero and named by nothing; what is open waits for something."""

from verify.promise import asked

_PARTS = {
    "is_open": "e.stage NOT IN ('closed', 'cancelled')",
    "key": "'encounter:' || e.encounter_no",
    "is_held": """EXISTS (
        SELECT FROM hold h WHERE h.released_at IS NULL AND h.held_until_at > %(now_at)s
        AND (h.encounter_id = e.id OR h.guarantor_id = e.guarantor_id
             OR EXISTS (SELECT FROM claim hc JOIN claim_line hl ON hl.claim_id = hc.id
                        JOIN charge_line hx ON hx.id = hl.charge_line_id
                        WHERE hx.encounter_id = e.id
                        AND (hc.id = h.claim_id OR hc.payer_id = h.payer_id
                             OR EXISTS (SELECT FROM claim_line ol
                                        JOIN charge_line ox ON ox.id = ol.charge_line_id
                                        WHERE ol.claim_id = hc.id
                                        AND ox.encounter_id = h.encounter_id)))))""",
    # The claims that bill it, whichever encounter leads them.
    "bills_it": """c.id IN (SELECT bl.claim_id FROM claim_line bl
                           JOIN charge_line bx ON bx.id = bl.charge_line_id
                           WHERE bx.encounter_id = e.id)""",
    # Between two steps nothing is awaited for a moment: news is on its way, or a step just ended.
    "is_moving": """(
        EXISTS (SELECT FROM wake k WHERE k.subject = 'encounter:' || e.encounter_no
                AND k.wanted_at > %(quiet_at)s)
        OR EXISTS (SELECT FROM journal j WHERE j.subject = 'encounter:' || e.encounter_no
                   AND j.recorded_at > %(quiet_at)s))""",
}

PROMISES = (
    asked(
        "closed encounters are at zero",
        "On a closed encounter nobody owes anything, line by line and payer by payer.",
        """
        SELECT e.encounter_no || ' has ' || sum(p.cents) || ' cents open on line ' ||
               coalesce(p.charge_line_id::text, 'none')
        FROM encounter e JOIN posting p ON p.encounter_id = e.id
        WHERE e.stage IN ('closed', 'cancelled') AND p.account IN ('ar:insurance', 'ar:patient')
        GROUP BY e.encounter_no, p.charge_line_id, p.account, p.payer_id HAVING sum(p.cents) <> 0
        """,
    ),
    asked(
        "closed encounters are over",
        "No open task, wait, claim, denial, appeal or write-off names a closed encounter.",
        """
        SELECT e.encounter_no || ' is named by ' || named.what
        FROM encounter e CROSS JOIN LATERAL (
            SELECT 'task ' || t.id FROM task t
            WHERE t.status = 'open' AND (t.encounter_id = e.id OR t.subject = $key)
            UNION ALL
            SELECT 'wait ' || w.id FROM wait w WHERE w.subject = $key AND w.ended_at IS NULL
            UNION ALL
            SELECT 'claim ' || c.id FROM claim c
            WHERE $bills_it AND c.stage <> 'settled'
            UNION ALL
            SELECT 'denial ' || d.id FROM denial d JOIN claim c ON c.id = d.claim_id
            WHERE $bills_it AND d.status <> 'resolved'
            UNION ALL
            SELECT 'appeal ' || a.id FROM appeal_case a JOIN claim c ON c.id = a.claim_id
            WHERE $bills_it AND a.status IN ('drafted', 'sent')
            UNION ALL
            SELECT 'write-off ' || r.id FROM write_off_request r
            WHERE r.encounter_id = e.id AND r.status IN ('asked', 'approved')
        ) named(what)
        WHERE NOT $is_open
        """,
        parts=_PARTS,
    ),
    asked(
        "ends are dated",
        "A closed encounter says when it ended, an open one does not.",
        "SELECT e.encounter_no FROM encounter e WHERE ($is_open) <> (e.ended_at IS NULL)",
        parts=_PARTS,
    ),
    asked(
        "open encounters have a subject",
        "Every open encounter has an open subject, so that it can be woken; a closed one has none.",
        """
        SELECT e.encounter_no FROM encounter e LEFT JOIN subject s ON s.key = $key
        WHERE s.key IS NULL OR s.is_open <> ($is_open)
        """,
        parts=_PARTS,
    ),
    asked(
        "open encounters wait for something",
        "Every open encounter has an open task, or waits for something until a date.",
        """
        SELECT e.encounter_no || ' waits for nothing' FROM encounter e
        WHERE $is_open
          AND NOT EXISTS (SELECT FROM task t WHERE t.status = 'open'
                          AND (t.encounter_id = e.id OR t.subject = $key))
          AND NOT EXISTS (SELECT FROM wait w WHERE w.subject = $key AND w.ended_at IS NULL)
          AND NOT $is_held AND NOT $is_moving
        """,
        parts=_PARTS,
    ),
    asked(
        "open claims wait for something",
        "Every open claim has an open task, or waits for something until a date.",
        """
        SELECT 'claim ' || c.id || ' (' || c.stage || ') waits for nothing'
        FROM claim c JOIN encounter e ON e.id = c.encounter_id
        WHERE $is_open AND c.stage <> 'settled'
          AND NOT EXISTS (SELECT FROM task t WHERE t.status = 'open' AND t.claim_id = c.id)
          AND NOT EXISTS (SELECT FROM wait w WHERE w.claim_id = c.id AND w.ended_at IS NULL)
          AND NOT $is_held AND NOT $is_moving
        """,
        parts=_PARTS,
    ),
    asked(
        "deadlines are kept",
        "No wait is overdue by more than three business days: its deadline does something.",
        """
        SELECT 'wait ' || w.id || ' of ' || w.subject || ' since ' || w.until_at::date
        FROM wait w LEFT JOIN encounter e ON $key = w.subject
        WHERE w.ended_at IS NULL AND w.until_at < %(late_at)s AND NOT coalesce($is_held, false)
        """,
        parts=_PARTS,
    ),
    asked(
        "waits say what for",
        "Every open wait says in words what it waits for, until when, and what happens then.",
        """
        SELECT 'wait ' || w.id FROM wait w LEFT JOIN subject s ON s.key = w.subject
        WHERE s.key IS NULL OR w.what = '' OR w.then_what = '' OR w.until_at IS NULL
           OR (w.ended_at IS NULL) <> (w.ended_by IS NULL)
        """,
    ),
    asked(
        "waits end with their task",
        "Nothing waits for a task that has been answered or withdrawn.",
        """
        SELECT 'wait ' || w.id FROM wait w JOIN task t ON t.id = w.task_id
        WHERE w.ended_at IS NULL AND t.status <> 'open'
        """,
    ),
)
