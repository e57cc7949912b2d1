"""Tasks: each is asked once, has a queue and a date, and its answer says who and when."""

from verify.promise import asked

PROMISES = (
    asked(
        "tasks have a date and a queue",
        "Every open task is in a queue, is due on a date, and says its reason.",
        """
        SELECT 'task ' || id FROM task
        WHERE status = 'open' AND (due_on IS NULL OR coalesce(queue, '') = '' OR reason = '')
        """,
    ),
    asked(
        "tasks belong to a subject",
        "Every open task belongs to something that exists, and that is open if it is an encounter.",
        """
        SELECT 'task ' || t.id FROM task t LEFT JOIN subject s ON s.key = t.subject
        WHERE t.status = 'open'
          AND (s.key IS NULL OR (NOT s.is_open AND starts_with(t.subject, 'encounter:')))
        """,
    ),
    asked(
        "answers say who and when",
        "An answered task says who answered, when and what; an open one has no answer.",
        """
        SELECT 'task ' || id FROM task
        WHERE (status = 'answered' AND (answered_at IS NULL OR answered_by_id IS NULL
                                        OR answer IS NULL))
           OR (status <> 'answered' AND (answered_at IS NOT NULL OR answered_by_id IS NOT NULL))
        """,
    ),
    asked(
        "tasks are asked once",
        "No subject has two tasks of one kind for the same cause.",
        """
        SELECT 'tasks ' || string_agg(id::text, ', ' ORDER BY id) FROM task
        GROUP BY subject, kind, cause HAVING count(*) > 1
        """,
    ),
    asked(
        "task logs are complete",
        "The log of a task has its opening, and the answer by the person who gave it, once.",
        """
        SELECT 'task ' || t.id FROM task t LEFT JOIN task_log l ON l.task_id = t.id
        GROUP BY t.id
        HAVING count(l.id) FILTER (WHERE l.action = 'opened') <> 1
            OR (t.status = 'answered'
                AND count(l.id) FILTER (WHERE l.action = 'answered'
                                        AND l.user_id = t.answered_by_id) <> 1)
        """,
    ),
    asked(
        "open tasks have a deadline",
        "Something waits for every open task until a date, so that none is forgotten.",
        """
        SELECT 'task ' || t.id FROM task t
        WHERE t.status = 'open'
          AND NOT EXISTS (SELECT FROM wait w WHERE w.task_id = t.id AND w.ended_at IS NULL)
          AND NOT EXISTS (SELECT FROM wake k WHERE k.subject = t.subject
                          AND k.wanted_at > %(quiet_at)s)
          AND NOT EXISTS (SELECT FROM journal j WHERE j.subject = t.subject
                          AND j.recorded_at > %(quiet_at)s)
        """,
    ),
    asked(
        "late tasks are escalated",
        "A task that is late by more than three business days is with a supervisor.",
        """
        SELECT 'task ' || t.id FROM task t LEFT JOIN encounter e ON e.id = t.encounter_id
        WHERE t.status = 'open' AND NOT t.is_escalated AND t.due_on < %(late_at)s::date
          AND NOT EXISTS (
              SELECT FROM hold h WHERE h.released_at IS NULL AND h.held_until_at > %(now_at)s
              AND (h.encounter_id = e.id OR h.claim_id = t.claim_id OR h.payer_id = t.payer_id
                   OR h.guarantor_id = coalesce(e.guarantor_id, t.guarantor_id)))
        """,
    ),
)
