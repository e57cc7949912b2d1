"""Files that were sent: each claim stands in one, once, and the bytes say what its version says."""

from collections import Counter
from collections.abc import Iterable

from verify.promise import Promise, asked
from verify.sent import SentClaim
from verify.snapshot import Snapshot

KINDS = {"P": "837p", "I": "837i"}


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
)
