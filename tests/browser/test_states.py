"""Every state of the page, as its pictures show it, is reached and fits its window."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import CHROMIUM, open_browser, violations
from PIL import Image, ImageStat
from playwright.sync_api import Browser, Page, ViewportSize, expect
from screenshot import SCHEMES, STATES, WIDTHS, pictures
from serving import serving

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


NARROWEST: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def address(starter_data: Path) -> Iterator[str]:
    settings = Settings(data_dir=starter_data)
    toolkit = LiveAssistant.open(settings)
    shelf = Shelf(toolkit, settings.documents)
    desk = Desk(toolkit, settings, shelf)
    with serving(shelf, lambda: app.build_page(desk, settings.page)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_state_is_reached_and_its_picture_shows_it(
    address: str, browser: Browser, state: str, width: str
) -> None:
    brightness = {}
    for scheme, page in pictures(browser, address, state, width):
        picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
        assert len(set(picture.get_flattened_data())) > 50, "the picture is blank"
        brightness[scheme] = ImageStat.Stat(picture).mean[0]
        assert cut_off(page) == []
        if (width, scheme) in (("phone", "dark"), ("desktop", "light")):
            assert violations(page) == set()
        if (width, scheme) == ("phone", SCHEMES[-1]):
            page.set_viewport_size(NARROWEST)
            assert cut_off(page) == []
    assert brightness["light"] > 1.3 * brightness["dark"]  # a page of a PDF is white in both


def test_the_first_quote_is_seen_on_a_phone_without_scrolling(
    address: str, browser: Browser
) -> None:
    _, page = next(pictures(browser, address, "answered", "phone"))
    sentence = page.locator(".short li").first
    expect(sentence).to_be_in_viewport(ratio=1)
    box, composer = sentence.bounding_box(), page.locator("#composer").bounding_box()
    assert box
    assert composer
    assert box["y"] + box["height"] < composer["y"]
    expect(page.locator(".card h3").first).to_be_in_viewport()
    expect(page.locator("#caveat .rest")).to_be_hidden()


def cut_off(page: Page) -> list[str]:
    """Return the words of what reaches beyond the window, to the left or right, in sight."""
    found: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          const wide = document.documentElement.scrollWidth > width ? ["the page scrolls"] : [];
          const hidden = ".unseen, .rest, .skip, .sheet, .sheet *";
          const outside = [...document.querySelectorAll(".gradio-container *")].filter((one) => {
            const box = one.getBoundingClientRect();
            return box.width > 1 && box.height > 1 && (box.left < -1 || box.right > width + 1)
              && !one.matches(hidden) && one.checkVisibility({ opacityProperty: true });
          });
          return [...wide, ...outside.map((one) => one.className + ": " + one.textContent)];
        }"""
    )
    return [one[:80] for one in found]
