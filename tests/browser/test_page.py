"""The page in a real browser: what a reader sees is what the documents say, and nothing else."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from chromium import CHROMIUM, Visit, assert_seen_ticked_or_not, open_browser, violations
from playwright.sync_api import Browser, Dialog, expect
from serving import serving

import app
from assistant.config import Settings, load_settings
from assistant.desk import Desk
from assistant.feedback import read_feedback
from assistant.live import LiveAssistant
from assistant.rebuild import STARTER, rebuild
from assistant.shelf import Shelf
from assistant.texts import texts_of
from corpus.text import one_line

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
    "<iframe src=javascript:alert(9)>",
    "<style>*{display:none}</style>",
    "<a href=http://example.org/leak>click</a>",
    "<math><mtext></mtext><script>alert(10)</script></math>",
    "<textarea></textarea><plaintext>",
    "<details open ontoggle=alert(11)>",
    "<input autofocus onfocus=alert(12)>",
    "<base href=http://example.org/>",
    "<meta http-equiv=refresh content=0;url=http://example.org/>",
    "<link rel=stylesheet href=http://example.org/x.css>",
    "<form action=http://example.org/><button>send</button></form>",
    "]]> <![CDATA[ x ]]> <?php echo 1 ?> <% x %>",
    "&lt;script&gt; &#x3c;script&#x3e; &copy &notin; &ampamp;",
    "'+alert(13)+' `${alert(14)}` \"+alert(15)+\"",
    "{{constructor.constructor('alert(16)')()}} #{7*7} <%= 7*7 %>",
    "=cmd|' /C calc'!A0 @SUM(1) +1 -1",
    "../../etc/passwd C:\\Windows\\x %2e%2e%2f file:///etc/passwd",
    "%s %d %n {0} {name} {} %(x)s $HOME $(id) `id`",
    "'; DROP TABLE passages; -- \" OR 1=1",
    "# no heading ## none > no quote - no item + none",
    "line \\ break  two spaces\u00a0no-break\u2009thin\u3000wide",
    "soft\u00adhyphen zero\u200bwidth join\u200der word\u2060joiner",
    "\u202a\u202b\u202d embedded \u202c\u202c\u202c \u061c\u200e\u200f marks",
    "\u0e01\u0e33 \u0915\u094d\u0937 \u1100\u1161\u11a8 e\u0301 a\u030a",
    "\u2468 \u00bd 10\u00b3 H\u2082O \u2103 \ufb01 \u017f \u1e9e",
    "\u0660\u0661\u0662 \u06f1\u06f2 \uff11\uff12 \u4e00\u4e8c",
    "\U0001f1e8\U0001f1ed \U0001f44b\U0001f3fd \U00020000 \U0010fffd",
    "[x] [ ] (c) (r) (tm) -- --- ... 1/2 +-",
    "<<EOF >>out 2>&1 | tee & wait; exit",
    "data-act=ask data-do=exit class=source id=side",
    "a\tb\tc columns",
    "<b>unclosed <i>tags &nbsp",
    "</mark></bdi></article></section></div>",
    "\"quotes\" 'and' &quot;entities&quot; &apos;",
)

PDF = "responding-to-an-incident.pdf"

CATALOGUE = """
[[source]]
id = "gates"
file = "gates.md"
work = "gates"
title = "Guards at the gate"
edition = "2022"
url = "https://example.org/gates.html"
area = "Guards"

[[source]]
id = "gates-2016"
file = "gates-2016.md"
work = "gates"
title = "Guards at the gate"
edition = "2016"
status = "superseded"

[[source]]
id = "markings"
file = "markings.txt"
work = "markings"
title = "Register of <i>barrier</i> markings {{7*7}}"
edition = "<script>alert(7)</script>"
area = "Registers <i>"
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
ABOUT_AN_INCIDENT = "What should we do first after soldiers or guards are accused of abuse?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `documents`, the last of them a PDF of the starter ones, and `data`."""
    folder = tmp_path_factory.mktemp("page")
    documents = folder / "documents"
    documents.mkdir()
    (documents / "catalogue.toml").write_text(CATALOGUE, "utf-8")
    (documents / "gates.md").write_text(GATES, "utf-8")
    (documents / "gates-2016.md").write_text(GATES.replace("papers", "passes"), "utf-8")
    (documents / "water.html").write_text(WATER, "utf-8")
    (documents / "markings.txt").write_text(MARKINGS, "utf-8")
    shutil.copy(STARTER / "documents" / PDF, documents)
    return folder


@pytest.fixture(scope="module")
def settings(folder: Path) -> Settings:
    return load_settings(data_dir=folder / "data")


@pytest.fixture(scope="module")
def toolkit(folder: Path, settings: Settings) -> LiveAssistant:
    rebuild(settings, documents=folder / "documents")
    return LiveAssistant.open(settings)


@pytest.fixture(scope="module")
def address(toolkit: LiveAssistant, settings: Settings, folder: Path) -> Iterator[str]:
    shelf = Shelf(toolkit, folder / "documents")
    desk = Desk(toolkit, settings, shelf)
    with serving(shelf, lambda: app.build_page(desk, settings.page)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(params=[(1280, 900)], ids=["desktop"])
def visit(request: pytest.FixtureRequest, address: str, browser: Browser) -> Iterator[Visit]:
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="en-GB", accept_downloads=True
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
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
    expect(turn.locator(".short li").first).to_contain_text("papers of every driver")
    expect(turn.locator(".card .number").first).to_have_text("1")
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
    assert len(NASTY) == 60
    turn = visit.ask(ABOUT_MARKINGS)
    citations = toolkit.ask(ABOUT_MARKINGS).citations
    quotes = [citation.quote for citation in citations]
    assert turn.locator("blockquote").all_text_contents() == quotes
    titles = turn.locator(".card .title").all_text_contents()
    assert "Register of <i>barrier</i> markings {{7*7}}" in titles
    assert turn.locator("script, img, svg, i, iframe, style, form, .card h1").count() == 0
    assert turn.locator("a[href^=javascript]").count() == 0


def test_nasty_text_stands_unchanged_in_the_source(visit: Visit, toolkit: LiveAssistant) -> None:
    turn = visit.ask(ABOUT_MARKINGS)
    turn.locator(".card h3 button", has_text="Register of").first.click()
    text = visit.page.locator(".source .text")
    expect(text).to_be_visible()
    document = toolkit.snapshot.documents["markings"]
    blocks = [block.span.of(document.text) for block in document.blocks]
    assert text.locator("> p").all_text_contents() == blocks
    missing = [
        one for one in NASTY if not any(one_line(one) in one_line(block) for block in blocks)
    ]
    assert missing == []
    # What is drawn, too: white space and line breaks are those of the text.
    drawn = [" ".join(one.split()) for one in text.locator("> p").all_inner_texts()]
    assert drawn == [" ".join(block.split()) for block in blocks]
    assert visit.page.locator(".source").locator("script, img, svg, i, iframe, form").count() == 0


def test_a_click_on_a_citation_opens_its_source_with_the_quote_marked(visit: Visit) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    turn.locator(".card h3 button").first.click()
    source = visit.page.locator(".source")
    expect(source.locator("h2")).to_have_text("Guards at the gate")
    expect(source.locator("h2")).to_be_focused()
    expect(source.locator(".text mark").first).to_be_in_viewport()
    marked = "".join(source.locator(".text .quote").all_text_contents())
    assert marked == turn.locator("blockquote").first.text_content()
    expect(source.locator(".text")).to_contain_text("The manager writes back")
    source.get_by_role("button", name="Back", exact=True).click()
    expect(source).to_have_count(0)
    expect(turn.locator(".card h3 button").first).to_be_focused()


def test_a_pdf_opens_as_the_page_with_the_answer_marked_on_it(visit: Visit) -> None:
    turn = visit.ask(ABOUT_AN_INCIDENT)
    turn.locator(".card h3 button", has_text="Responding to an incident").first.click()
    source = visit.page.locator(".source")
    image = source.locator(".sheet img")
    expect(image).to_be_visible()
    assert int(image.evaluate("image => image.naturalWidth")) > 1000
    expect(source.locator(".box.answer").first).to_be_in_viewport()
    sheet, box = image.bounding_box(), source.locator(".box.answer").first.bounding_box()
    assert sheet
    assert box
    assert sheet["x"] < box["x"] < box["x"] + box["width"] < sheet["x"] + sheet["width"]
    here = source.locator(".here").text_content()
    source.get_by_role("button", name="Next page").click()
    expect(source.locator(".here")).not_to_have_text(here or "")
    expect(source.get_by_role("button", name="Next page")).to_be_focused()
    source.get_by_role("button", name="Larger").click()
    larger = image.bounding_box()
    assert larger
    assert larger["width"] > 1.3 * sheet["width"]
    source.get_by_role("button", name="As text").click()
    expect(source.locator(".text mark").first).to_be_in_viewport()


def test_the_way_back_of_the_browser_closes_the_source_and_keeps_the_answer(visit: Visit) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    for _ in range(2):
        turn.locator(".card h3 button").first.click()
        expect(visit.page.locator(".source h2")).to_be_focused()
        visit.page.go_back()
        expect(visit.page.locator(".source")).to_have_count(0)
        expect(turn.locator(".card h3 button").first).to_be_focused()
    assert visit.page.url.startswith("http://127.0.0.1")


def test_the_original_is_served_at_its_page(visit: Visit, folder: Path) -> None:
    turn = visit.ask(ABOUT_AN_INCIDENT)
    turn.locator(".card h3 button", has_text="Responding to an incident").first.click()
    link = visit.page.locator(".source .links a", has_text="Open the original")
    address = link.get_attribute("href") or ""
    assert address.endswith("#page=2")
    file = visit.page.request.get(f"{visit.page.url}{address}")
    assert file.body() == (folder / "documents" / PDF).read_bytes()
    assert file.headers["content-type"] == "application/pdf"
    assert visit.page.request.get(f"{visit.page.url}original/x/..%2F..%2Fetc").status == 404


def test_an_off_topic_question_is_not_covered_and_helps_on(visit: Visit) -> None:
    turn = visit.ask("best pasta recipe")
    expect(turn.locator(".headline")).to_have_text("Not covered by the documents")
    expect(turn.locator(".advice")).to_contain_text("Try other words")
    expect(turn.locator(".card")).to_have_count(0)
    turn.get_by_role("button", name="Browse the library").click()
    expect(visit.page.locator(".library")).to_be_visible()


def test_the_whole_task_by_keyboard(visit: Visit) -> None:
    keyboard = visit.page.keyboard
    visit.page.get_by_label("Your question").focus()
    keyboard.type(ABOUT_PAPERS)
    keyboard.press("Enter")
    expect(visit.page.locator(".question")).to_be_focused()
    visit.tab_to(visit.page.locator(".card h3 button").first)
    keyboard.press("Enter")
    expect(visit.page.locator(".source h2")).to_be_focused()
    expect(visit.page.locator(".source .text mark").first).to_be_in_viewport()
    keyboard.press("Escape")
    expect(visit.page.locator(".card h3 button").first).to_be_focused()
    visit.tab_to(visit.page.get_by_role("button", name="Keep in dossier").first)
    keyboard.press("Space")
    visit.tab_to(visit.page.locator("[data-do=dossier]"), back=True)
    keyboard.press("Enter")
    expect(visit.page.locator(".dossier blockquote")).to_have_count(1)
    visit.tab_to(visit.page.locator(".dossier").get_by_role("button", name="Word"))
    with visit.page.expect_download() as download:
        keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".docx")


def test_an_example_question_is_asked_by_its_button(visit: Visit) -> None:
    example = texts_of("en").plain("example.site_1")
    visit.page.get_by_role("button", name=example).click()
    expect(visit.page.locator(".turn .question")).to_have_text(example)
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


def test_a_new_conversation_starts_empty_and_the_browser_remembers_until_told(
    visit: Visit,
) -> None:
    visit.ask(ABOUT_PAPERS)
    visit.page.get_by_role("button", name="New conversation").click()
    expect(visit.page.locator(".turn")).to_have_count(0)
    remembered = visit.page.locator(".history")
    expect(remembered.get_by_role("button", name=ABOUT_PAPERS)).to_be_visible()
    remembered.get_by_role("button", name="Clear the history").click()
    expect(remembered).to_be_hidden()
    assert visit.page.evaluate("localStorage.getItem('toolkit-history')") == "[]"


def test_another_edition_is_one_click_away_and_back(visit: Visit) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    turn.get_by_role("button", name="2016 (superseded)").click()
    expect(turn.locator("blockquote").first).to_contain_text("check the passes")
    expect(turn.locator(".warning").first).to_contain_text("Superseded")
    turn.get_by_role("button", name="Edition: 2016").click()
    expect(turn.locator("blockquote").first).to_contain_text("check the papers")


def test_a_quote_is_copied_with_its_citation(visit: Visit) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    turn.get_by_role("button", name="Copy with citation").first.click()
    expect(visit.page.locator("#spoken")).to_have_text("Copied")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(str(turn.locator("blockquote").first.text_content()))
    assert "Guards at the gate" in copied
    assert "https://example.org/gates.html" in copied
    visit.page.goto("about:blank")
    visit.page.goto(copied.splitlines()[-1])
    expect(visit.page.locator(".source .text .quote").first).to_be_in_viewport()


def test_a_link_opens_the_answer_again_and_keeps_the_question_from_the_server_log(
    visit: Visit,
) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    turn.get_by_role("button", name="Copy a link to this answer").click()
    expect(visit.page.locator("#spoken")).to_have_text("Copied")
    link = visit.page.evaluate("navigator.clipboard.readText()")
    before, _, fragment = link.partition("#")
    assert before == visit.page.url
    assert fragment.startswith("answer=")
    visit.page.goto("about:blank")
    visit.page.goto(link)
    expect(visit.page.locator(".turn .question")).to_have_text(ABOUT_PAPERS)
    expect(visit.page.locator(".card").first).to_be_visible()


def test_a_link_is_opened_in_the_language_of_who_opens_it(
    visit: Visit, browser: Browser, address: str
) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    kept = quote(turn.get_attribute("data-kept") or "")
    other = browser.new_page(locale="fr-FR")
    other.goto(f"{address}#answer={kept}")
    expect(other.locator(".headline").first).to_have_text(texts_of("fr").plain("answer.answered"))
    expect(other.locator("#ask")).to_have_text("Demander")
    other.close()


def test_a_reload_brings_the_conversation_back_until_it_is_cleared(visit: Visit) -> None:
    questions = [ABOUT_PAPERS, "And who complains?", ABOUT_AN_INCIDENT]
    for question in questions:
        visit.ask(question)
    shown = visit.page.locator("#conversation").inner_text()
    for _ in range(2):  # once from what was asked, once from what was brought back
        visit.page.reload()
        expect(visit.page.locator(".turn .question")).to_have_text(questions)
        expect(visit.page.locator(".question").last).to_be_in_viewport()
    assert visit.page.locator("#conversation").inner_text() == shown
    visit.ask("And then?")
    expect(visit.page.locator(".turn .question")).to_have_text([*questions, "And then?"])
    visit.page.reload()
    expect(visit.page.locator(".turn .question")).to_have_text([*questions, "And then?"])
    visit.page.get_by_role("button", name="New conversation").click()
    expect(visit.page.locator(".turn")).to_have_count(0)
    visit.page.reload()
    expect(visit.page.locator(".welcome")).to_be_visible()
    visit.page.wait_for_timeout(1000)
    expect(visit.page.locator(".turn")).to_have_count(0)


def test_a_link_begins_a_conversation_that_a_reload_brings_back(visit: Visit, address: str) -> None:
    visit.ask(ABOUT_AN_INCIDENT)
    kept = quote(visit.ask(ABOUT_PAPERS).get_attribute("data-kept") or "")
    visit.page.goto("about:blank")
    visit.page.goto(f"{address}#answer={kept}")
    expect(visit.page.locator(".turn .question")).to_have_text([ABOUT_PAPERS])
    visit.ask("And who complains?")
    visit.page.reload()
    expect(visit.page.locator(".turn .question")).to_have_text([ABOUT_PAPERS, "And who complains?"])


def test_a_reload_brings_back_the_quote_of_a_link_over_the_conversation(visit: Visit) -> None:
    card = visit.ask(ABOUT_PAPERS).locator(".card").first
    link = card.get_attribute("data-permalink")
    visit.page.evaluate("link => { location.hash = '#quote=' + link }", link)
    expect(visit.page.locator(".source h2")).to_be_focused()
    visit.page.reload()
    expect(visit.page.locator(".turn .question")).to_have_text([ABOUT_PAPERS])
    expect(visit.page.locator(".source h2")).to_be_focused()


def test_another_tab_tells_what_was_kept(visit: Visit, address: str) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    other = visit.page.context.new_page()
    other.goto(address)
    expect(other.locator("[data-count]")).to_have_text("0")
    turn.get_by_role("button", name="Keep in dossier").first.click()
    expect(other.locator("[data-count]")).to_have_text("1")
    expect(other.locator(".history li")).to_have_count(1)
    other.close()


def test_what_is_printed_has_the_marks_and_the_caveat(visit: Visit) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    visit.page.emulate_media(media="print")
    mark = turn.locator("blockquote mark").first
    assert mark.evaluate("one => getComputedStyle(one).printColorAdjust") == "exact"
    expect(visit.page.locator("#caveat")).to_be_visible()
    for gone in ("#question", ".actions", ".tools", "#narrowing"):
        expect(visit.page.locator(gone).first).to_be_hidden()


def test_leaving_quickly_with_a_source_open_leaves_no_way_back(visit: Visit) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    turn.locator(".card h3 button").first.click()
    expect(visit.page.locator(".source")).to_be_visible()
    visit.page.get_by_role("button", name="Leave quickly").click()
    visit.page.wait_for_url("about:blank")
    visit.page.go_back()
    expect(visit.page.locator("body")).to_be_empty()


def test_leaving_quickly_leaves_nothing_behind(visit: Visit) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    turn.get_by_role("button", name="Keep in dossier").first.click()
    home = visit.page.url
    visit.page.get_by_role("button", name="Leave quickly").click()
    visit.page.wait_for_url("about:blank")
    visit.page.goto(home)
    expect(visit.page.locator(".welcome")).to_be_visible()
    stored = "{...localStorage, ...sessionStorage}"
    left = visit.page.evaluate(f"Object.entries({stored}).filter(([, value]) => value !== '[]')")
    assert [name for name, _ in left if name.startswith("toolkit-")] == []


def test_a_quotation_is_checked_on_its_own_view(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Check a quotation").click()
    expect(visit.page.get_by_label("Text with quotations")).to_be_focused()
    visit.page.get_by_label("Text with quotations").fill(
        "“Guards check the papers of every driver before they close the gate.”"
    )
    visit.page.get_by_role("button", name="Check", exact=True).click()
    expect(visit.page.locator(".verdict .headline")).to_contain_text("Altered")
    expect(visit.page.locator(".verdict > ul li")).to_have_text(
        "Quoted “close”, but “open” stands there"
    )
    expect(visit.page.locator(".verdicts")).to_be_focused()
    visit.page.locator(".verdict .card h3 button").click()
    expect(visit.page.locator(".source .text mark")).to_be_in_viewport()


def test_the_library_is_read_without_a_question(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Library", exact=True).click()
    visit.page.locator(".library").get_by_role("button", name="Guards at the gate").first.click()
    visit.page.locator(".about").get_by_role("button", name="Complaints").click()
    expect(visit.page.locator(".source .text")).to_contain_text("within three days")
    visit.page.locator(".library summary").click()
    visit.page.locator(".library").get_by_label("Area").select_option("Guards")
    expect(visit.page.locator(".library li")).to_have_count(1)


def test_feedback_is_stored_and_thanked_for(visit: Visit, settings: Settings) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    form = turn.locator(".tell").first
    form.locator("summary").click()
    form.get_by_role("button", name="Misses the point").click()
    expect(visit.page.locator("#spoken")).to_have_text("Thank you. It is stored on this machine.")
    last = read_feedback(settings.data_dir)[-1]
    assert (last.document_id, last.reason, last.question) == ("gates", "misses_the_point", None)


def test_the_tick_for_keeping_the_question_is_seen(visit: Visit) -> None:
    form = visit.ask(ABOUT_PAPERS).locator(".tell").first
    heading = form.locator("summary")
    width = heading.evaluate("one => one.offsetWidth")
    heading.click()
    assert heading.evaluate("one => one.offsetWidth") == width
    assert_seen_ticked_or_not(visit.page, form.get_by_label("Keep my question with it"))


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Demander"), ("es", "Preguntar"), ("zh", "提问")]
)
def test_the_page_is_read_in_another_language(visit: Visit, language: str, words: str) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    quote = turn.locator("blockquote").first.text_content()
    visit.page.locator("[data-change=language]").select_option(language)
    expect(visit.page.locator("#ask")).to_have_text(words)
    assert visit.page.evaluate("document.documentElement.lang") == language
    assert turn.locator("blockquote").first.text_content() == quote


def test_letters_from_right_to_left_run_their_own_way(visit: Visit) -> None:
    visit.page.get_by_label("Your question").fill("مرحبا بكم")
    visit.page.get_by_label("Your question").press("Enter")
    question = visit.page.locator(".question")
    expect(question).to_be_visible()
    assert question.evaluate("one => getComputedStyle(one).direction") == "rtl"


@pytest.mark.parametrize("visit", [(390, 844)], indirect=True, ids=["phone"])
def test_on_a_phone_everything_fits_and_the_source_lies_over_the_answer(visit: Visit) -> None:
    turn = visit.ask(ABOUT_MARKINGS)
    turn.locator(".card h3 button").first.click()
    expect(visit.page.locator(".source h2")).to_be_focused()
    expect(visit.page.locator(".source .text mark").first).to_be_in_viewport()
    for _ in ("with the source", "without"):
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
        visit.page.keyboard.press("Escape")
        expect(visit.page.locator(".source")).to_have_count(0)
    expect(turn.locator(".card h3 button").first).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend_on_any_view(visit: Visit, scheme: Any) -> None:
    visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    visit.page.evaluate(f"document.body.classList.toggle('dark', {str(scheme == 'dark').lower()})")
    found = violations(visit.page)
    visit.ask("best pasta recipe")
    found |= violations(visit.page)
    turn = visit.ask(ABOUT_AN_INCIDENT)
    turn.locator(".card h3 button", has_text="Responding to an incident").first.click()
    expect(visit.page.locator(".sheet")).to_be_visible()
    found |= violations(visit.page)
    visit.page.get_by_role("button", name="As text").click()
    expect(visit.page.locator(".source .text")).to_be_visible()
    found |= violations(visit.page)
    visit.page.locator(".tell summary").first.click()
    visit.page.get_by_role("button", name="Library", exact=True).click()
    visit.page.locator(".library li button").first.click()
    expect(visit.page.locator(".about")).to_be_visible()
    found |= violations(visit.page)
    visit.page.get_by_role("button", name="Check a quotation").click()
    visit.page.get_by_label("Text with quotations").fill(GATES)
    visit.page.get_by_role("button", name="Check", exact=True).click()
    expect(visit.page.locator(".verdict").first).to_be_visible()
    found |= violations(visit.page)
    # What is the framework's own would be listed here, and the list may only shrink.
    assert found == set()
