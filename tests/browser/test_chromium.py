"""The browser tests have a browser, or the run says what to install."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import chromium

pytestmark = pytest.mark.browser


def test_a_page_is_shown_and_takes_keys(page: Page) -> None:
    page.set_content("<label>Name <input autofocus></label><p>Every line at zero.</p>")

    page.keyboard.press("Tab")
    page.get_by_label("Name").fill("Ana")

    assert page.get_by_label("Name").input_value() == "Ana"
    assert page.get_by_text("Every line at zero.").is_visible()
    assert page.screenshot()[:4] == b"\x89PNG"


def test_no_chromium_and_no_way_to_one_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_npm() -> list[str]:
        raise FileNotFoundError("npm is missing")

    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(chromium, "_npm", no_npm)

    with pytest.raises(chromium.NoChromium) as refused:
        chromium.find_chromium(tmp_path)

    assert "apt install chromium" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / f"chromium-{chromium.VERSION}").exists()
