"""What holds for every template: nothing that the content policy would block, and nothing too
long."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
LINES_MAX = 80


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_no_inline_script_or_style_and_at_most_80_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "<style" not in text
    assert "|safe" not in text.replace("'|safe if", "")
    assert len(text.splitlines()) <= LINES_MAX


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_every_form_that_changes_something_carries_its_token(path: Path) -> None:
    forms = re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL)

    assert all("token()" in form or "csrf_token" in form for form in forms)


def test_the_script_neither_stores_nor_evaluates() -> None:
    script = (WEB / "static" / "app.js").read_text(encoding="utf-8")

    assert not re.search(r"localStorage|sessionStorage|eval\(|innerHTML|Function\(", script)
