"""Every state of the page, as its pictures show it, is reached and fits a phone."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import CHROMIUM, Visit, open_browser
from playwright.sync_api import Browser, expect
from screenshot import STATES, free_port

import app
from assistant.config import Settings
from assistant.desk import Desk
from assistant.live import LiveAssistant
from assistant.shelf import Shelf

pytest_plugins = ("starter_fixtures",)
pytestmark = [
    pytest.mark.browser,
    # Gradio 6.31 sums up its waiting times in ways that pandas 3 gives up.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def address(starter_data: Path) -> Iterator[str]:
    settings = Settings(data_dir=starter_data)
    toolkit = LiveAssistant.open(settings)
    shelf = Shelf(toolkit, settings.documents)

    async def served() -> tuple[str, Any]:
        blocks = app.build_page(Desk(toolkit, settings, shelf), settings.page)
        return app.serve(blocks, shelf, host="127.0.0.1", port=free_port()), blocks

    # Without a running event loop Gradio makes some of its own and never closes them.
    address, blocks = asyncio.run(served())
    yield address
    blocks.close(verbose=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_reached_and_fits_a_phone(
    address: str, browser: Browser, state: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="en-GB")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    expect(page.locator(".welcome")).to_be_visible()
    STATES[state](Visit(page))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert errors == []
    page.close()
