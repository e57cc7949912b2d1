"""The audit: what people changed has its row, and the row says who."""

from verify.promise import asked

PROMISES = (
    asked(
        "answers are audited",
        "Every answered task has an audit row of the person who answered it.",
        """
        SELECT 'task ' || t.id FROM task t
        WHERE t.status = 'answered' AND NOT EXISTS (
            SELECT FROM audit_event a WHERE a.object_kind = 'task'
            AND a.object_key = t.uuid::text AND a.user_id = t.answered_by_id)
        """,
    ),
    asked(
        "holds are audited",
        "Every hold has an audit row of the person who set it.",
        """
        SELECT 'hold ' || h.id FROM hold h
        WHERE NOT EXISTS (
            SELECT FROM audit_event a WHERE a.object_kind = 'hold'
            AND a.object_key = h.id::text AND a.user_id = h.held_by_id)
        """,
    ),
    asked(
        "audit rows say who",
        "An audit row names its person with the role, the action and the outcome.",
        """
        SELECT 'audit row ' || id FROM audit_event
        WHERE (user_id IS NULL) <> (role IS NULL) OR action = '' OR object_kind = '' OR outcome = ''
        """,
    ),
)
