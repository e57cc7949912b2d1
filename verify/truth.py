"""What makes the system resume: journals without gaps, news and files that move, plain names."""

from verify.promise import asked

PROMISES = (
    asked(
        "journals have no gap",
        "Every revision of a subject, from 1 to its own, stands in the journal once.",
        """
        SELECT s.key FROM subject s LEFT JOIN journal j ON j.subject = s.key
        GROUP BY s.key, s.rev
        HAVING count(j.rev) <> s.rev OR coalesce(max(j.rev), 0) <> s.rev
            OR coalesce(min(j.rev), 1) <> 1 OR count(DISTINCT j.rev) <> count(j.rev)
        UNION ALL
        SELECT DISTINCT j.subject FROM journal j
        WHERE NOT EXISTS (SELECT FROM subject s WHERE s.key = j.subject)
        """,
    ),
    asked(
        "wakes are delivered",
        "No news waits for longer than a minute to be delivered, least of all to nobody.",
        """
        SELECT 'wake ' || k.id || ' of ' || k.subject FROM wake k
        WHERE k.wanted_at < %(quiet_at)s
        """,
    ),
    asked(
        "files go out",
        "No file stays in the outbox of a route that sends for longer than a minute after it was "
        "put there or asked for once more, nor after the route's hours have begun; what was sent "
        "says when, and what was refused has a task.",
        """
        SELECT 'file ' || o.id || ' (' || o.state || ')' FROM outbox o
        LEFT JOIN route r ON r.name = o.route
        WHERE (o.state IN ('waiting', 'prepared')
               AND greatest(o.recorded_at, (SELECT max(s.recorded_at) FROM resend s
                                            WHERE s.outbox_id = o.id)) < %(quiet_at)s
               AND r.paused_at IS NULL AND r.trouble IS NULL
               AND (r.id IS NULL
                    OR (r.sends_on = '1234567' AND r.sends_from_hour = 0
                        AND r.sends_until_hour = 24)
                    OR (strpos(r.sends_on, extract(isodow FROM %(local_at)s)::text) > 0
                        AND extract(hour FROM %(local_at)s) < r.sends_until_hour
                        AND date_trunc('day', %(local_at)s)
                            + r.sends_from_hour * interval '1 hour' <= %(open_by)s)))
           OR (o.state = 'done' AND o.sent_at IS NULL)
           OR (o.state = 'refused' AND NOT EXISTS (
               SELECT FROM task t WHERE t.subject = 'sending:' || o.id))
        """,
    ),
    asked(
        "unused files are asked about",
        "A file that could not be used has had a task of its own.",
        """
        SELECT 'raw file ' || f.id FROM raw_file f
        WHERE f.judgement = 'quarantined' AND NOT EXISTS (
            SELECT FROM task t WHERE t.raw_file_id = f.id OR t.subject = 'file:' || f.id)
        """,
    ),
    asked(
        "open subjects wait for something",
        "An open account or remittance has an open task, or waits until a date.",
        """
        SELECT s.key FROM subject s
        WHERE s.is_open
          AND (starts_with(s.key, 'patient-balance:') OR starts_with(s.key, 'remittance:'))
          AND NOT EXISTS (SELECT FROM wait w WHERE w.subject = s.key AND w.ended_at IS NULL)
          AND NOT EXISTS (SELECT FROM task t WHERE t.subject = s.key AND t.status = 'open')
          AND NOT EXISTS (SELECT FROM wake k WHERE k.subject = s.key AND k.wanted_at > %(quiet_at)s)
          AND NOT EXISTS (SELECT FROM journal j WHERE j.subject = s.key
                          AND j.recorded_at > %(quiet_at)s)
        """,
    ),
    asked(
        "remittances are worked",
        "A remittance that is not posted has an open subject, or news for it is on its way.",
        """
        SELECT 'remittance ' || r.id FROM remittance r
        LEFT JOIN subject s ON s.key = 'remittance:' || r.id
        WHERE r.posted_at IS NULL AND s.is_open IS NOT TRUE
          AND NOT EXISTS (SELECT FROM wake k WHERE k.subject = 'remittance:' || r.id)
        """,
    ),
    asked(
        "nothing stays failed",
        "No step of an open subject has been failing for longer than a minute.",
        """
        SELECT i.subject || ' at ' || i.step FROM incident i JOIN subject s ON s.key = i.subject
        WHERE s.is_open AND i.first_at < %(quiet_at)s
        """,
    ),
    asked(
        "names say nothing",
        "Subjects, encounters, accounts and control numbers are numbers of ours, never a person's.",
        r"""
        SELECT 'subject ' || substr(md5(key), 1, 8) FROM subject
        WHERE key !~ ('^(encounter:E[0-9]{8}|patient-balance:G[0-9]{8}|batch:[a-z0-9_-]+'
                      || '|(remittance|file|mail|sending|enrolment):[0-9]+'
                      || '|system:[a-z]+(-[a-z0-9_-]+)?)$')
        UNION ALL
        SELECT 'encounter row ' || id FROM encounter WHERE encounter_no !~ '^E[0-9]{8}$'
        UNION ALL
        SELECT 'guarantor row ' || id FROM guarantor WHERE account_no !~ '^G[0-9]{8}$'
        """,
    ),
)
