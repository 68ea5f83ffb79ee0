import pytest

from corpus.readers.html import parse_html


def texts(markup: str) -> list[str]:
    return [block.text for block in parse_html(markup.encode()).blocks]


@pytest.mark.parametrize(
    "boilerplate",
    [
        "<a href='#c'>Skip to main content</a>",
        "<p>Print Friendly and PDF</p>",
        "<div><a href='/pdf'>Print Friendly, PDF &amp; Email</a></div>",
        "<p>View Content</p>",
        "<a href='/box'>View Resource</a>",
        "<button>Accept All Cookies</button>",
        "<div>Accept All Cookies</div>",
        "<p>This website uses cookies to improve your experience.</p>",
        "<div class='cookie-banner'><p>We keep cookies for a year.</p></div>",
        "<div id='matomo-opt-out'><p>You are not being tracked.</p></div>",
        "<div class='breadcrumbs'><a href='/'>Home</a> » Toolkit</div>",
        "<div class='social-share'>Share <a href='#'>X</a></div>",
        "<p>You are here: Home » Toolkit</p>",
        "<ul id='topmenu'><li><a href='/a'>A</a></li></ul>",
        "<ul class='site-menu'><li><a href='/a'>A</a></li><li><a href='/b'>B</a></li></ul>",
        "<div role='navigation'>Previous page</div>",
        "<span class='sr-only'>Main content</span>",
        "<div role='contentinfo'>Published in spring with the help of many people.</div>",
        "<nav>Contents</nav>",
        "<aside>Also of interest</aside>",
        "<footer>Copyright</footer>",
        "<header>A hub of texts</header>",
        "<form>Search <input name='q'></form>",
        "<script>track()</script><style>p {}</style><noscript>Switch it on</noscript>",
        "<p hidden>Draft</p>",
        "<p style='color: red; display:none'>Draft</p>",
        "<span aria-hidden='true'>*</span>",
        "<a rel='next' href='/b'>Vetting</a>",
        "<!-- a comment -->",
        "<h2>Key Resources</h2>",
        "<p>Sources:</p>",
    ],
)
def test_boilerplate_is_left_out(boilerplate: str) -> None:
    body = "<h2>Vetting</h2><p>Ask for records before anyone is hired, and keep them safe.</p>"
    expected = ["Vetting", "Ask for records before anyone is hired, and keep them safe."]
    assert texts(f"<main>{body}{boilerplate}</main>") == expected
    assert texts(f"<body>{body}{boilerplate}</body>") == expected


@pytest.mark.parametrize(
    "content",
    [
        "<div class='notice'>Tell the community.</div>",
        "<aside class='admonition note'>Tell the community.</aside>",
        "<section id='sharing'>Share what you learn with the community, in its own words, early "
        "and often, so that nobody is surprised by what happens next.</section>",
        "<section id='consent'>Ask for consent.</section>",
        "<section class='menu'>Of the measures on this menu, begin with the one that the people "
        "concerned ask for, and say in public why you chose it.</section>",
        "<div class='accordion-panel' hidden>Tell the community.</div>",
        "<details><summary>Tell the community.</summary></details>",
        "<p>To open a box, choose View Content on the page.</p>",
        "<ul><li>Accept</li></ul>",
        "<h3><button class='accordion-button'>Tell the community</button></h3>Now.",
        "<h3><a role='button' href='#'>Tell the community</a></h3>Now.",
        "<p>Tell the <a class='nav-link' href='/x'>community</a> first.</p>",
        "<footer class='footnotes'>Tell the community.</footer>",
        "<header><h2>Who</h2>Tell the community.</header>",
        "<p>See section <a href='#s5'>5</a>.</p>",
        "<h2>Key Resources</h2><p>The Voluntary Principles.</p>",
        "<h2>Key Resources</h2><h3>Contracts</h3><p>A model clause.</p>",
    ],
)
def test_text_that_only_looks_like_boilerplate_is_kept(content: str) -> None:
    page = f"<main><h1>T</h1><p>First.</p>{content}<p>Last.</p></main>"
    kept = " ".join(text.removeprefix("• ") for text in texts(page))
    shown = " ".join("".join(texts_of_markup(content)).split())
    assert kept == f"T First. {shown} Last."


def texts_of_markup(markup: str) -> list[str]:
    """Return the texts between the tags, cut out without a parser."""
    parts = [part.split(">")[-1] for part in markup.split("<")]
    return [part if part.startswith((".", "5")) else f" {part}" for part in parts]


def test_marks_that_are_no_words_are_left_out_of_the_sentence() -> None:
    page = (
        "<main><h2 id='a'>Force<a class='headerlink' href='#a' title='Permalink'>¶</a></h2>"
        "<p>As a last resort<sup><a href='#n29'>29</a></sup>, and<a href='#n1'><sup>[1]</sup></a>"
        " within<sup>[<a href='#n2'>2</a>]</sup> 10 m<sup>2</sup>.</p>"
        "<ol><li id='n1'>Note <a href='#r1'>↩</a></li></ol></main>"
    )
    assert texts(page) == ["Force", "As a last resort, and within 10 m2.", "1. Note"]


def test_what_holds_the_title_or_the_main_element_is_never_boilerplate() -> None:
    assert texts("<div class='site-menu'><h1>T</h1><p>x</p></div>") == ["T", "x"]
    assert texts("<div role='search' hidden><main><p>x</p></main></div>") == ["x"]


def test_a_long_text_on_cookies_is_no_notice() -> None:
    words = "Ask before you track anyone with a cookie. " * 50
    assert texts(f"<main><section id='consent'>{words}</section></main>") == [words.strip()]


def test_the_article_is_the_text_and_teasers_are_not() -> None:
    words = "Guards observe, warn and call for help before anything else is done. "
    side = "<div><p>Latest: a workshop</p></div>"
    page = f"<body>{side}<article><h1>A</h1><p>{words * 3}</p></article>{side}</body>"
    assert texts(page) == ["A", (words * 3).strip()]
    teasers = "".join(f"<article><p>{word * 9}</p></article>" for word in ("one ", "two ", "six "))
    assert texts(f"<body><p>Topics</p>{teasers}</body>")[0] == "Topics"


def test_without_a_mark_the_element_with_nearly_all_prose_is_the_text() -> None:
    words = "Guards observe, warn and call for help before anything else is done. " * 9
    menu = "<div><a href='/a'>About</a> <a href='/b'>Boxes</a></div><div>Log in</div>"
    assert texts(f"<body>{menu}<div><div>{words}</div></div></body>") == [words.strip()]
    page = f"<body><div><h1>T</h1></div><div>{words}</div></body>"
    assert texts(page) == ["T", words.strip()]
