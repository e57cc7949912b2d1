"""The proof of filing on the encounter's page, and its paper: for those who read records."""

import datetime as dt
import io

from pypdf import PdfReader
from sqlalchemy import select

from casework import inbox
from db.models import Ack, AuditEvent, Claim, ClaimVersion, Submission
from tests.casework.payer_files import ack_277ca
from tests.web.site import Site, a_claim, encounter_url


def sent_claim(site: Site, charge_cents: int = 0) -> Claim:
    """A claim of one line that went out once."""
    claim = a_claim(site)
    claim.lines[0].charge_line.charge_cents = charge_cents
    version = ClaimVersion(
        claim_id=claim.id, version=1, frequency="1", because="first", made_at=site.now.at,
        charge_line_ids=[line.charge_line_id for line in claim.lines],
    )  # fmt: skip
    site.session.add(version)
    site.session.flush()
    site.session.add(
        Submission(
            claim_version_id=version.id, number=1, pcn=f"C{claim.id}V1S1", channel="edi",
            queued_at=site.now.at, sent_at=site.now.at,
        )
    )  # fmt: skip
    claim.file_by_on = dt.date(2026, 6, 30)
    site.session.commit()
    return claim


def _accepted(site: Site) -> Claim:
    claim = sent_claim(site)
    content = ack_277ca([(f"C{claim.id}V1S1", "A2", "ICN-77"), ("C999V1S1", "A2", "ICN-99")])
    inbox.take_in(site.session, "clearinghouse", "277ca-1.x12", content, site.now)
    site.session.commit()
    return claim


def test_the_page_says_who_took_the_claim_when_and_where_it_stands(site: Site) -> None:
    _accepted(site)

    page = site.as_("ana").get(encounter_url(site)).get_data(as_text=True)

    section = page.split('id="filing"', 1)[1].split("</section>", 1)[0]
    assert "277CA of the payer" in section
    assert "ICN-77" in section
    assert "277ca-1.x12" in section
    assert "segments " in section
    assert "Print the proof for" in section


def test_a_claim_that_nobody_took_shows_no_proof(site: Site) -> None:
    claim = sent_claim(site)
    ana = site.as_("ana")

    assert 'id="filing"' not in ana.get(encounter_url(site)).get_data(as_text=True)
    assert ana.get(f"/claims/{claim.uuid}/proof").status_code == 404


def test_the_paper_names_this_claim_alone_and_the_look_is_recorded(site: Site) -> None:
    claim = _accepted(site)

    answer = site.as_("otto").get(f"/claims/{claim.uuid}/proof")

    assert answer.mimetype == "application/pdf"
    text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "ICN-77" in text
    assert "C999V1S1" not in text
    looks = select(AuditEvent.words).where(AuditEvent.object_key == str(site.encounter.uuid))
    assert "printed the proof of filing" in site.session.scalars(looks).all()


def test_what_a_file_says_is_shown_however_it_is_dressed(site: Site) -> None:
    claim = sent_claim(site)
    pcn = f"C{claim.id}V1S1"
    content = ack_277ca([(pcn, "A2", "ICN-77"), ("C999V1S1", "A2", "ICN-99")])
    dressed = b"\xef\xbb\xbf\r\n" + content.replace(b"~", b"~\r\n")
    inbox.take_in(site.session, "clearinghouse", "277ca-1.x12", dressed, site.now)
    site.session.commit()
    (ack,) = site.session.scalars(select(Ack)).all()

    url = encounter_url(site, f"/x12/received/{ack.raw_file_id}")
    page = site.as_("ana").get(url).get_data(as_text=True)

    assert f"TRN*2*{pcn}" in page
    assert "C999V1S1" not in page
