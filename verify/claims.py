"""Claims: each is sent once, in one batch, and the bytes say what its version says."""

from collections import Counter
from collections.abc import Iterable

from verify.promise import Promise, asked
from verify.sent import SentClaim
from verify.snapshot import Snapshot


def _doubled_or_missing(snapshot: Snapshot) -> Iterable[str]:
    files = Counter(claim.pcn for file in snapshot.sent for claim in file.claims)
    # What a person keys at a portal, or posts, is in no file; promises of their own are about that.
    known = dict(
        snapshot.every(
            """
            SELECT s.pcn, s.sent_at IS NOT NULL FROM submission s
            WHERE s.channel <> 'portal'
              AND NOT EXISTS (SELECT FROM mail_piece p WHERE p.submission_id = s.id)
            """
        )
    )
    for pcn, count in files.items():
        if count > 1:
            yield f"{pcn} stands {count} times in what was sent"
        if not known.get(pcn):
            yield f"{pcn} was sent, but we have no sent submission of that name"
    yield from (
        f"{pcn} counts as sent, but no file holds it"
        for pcn, is_sent in known.items()
        if is_sent and not files[pcn]
    )


def _outside_their_batch(snapshot: Snapshot) -> Iterable[str]:
    held = {(file.outbox_id, claim.pcn) for file in snapshot.sent for claim in file.claims}
    rows = snapshot.every(
        """
        SELECT s.pcn, b.outbox_id FROM submission s LEFT JOIN batch b ON b.id = s.batch_id
        WHERE s.sent_at IS NOT NULL AND s.channel = 'edi'
        """
    )
    for pcn, outbox_id in rows:
        if (outbox_id, pcn) not in held:
            yield f"{pcn} is not in the file of its batch"


def _unlike_their_version(snapshot: Snapshot) -> Iterable[str]:
    sent = {claim.pcn: claim for file in snapshot.sent for claim in file.claims}
    rows = snapshot.every(
        """
        SELECT s.pcn, v.frequency, v.payer_claim_number, v.charge_line_ids
        FROM submission s JOIN claim_version v ON v.id = s.claim_version_id
        WHERE s.sent_at IS NOT NULL
        """
    )
    for pcn, frequency, original, line_ids in rows:
        claim = sent.get(pcn)
        if claim:
            lines = sorted(f"L{line_id}" for line_id in line_ids)
            yield from _differences(claim, frequency, original, lines)


def _differences(
    claim: SentClaim, frequency: str, original: str | None, lines: list[str]
) -> Iterable[str]:
    if claim.frequency != frequency:
        yield f"{claim.pcn} went out with frequency {claim.frequency}, not {frequency}"
    if frequency in {"7", "8"} and (not original or claim.original != original):
        yield f"{claim.pcn} replaces a claim, but does not carry the payer's number for it"
    if sorted(claim.lines) != lines:
        yield f"{claim.pcn} went out with other lines than its version"


def _on_another_form(snapshot: Snapshot) -> Iterable[str]:
    """In the file that went out, in its batch, and among the claim's own lines."""
    sent = {claim.pcn: claim.form for file in snapshot.sent for claim in file.claims}
    rows = snapshot.every(
        """
        SELECT s.pcn, c.form, b.kind
        FROM submission s JOIN claim_version v ON v.id = s.claim_version_id
        JOIN claim c ON c.id = v.claim_id LEFT JOIN batch b ON b.id = s.batch_id
        WHERE s.sent_at IS NOT NULL
        """
    )
    for pcn, form, kind in rows:
        if kind and kind != KINDS[form]:
            yield f"{pcn} of form {form} went in a batch {kind}"
        if sent.get(pcn) not in (None, form):
            yield f"{pcn} of form {form} was written as {sent[pcn]}"
    yield from (
        str(row[0])
        for row in snapshot.every(
            """
            SELECT 'claim ' || c.id || ' bills charge line ' || x.id || ' of another form'
            FROM claim c JOIN claim_line l ON l.claim_id = c.id
            JOIN charge_line x ON x.id = l.charge_line_id WHERE x.form <> c.form
            UNION ALL
            SELECT 'charge line ' || i.id || ' stands beside a line of another visit'
            FROM charge_line i JOIN charge_line p ON p.id = i.beside_id
            WHERE i.encounter_id <> p.encounter_id OR p.form <> 'P'
            """
        )
    )


def _control_numbers(snapshot: Snapshot) -> Iterable[str]:
    expected = dict(
        snapshot.every("SELECT outbox_id, control_number FROM batch WHERE outbox_id IS NOT NULL")
    )
    interchanges = [file for file in snapshot.sent if file.name.endswith(".x12")]
    counts = Counter(file.control for file in interchanges if file.control)
    yield from (
        f"control number {number} was used {count} times"
        for number, count in counts.items()
        if count > 1
    )
    for file in interchanges:
        number = expected.get(file.outbox_id)
        if file.control and (number is None or int(file.control) != number):
            yield f"{file.name} carries {file.control}, its batch {number}"


def _unreadable(snapshot: Snapshot) -> Iterable[str]:
    return (f"{file.name} {file.fault}" for file in snapshot.sent if file.fault)


KINDS = {"P": "837p", "I": "837i"}

PROMISES = (
    Promise(
        name="claims are of one form",
        sentence="A claim's lines, its batch and the file it went in are all of its form.",
        breaches=_on_another_form,
    ),
    Promise(
        name="claims are sent once",
        sentence="Every patient control number stands exactly once in all files ever sent.",
        breaches=_doubled_or_missing,
    ),
    Promise(
        name="claims go in their batch",
        sentence="Every electronic submission is in the file of the one batch it belongs to.",
        breaches=_outside_their_batch,
    ),
    Promise(
        name="files say what versions say",
        sentence="A sent claim has its version's frequency, lines and payer's claim number (F8).",
        breaches=_unlike_their_version,
    ),
    Promise(
        name="control numbers are single",
        sentence="Every interchange has a control number of its own, and it is its batch's.",
        breaches=_control_numbers,
    ),
    Promise(
        name="files are whole",
        sentence="Every file in the outbox can be read to its end.",
        breaches=_unreadable,
    ),
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
        "files are kept and sent once",
        "No name and no bytes of a file are in the outbox twice, and the bytes are those promised.",
        """
        SELECT 'file ' || route || '/' || name || ' twice' FROM outbox
        GROUP BY route, name HAVING count(*) > 1
        UNION ALL
        SELECT 'bytes of files ' || string_agg(id::text, ', ' ORDER BY id) FROM outbox
        WHERE name LIKE '%%.x12' OR name LIKE '%%.json'
        GROUP BY sha256 HAVING count(*) > 1
        UNION ALL
        SELECT 'file ' || id || ' has other bytes than its hash' FROM outbox
        WHERE encode(sha256(content), 'hex') <> sha256
        """,
    ),
    asked(
        "batches close whole",
        "A closed batch has its file and its control number; nothing sent is in an open one.",
        """
        SELECT 'batch ' || b.id FROM batch b LEFT JOIN outbox o ON o.id = b.outbox_id
        WHERE b.closed_at IS NOT NULL AND (o.id IS NULL OR b.control_number IS NULL)
        UNION
        SELECT 'batch ' || b.id FROM batch b JOIN submission s ON s.batch_id = b.id
        WHERE b.closed_at IS NULL AND s.sent_at IS NOT NULL
        UNION
        SELECT 'submission ' || s.pcn FROM submission s JOIN batch b ON b.id = s.batch_id
        WHERE b.closed_at IS NOT NULL AND s.sent_at IS NULL
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
        """,
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
