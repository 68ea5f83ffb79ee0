"""The page in a real browser: what a reader sees is what the documents say, and nothing else."""

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from chromium import CHROMIUM, Visit, open_browser
from playwright.sync_api import Browser, Dialog, expect
from screenshot import free_port

import app
from assistant.config import load_settings
from assistant.live import LiveAssistant
from assistant.rebuild import rebuild

pytestmark = [
    pytest.mark.browser,
    # Gradio 6.31 sums up its waiting times in ways that pandas 3 gives up.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]

# Each of them is changed, swallowed or run by something between a text and a screen.
NASTY = (
    "<b>*|",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "</blockquote></div><h1>out</h1>",
    "<!-- gone -->",
    "<address of company>",
    "<name of company>",
    "<title> of the plan",
    "&amp; &lt;b&gt; &nbsp; &#60;",
    "[Annex A]: http://example.org/x",
    "[a](javascript:alert(4)) ![b](http://example.org/b.png)",
    "$x$ $$\\frac{1}{2}$$ \\(y\\) \\[z\\]",
    "{{7*7}} {% if x %} {{{raw}}} {{> part}}",
    "${7*7} `code` ```fence```",
    "~~struck~~ **bold** _slanted_ __dunder__",
    "back\\slash \\n \\u0041 \\\\(",
    "http://example.org/?a=1&copy=2 mail@example.org",
    ":smile: :-) @name #tag",
    "3. third | 7) seventh",
    "a line\u2019s \u2013 dashes \u2014 and\u2026 dots",
    "\u202eright to left override\u202c and \u2067isolate\u2069",
    "\u0645\u0631\u062d\u0628\u0627 english \u05e9\u05dc\u05d5\u05dd",
    "\N{GRINNING FACE} \U0001f468\u200d\U0001f469\u200d\U0001f467 \u00e9 \u4e2d\u6587",
    "'single' \"double\" \u201ccurly\u201d \u00abguillemets\u00bb",
    "javascript:alert(5) data:text/html,<script>alert(6)</script>",
)

CATALOGUE = """
[[source]]
id = "gates"
file = "gates.md"
work = "gates"
title = "Guards at the gate"
edition = "2022"
url = "https://example.org/gates.html"

[[source]]
id = "markings"
file = "markings.txt"
work = "markings"
title = "Register of <i>barrier</i> markings {{7*7}}"
edition = "<script>alert(7)</script>"
url = "javascript:alert(8)"
"""
GATES = """# Guards at the gate

## Checks

Guards check the papers of every driver before they open the gate.

## Complaints

A driver who is refused entry can complain to the site manager within three days.
The manager writes back and says what was found.
"""
WATER = """<!doctype html><html lang="en"><head><title>Water wells</title></head><body><main>
<h1>Water wells</h1><h2>Testing</h2>
<p>Test the water of each well twice a year. Tell the village what the laboratory found.</p>
</main></body></html>"""
MARKINGS = "\n\n".join(
    f"Marking {number} in the register of barriers reads: {text} and ends here."
    for number, text in enumerate(NASTY, start=1)
)
MARKINGS += """

The register of barriers parts its markings like this:

- markings of barriers
    - four spaces in
        - eight spaces in
"""
ABOUT_MARKINGS = "What do the markings in the register of barriers read?"
ABOUT_PAPERS = "Who checks the papers of drivers at the gate?"


@pytest.fixture(scope="module")
def toolkit(tmp_path_factory: pytest.TempPathFactory) -> LiveAssistant:
    folder = tmp_path_factory.mktemp("page")
    documents = folder / "documents"
    documents.mkdir()
    (documents / "catalogue.toml").write_text(CATALOGUE, "utf-8")
    (documents / "gates.md").write_text(GATES, "utf-8")
    (documents / "water.html").write_text(WATER, "utf-8")
    (documents / "markings.txt").write_text(MARKINGS, "utf-8")
    settings = load_settings(data_dir=folder / "data")
    rebuild(settings, documents=documents)
    return LiveAssistant.open(settings)


@pytest.fixture(scope="module")
def address(toolkit: LiveAssistant) -> Iterator[str]:
    async def served() -> tuple[str, Any]:
        blocks = app.build_page(toolkit)
        return app.serve(blocks, host="127.0.0.1", port=free_port()), blocks

    # Without a running event loop Gradio makes some of its own and never closes them.
    address, blocks = asyncio.run(served())
    yield address
    blocks.close(verbose=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(params=[(1280, 900)], ids=["desktop"])
def visit(request: pytest.FixtureRequest, address: str, browser: Browser) -> Iterator[Visit]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    visit = Visit(context.new_page())
    context.on("request", lambda sent: visit.hosts.add(urlsplit(sent.url).hostname or ""))
    visit.page.on("websocket", lambda opened: visit.hosts.add(opened.url))
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))

    def refuse(dialog: Dialog) -> None:
        visit.dialogs.append(dialog.message)
        dialog.dismiss()

    visit.page.on("dialog", refuse)
    visit.page.goto(address)
    expect(visit.page.locator(".welcome")).to_be_visible()
    yield visit
    context.close()
    # Whatever a test did: nothing left the machine and nothing in a document ran.
    assert visit.hosts <= {"127.0.0.1", ""}
    assert visit.dialogs == []
    assert visit.errors == []


def test_a_question_gets_numbered_citations_the_right_document_first(visit: Visit) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    expect(turn.locator(".headline")).to_have_text("Answered by these passages, word for word")
    expect(turn.locator(".number").first).to_have_text("1")
    expect(turn.locator(".title").first).to_have_text("Guards at the gate")
    quote = "Guards check the papers of every driver before they open the gate."
    expect(turn.locator("blockquote mark").first).to_have_text(quote)
    link = turn.locator(".links a").first
    sentence = "Guards%20check%20the%20papers%20of,before%20they%20open%20the%20gate."
    assert link.get_attribute("href") == f"https://example.org/gates.html#:~:text={sentence}"
    assert link.get_attribute("rel") == "noreferrer noopener"


def test_nasty_text_arrives_code_point_by_code_point_and_nothing_runs(
    visit: Visit, toolkit: LiveAssistant
) -> None:
    turn = visit.ask(ABOUT_MARKINGS)
    citations = toolkit.ask(ABOUT_MARKINGS).citations
    quotes = [citation.quote for citation in citations]
    assert turn.locator("blockquote").all_text_contents() == quotes
    # What is drawn, too: white space and line breaks are those of the text.
    assert turn.locator("blockquote").all_inner_texts() == quotes
    missing = [text for text in NASTY if not any(text in quote for quote in quotes)]
    assert missing == []
    titles = turn.locator(".card .title").all_text_contents()
    assert "Register of <i>barrier</i> markings {{7*7}}" in titles
    assert turn.locator("script, img, svg, i, .card h1").count() == 0
    assert turn.locator("a[href^=javascript]").count() == 0


def test_nasty_text_stands_unchanged_in_the_source(visit: Visit, toolkit: LiveAssistant) -> None:
    turn = visit.ask(ABOUT_MARKINGS)
    turn.locator(".card button", has_text="Register of").first.click()
    text = visit.page.locator(".source .text")
    expect(text).to_be_visible()
    document = toolkit.snapshot.documents["markings"]
    blocks = [block.span.of(document.text) for block in document.blocks]
    assert text.locator("> p").all_text_contents() == blocks
    assert visit.page.locator(".source").locator("script, img, svg, i").count() == 0


def test_a_click_on_a_citation_opens_its_source_with_the_quote_marked(visit: Visit) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    turn.locator(".card button").first.click()
    source = visit.page.locator(".source")
    expect(source.locator("h2")).to_have_text("Guards at the gate")
    expect(source.locator("h2")).to_be_focused()
    expect(source.locator(".text mark").first).to_be_in_viewport()
    marked = "".join(source.locator(".text .quote").all_text_contents())
    assert marked == turn.locator("blockquote").first.text_content()
    expect(source.locator(".text")).to_contain_text("The manager writes back")
    source.get_by_role("button", name="Back to the answer").click()
    expect(visit.page.locator(".library")).to_be_visible()
    expect(turn.locator(".card button").first).to_be_focused()


def test_an_off_topic_question_is_not_covered_and_shows_no_card(visit: Visit) -> None:
    turn = visit.ask("best pasta recipe")
    expect(turn.locator(".headline")).to_have_text("Not covered by the documents")
    expect(turn.locator(".advice")).to_contain_text("Try other words")
    expect(turn.locator(".card")).to_have_count(0)


def test_the_whole_task_by_keyboard(visit: Visit) -> None:
    keyboard = visit.page.keyboard
    visit.page.get_by_label("Your question").focus()
    keyboard.type(ABOUT_PAPERS)
    keyboard.press("Enter")
    expect(visit.page.locator(".question")).to_be_focused()
    keyboard.press("Tab")
    expect(visit.page.locator(".card button").first).to_be_focused()
    keyboard.press("Enter")
    expect(visit.page.locator(".source h2")).to_be_focused()
    expect(visit.page.locator(".source .text mark").first).to_be_in_viewport()
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(visit.page.locator(".card button").first).to_be_focused()


def test_an_example_question_is_asked_by_its_button(visit: Visit) -> None:
    visit.page.get_by_role("button", name=app.EXAMPLES[0]).click()
    expect(visit.page.locator(".turn .question")).to_have_text(app.EXAMPLES[0])
    expect(visit.page.locator(".waiting")).to_have_count(0)


def test_empty_and_very_long_questions_break_nothing(visit: Visit) -> None:
    with visit.page.expect_response(lambda response: "queue/data" in response.url):
        visit.page.get_by_label("Your question").press("Enter")
    visit.page.wait_for_timeout(300)  # until Gradio takes the next question from the box
    visit.ask("gate " * 20_000)
    turn = visit.ask(ABOUT_PAPERS)
    expect(turn.locator(".title").first).to_have_text("Guards at the gate")
    expect(visit.page.locator(".turn")).to_have_count(2)


def test_what_is_typed_while_an_answer_is_looked_up_stays(visit: Visit) -> None:
    box = visit.page.get_by_label("Your question")
    box.fill(ABOUT_PAPERS)
    box.press("Enter")
    expect(box).to_have_value("")
    box.press_sequentially("and at night?")
    expect(visit.page.locator(".card").first).to_be_visible()
    visit.page.wait_for_timeout(300)  # beyond the last step of the answer
    expect(box).to_have_value("and at night?")
    expect(box).to_be_focused()


def test_a_new_conversation_starts_empty(visit: Visit) -> None:
    visit.ask(ABOUT_PAPERS)
    visit.page.get_by_role("button", name="New conversation").click()
    expect(visit.page.locator(".turn")).to_have_count(0)
    expect(visit.page.locator(".welcome")).to_be_visible()


@pytest.mark.parametrize("visit", [(390, 844)], indirect=True, ids=["phone"])
def test_on_a_phone_everything_fits_and_the_source_opens_below(visit: Visit) -> None:
    turn = visit.ask(ABOUT_MARKINGS)
    turn.locator(".card button").first.click()
    expect(visit.page.locator(".source h2")).to_be_focused()
    expect(visit.page.locator(".source .text mark").first).to_be_in_viewport()
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    chat, source = (visit.page.locator(name).bounding_box() for name in ("#chat", ".source"))
    assert chat is not None
    assert source is not None
    assert source["y"] >= chat["y"] + chat["height"]
