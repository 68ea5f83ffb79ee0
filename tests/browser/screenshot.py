"""Takes docs/page.png, the README's picture of the page, over the starter documents.

PYTHONPATH=tests python -m browser.screenshot
"""

import socket
import tempfile
from pathlib import Path

from chromium import open_browser
from PIL import Image
from playwright.sync_api import Browser

import app
from assistant.config import load_settings

PICTURE = Path(__file__).parents[2] / "docs" / "page.png"
QUESTION = app.EXAMPLES[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def take(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    page.locator(".card button").first.click()
    page.locator(".source .text mark").first.wait_for()
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # until the source has scrolled to its quote
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=PICTURE)
    # A third of the size, and no difference to be seen on a page of so few colours.
    Image.open(PICTURE).convert("RGB").quantize(128).save(PICTURE, optimize=True)


def main() -> None:
    PICTURE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        toolkit = app.open_assistant(load_settings(data_dir=folder))
        blocks = app.build_page(toolkit)
        with open_browser() as browser:
            take(browser, app.serve(blocks, host="127.0.0.1", port=free_port()))
        blocks.close(verbose=False)


if __name__ == "__main__":
    main()
